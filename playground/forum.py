from __future__ import annotations

from typing import TYPE_CHECKING

from .chats import Group, Topic
from .rules import remove_messages

if TYPE_CHECKING:
    from .bots import Bot
    from .phones import Phone
    from .world import World

DEFAULT_ICON_COLOR = 0x6FB9F0


def create_topic(
    world: World, group: Group, name: str, *, by: Phone | Bot, icon_color: int = DEFAULT_ICON_COLOR
) -> Topic:
    """A topic's id is that of the service message that opens it."""
    created = {"forum_topic_created": {"name": name, "icon_color": icon_color}}
    message = world.post(group, created, sender=by)
    message.body |= {"message_thread_id": message.id, "is_topic_message": True}
    world.tell_bots("message", message)
    topic = group.topics[message.id] = Topic(message.id, name, icon_color)
    world.feed.emit("chat", chat=group)
    return topic


def delete_topic(world: World, group: Group, thread_id: int) -> bool:
    """Takes all its messages along; False when there is no such topic."""
    if group.topics.pop(thread_id, None) is None:
        return False
    remove_messages(
        world, group, [n for n, message in group.messages.items() if message.body.get("message_thread_id") == thread_id]
    )
    world.feed.emit("chat", chat=group)
    return True


def set_closed(world: World, group: Group, topic: Topic, *, closed: bool, by: Phone | Bot) -> bool:
    """Closes or opens again; False when it is so already."""
    if topic.closed == closed:
        return False
    topic.closed = closed
    happened = {"forum_topic_closed" if closed else "forum_topic_reopened": dict[str, object]()}
    world.say(group, happened, sender=by, thread_id=topic.thread_id)
    world.feed.emit("chat", chat=group)
    return True
