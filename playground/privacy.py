"""What a bot hears in a group."""

from __future__ import annotations

from .bots import Bot
from .chats import Group
from .messages import Message

SERVICE = frozenset(
    {
        "new_chat_members",
        "left_chat_member",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "pinned_message",
        "forum_topic_created",
        "forum_topic_closed",
        "forum_topic_reopened",
        "forum_topic_edited",
    }
)


def hears(bot: Bot, message: Message) -> bool:
    """In privacy mode a bot that does not administer the group hears commands, replies to it, mentions and service."""
    chat = message.chat
    if not isinstance(chat, Group) or bot.can_read_all_group_messages:
        return True
    member = chat.member(bot.id)
    if member is not None and member.can_administer:
        return True
    body = message.body
    return not SERVICE.isdisjoint(body) or _answers(bot, body) or _addresses(bot, message)


def _answers(bot: Bot, body: dict[str, object]) -> bool:
    reply = body.get("reply_to_message")
    if isinstance(reply, dict) and "forum_topic_created" in reply:
        return False  # any message of the topic does
    author = reply.get("from") if isinstance(reply, dict) else None
    return isinstance(author, dict) and author.get("id") == bot.id


def _addresses(bot: Bot, message: Message) -> bool:
    text = message.text.lower()
    if text.startswith("/"):
        addressee = text.split(maxsplit=1)[0].partition("@")[2]
        return addressee in {"", bot.username.lower()}
    return f"@{bot.username.lower()}" in text
