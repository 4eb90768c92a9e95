from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Any, NamedTuple


class Event(NamedTuple):
    """Something that happened. Objects in the payload are rendered when they are read, not when it happened."""

    seq: int
    type: str
    payload: dict[str, Any]


class Feed:
    """All that happens in the world, numbered. Keeps the last events for readers who come back."""

    def __init__(self, keep: int = 5_000) -> None:
        self.seq = 0
        self.closed = False
        self._recent: deque[Event] = deque(maxlen=keep)
        self._waiting: list[asyncio.Future[None]] = []

    def emit(self, event_type: str, /, **payload: Any) -> None:
        self.seq += 1
        self._recent.append(Event(self.seq, event_type, payload))
        self.wake()

    def wake(self) -> None:
        """Lets those who wait look again; for changes too small to be an event."""
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            for waiter in waiting:
                if not waiter.done():
                    waiter.set_result(None)

    def close(self) -> None:
        self.closed = True
        self.wake()

    def after(self, seq: int) -> list[Event] | None:
        """The events that followed, or None when some of them are no longer kept (or the number is not ours)."""
        missed = self.seq - seq
        if missed < 0 or missed > len(self._recent):
            return None
        return list(islice(self._recent, len(self._recent) - missed, None))

    async def next_change(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        await waiter

    async def wait_for(self, predicate: Callable[[], Any], timeout: float) -> Any:  # noqa: ASYNC109 - callers say how long
        """What the predicate gives, once it is true; raises TimeoutError after so many real seconds."""
        async with asyncio.timeout(timeout):
            while not (found := predicate()):
                await self.next_change()
        return found
