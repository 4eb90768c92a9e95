"""From the start of the process to the first getUpdates, and its memory, against a bare aiogram bot.

And what the parts that never listen cost: a process that only sends, and `portevoix --help`.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from benchmarks.figures import Aim, Figure, Pair
from benchmarks.programs import ECHO, HELP, RUN, first_call, playing, running
from benchmarks.stores import filled

TIMES = 5
SETTLES = 1.0  # seconds after which the memory is read
BARE = "a bare aiogram bot"
AIM = Aim(1.6)
WITHOUT_AIOGRAM = Aim(1.0)

Cost = tuple[float, float]
"""Seconds and megabytes."""


async def measure() -> list[Figure]:
    async with filled("sqlite", _nothing) as store, store.copy() as url:
        starts: dict[str, Callable[[], Awaitable[Cost]]] = {
            "portevoix run": partial(_start, RUN, "getUpdates", database_url=url),
            "sender and sweeps alone": partial(_start, RUN, "getMe", database_url=url, roles="sender,sweeps"),
            "portevoix --help": _ask_for_help,
        }
        costs: dict[str, list[tuple[Cost, Cost]]] = {name: [] for name in starts}
        for _ in range(TIMES):
            bare = await _start(ECHO, "getUpdates")
            for name, start in starts.items():
                costs[name].append((await start(), bare))
    figures = []
    for name, pairs in costs.items():
        aim = AIM if name == "portevoix run" else WITHOUT_AIOGRAM
        seconds, megabytes = (tuple(Pair(ours[of], bare[of]) for ours, bare in pairs) for of in (0, 1))
        figures.append(Figure(f"start of {name}", seconds, "s", BARE, aim))
        figures.append(Figure(f"memory of {name}", megabytes, "MB", BARE, aim))
    return figures


async def _nothing(_session: AsyncSession) -> None:
    return None


async def _start(command: tuple[str, ...], ready: str, **settings: str) -> Cost:
    """`ready` is the call that tells that the program has begun its work."""
    async with playing() as playground, running(command, playground, **settings) as program:
        call = await first_call(playground, ready)
        await asyncio.sleep(SETTLES)
        return call.monotonic - program.started, program.megabytes


async def _ask_for_help() -> Cost:
    return await asyncio.to_thread(_run_to_its_end, HELP)


def _run_to_its_end(command: tuple[str, ...]) -> Cost:
    """Seconds, and the most memory that it held."""
    started = time.monotonic()
    nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=nowhere)
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise ChildProcessError(status)
    return time.monotonic() - started, usage.ru_maxrss / 1024
