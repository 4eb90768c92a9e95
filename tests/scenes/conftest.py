"""A stage for each scene, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from playground.server import Playground
from storage.database import Database
from tests.conftest import small_settings
from tests.scenes.stage import Stage


@pytest.fixture
async def stage(database_url_fixture: str) -> AsyncIterator[Stage]:
    database = Database(database_url_fixture)
    async with Playground(port=0) as playground:
        made = Stage(playground, database, database_url_fixture, small_settings())
        await made.raise_curtain()
        yield made
        if made.app is not None:
            await made.stop_bot()
    await database.close()
