"""A stage for each scene, on SQLite and on PostgreSQL."""

import ssl
from collections.abc import AsyncIterator, Iterator
from functools import cache
from types import SimpleNamespace

import aiogram.client.session.aiohttp
import pytest

from bot.app import App
from bot.sweeps.sweeps import Sweeps
from playground.server import Playground
from storage.database import Database
from tests.conftest import small_settings
from tests.scenes.stage import Stage


@pytest.fixture(scope="session", autouse=True)
def certificates() -> Iterator[None]:
    """Read once by aiogram, not at each start of a bot: the playground speaks plain HTTP, and a program starts once."""
    read_once = SimpleNamespace(create_default_context=cache(ssl.create_default_context))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aiogram.client.session.aiohttp, "ssl", read_once)
        yield


@pytest.fixture(autouse=True)
def sweeps_run_by_the_stage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once when the stage says so, not also by the scheduler and after the clock's jump: half of all that a scene does.

    That the program runs them by itself is what the tests of the demonstration and of the program's processes see.
    """

    if "stage" not in request.fixturenames:
        return

    async def nothing(*_: object) -> None:
        return None

    monkeypatch.setattr(Sweeps, "start", lambda sweeps: sweeps._scheduler.start())
    monkeypatch.setattr(App, "_after_jump", nothing)
    monkeypatch.setattr(App, "_tell_next_event", nothing)


@pytest.fixture
async def stage(database_url_fixture: str) -> AsyncIterator[Stage]:
    database = Database(database_url_fixture)
    async with Playground(port=0, mail=True) as playground:
        made = Stage(playground, database, database_url_fixture, small_settings())
        await made.raise_curtain()
        yield made
        if made.app is not None:
            await made.stop_bot()
    await database.close()
