"""Topics of a forum."""

from __future__ import annotations

from typing import Any

from .chats import Group, Topic
from .entities import utf16_length
from .errors import bad_request
from .forum import DEFAULT_ICON_COLOR, create_topic, delete_topic, set_closed
from .methods_chat import check_forum
from .registry import Call, method
from .rules import GENERAL_TOPIC

_NAME_LIMIT = 128
_ICON_COLORS = frozenset({0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F})


@method("createForumTopic", "chat_id name icon_color icon_custom_emoji_id")
def create_forum_topic(call: Call) -> dict[str, Any]:
    name = _checked_name(call)
    group = check_forum(call, "create a topic")
    color = call.arguments.integer("icon_color", DEFAULT_ICON_COLOR)
    if color not in _ICON_COLORS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    topic = create_topic(call.world, group, name, by=call.bot, icon_color=color)
    return {"message_thread_id": topic.thread_id, "name": name, "icon_color": color}


@method("editForumTopic", "chat_id message_thread_id name icon_custom_emoji_id")
def edit_forum_topic(call: Call) -> bool:
    group, topic = _topic(call, "edit the topic")
    if "name" not in call.arguments.values:
        return True
    name = _checked_name(call)
    if name == topic.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = name
    call.world.say(group, {"forum_topic_edited": {"name": name}}, sender=call.bot, thread_id=topic.thread_id)
    call.world.feed.emit("chat", chat=group)
    return True


@method("closeForumTopic", "chat_id message_thread_id")
def close_forum_topic(call: Call) -> bool:
    group, topic = _topic(call, "close the topic")
    _set_closed(call, group, topic, closed=True)
    return True


@method("reopenForumTopic", "chat_id message_thread_id")
def reopen_forum_topic(call: Call) -> bool:
    group, topic = _topic(call, "reopen the topic")
    _set_closed(call, group, topic, closed=False)
    return True


@method("deleteForumTopic", "chat_id message_thread_id")
def delete_forum_topic(call: Call) -> bool:
    group, topic = _topic(call, "delete the topic")
    return delete_topic(call.world, group, topic.thread_id)


def _set_closed(call: Call, group: Group, topic: Topic, *, closed: bool) -> None:
    if not set_closed(call.world, group, topic, closed=closed, by=call.bot):
        raise bad_request("TOPIC_NOT_MODIFIED")


def _topic(call: Call, right: str) -> tuple[Group, Topic]:
    group = check_forum(call, right)
    thread_id = call.arguments.integer("message_thread_id")
    topic = group.topics.get(thread_id)
    if topic is None or thread_id == GENERAL_TOPIC:
        raise bad_request("TOPIC_ID_INVALID")
    return group, topic


def _checked_name(call: Call) -> str:
    name = call.arguments.text("name").strip()
    if not name:
        raise bad_request("topic name must be non-empty")
    if utf16_length(name) > _NAME_LIMIT:
        raise bad_request("topic name is too long")
    return name
