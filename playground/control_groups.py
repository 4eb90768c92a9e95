"""Control routes: groups and who is in them."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from .arguments import Arguments
from .bots import Bot
from .chats import Group
from .control import answer, body_of, id_in, world_of
from .entities import typed
from .errors import ControlError
from .forum import create_topic, delete_topic, set_closed
from .membership import set_status, upgrade
from .phones import Phone
from .world import World

routes = web.RouteTableDef()

_STATUSES = frozenset({"administrator", "member"})


@routes.post("/playground/groups")
async def add_group(request: web.Request) -> web.Response:
    world, given = world_of(request), await body_of(request)
    kind = given.text("kind") or "supergroup"
    if kind not in {"group", "supergroup"}:
        raise ControlError("A group's kind is group or supergroup.")
    if not given.text("title"):
        raise ControlError("A group has a title.")
    if (group_id := given.integer("id")) > 0:
        raise ControlError("A group's id is negative.")
    with_bot = given.flag("bot") if "bot" in given.values else True
    group = world.add_group(
        given.text("title"),
        kind=kind,
        group_id=group_id or None,
        forum=given.flag("forum"),
        username=given.text("username"),
        members=[int(member) for member in given.json("members", list) or []],
        creator=given.integer("creator") or None,
        bot=world.first_bot() if with_bot else None,
        bot_admin=given.flag("bot_admin"),
    )
    return answer(group)


@routes.post("/playground/groups/{id}/upgrade")
async def upgrade_group(request: web.Request) -> web.Response:
    supergroup = upgrade(world_of(request), _group(request))
    return answer({"migrated_to": supergroup.id})


@routes.post("/playground/groups/{id}/remove_bot")
async def remove_bot(request: web.Request) -> web.Response:
    group, given = _group(request), await body_of(request)
    _set(request, group, _bot(world_of(request), given), "kicked")
    return answer(group)


@routes.post("/playground/groups/{id}/add_bot")
async def add_bot(request: web.Request) -> web.Response:
    group, given = _group(request), await body_of(request)
    _set(request, group, _bot(world_of(request), given), "administrator" if given.flag("admin") else "member")
    return answer(group)


@routes.post("/playground/groups/{id}/add_member")
async def add_member(request: web.Request) -> web.Response:
    group, given = _group(request), await body_of(request)
    _set(request, group, world_of(request).phone(given.integer("user_id")), "member")
    return answer(group)


@routes.post("/playground/groups/{id}/remove_member")
async def remove_member(request: web.Request) -> web.Response:
    group, given = _group(request), await body_of(request)
    _set(request, group, world_of(request).phone(given.integer("user_id")), "left")
    return answer(group)


@routes.post("/playground/groups/{id}/promote")
async def promote(request: web.Request) -> web.Response:
    world, group, given = world_of(request), _group(request), await body_of(request)
    status = given.text("status") or "administrator"
    if status not in _STATUSES:
        raise ControlError("A status is administrator or member.")
    user_id = given.integer("user_id")
    _set(request, group, world.phone(user_id) if user_id else _bot(world, given), status)
    return answer(group)


@routes.post("/playground/groups/{id}/restrict_bot")
async def restrict_bot(request: web.Request) -> web.Response:
    group, given = _group(request), await body_of(request)
    if "can_send" in given.values:
        group.bots_can_send = given.flag("can_send")
    if "can_manage_topics" in given.values:
        group.bots_can_manage_topics = given.flag("can_manage_topics")
    return answer(group)


@routes.post("/playground/groups/{id}/create_topic")
async def add_topic(request: web.Request) -> web.Response:
    world, group, given = world_of(request), _group(request), await body_of(request)
    if not group.is_forum:
        raise ControlError("The group is not a forum.")
    topic = create_topic(world, group, given.text("name") or "Sujet", by=_somebody(world, group))
    return answer({"message_thread_id": topic.thread_id})


@routes.post("/playground/groups/{id}/delete_topic")
async def remove_topic(request: web.Request) -> web.Response:
    world, group, given = world_of(request), _group(request), await body_of(request)
    if not delete_topic(world, group, given.integer("message_thread_id")):
        raise ControlError("There is no such topic.", 404)
    return answer(group)


@routes.post("/playground/groups/{id}/close_topic")
async def close_topic(request: web.Request) -> web.Response:
    """`closed` false: opened again."""
    world, group, given = world_of(request), _group(request), await body_of(request)
    topic = group.topics.get(given.integer("message_thread_id"))
    if topic is None:
        raise ControlError("There is no such topic.", 404)
    closed = given.flag("closed") if "closed" in given.values else True
    set_closed(world, group, topic, closed=closed, by=_somebody(world, group))
    return answer(group)


@routes.post("/playground/groups/{id}/anonymous_send")
async def anonymous_send(request: web.Request) -> web.Response:
    world, group, given = world_of(request), _group(request), await body_of(request)
    text, entities = typed(given.text("text"))
    if not text:
        raise ControlError("The message is empty.")
    content: dict[str, Any] = {"text": text} | ({"entities": entities} if entities else {})
    message = world.post(group, content, sender=None, thread_id=given.integer("message_thread_id") or None)
    world.tell_bots("message", message)
    return answer({"message_id": message.id, "message_ids": [message.id], "chat_id": group.id})


def _group(request: web.Request) -> Group:
    return world_of(request).group(id_in(request))


def _bot(world: World, given: Arguments) -> Bot:
    name = given.text("bot")
    return world.bot(name) if name and name != "true" else world.first_bot()


def _set(request: web.Request, group: Group, person: Phone | Bot, status: str) -> None:
    world = world_of(request)
    set_status(world, group, person, status, by=_somebody(world, group))


def _somebody(world: World, group: Group) -> Phone | Bot:
    """Who does such things in the group: its creator, else an administrator, else anybody."""
    ranked = sorted(group.present(), key=lambda member: ("creator", "administrator", "member").index(member.status))
    return ranked[0].person if ranked else world.first_bot()
