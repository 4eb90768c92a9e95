"""Telegram's limits on how fast a bot may write, as the server counts them. All times are real seconds."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from dataclasses import asdict, dataclass
from typing import Any

from .errors import too_many_requests


@dataclass(slots=True)
class FloodSettings:
    per_second: int = 30
    """Messages of one bot in any second."""
    group_per_minute: int = 20
    chat_burst: int = 3
    """Messages to one private chat that pass at once, beyond the steady rate."""
    chat_per_second: float = 1.0
    retry_after: int = 3
    """The least that a 429 asks for, in seconds."""
    penalty_step: int = 1
    """What each call during the penalty adds, in seconds."""


class _Window:
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._moments: deque[float] = deque()

    def count(self, now: float) -> int:
        moments = self._moments
        while moments and moments[0] <= now - self._seconds:
            moments.popleft()
        return len(moments)

    def add(self, now: float, count: int) -> None:
        self._moments.extend([now] * count)

    def frees_in(self, now: float) -> float:
        return self._moments[0] + self._seconds - now if self._moments else 0.0


class _Bucket:
    """Lets a burst pass at once and then a steady rate."""

    def __init__(self, size: float, rate: float, now: float) -> None:
        self._size, self._rate = size, rate
        self._tokens, self._at = size, now

    def take(self, now: float, count: int) -> float:
        """Takes what is asked for and gives 0, or takes nothing and gives the seconds to wait."""
        self._tokens = min(self._size, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens + 1e-9 < min(count, self._size):
            return (min(count, self._size) - self._tokens) / self._rate
        self._tokens -= count
        return 0.0


class FloodLimits:
    def __init__(self, settings: FloodSettings | None) -> None:
        self.on = settings is not None
        self.settings = settings or FloodSettings()
        self._forget()

    def _forget(self) -> None:
        self._all: defaultdict[int, _Window] = defaultdict(lambda: _Window(1.0))
        self._groups: defaultdict[tuple[int, int], _Window] = defaultdict(lambda: _Window(60.0))
        self._chats: dict[tuple[int, int], _Bucket] = {}
        self._penalties: dict[tuple[int, int | None], float] = {}

    def configure(self, *, on: bool, **changes: Any) -> None:
        """Switches the limits; begins to count anew. Raises ValueError on an unknown setting or no number."""
        known = asdict(self.settings)
        if unknown := changes.keys() - known.keys():
            raise ValueError(f"There is no flood setting “{min(unknown)}”.")
        self.settings = FloodSettings(**{key: type(known[key])(value) for key, value in {**known, **changes}.items()})
        self.on = on
        self._forget()

    def check(self, bot_id: int, chat_id: int, count: int) -> None:
        """Counts this many messages to a chat; raises 429 when they are too many."""
        if not self.on:
            return
        now = time.monotonic()
        for scope in ((bot_id, None), (bot_id, chat_id)):
            self._check_penalty(scope, now)
        everything = self._all[bot_id]
        if everything.count(now) + count > max(self.settings.per_second, count):
            self._refuse((bot_id, None), now, everything.frees_in(now))
        self._check_chat(bot_id, chat_id, count, now)
        everything.add(now, count)

    def _check_chat(self, bot_id: int, chat_id: int, count: int, now: float) -> None:
        key = (bot_id, chat_id)
        if chat_id < 0:
            group = self._groups[key]
            if group.count(now) + count > max(self.settings.group_per_minute, count):
                self._refuse(key, now, group.frees_in(now))
            group.add(now, count)
            return
        if key not in self._chats:
            self._chats[key] = _Bucket(self.settings.chat_burst, self.settings.chat_per_second, now)
        if wait := self._chats[key].take(now, count):
            self._refuse(key, now, wait)

    def _check_penalty(self, scope: tuple[int, int | None], now: float) -> None:
        until = self._penalties.get(scope)
        if until is None:
            return
        if until <= now:
            del self._penalties[scope]
            return
        self._refuse(scope, now, until - now + self.settings.penalty_step)

    def _refuse(self, scope: tuple[int, int | None], now: float, wait: float) -> None:
        seconds = max(self.settings.retry_after, math.ceil(wait))
        self._penalties[scope] = now + seconds
        raise too_many_requests(seconds)

    def page(self) -> dict[str, Any]:
        return {"on": self.on, **asdict(self.settings)}
