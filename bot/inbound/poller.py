"""Long polling that confirms an update only after its effect is committed.

The offset stays at the lowest unfinished update; those in flight, which Telegram then sends again, are skipped. A kill
loses nothing: what was not confirmed comes again, and what was committed is known by its row.
"""

import asyncio
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramConflictError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import TelegramMethod

from bot.inbound.conversation import Conversation
from bot.inbound.source import ALLOWED_UPDATES
from bot.tasks import TaskSet

log = structlog.get_logger("bot.poller")

BATCH = 100  # Telegram's own most
LOW_WATER = 20  # unfinished updates below which more are asked for
LONG_POLL = 25  # seconds
SHORT_TURN = 0.02  # seconds
SLOW_TURN = 1.0  # seconds after which a slow turn no longer keeps others from being asked for
RETRY = 3.0  # seconds
ALONE = 2.0  # seconds of waiting for updates that nobody disturbed: from then on we are who was here first
NEWCOMER_CONFLICTS = 3
YIELD = 1.0  # seconds that a newcomer leaves to who was here first
STAND = 0.3  # seconds after which who was here first asks again


class AnotherPoller(Exception):
    """Somebody else asks for this bot's updates: two would each get half of them."""


class GetUpdates(TelegramMethod[list[dict[str, Any]]]):
    """As aiogram's own, but each update stays as it came: one that cannot be read must not spoil the others."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int
    timeout: int
    allowed_updates: list[str] | None = None


class Poller:
    """The one consumer of getUpdates for this token."""

    def __init__(self, bot: Bot, conversation: Conversation) -> None:
        self._bot = bot
        self._conversation = conversation
        self._tasks = TaskSet()
        self._unfinished: set[int] = set()
        self._next = 0
        self._stopping = asyncio.Event()
        self._listening = False
        self._waited = 0.0
        self._was_first = False
        self._conflicts = 0

    @property
    def is_listening(self) -> bool:
        """Whether Telegram has answered at least once."""
        return self._listening

    async def run(self) -> None:
        """Until `stop`. Raises AnotherPoller when somebody else was here before us."""
        while not self._stopping.is_set():
            await self._until_there_is_room()
            for update in await self._ask():
                if update["update_id"] not in self._unfinished and update["update_id"] >= self._next:
                    self._begin(update)

    async def stop(self, grace: float) -> None:
        """No new updates; those in flight have `grace` seconds; then what is finished is confirmed."""
        self._stopping.set()
        await self._tasks.drain(grace)
        try:
            if self._next:
                await self._bot(GetUpdates(offset=self._offset(), limit=1, timeout=0), request_timeout=3)
        except Exception:
            log.warning("last_confirmation_failed")  # they come again and are known by their rows

    def _offset(self) -> int:
        return min(self._unfinished, default=self._next)

    async def _until_there_is_room(self) -> None:
        """Most turns end within milliseconds: a short wait saves asking for the same updates again."""
        if self._unfinished:
            await self._tasks.all_done(SHORT_TURN)
        while len(self._unfinished) > LOW_WATER and not self._stopping.is_set():
            before = len(self._unfinished)
            await self._tasks.one_done(SLOW_TURN)
            if len(self._unfinished) == before:
                return

    async def _ask(self) -> list[dict[str, Any]]:
        asking = asyncio.create_task(self._get_updates())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not asking.done():
            asking.cancel()
        try:
            return await asking
        except asyncio.CancelledError:
            return []

    async def _get_updates(self) -> list[dict[str, Any]]:
        question, begun = self._question(), asyncio.get_running_loop().time()
        try:
            updates = await self._bot(question, request_timeout=LONG_POLL + 15)
        except TelegramConflictError:
            await self._after_conflict()
            return []
        except TelegramRetryAfter as pause:
            await asyncio.sleep(pause.retry_after)
            return []
        except (TelegramNetworkError, TelegramServerError, ClientDecodeError):
            log.warning("telegram_unreachable")
            await asyncio.sleep(RETRY)
            return []
        self._listening = True
        if question.timeout:  # one that does not wait disturbs others, but is not disturbed itself
            self._waited += asyncio.get_running_loop().time() - begun
        if self._waited >= ALONE:
            self._was_first, self._conflicts = True, 0
        if self._unfinished and all(update["update_id"] in self._unfinished for update in updates):
            await self._tasks.one_done(SLOW_TURN)  # nothing new: wait for one of ours before asking again
        return updates

    def _question(self) -> GetUpdates:
        patience = LONG_POLL if self._was_first else int(ALONE)
        return GetUpdates(
            offset=self._offset() or None,
            limit=BATCH,
            timeout=0 if self._unfinished else patience,
            allowed_updates=ALLOWED_UPDATES,
        )

    async def _after_conflict(self) -> None:
        """Telegram ends the older request. Who was here first goes on asking; a newcomer gives way."""
        self._conflicts += 1
        self._waited = 0.0
        if not self._was_first and self._conflicts >= NEWCOMER_CONFLICTS:
            raise AnotherPoller
        log.warning("another_poller", conflicts=self._conflicts)
        await asyncio.sleep(STAND if self._was_first else YIELD)

    def _begin(self, update: dict[str, Any]) -> None:
        self._unfinished.add(update["update_id"])
        self._next = max(self._next, update["update_id"] + 1)
        self._tasks.start(self._take(update))

    async def _take(self, update: dict[str, Any]) -> None:
        try:
            await self._conversation.take(update)
        except Exception:  # left unfinished it would hold the offset, and nobody would be answered any more
            log.exception("update_given_up", update=update["update_id"])
        self._unfinished.discard(update["update_id"])
