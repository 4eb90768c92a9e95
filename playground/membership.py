"""Who is in which chat, and what bots hear when that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .chats import Chat, Group, Member
from .errors import ControlError

if TYPE_CHECKING:
    from .bots import Bot
    from .phones import Phone
    from .world import World

_CAN = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
    "can_send_welcome_messages",
)


def chat_member(user: dict[str, Any], status: str) -> dict[str, Any]:
    """The ChatMember object of this status, with the fields that its type requires."""
    member: dict[str, Any] = {"user": user, "status": status}
    if status == "creator":
        member["is_anonymous"] = False
    elif status == "administrator":
        member |= {"can_be_edited": False, "is_anonymous": False, **dict.fromkeys(_CAN, True)}
    elif status == "kicked":
        member["until_date"] = 0
    return member


def announce_status(world: World, chat: Chat, person: Phone | Bot, *, by: Phone | Bot, old: str, new: str) -> None:
    """Tells the bot about itself (my_chat_member), and bots that administer about others (chat_member)."""
    user = person.user()
    change = {
        "chat": chat.brief(),
        "from": by.user(),
        "date": world.clock.unix(),
        "old_chat_member": chat_member(user, old),
        "new_chat_member": chat_member(user, new),
    }
    for bot in world.bots_seeing(chat, also=person):
        if bot is person:
            bot.queue.push("my_chat_member", change)
        elif isinstance(chat, Group) and (member := chat.member(bot.id)) and member.can_administer:
            bot.queue.push("chat_member", change)
    world.feed.emit("member", chat=chat.key, chat_id=chat.id, user_id=person.id, status=new)


def set_status(world: World, group: Group, person: Phone | Bot, status: str, *, by: Phone | Bot) -> None:
    """Changes somebody's standing, with the service messages that people and bots see."""
    member = group.member(person.id)
    old = member.status if member else "left"
    if old == status:
        return
    was_present = member is not None and member.present
    group.members[person.id] = now = Member(person, status)
    announce_status(world, group, person, by=by, old=old, new=status)
    if now.present and not was_present:
        joined = {"new_chat_participant": person.user(), "new_chat_members": [person.user()]}
        world.say(group, joined, sender=by)
    elif was_present and not now.present:
        world.say(group, {"left_chat_participant": person.user(), "left_chat_member": person.user()}, sender=by)
    world.feed.emit("chat", chat=group)


def upgrade(world: World, group: Group) -> Group:
    """Makes a basic group a supergroup: another id, service messages on both sides, the old id refused."""
    if group.type != "group":
        raise ControlError("Only a basic group becomes a supergroup.")
    if group.migrated_to is not None:
        raise ControlError("The group has become a supergroup already.")
    supergroup = Group(world.free_supergroup_id(), "supergroup", group.title)
    supergroup.members = dict(group.members)
    world.groups[supergroup.id] = supergroup
    creator = next((m.person for m in group.members.values() if m.status == "creator"), world.first_bot())
    world.feed.emit("chat", chat=supergroup)
    world.say(group, {"migrate_to_chat_id": supergroup.id}, sender=creator)
    group.migrated_to = supergroup.id
    world.say(supergroup, {"migrate_from_chat_id": group.id}, sender=creator)
    world.feed.emit("chat", chat=group)
    return supergroup
