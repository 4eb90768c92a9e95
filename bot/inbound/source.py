"""Who an update is from and where it came in, whatever its kind."""

from dataclasses import dataclass
from typing import Any

from aiogram.enums import ChatType
from aiogram.types import CallbackQuery, Chat, ChatMemberUpdated, Message, Update, User

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
GROUP_ANONYMOUS_BOT = 1087968824  # Telegram's stand-in for an anonymous group admin: nobody in particular


@dataclass(frozen=True)
class Source:
    """`telegram_id` is 0 when nobody in particular wrote: a channel, or an anonymous admin."""

    kind: str
    telegram_id: int
    chat_id: int
    thread_id: int | None
    message_id: int | None
    first_name: str
    language: str | None
    in_private: bool


def source_of(update: Update) -> Source | None:
    """None for updates that we never asked for."""
    event = update.event
    if isinstance(event, CallbackQuery):
        message = event.message
        if message is None:
            return None
        thread = message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
        return _source(update, event.from_user, message.chat, message.message_id, thread)
    if isinstance(event, Message):
        user = None if event.sender_chat is not None else event.from_user
        thread = event.message_thread_id if event.is_topic_message else None
        return _source(update, user, event.chat, event.message_id, thread)
    if isinstance(event, ChatMemberUpdated):
        return _source(update, event.from_user, event.chat, None, None)
    return None


def sender_in(raw: dict[str, Any]) -> int | None:
    """Who sent an update that cannot be read: what is kept of it must go with their account."""
    for event in raw.values():
        sender = event.get("from") if isinstance(event, dict) else None
        number = sender.get("id") if isinstance(sender, dict) else None
        if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**63:
            return number
    return None


def _source(update: Update, user: User | None, chat: Chat, message_id: int | None, thread_id: int | None) -> Source:
    somebody = user is not None and user.id != GROUP_ANONYMOUS_BOT and not user.is_bot
    return Source(
        kind=update.event_type,
        telegram_id=user.id if user is not None and somebody else 0,
        chat_id=chat.id,
        thread_id=thread_id,
        message_id=message_id,
        first_name=user.first_name if user is not None and somebody else "",
        language=user.language_code if user is not None else None,
        in_private=chat.type == ChatType.PRIVATE,
    )
