"""What the program tells whoever watches over it: that it lives, that it can serve, and counts that name nobody."""

import asyncio

import aiohttp
import pytest

from bot.gate import Priority
from tests.inbound.programs import free_port
from tests.scenes.stage import TOKEN, Stage


@pytest.fixture
async def address(stage: Stage) -> str:
    await stage.stop_bot()
    listen = f"127.0.0.1:{free_port()}"
    await stage.start_bot(listen=listen)
    return f"http://{listen}"


async def ask(address: str, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.get(address + path) as answer:
        return answer.status, await answer.text()


async def test_it_is_alive_at_once_and_ready_when_telegram_and_the_database_answer(stage: Stage, address: str):
    assert await ask(address, "/healthz") == (200, '{"ok": true}')
    async with asyncio.timeout(10):
        while (await ask(address, "/readyz"))[0] != 200:
            await asyncio.sleep(0.05)


async def test_without_its_database_it_lives_and_is_not_ready(stage: Stage, address: str, monkeypatch):
    async def away(_database: object) -> None:
        raise OSError

    monkeypatch.setattr("bot.app.current_revision", away)
    assert (await ask(address, "/readyz"))[0] == 503
    assert (await ask(address, "/healthz"))[0] == 200


async def test_its_counts_name_nobody(stage: Stage, address: str):
    rosa = await stage.joined("Rosa", "nord")
    await rosa.sends("Une phrase à moi")
    assert stage.app is not None
    await stage.app.gate.pause(30)
    waiting = asyncio.create_task(stage.app.gate.enter(rosa.id, Priority.BROADCAST))
    await asyncio.sleep(0)

    status, told = await ask(address, "/metrics")

    assert status == 200
    assert 'portevoix_updates_total{end="done",kind="message"}' in told
    assert "portevoix_gate_waiting 1.0" in told
    for secret in ("Rosa", str(rosa.id), "Une phrase", TOKEN):
        assert secret not in told
    waiting.cancel()
