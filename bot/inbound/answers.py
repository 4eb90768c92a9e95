"""Answers to the person who acted, through aiogram; the effect is committed by now, whatever happens here."""

import asyncio
from typing import Any

import aiohttp
import structlog
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import CallbackQuery, InaccessibleMessage, Update

from bot.context import Context
from bot.inbound.bare_calls import BareCall
from bot.inbound.source import Source
from bot.messages import Call, calls_for, edit_for, mark_of
from council.actors import load_actor
from council.groups import move_group
from council.live_cards import LiveKind, keep, look_again
from council.people import became_unreachable
from handlers.cards.card import Card, Live, Reply, shorten

log = structlog.get_logger("bot.answers")

TOAST_LIMIT = 200
TRIES = 4
DELAY = 0.5  # seconds, doubled each time


class Answers:
    """Carries replies out; nothing that was kept depends on them.

    Raises what is a fault of ours: a card that Telegram refuses, or that no call can carry.
    """

    def __init__(self, context: Context, bot: Bot) -> None:
        self._context = context
        self._bot = bot

    async def toast(self, query: CallbackQuery, reply: Reply) -> None:
        """The small word over the chat, or just the end of the button's waiting: Telegram gives seconds for it."""
        text = shorten(reply.toast, TOAST_LIMIT) or None
        await self._make(Call("answerCallbackQuery", {
            "callback_query_id": query.id, "text": text, "show_alert": reply.alert or None,
        }))  # fmt: skip

    async def show(self, update: Update, source: Source, reply: Reply) -> None:
        """The cards, in their order."""
        for position, card in enumerate(reply.cards):
            pressed = update.callback_query if position == 0 and not reply.fresh else None
            await self._show(card, source, pressed)

    async def _show(self, card: Card, source: Source, pressed: CallbackQuery | None) -> None:
        message = await self._edit(card, pressed) if pressed is not None else None
        if message is None:
            first, *extras = calls_for(card, source.chat_id, source.thread_id)
            message = await self._make(first, source)
            for extra in extras:
                await self._make(extra, source)
        if card.live is not None and isinstance(message, dict):
            await self._keep_true(card.live, message["chat"]["id"], message["message_id"], mark_of(card))

    async def _keep_true(self, live: Live, chat_id: int, message_id: int, shown: int) -> None:
        clock = self._context.clock
        async with self._context.database.write(brief=True) as session:
            actor = await load_actor(session, chat_id)
            if actor is not None:
                kind = LiveKind(live.kind)
                await keep(session, clock, actor.person_id, chat_id, message_id, kind, live.subject_id)
                await look_again(session, clock, chat_id, message_id, shown)

    async def _edit(self, card: Card, pressed: CallbackQuery) -> dict[str, Any] | bool | None:
        """The edited message; None when only a new one can show the card."""
        message = pressed.message
        if message is None or isinstance(message, InaccessibleMessage):
            return None
        call = edit_for(card, message.chat.id, message.message_id, has_media=message.text is None)
        return await self._make(call) if call is not None else None

    async def _make(self, call: Call, source: Source | None = None) -> Any:
        """One call, again only where Telegram surely did nothing; None when it could not be made."""
        for attempt in range(TRIES):
            try:
                return await self._bot(BareCall(call))
            except TelegramRetryAfter:
                continue  # the gate holds the next try back
            except TelegramMigrateToChat as moved:
                await self._move(call, moved.migrate_to_chat_id)
            except TelegramBadRequest as refused:
                return _after_refusal(call, refused)
            except TelegramForbiddenError:
                await self._note_unreachable(source)
                return None
            except (TelegramServerError, TelegramNetworkError, ClientDecodeError) as fault:
                if not _surely_undone(call, fault):
                    log.warning("answer_uncertain", method=call.method)
                    return None
                await asyncio.sleep(DELAY * 2**attempt)
        log.error("answer_given_up", method=call.method)
        return None

    async def _move(self, call: Call, new_chat_id: int) -> None:
        old, call.params["chat_id"] = call.params["chat_id"], new_chat_id
        async with self._context.database.write() as session:
            await move_group(session, old, new_chat_id)

    async def _note_unreachable(self, source: Source | None) -> None:
        if source is not None and source.in_private:
            async with self._context.database.write() as session:
                await became_unreachable(session, self._context.clock, source.chat_id)


def _after_refusal(call: Call, refused: TelegramBadRequest) -> Any:
    words = refused.message.lower()
    if "message is not modified" in words:
        return True
    if call.method.startswith("edit"):
        return None  # deleted or too old: the caller sends it anew
    if call.method == "answerCallbackQuery":
        return None  # "query is too old": the small word only
    raise refused


def _surely_undone(call: Call, fault: Exception) -> bool:
    """Whether a second try cannot repeat anything."""
    if call.method.startswith(("edit", "answer")) or isinstance(fault, TelegramServerError):
        return True
    return isinstance(fault.__cause__, aiohttp.ClientConnectorError)
