"""What a bot may do where, and the words in which it is refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .chats import Chat, Group, PrivateChat
from .errors import ApiError, bad_request, forbidden, upgraded

if TYPE_CHECKING:
    from .bots import Bot
    from .messages import Message
    from .world import World

DELETABLE_SECONDS = 48 * 3600
GENERAL_TOPIC = 1


def check_may_write(bot: Bot, chat: Chat) -> None:
    if isinstance(chat, PrivateChat):
        _check_private(chat)
    elif isinstance(chat, Group):
        check_is_member(bot, chat)
        if not chat.bots_can_send and not administers(bot, chat):
            raise bad_request("not enough rights to send text messages to the chat")


def _check_private(chat: PrivateChat) -> None:
    if chat.phone.deactivated:
        raise forbidden("user is deactivated")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")


def check_is_member(bot: Bot, group: Group) -> None:
    if group.migrated_to is not None:
        raise upgraded(group.migrated_to)
    member = group.member(bot.id)
    if member is None:
        raise bad_request("chat not found")
    if member.status == "kicked":
        raise forbidden(f"bot was kicked from the {_kind(group)} chat")
    if not member.present:
        raise forbidden(f"bot is not a member of the {_kind(group)} chat")


def _kind(group: Group) -> str:
    return "supergroup" if group.type == "supergroup" else "group"


def administers(bot: Bot, group: Group) -> bool:
    member = group.member(bot.id)
    return member is not None and member.can_administer


def manages_topics(bot: Bot, group: Group) -> bool:
    """A right of its own, which an administrator may lack."""
    return group.bots_can_manage_topics and administers(bot, group)


def check_may_pin(bot: Bot, chat: Chat) -> None:
    if isinstance(chat, Group) and not administers(bot, chat):
        raise bad_request("not enough rights to manage pinned messages in the chat")


def check_thread(bot: Bot, chat: Chat, thread_id: int) -> int | None:
    """The thread to write in, None for the general one; raises when the topic is gone or closed to the bot."""
    if thread_id == 0:
        return None
    if not isinstance(chat, Group) or not chat.is_forum:
        raise bad_request("message thread not found")
    if thread_id == GENERAL_TOPIC:
        return None
    topic = chat.topics.get(thread_id)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and not manages_topics(bot, chat):
        raise bad_request("TOPIC_CLOSED")
    return thread_id


def check_may_delete(world: World, bot: Bot, message: Message) -> None:
    chat = message.chat
    if isinstance(chat, Group) and administers(bot, chat):
        return
    if isinstance(chat, Group) and message.sender_id != bot.id:
        raise bad_request("message can't be deleted")
    if world.clock.unix() - message.date > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")


def remove_messages(world: World, chat: Chat, message_ids: Iterable[int]) -> None:
    gone = [number for number in message_ids if chat.messages.pop(number, None) is not None]
    if not gone:
        return
    world.feed.emit("deleted", chat=chat.key, chat_id=chat.id, message_ids=gone)
    if any(number in chat.pinned for number in gone):
        chat.pinned = [number for number in chat.pinned if number not in gone]
        world.feed.emit("chat", chat=chat)


def not_found(what: str) -> ApiError:
    return bad_request(f"message to {what} not found")
