from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from .errors import ControlError
from .events import Feed


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Clock:
    """The world's time: real time and an offset that only grows. All its moments are aware and in UTC."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._offset = timedelta()
        self.version = 1
        self.next_event: datetime | None = None
        self.next_label: str | None = None

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def unix(self) -> int:
        return int(self.now().timestamp())

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ControlError("The clock never goes back.")
        self._offset += timedelta(seconds=seconds)
        self.version += 1
        self._feed.emit("clock", clock=self)

    def move_to(self, moment: datetime) -> None:
        self.advance((moment - self.now()).total_seconds())

    def move_to_next_event(self) -> None:
        if self.next_event is None:
            raise ControlError("No next event has been announced.")
        if self.next_event > self.now():
            self.move_to(self.next_event)

    def announce(self, moment: datetime | None, label: str | None = None) -> None:
        """The program under test tells what it waits for; the version stays, so that it does not wake itself."""
        self.next_event, self.next_label = moment, label
        self._feed.emit("clock", clock=self)

    def page(self) -> dict[str, Any]:
        return {
            "now": iso(self.now()),
            "offset_seconds": self._offset.total_seconds(),
            "next_event": iso(self.next_event) if self.next_event else None,
            "next_label": self.next_label,
            "version": self.version,
        }
