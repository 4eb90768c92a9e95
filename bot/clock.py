"""The playground's time: the machine's own, plus what its clock control has added."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import aiohttp
import structlog

log = structlog.get_logger("bot.clock")

LONG_POLL = 25  # seconds
RETRY = 1.0  # seconds


class PlaygroundClock:
    """Follows the clock at `url`; only a demonstration or a test sets one."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._offset = timedelta()
        self._version = 0

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    async def read(self) -> None:
        """Asks once what time it is."""
        async with aiohttp.ClientSession() as http, http.get(self._url) as answer:
            self._take(await answer.json())

    async def follow(self, jumped: Callable[[], Awaitable[None]]) -> None:
        """Until cancelled: calls `jumped` after each move of the clock."""
        async with aiohttp.ClientSession() as http:
            while True:
                try:
                    query = {"after": self._version, "timeout": LONG_POLL}
                    async with http.get(self._url, params=query) as answer:
                        moved = self._take(await answer.json())
                except (aiohttp.ClientError, TimeoutError):
                    await asyncio.sleep(RETRY)
                    continue
                if moved:
                    await jumped()

    async def tell_next(self, moment: datetime | None) -> None:
        """Tells the clock control when something is due next, so that it can go there."""
        body = {"at": moment.astimezone(UTC).isoformat() if moment else None}
        try:
            async with aiohttp.ClientSession() as http, http.put(f"{self._url}/next", json=body):
                return
        except aiohttp.ClientError:
            log.warning("clock_not_told")

    def _take(self, told: dict[str, object]) -> bool:
        moved = told["version"] != self._version
        self._version = int(str(told["version"]))
        self._offset = timedelta(seconds=float(str(told["offset_seconds"])))
        return moved
