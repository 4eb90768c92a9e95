"""Which Bot API methods count as messages, and for how many."""

from collections.abc import Sized

from bot.gate.rules import ChatId

_MESSAGE_PREFIXES = ("send", "copy", "forward", "editMessage", "editEphemeralMessage")
_NO_MESSAGE = frozenset({"sendChatAction", "sendChatJoinRequestWebApp"})
"""Named like sends, but nothing appears in the chat: "is typing…" must not use up the reply's own place."""

_SEVERAL = {"sendMediaGroup": "media", "copyMessages": "message_ids", "forwardMessages": "message_ids"}


def is_message(method: str) -> bool:
    return method.startswith(_MESSAGE_PREFIXES) and method not in _NO_MESSAGE


def several_in(method: str) -> str | None:
    """The parameter whose length is the number of messages; None where a call makes one."""
    return _SEVERAL.get(method)


def weight_of(parts: object) -> int:
    return max(1, len(parts)) if isinstance(parts, Sized) else 1


def chat_of(value: object) -> ChatId:
    """A method's chat_id as one key: "-100123" and -100123 are the same group."""
    if isinstance(value, int):
        return value
    if not isinstance(value, str):
        return None
    return int(value) if value.removeprefix("-").isdecimal() else value.lower()
