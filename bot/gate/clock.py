"""The clock on which a gate waits: the event loop's, or a test's."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    def cancel(self) -> None: ...


class Clock(Protocol):
    """Monotonic seconds, and a call at one of them."""

    def now(self) -> float: ...

    def call_at(self, moment: float, callback: Callable[[], None]) -> Timer: ...


class LoopClock:
    """The running event loop's clock."""

    def now(self) -> float:
        # asyncio's loops count with time.monotonic(); asking it directly allows a gate to be made before the loop runs.
        return time.monotonic()

    def call_at(self, moment: float, callback: Callable[[], None]) -> Timer:
        loop = asyncio.get_running_loop()
        return loop.call_at(loop.time() + moment - self.now(), callback)


async def sleep_until(clock: Clock, moment: float) -> None:
    woken = asyncio.Event()
    timer = clock.call_at(moment, woken.set)
    try:
        await woken.wait()
    finally:
        timer.cancel()
