"""Tasks that somebody owns: none is forgotten, and all are waited for at the stop."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class TaskSet:
    """Running tasks of one part of the program."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._running)

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def one_done(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - not a deadline, a look around
        """Until one of them ends, at most `timeout` seconds; at once when there is none."""
        if self._running:
            await asyncio.wait(self._running, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)

    async def all_done(self, timeout: float) -> None:  # noqa: ASYNC109 - not a deadline, a look around
        """Until all of them end, at most `timeout` seconds."""
        if self._running:
            await asyncio.wait(self._running, timeout=timeout)

    async def drain(self, timeout: float) -> None:  # noqa: ASYNC109 - the rest is cancelled, not left
        """Waits for all, at most `timeout` seconds; what is left then is cancelled."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=timeout)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
