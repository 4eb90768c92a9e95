"""A person's phone at the level of handlers: real routers, real transactions, no network."""

from datetime import timedelta
from itertools import count
from typing import Any

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import Update

from council.actors import load_actor
from handlers.cards.card import Button, Card, Reply
from handlers.dialogues import with_drafts
from handlers.turn import Dialogue, Turn
from locales.translator import choose_language, translator
from storage.dialogue_store import keep_dialogue, read_dialogue

_updates = count(1)
_BOT = Bot("42:test")


class Phone:
    """What one person does in the private chat, and what they see of it."""

    def __init__(
        self, programme: Any, routers: list[Router], telegram_id: int, first_name: str = "Amina", language: str = "fr"
    ) -> None:
        self.programme, self.routers = programme, routers
        self.telegram_id, self.first_name, self.language = telegram_id, first_name, language
        self.chat = {"id": telegram_id, "type": "private"}
        self.reply = Reply()
        self.taps = 0

    async def types(self, text: str) -> Reply:
        return await self.sends(text=text)

    async def sends(self, kind: str = "message", **content: Any) -> Reply:
        return await self._take({kind: {**self._message(), **content}})

    async def opens(self, token: str = "") -> Reply:
        """START in a chat that a link or a QR code opened: one tap."""
        self.taps += 1
        return await self.types(f"/start {token}".rstrip())

    async def taps_on(self, label: str) -> Reply:
        self.taps += 1
        button = self.button(label)
        assert button.press is not None
        return await self.presses(button.press.pack())

    async def presses(self, data: str) -> Reply:
        message = {**self._message(), "text": "…"}
        query = {"id": "1", "from": self._user(), "chat_instance": "1", "data": data, "message": message}
        return await self._take({"callback_query": query})

    def button(self, label: str) -> Button:
        found = [each for card in self.reply.cards for row in card.rows for each in row if label in each.label]
        assert found, f"no button {label!r} in {self.labels}"
        return found[0]

    @property
    def labels(self) -> list[str]:
        return [each.label for card in self.reply.cards for row in card.rows for each in row]

    @property
    def sees(self) -> str:
        return "\n".join(card.text for card in self.reply.cards)

    @property
    def card(self) -> Card:
        return self.reply.cards[-1]

    def _user(self) -> dict[str, Any]:
        return {
            "id": self.telegram_id,
            "is_bot": False,
            "first_name": self.first_name,
            "language_code": self.language,
        }

    def _message(self) -> dict[str, Any]:
        return {"message_id": 1, "date": 1772442000, "chat": self.chat, "from": self._user()}

    async def _take(self, content: dict[str, Any]) -> Reply:
        update = Update.model_validate({"update_id": next(_updates), **content})
        settings, now = self.programme.settings, self.programme.clock.now()
        key = (self.chat["id"], self.telegram_id, 0)
        async with self.programme.database.write() as session:
            known = await load_actor(session, self.telegram_id)
            state, data, version = await read_dialogue(session, key)
            turn = Turn(
                session=session,
                clock=self.programme.clock,
                programme=settings,
                say=translator(
                    choose_language(known.language if known else self.language, settings.languages), settings.timezone
                ),
                dialogue=Dialogue(state, data, version),
                known=known,
                telegram_id=self.telegram_id,
                chat_id=self.chat["id"],
                update_id=update.update_id,
                first_name=self.first_name,
                bot_username="PorteVoixBot",
                telegram_language=self.language,
                in_private=self.chat["type"] == "private",
            )
            reply = with_drafts(turn, await self._routed(update, turn), pressed=update.callback_query is not None)
            if turn.dialogue.changed:
                life = timedelta(hours=settings.dialogue_hours)
                await keep_dialogue(
                    session, key, turn.dialogue.version, turn.dialogue.state, turn.dialogue.data, now, now + life
                )
        self.reply = reply
        return reply

    async def _routed(self, update: Update, turn: Turn) -> Reply:
        for router in self.routers:
            result = await router.propagate_event(update.event_type, update.event, bot=_BOT, turn=turn)
            if result is not UNHANDLED:
                assert isinstance(result, Reply)
                return result
        raise AssertionError(f"nobody answers {update.event_type}")
