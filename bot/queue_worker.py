"""What takes rows from a queue in the database: claimed as slots come free, at rest when there is nothing to take."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.tasks import TaskSet

log = structlog.get_logger("bot.queue_worker")

LOOK = 5.0  # seconds between looks when nothing wakes the worker
SETTLING_DELAYS = (0.2, 1.0, 5.0)  # seconds between the tries to write down how something has ended
# Of the database, or on the way to it: it may answer again in a moment.
DATABASE_AWAY = (SQLAlchemyError, OSError)


@dataclass(frozen=True)
class Backoff:
    """A delay that doubles with each failure, so that a server in trouble is left alone."""

    first: timedelta
    longest: timedelta

    def after(self, failures: int) -> timedelta:
        return min(self.first * (1 << failures), self.longest)


class QueueWorker(ABC):
    """Works on `slots` rows side by side as long as it runs; several workers may share one database."""

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._tasks = TaskSet()
        self._woken = asyncio.Event()
        self._claiming = asyncio.Lock()
        self._stopping = False
        self._rest_for = LOOK

    @abstractmethod
    async def claim(self, free: int) -> Iterable[Coroutine[Any, Any, None]]:
        """Leases up to `free` rows; the work on each. When there are none it may shorten `_rest_for` (seconds)."""

    def wake(self) -> None:
        """There may be something to take."""
        self._woken.set()

    async def run(self) -> None:
        """Until `stop` is called; then what is leased is finished first."""
        while not self._stopping:
            self._woken.clear()
            if not await self._has_filled_slots():
                await self._rest()
            elif len(self._tasks) >= self._slots:
                await self._tasks.one_done()

    async def stop(self, grace: float) -> None:
        """Takes nothing new; what is under way has `grace` seconds."""
        self._stopping = True
        self.wake()
        async with self._claiming:  # what is being claimed at this moment is under way too
            await self._tasks.drain(grace)

    async def _has_filled_slots(self) -> bool:
        try:
            async with self._claiming:
                return not self._stopping and await self._fill_slots()
        except DATABASE_AWAY:
            log.exception("claim_failed", worker=type(self).__name__)
            return False

    async def _fill_slots(self) -> bool:
        free = self._slots - len(self._tasks)
        if free <= 0:
            return True
        work = [self._tasks.start(each) for each in await self.claim(free)]
        return bool(work)

    async def _rest(self) -> None:
        # What ends may free what comes next (a notice to the same chat), so it ends the rest as a wake-up does.
        ends: set[asyncio.Task[Any]] = {asyncio.create_task(self._woken.wait())}
        if len(self._tasks):
            ends.add(asyncio.create_task(self._tasks.one_done()))
        await asyncio.wait(ends, timeout=self._rest_for, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
