"""The orderly stop: what is in flight is finished and answered, what has not begun is left to the next run."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

import bot.app
import bot.inbound.inbound
from bot.inbound.inbound import Inbound
from bot.sender.post import Post
from bot.sender.sender import Sender
from bot.sweeps.sweeps import Sweeps
from bot.web import WebServer
from council import people
from handlers.cards.profile import NewsPress
from playground.server import Playground
from storage.database import Database
from storage.people import News
from tests.inbound.conftest import BOT_TOKEN
from tests.inbound.crowds import Crowd
from tests.inbound.programs import Program, free_port
from tests.inbound.sabotage import wait_for_a_file
from tests.inbound.takers import lines, told_by_bot
from tests.scenes.stage import Stage


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_a_handler_in_flight_is_finished_and_answered(
    way: str,
    number: signal.Signals,
    playground: Playground,
    program: Callable[..., Program],
    fresh_url: Callable[[str], str],
    tmp_path: Path,
):
    crowd = Crowd(playground, fresh_url("sqlite"))
    await crowd.gathers(2, 0)
    rosa, awa = crowd.members
    begun, until, port = tmp_path / "begun", tmp_path / "until", free_port()
    webhook = {"WEBHOOK_URL": f"http://127.0.0.1:{port}", "WEBHOOK_SECRET": "secret"} if way == "webhook" else {}
    running = program(
        "run",
        sabotage=wait_for_a_file,
        BOT_TOKEN=BOT_TOKEN,
        BOT_API_URL=playground.url,
        DATABASE_URL=crowd.url,
        ROLES="inbound",
        BEGUN=str(begun),
        UNTIL=str(until),
        LISTEN=f"127.0.0.1:{port}",
        LOG_LEVEL="ERROR",
        **webhook,
    )
    press = crowd.presses_on(rosa, NewsPress(News.NONE))
    while not begun.exists():
        assert running.runs, running.stderr
        await asyncio.sleep(0.01)
    os.kill(running.process.pid or 0, number)
    until.touch()
    assert await running.ended() == 0, running.stderr
    assert press.answer is not None
    assert press.answer.text == "C’est noté."
    assert await crowd.waiting() == []
    assert len(await crowd.processed()) == 1

    late = crowd.presses_on(awa, NewsPress(News.NONE))
    assert len(await crowd.waiting()) == 1
    assert late.answer is None


async def test_what_cannot_be_finished_in_time_is_left_to_the_next_run(stage: Stage, monkeypatch):
    monkeypatch.setattr(bot.app, "GRACE", 0.2)
    await stage.stop_bot()
    await stage.start_bot()
    rosa = await stage.joined("Rosa", "nord")
    begun = asyncio.Event()

    async def endless(*_given):
        begun.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr(people, "mute_news", endless)
        press = rosa.phone.presses(told_by_bot(stage, rosa), data=NewsPress(News.NONE).pack())
        await begun.wait()
        await stage.stop_bot()
    assert len(stage.playground.world.first_bot().queue) == 1
    assert await lines(stage, "person.news_changed") == 0

    await stage.start_bot()
    await stage.until(lambda: press.answer)
    assert await lines(stage, "person.news_changed") == 1


@pytest.mark.parametrize("database_url_fixture", ["sqlite"], indirect=True)
async def test_the_parts_close_in_the_order_in_which_they_need_each_other(stage: Stage, monkeypatch):
    closed: list[str] = []

    def noted(kind: type, name: str) -> None:
        end = getattr(kind, name)

        async def note(self, *given):
            await end(self, *given)
            closed.append(f"{kind.__name__}.{name}")

        monkeypatch.setattr(kind, name, note)

    await stage.stop_bot()
    for kind, name in (
        (WebServer, "stop"),
        (Inbound, "stop"),
        (Inbound, "close"),
        (Sweeps, "stop"),
        (Sender, "stop"),
        (Post, "close"),
        (Database, "close"),
    ):
        noted(kind, name)
    await stage.start_bot()
    await stage.stop_bot()

    order = [closed.index(each) for each in ("WebServer.stop", "Inbound.stop", "Sweeps.stop", "Sender.stop")]
    assert order == sorted(order)
    assert closed.index("Sender.stop") < closed.index("Post.close") < closed.index("Database.close")
    assert closed.index("Inbound.stop") < closed.index("Inbound.close") < closed.index("Database.close")
    assert closed[-1] == "Database.close"


@pytest.mark.parametrize("database_url_fixture", ["sqlite"], indirect=True)
@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_a_stop_in_the_middle_of_the_start_is_an_orderly_stop(stage: Stage, way: str):
    await stage.stop_bot()
    settings = webhook_settings() if way == "webhook" else {}
    for method in ("deleteWebhook", "setWebhook", "setMyCommands"):
        stage.playground.world.faults.add("hang", method=method, seconds=0.9)
    await stage.start_bot(**settings)
    await stage.stop_bot()  # raises whatever has ended the program


@pytest.mark.parametrize("database_url_fixture", ["sqlite"], indirect=True)
@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_a_network_that_fails_while_we_start_is_waited_for(stage: Stage, monkeypatch, way: str):
    monkeypatch.setattr(bot.inbound.inbound, "RETRY", 0.01)
    await stage.stop_bot()
    rosa = await stage.joined("Rosa", "nord")
    for method in ("deleteWebhook", "setWebhook"):
        for kind in ("reset", "5xx", "429"):
            stage.playground.world.faults.add(kind, method=method, retry_after=1)
    await stage.start_bot(**(webhook_settings() if way == "webhook" else {}))
    rosa.phone.sends("/profil")
    await rosa.sees("Rosa")


def webhook_settings() -> dict[str, str]:
    url = f"http://127.0.0.1:{free_port()}"
    return {"webhook_url": url, "webhook_secret": "secret", "listen": url.removeprefix("http://")}
