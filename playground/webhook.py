from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import aiohttp

from .arguments import read_reply
from .dispatch import execute
from .errors import ApiError
from .updates import Update

if TYPE_CHECKING:
    from .bots import Bot
    from .world import World

_ANSWER_SECONDS = 60
_LONGEST_DELAY_SECONDS = 60.0
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name


class Webhook:
    """Posts a bot's updates to its address, several at once, and each again until it is taken."""

    def __init__(self, world: World, bot: Bot, url: str, secret: str, max_connections: int) -> None:
        self._world = world
        self._bot = bot
        self._url = url
        self._headers = {_SECRET_HEADER: secret} if secret else {}
        self._max_connections = max_connections
        self._in_flight: dict[int, Update] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._wakened = asyncio.Event()
        self._last_error: tuple[int, str] | None = None

    def start(self) -> None:
        self._bot.queue.listen(self._wakened.set)
        self._wakened.set()
        self._spawn(self._work())

    def stop(self) -> None:
        """Nothing is lost: what was on its way goes back to the front of the queue."""
        self._bot.queue.listen(None)
        for update in sorted(self._in_flight.values(), reverse=True):
            self._bot.queue.put_back(update)
        self._in_flight.clear()
        for task in self._tasks:
            task.cancel()

    async def stopped(self) -> None:
        self.stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def info(self) -> dict[str, Any]:
        info: dict[str, Any] = {
            "url": self._url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._bot.queue) + len(self._in_flight),
            "max_connections": self._max_connections,
        }
        if self._last_error is not None:
            info["last_error_date"], info["last_error_message"] = self._last_error
        return info

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        timeout = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
        connector = aiohttp.TCPConnector(limit=self._max_connections)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            while True:
                await self._wakened.wait()
                self._wakened.clear()
                while len(self._in_flight) < self._max_connections and (update := self._bot.queue.pop()):
                    self._in_flight[update.id] = update
                    self._spawn(self._deliver(session, update))

    async def _deliver(self, session: aiohttp.ClientSession, update: Update) -> None:
        delay = self._world.first_retry_of_webhook
        while not await self._taken(session, update):
            await asyncio.sleep(delay)
            delay = min(delay * 2, _LONGEST_DELAY_SECONDS)
        self._in_flight.pop(update.id, None)
        self._wakened.set()
        self._world.feed.wake()

    async def _taken(self, session: aiohttp.ClientSession, update: Update) -> bool:
        headers = {"Content-Type": "application/json", **self._headers}
        try:
            async with session.post(self._url, data=update.encoded.encode(), headers=headers) as response:
                if not 200 <= response.status < 300:
                    reason = f"Wrong response from the webhook: {response.status} {response.reason}"
                    return self._failed(reason)
                arguments = await read_reply(response)
        except TimeoutError:
            return self._failed("Read timeout expired")
        except aiohttp.ClientError as error:
            return self._failed(f"Connection failed: {type(error).__name__}")
        except ApiError:
            return True
        name = arguments.text("method")
        if name:
            arguments.values.pop("method")
            await execute(self._world, self._bot, name, arguments)
        return True

    def _failed(self, reason: str) -> bool:
        self._last_error = (int(time.time()), reason)
        self._world.feed.wake()
        return False
