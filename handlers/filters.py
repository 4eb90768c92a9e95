"""How a router chooses its updates: by the press on a button, or by the step of the dialogue."""

from typing import Any

from aiogram.enums import ChatType, ContentType
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message, TelegramObject

from handlers.buttons import Press, prefix_of, unpack
from handlers.turn import Turn


class Pressed(Filter):
    """A press of one kind. Raises Forged, which the house answers politely, when its values do not fit."""

    def __init__(self, *kinds: type[Press]) -> None:
        self._kinds = {kind.prefix: kind for kind in kinds}

    async def __call__(self, event: CallbackQuery) -> dict[str, Any] | bool:
        kind = self._kinds.get(prefix_of(event.data))
        return {"pressed": unpack(event.data or "", kind)} if kind else False


class InPrivate(Filter):
    """A chat with one person. Not said with F: aiogram asks that in a thread, for every router on the way."""

    async def __call__(self, event: Message | CallbackQuery) -> bool:
        message = event.message if isinstance(event, CallbackQuery) else event
        return message is not None and message.chat.type == ChatType.PRIVATE


class InDialogue(Filter):
    """The person is at one of these steps; a whole feature is named by "feature:*"."""

    def __init__(self, *states: str) -> None:
        self._states = frozenset(states)

    async def __call__(self, _event: TelegramObject, turn: Turn) -> bool:
        state = turn.dialogue.state
        return state is not None and (state in self._states or state.split(":")[0] + ":*" in self._states)


PEOPLE_SEND = frozenset(
    {
        ContentType.TEXT,
        ContentType.RICH_MESSAGE,
        ContentType.VOICE,
        ContentType.VIDEO_NOTE,
        ContentType.PHOTO,
        ContentType.LIVE_PHOTO,
        ContentType.VIDEO,
        ContentType.ANIMATION,
        ContentType.PAID_MEDIA,
        ContentType.STORY,
        ContentType.AUDIO,
        ContentType.DOCUMENT,
        ContentType.LOCATION,
        ContentType.VENUE,
        ContentType.CONTACT,
        ContentType.STICKER,
        ContentType.DICE,
        ContentType.POLL,
        ContentType.GAME,
        ContentType.CHECKLIST,
        ContentType.GIVEAWAY,
        ContentType.INVOICE,
        ContentType.UNKNOWN,
    }
)
"""All that people send; the other types are Telegram's own notes (a pin, a timer), which expect no answer."""


def is_speech(message: Message) -> bool:
    """Neither a command, which does what it says in the middle of a dialogue too, nor a note of Telegram's own."""
    return message.content_type in PEOPLE_SEND and not (message.text or "").startswith("/")
