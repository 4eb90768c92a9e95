"""aiogram's way through the gate."""

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.gate import Gate, Passage, Priority
from bot.gate.calls import chat_of, is_message, several_in, weight_of


class GateMiddleware(BaseRequestMiddleware):
    """Registered on the session of the bot that answers people: all it sends is a reply, and goes first.

    Never retries: a 429 pauses the gate for both libraries and is raised.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        chat_id = chat_of(getattr(method, "chat_id", None))
        passage = await self._wait(method)
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as refusal:
            await self._gate.refused(float(refusal.retry_after), chat_id)
            raise
        finally:
            if passage is not None:
                self._gate.answered(passage)

    async def _wait(self, method: TelegramMethod[TelegramType]) -> Passage | None:
        """The passage that was counted; None for a call that makes no message."""
        name = method.__api_method__
        if is_message(name):
            weight = weight_of(getattr(method, several_in(name) or "", None))
            return await self._gate.enter(chat_of(getattr(method, "chat_id", None)), Priority.INTERACTIVE, weight)
        if name != "getUpdates":
            # Listening goes on through a pause: it is what is said that is too much.
            await self._gate.enter_uncounted()
        return None
