"""Waiting lines, one for each person: first come, first served, and nobody waits behind somebody else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Lines:
    """Made of locks, which exist only while somebody waits."""

    def __init__(self) -> None:
        self._lines: dict[int, _Line] = {}

    def __len__(self) -> int:
        """How many people somebody waits for."""
        return len(self._lines)

    @asynccontextmanager
    async def turn_of(self, person: int) -> AsyncIterator[Callable[[], int]]:
        """Held until the end of the block; tells how many wait behind."""
        line = self._lines.setdefault(person, _Line())
        line.length += 1
        try:
            async with line.lock:
                yield lambda: line.length - 1
        finally:
            line.length -= 1
            if not line.length:
                self._lines.pop(person, None)


class _Line:
    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.length = 0
