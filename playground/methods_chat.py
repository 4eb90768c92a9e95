"""What a bot can ask about chats, and leaving them."""

from __future__ import annotations

from typing import Any

from .chats import Chat, Group, PrivateChat
from .errors import bad_request
from .membership import chat_member, set_status
from .registry import Call, method
from .rules import check_may_write, manages_topics


@method("getChat", "chat_id")
def get_chat(call: Call) -> dict[str, Any]:
    chat = call.chat()
    full: dict[str, Any] = chat.brief() | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
        ),
    }
    if chat.pinned and (pinned := chat.messages.get(chat.pinned[-1])):
        full["pinned_message"] = pinned.body
    if isinstance(chat, Group):
        full["permissions"] = {"can_send_messages": chat.bots_can_send}
    return full


@method("getChatMember", "chat_id user_id")
def get_chat_member(call: Call) -> dict[str, Any]:
    chat = call.chat()
    user_id = call.arguments.integer("user_id")
    if isinstance(chat, PrivateChat):
        return _member_of_private(chat, user_id)
    member = chat.member(user_id) if isinstance(chat, Group) else None
    if member is not None:
        return chat_member(member.person.user(), member.status)
    person = call.world.phones.get(user_id) or call.world.bots.get(user_id)
    if person is None:
        raise bad_request("user not found")
    return chat_member(person.user(), "left")


def _member_of_private(chat: PrivateChat, user_id: int) -> dict[str, Any]:
    for person in (chat.phone, chat.bot):
        if person.id == user_id:
            return chat_member(person.user(), "member")
    raise bad_request("member not found")


@method("getChatAdministrators", "chat_id return_bots")
def get_chat_administrators(call: Call) -> list[dict[str, Any]]:
    """Without other bots, as in Telegram; the asking bot itself is told."""
    group = call.chat()
    if not isinstance(group, Group):
        raise bad_request("there are no administrators in the private chat")
    everybody = call.arguments.flag("return_bots")
    return [
        chat_member(member.person.user(), member.status)
        for member in group.members.values()
        if member.can_administer and (everybody or member.person is call.bot or not member.person.user()["is_bot"])
    ]


@method("getChatMemberCount", "chat_id")
def get_chat_member_count(call: Call) -> int:
    chat = call.chat()
    return sum(1 for _ in chat.present()) if isinstance(chat, Group) else 2


@method("leaveChat", "chat_id")
def leave_chat(call: Call) -> bool:
    group = call.chat()
    if not isinstance(group, Group):
        raise bad_request("chat member status can't be changed in private chats")
    set_status(call.world, group, call.bot, "left", by=call.bot)
    return True


def check_forum(call: Call, right: str) -> Group:
    """The forum that the call names, in which the bot may do what `right` says."""
    chat: Chat = call.chat()
    check_may_write(call.bot, chat)
    if not isinstance(chat, Group) or not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if not manages_topics(call.bot, chat):
        raise bad_request(f"not enough rights to {right}")
    return chat
