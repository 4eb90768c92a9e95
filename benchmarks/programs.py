"""The real program and its baseline, each in a process of its own, beside the playground in this one."""

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psutil

from playground.calls import CallRecord
from playground.server import Playground

TOKEN = "4200000042:token-of-the-benchmarks"
USERNAME = "porte_voix_bot"
PATIENCE = 60.0  # seconds
PORTEVOIX = (sys.executable, "-c", "from bot.cli import main; main()")
RUN = (*PORTEVOIX, "run")
HELP = (*PORTEVOIX, "--help")
ECHO = (sys.executable, "-m", "benchmarks.echo_bot")
COPY = (sys.executable, "-m", "benchmarks.copy_bot")
STOPPED = {0, 130, -signal.SIGTERM}


class ProgramEnded(Exception):
    """It was not to end by itself; with the end of what it wrote."""


@dataclass(frozen=True)
class Program:
    """A running process; `started` on the monotonic clock."""

    process: asyncio.subprocess.Process
    started: float

    @property
    def megabytes(self) -> float:
        """Resident memory."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 2**20


@asynccontextmanager
async def playing() -> AsyncIterator[Playground]:
    """A playground with our bot in it."""
    async with Playground(port=0) as playground:
        playground.world.add_bot(TOKEN, username=USERNAME)
        yield playground


@asynccontextmanager
async def running(
    command: tuple[str, ...], playground: Playground, /, *environment: tuple[str, str], **settings: str
) -> AsyncIterator[Program]:
    """Settings are those of `portevoix run`, without their prefix; `environment` is as it is. Raises ProgramEnded."""
    whole = {
        **os.environ,
        **dict(environment),
        "PORTEVOIX_BOT_TOKEN": TOKEN,
        "PORTEVOIX_BOT_API_URL": playground.url,
        "PORTEVOIX_LISTEN": "127.0.0.1:0",
        "PORTEVOIX_LOG_LEVEL": "WARNING",
        **{f"PORTEVOIX_{name.upper()}": value for name, value in settings.items()},
    }
    with tempfile.TemporaryFile() as written:
        started = time.monotonic()
        process = await asyncio.create_subprocess_exec(*command, env=whole, stdout=written, stderr=written)
        try:
            yield Program(process, started)
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            code = await process.wait()
            if code not in STOPPED:
                written.seek(0)
                raise ProgramEnded(written.read()[-4000:].decode())


async def first_call(playground: Playground, method: str) -> CallRecord:
    """Waits for the bot to make it."""

    def made() -> CallRecord | None:
        return next((call for call in playground.world.calls if call.method == method), None)

    found: CallRecord = await playground.world.wait_for(made, timeout=PATIENCE)
    return found


def watch_calls(playground: Playground, seen: Callable[[CallRecord], None]) -> None:
    """`seen` is given each call but getUpdates as soon as it is answered."""
    log = playground.world.log
    write = log.call

    def call(record: CallRecord) -> None:
        write(record)
        seen(record)

    log.call = call  # type: ignore[method-assign]
