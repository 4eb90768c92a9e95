"""python-telegram-bot's way through the gate."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.gate import Gate, Priority
from bot.gate.calls import chat_of, is_message, several_in, weight_of

Answer = bool | dict[str, Any] | list[dict[str, Any]]


@dataclass(frozen=True)
class Departure:
    """A call that has something to settle in the very moment when it may leave; what `settle` raises stops it."""

    priority: Priority
    settle: Callable[[], Awaitable[None]]


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
        """
        chat_id = chat_of(data.get("chat_id"))
        if is_message(endpoint):
            await self._gate.enter(chat_id, _priority(rate_limit_args), weight_of(data.get(several_in(endpoint) or "")))
        else:
            await self._gate.enter_uncounted()
        if isinstance(rate_limit_args, Departure):
            await rate_limit_args.settle()
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as refusal:
            await self._gate.refused(_seconds(refusal), chat_id)
            raise


def _priority(asked: Priority | Departure | None) -> Priority:
    if asked is None:
        return Priority.BROADCAST
    return asked.priority if isinstance(asked, Departure) else asked


def _seconds(refusal: RetryAfter) -> float:
    """PTB gives an int, or a timedelta under PTB_TIMEDELTA=1 and in versions to come."""
    wait: int | timedelta = refusal.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
