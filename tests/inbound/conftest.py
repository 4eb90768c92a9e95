"""The stage of the scenes, and the program in processes of its own."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from bot.logs import configure_logs
from playground.server import Playground
from tests.inbound.programs import Program
from tests.scenes.conftest import stage  # noqa: F401 - the same stage, for scenes of the inbound side

BOT_TOKEN = "4200000019:token-that-no-log-may-hold"


@pytest.fixture(scope="session", autouse=True)
def brief_logs() -> None:
    """As the program's own; structlog's default draws every frame of an error with its variables, for seconds.

    Once: loggers keep the configuration of their first line, and tests that read the lines must find it unchanged.
    """
    configure_logs("json", "WARNING")


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    async with Playground(port=0) as running:
        running.world.add_bot(BOT_TOKEN, username="porte_voix_bot", first_name="Porte-voix")
        running.world.first_retry_of_webhook = 0.2
        yield running


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Makes programs: `program("run", BOT_TOKEN=…)`; what still runs at the end is killed."""
    made: list[Program] = []

    def make(*command: str, sabotage: Callable[[], None] | None = None, **settings: str) -> Program:
        given = {"LISTEN": "127.0.0.1:0", **settings}
        made.append(Program(command, given, tmp_path / f"stderr-{len(made)}", sabotage))
        return made[-1]

    yield make
    for each in made:
        each.end()
