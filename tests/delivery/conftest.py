"""A post office for each test: on SQLite, and on PostgreSQL too where the queue itself is what is proven."""

from collections.abc import AsyncIterator, Callable

import pytest

from playground.server import Playground
from tests.conftest import SmallProgramme
from tests.delivery.post_office import TOKEN, PostOffice


@pytest.fixture
def engine() -> str:
    """Tests that are marked `both` are played on PostgreSQL too."""
    return "sqlite"


@pytest.fixture
def database_url_fixture(engine: str, fresh_url: Callable[[str], str]) -> str:
    return fresh_url(engine)


@pytest.fixture
async def office(programme: SmallProgramme) -> AsyncIterator[PostOffice]:
    """Open; nobody has been written to yet."""
    async with Playground() as playground:
        playground.world.add_bot(TOKEN, username="porte_voix_bot")
        made = PostOffice(playground, programme)
        await made.open()
        yield made
        await made.close()
