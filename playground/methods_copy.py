"""Messages sent on: as copies, or as forwards that name where they come from."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from .delivery import CAPTION, SENDING, post, with_caption
from .errors import bad_request
from .markup import read_markup
from .messages import Content, Message
from .methods_edit import message_numbers
from .privacy import SERVICE
from .registry import Call, method, one_message

_MOST_COPIED = 100


@method("copyMessage", SENDING, CAPTION, "from_chat_id message_id show_caption_above_media", counts=one_message)
def copy_message(call: Call) -> dict[str, int]:
    source = call.message("copy", call.chat("from_chat_id"))
    if not _may_leave(source):
        raise bad_request("message can't be copied")
    content = source.content()
    if "caption" in call.arguments.values and source.captioned:
        caption = call.formatted("caption", "parse_mode", "caption_entities")
        content = with_caption(_without_caption(content), caption.text, caption.entities)
    markup = read_markup(call.arguments)
    return {"message_id": post(call, call.writable_chat(), content, markup).id}


def _count_copied(call: Call) -> int:
    return max(1, len(call.arguments.json("message_ids", list) or []))


@method("copyMessages", SENDING, "from_chat_id message_ids remove_caption", counts=_count_copied)
def copy_messages(call: Call) -> list[dict[str, int]]:
    """Messages that are gone are passed over; an album stays one."""
    numbers = message_numbers(call)
    if len(numbers) > _MOST_COPIED:
        raise bad_request("too many messages to copy")
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    origin = call.chat("from_chat_id")
    sources = [message for number in numbers if (message := origin.messages.get(number)) and _may_leave(message)]
    if not sources:
        raise bad_request("there are no messages to copy")
    chat = call.writable_chat()
    bare = call.arguments.flag("remove_caption")
    return [{"message_id": post(call, chat, _batch_content(source, bare=bare)).id} for source in sources]


def _batch_content(source: Message, *, bare: bool) -> Content:
    content = _without_caption(source.content()) if bare else source.content()
    album = source.body.get("media_group_id")
    return content | ({"media_group_id": f"{album}7"} if album else {})


@method("forwardMessage", SENDING, "from_chat_id message_id", counts=one_message)
def forward_message(call: Call) -> Any:
    source = call.message("forward", call.chat("from_chat_id"))
    if not _may_leave(source):
        raise bad_request("message can't be forwarded")
    origin = source.body.get("forward_origin") or _origin(source)
    return post(call, call.writable_chat(), source.content() | {"forward_origin": origin}).body


def _origin(source: Message) -> dict[str, Any]:
    if "sender_chat" in source.body:
        return {"type": "chat", "sender_chat": source.body["sender_chat"], "date": source.date}
    return {"type": "user", "sender_user": source.body["from"], "date": source.date}


def _may_leave(source: Message) -> bool:
    return SERVICE.isdisjoint(source.body) and not source.body.get("has_protected_content")


def _without_caption(content: Content) -> Content:
    return {key: value for key, value in content.items() if key not in {"caption", "caption_entities"}}
