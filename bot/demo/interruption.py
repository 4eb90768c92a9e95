"""Ctrl-C while the demonstration prepares itself."""

import signal
from types import FrameType
from typing import Self


class Interruption:
    """Remembers that Ctrl-C was pressed.

    It raises KeyboardInterrupt at once, as Python does by itself; but a library that is at work at that moment may
    swallow the exception, and asyncio forgets it when the task that it cancels ends all the same. `heed` raises it
    again.
    """

    def __init__(self) -> None:
        self.heard = False

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(self, *_failure: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def heed(self) -> None:
        """Between two steps. Raises KeyboardInterrupt."""
        if self.heard:
            raise KeyboardInterrupt

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self.heard = True
        raise KeyboardInterrupt
