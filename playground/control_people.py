"""Control routes: bots, phones, and what people do with them."""

from __future__ import annotations

import base64
import re
from typing import Any

from aiohttp import web

from .arguments import Arguments
from .attachments import MEDIA_KINDS, Attachment
from .bots import Bot
from .chats import Chat
from .control import answer, body_of, id_in, world_of
from .errors import ControlError
from .messages import Message
from .phones import Phone
from .world import World

routes = web.RouteTableDef()

TOKEN = re.compile(r"\d+:[\w-]{5,}")
_PHONE_TEXTS = ("first_name", "last_name", "username", "language_code", "role")
_PHONE_FLAGS = ("open", "deactivated", "aside")
_ANSWER_SECONDS = 10.0
_LONGEST_WAIT_SECONDS = 60.0


@routes.post("/playground/bots")
async def add_bot(request: web.Request) -> web.Response:
    given = await body_of(request)
    token, username = given.text("token"), given.text("username")
    if not TOKEN.fullmatch(token):
        raise ControlError("A token looks like 123456:abcdef.")
    if not username:
        raise ControlError("A bot has a username.")
    bot = world_of(request).add_bot(
        token,
        username,
        given.text("first_name"),
        can_read_all_group_messages=given.flag("can_read_all_group_messages"),
    )
    return answer(bot)


@routes.post("/playground/phones")
async def add_phone(request: web.Request) -> web.Response:
    given = await body_of(request)
    phone_id = given.integer("id")
    if phone_id <= 0:
        raise ControlError("A phone's id is a positive number.")
    changes = _changes(given)
    first_name = changes.pop("first_name", "")
    if not first_name:
        raise ControlError("A person has a first name.")
    started = given.flag("started") if "started" in given.values else True
    return answer(world_of(request).add_phone(phone_id, first_name, started=started, **changes))


@routes.post("/playground/phones/{id}")
async def change_phone(request: web.Request) -> web.Response:
    phone, given = _phone(request), await body_of(request)
    changes = _changes(given)
    if changes.get("first_name") == "":
        raise ControlError("A person has a first name.")
    if changes:
        phone.becomes(**changes)
    if "blocked" in given.values:
        _block(phone, _bot(phone.world, given), blocked=given.flag("blocked"))
    return answer(phone)


def _changes(given: Arguments) -> dict[str, Any]:
    texts = {name: given.text(name) for name in _PHONE_TEXTS if name in given.values}
    return texts | {name: given.flag(name) for name in _PHONE_FLAGS if name in given.values}


@routes.post("/playground/phones/{id}/send")
async def send(request: web.Request) -> web.Response:
    phone, given = _phone(request), await body_of(request)
    messages = _send(phone, given)
    result: dict[str, Any] = {"message_ids": [message.id for message in messages], "chat_id": messages[0].chat.id}
    if len(messages) == 1:
        result["message_id"] = messages[0].id
    return answer(result)


def _send(phone: Phone, given: Arguments) -> list[Message]:
    bot = _bot(phone.world, given)
    kind = given.text("kind") or "text"
    if kind == "start":
        return [phone.starts(given.text("payload"), bot=bot)]
    place: dict[str, Any] = {
        "chat_id": given.integer("chat_id") or None,
        "bot": bot,
        "reply_to": given.integer("reply_to") or None,
        "thread_id": given.integer("thread_id") or None,
    }
    if kind == "album":
        items = [Arguments(item) for item in given.json("items", list) or []]
        if not items:
            raise ControlError("An album has items.")
        return phone.sends_album(
            [(_attachment(item, item.text("kind")), item.text("caption")) for item in items], **place
        )
    forwarded = given.text("forward_from")
    if kind == "text":
        entities = given.json("entities", list)
        return [phone.sends(given.text("text"), entities=entities, forward_from=forwarded, **place)]
    caption = given.text("caption") or given.text("text")
    return [phone.sends(caption, attachment=_attachment(given, kind), forward_from=forwarded, **place)]


def _attachment(given: Arguments, kind: str) -> Attachment:
    file = given.text("file")
    details = {**given.values, **(given.json("contact", dict) or {})} if kind == "contact" else given.values
    if kind in MEDIA_KINDS:
        data = base64.b64decode(file, validate=True) if file else None
        return Attachment(kind, data, given.text("file_name"), given.text("mime"), details)
    return Attachment(kind, details=details)


@routes.post("/playground/phones/{id}/edit")
async def edit(request: web.Request) -> web.Response:
    phone, given = _phone(request), await body_of(request)
    text = given.text("text") or given.text("caption")
    if not text:
        raise ControlError("Say the new text.")
    phone.edits(_message(phone, given), text)
    return answer({})


@routes.post("/playground/phones/{id}/press")
async def press(request: web.Request) -> web.Response:
    phone, given = _phone(request), await body_of(request)
    wait = given.number("wait")
    pressed = phone.presses(
        _pressed_message(phone, given),
        row=given.integer("row"),
        column=given.integer("col"),
        data=given.text("data") if "data" in given.values else None,
        inaccessible=given.flag("inaccessible"),
    )
    try:
        heard = await pressed.answered(min(_ANSWER_SECONDS if wait is None else wait, _LONGEST_WAIT_SECONDS))
    except TimeoutError:
        return answer({"answered": False, "text": "", "show_alert": False, "url": ""})
    return answer({"answered": True, **heard.page()})


def _pressed_message(phone: Phone, given: Arguments) -> Message:
    """Buttons live on in people's phones when their message is gone: then only a press with `data` is possible."""
    chat = _chat(phone, given)
    number = given.integer("message_id")
    if number not in chat.messages and given.flag("inaccessible") and "data" in given.values:
        return Message(chat, number, {"message_id": number, "chat": chat.brief(), "date": 0}, sender_id=0)
    return _message(phone, given)


@routes.post("/playground/phones/{id}/react")
async def react(request: web.Request) -> web.Response:
    phone, given = _phone(request), await body_of(request)
    phone.reacts(_message(phone, given), given.text("emoji") or None)
    return answer({})


@routes.post("/playground/phones/{id}/delete")
async def delete(request: web.Request) -> web.Response:
    phone, given = _phone(request), await body_of(request)
    numbers = given.json("message_ids", list) or [given.integer("message_id")]
    phone.deletes(_chat(phone, given), [int(number) for number in numbers])
    return answer({})


@routes.post("/playground/phones/{id}/block")
async def block(request: web.Request) -> web.Response:
    phone, given = _phone(request), await body_of(request)
    _block(phone, _bot(phone.world, given), blocked=True)
    return answer({})


@routes.post("/playground/phones/{id}/unblock")
async def unblock(request: web.Request) -> web.Response:
    phone, given = _phone(request), await body_of(request)
    _block(phone, _bot(phone.world, given), blocked=False)
    return answer({})


def _block(phone: Phone, bot: Bot | None, *, blocked: bool) -> None:
    if blocked:
        phone.blocks(bot=bot)
    else:
        phone.unblocks(bot=bot)


def _phone(request: web.Request) -> Phone:
    return world_of(request).phone(id_in(request))


def _bot(world: World, given: Arguments) -> Bot | None:
    name = given.text("bot")
    return world.bot(name) if name else None


def _chat(phone: Phone, given: Arguments) -> Chat:
    chat_id = given.integer("chat_id")
    if chat_id < 0:
        return phone.world.group(chat_id)
    return phone.chat(_bot(phone.world, given))


def _message(phone: Phone, given: Arguments) -> Message:
    message = _chat(phone, given).messages.get(given.integer("message_id"))
    if message is None:
        raise ControlError("There is no such message.", 404)
    return message
