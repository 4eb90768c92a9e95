"""Waking the sender as soon as there are notices, also when another process wrote them."""

import asyncio
from collections.abc import Callable

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.tasks import TaskSet

log = structlog.get_logger("bot.wakeups")

CHANNEL = "portevoix:notices"
RETRY = 2.0  # seconds; the sender looks by itself every few seconds anyway


class RedisWakeups:
    """Tells and hears of new notices over Redis."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url)
        self._tasks = TaskSet()

    def tell(self) -> None:
        """Does not wait: a wake-up that is lost costs some seconds, not a notice."""
        self._tasks.start(self._publish())

    async def hear(self, wake: Callable[[], None]) -> None:
        """Until cancelled."""
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    async for message in channel.listen():
                        if message["type"] == "message":
                            wake()
            except RedisError:
                log.warning("redis_away")
                await asyncio.sleep(RETRY)

    async def close(self) -> None:
        await self._tasks.drain(1.0)
        await self._redis.aclose()

    async def _publish(self) -> None:
        try:
            await self._redis.publish(CHANNEL, b"1")
        except RedisError:
            log.warning("redis_away")
