"""A stage for each scene, on SQLite and on PostgreSQL."""

import ssl
from collections.abc import AsyncIterator, Iterator
from functools import cache
from types import SimpleNamespace

import aiogram.client.session.aiohttp
import pytest

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
