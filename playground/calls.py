from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .clock import Clock, iso
from .events import Feed

_SHOWN = 300


@dataclass(slots=True)
class CallRecord:
    """One call of a bot: when, what, and how it ended. Files stand in `params` as "name (N bytes)"."""

    token: str
    bot_id: int | None
    method: str
    params: dict[str, Any]
    wall: datetime
    """The world's clock, UTC."""
    monotonic: float = field(default_factory=time.monotonic)
    """Real seconds, for rates and durations."""
    chat_id: int | None = None
    message_id: int | None = None
    status: int = 0
    """The HTTP status; 0 while the call runs, and when its connection was cut without an answer."""
    error: str = ""
    seconds: float = 0.0
    unknown: tuple[str, ...] = ()
    fault: str = ""


class Log:
    """What the page's journal shows."""

    def __init__(self, feed: Feed, clock: Clock, keep: int = 200) -> None:
        self._feed = feed
        self._clock = clock
        self._entries: deque[Entry] = deque(maxlen=keep)
        self._number = 0

    def call(self, record: CallRecord) -> None:
        self._add(Entry(self._next(), record.wall, record, ""))

    def note(self, text: str) -> None:
        self._add(Entry(self._next(), self._clock.now(), None, text))

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _add(self, entry: Entry) -> None:
        self._entries.append(entry)
        self._feed.emit("log", entry=entry)

    def page(self) -> list[dict[str, Any]]:
        return [entry.page() for entry in self._entries]


@dataclass(frozen=True, slots=True)
class Entry:
    number: int
    at: datetime
    record: CallRecord | None
    text: str

    def page(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"n": self.number, "at": iso(self.at)}
        record = self.record
        if record is None:
            return shown | {"kind": "note", "text": self.text}
        known = {
            "bot_id": record.bot_id,
            "chat_id": record.chat_id,
            "error": record.error,
            "unknown": list(record.unknown),
            "fault": record.fault,
        }
        return shown | {
            "kind": "call",
            "method": record.method,
            "status": record.status,
            "params": {key: _shortened(value) for key, value in record.params.items()},
            "ms": round(record.seconds * 1000, 1),
            **{key: value for key, value in known.items() if value},
        }


def _shortened(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
    if isinstance(value, (int, float)) or value is None:
        return value
    return _shortened(str(value))
