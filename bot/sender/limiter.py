"""python-telegram-bot's way through the gate."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.gate import ChatId, Gate, Passage, Priority
from bot.gate.calls import chat_of, is_message, several_in, weight_of

PROMPT = 0.02  # seconds that settling may take

Answer = bool | dict[str, Any] | list[dict[str, Any]]


class StillWaiting(Exception):
    """The gate has not opened in the time that the caller could wait; nothing was sent or counted."""


@dataclass(frozen=True)
class Departure:
    """A call that has something to settle in the very moment when it may leave; what `settle` raises stops it.

    `patience` is how many seconds it waits at the gate; None: as long as it takes.
    """

    priority: Priority
    settle: Callable[[], Awaitable[None]]
    patience: float | None = None


class GateLimiter(BaseRateLimiter[Priority | Departure]):
    """Passed to ExtBot; a call says its priority with `rate_limit_args`, and goes last when it says none.

    Never retries: a 429 pauses the gate and is raised, and whoever owns the message decides.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def initialize(self) -> None:
        """The gate belongs to the program, not to one bot."""

    async def shutdown(self) -> None:
        """The gate belongs to the program, not to one bot."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Priority | Departure | None,
    ) -> Answer:
        """Wait for the gate, call, and tell the gate of a 429.

        Raises:
            RetryAfter: As Telegram answered it.
            StillWaiting: The departure's patience has ended at the gate.
        """
        chat_id = chat_of(data.get("chat_id"))
        departure = rate_limit_args if isinstance(rate_limit_args, Departure) else None
        enter = partial(self._enter, chat_id, endpoint, data, rate_limit_args)
        passage = await enter()
        if departure is not None and not await self._settled_promptly(departure, passage):
            passage = await enter()
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as refusal:
            await self._gate.refused(_seconds(refusal), chat_id)
            raise
        finally:
            if passage is not None:
                self._gate.answered(passage)

    async def _settled_promptly(self, departure: Departure, passage: Passage | None) -> bool:
        """False when it took long, as a stalled database does to many at once: the place goes to who can leave now."""
        began, prompt = time.monotonic(), False
        try:
            await departure.settle()
            prompt = time.monotonic() - began <= PROMPT
        finally:
            if passage is not None and not prompt:
                self._gate.give_back(passage)
        return prompt or passage is None

    async def _enter(
        self, chat_id: ChatId, endpoint: str, data: dict[str, Any], asked: Priority | Departure | None
    ) -> Passage | None:
        """The passage that was counted; None for a call that makes no message. Raises StillWaiting."""
        patience = asked.patience if isinstance(asked, Departure) else None
        try:
            async with asyncio.timeout(patience):
                if not is_message(endpoint):
                    await self._gate.enter_uncounted()
                    return None
                weight = weight_of(data.get(several_in(endpoint) or ""))
                return await self._gate.enter(chat_id, _priority(asked), weight)
        except TimeoutError:
            raise StillWaiting from None


def _priority(asked: Priority | Departure | None) -> Priority:
    if asked is None:
        return Priority.BROADCAST
    return asked.priority if isinstance(asked, Departure) else asked


def _seconds(refusal: RetryAfter) -> float:
    """PTB gives an int, or a timedelta under PTB_TIMEDELTA=1 and in versions to come."""
    wait: int | timedelta = refusal.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
