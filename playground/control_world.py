"""Control routes: the whole state, events, clock, mails, files, flood limits and faults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import quote

from aiohttp import web

from .chats import Chat
from .control import answer, body_of, id_in, rendered, world_of
from .errors import ControlError
from .events import Event, Feed
from .faults import Fault
from .messages import Message

routes = web.RouteTableDef()

_SHOWN_MESSAGES = 200
_HEARTBEAT_SECONDS = 15
_LONGEST_WAIT_SECONDS = 60.0


@routes.get("/playground/state")
async def state(request: web.Request) -> web.Response:
    world = world_of(request)
    return answer(
        {
            "seq": world.feed.seq,
            "clock": world.clock,
            "bots": list(world.bots.values()),
            "phones": list(world.phones.values()),
            "chats": [{**chat.page(), "messages": _last_messages(chat)} for chat in world.chats()],
            "mails": world.mailbox.mails,
            "log": world.log.page(),
            "flood": world.flood,
        }
    )


def _last_messages(chat: Chat) -> list[Message]:
    return list(islice(chat.messages.values(), max(len(chat.messages) - _SHOWN_MESSAGES, 0), None))


@routes.get("/playground/events")
async def events(request: web.Request) -> web.StreamResponse:
    feed = world_of(request).feed
    seq = _position(request, feed)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    async with _until_gone():
        while not feed.closed:
            happened = feed.after(seq)
            if happened is None:
                happened = [Event(feed.seq, "reset", {})]
            if happened:
                seq = happened[-1].seq
                await response.write("".join(map(_encoded, happened)).encode())
            elif not await _change(feed):
                await response.write(b": still here\n\n")
    return response


def _position(request: web.Request, feed: Feed) -> int:
    given = request.headers.get("Last-Event-ID") or request.query.get("after")
    return int(given) if given is not None and given.isdigit() else feed.seq


def _encoded(event: Event) -> str:
    return f"id: {event.seq}\ndata: {rendered({'seq': event.seq, 'type': event.type, **event.payload})}\n\n"


async def _change(feed: Feed) -> bool:
    try:
        async with asyncio.timeout(_HEARTBEAT_SECONDS):
            await feed.next_change()
    except TimeoutError:
        return False
    return True


@asynccontextmanager
async def _until_gone() -> AsyncIterator[None]:
    """A reader who closes the page ends the stream; that is no error."""
    try:
        yield
    except ConnectionError:
        return


@routes.get("/playground/clock")
async def read_clock(request: web.Request) -> web.Response:
    """With `after`, waits until the clock's version is another one, or `timeout` real seconds have gone."""
    world = world_of(request)
    if "after" in request.query:
        known = int(request.query["after"])
        timeout = min(float(request.query.get("timeout", "25")), _LONGEST_WAIT_SECONDS)
        with suppress(TimeoutError):
            await world.wait_for(lambda: world.clock.version != known or world.feed.closed, timeout)
    return answer(world.clock)


@routes.post("/playground/clock")
async def move_clock(request: web.Request) -> web.Response:
    clock, given = world_of(request).clock, await body_of(request)
    if given.flag("next_event"):
        clock.move_to_next_event()
    elif given.text("to"):
        clock.move_to(_moment(given.text("to")))
    elif (seconds := given.number("advance_seconds")) is not None:
        clock.advance(seconds)
    else:
        raise ControlError("Say advance_seconds, to, or next_event.")
    return answer(clock)


@routes.put("/playground/clock/next")
async def announce_next_event(request: web.Request) -> web.Response:
    clock, given = world_of(request).clock, await body_of(request)
    at = given.text("at")
    clock.announce(_moment(at) if at else None, given.text("label") or None)
    return answer(clock)


def _moment(text: str) -> datetime:
    """An ISO 8601 moment; without an offset it is UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@routes.post("/playground/mails")
async def receive_mail(request: web.Request) -> web.Response:
    given = await body_of(request)
    return answer(world_of(request).mailbox.receive(given.values))


@routes.get("/playground/mails")
async def list_mails(request: web.Request) -> web.Response:
    return answer({"mails": world_of(request).mailbox.mails})


@routes.get("/playground/mails/{n}/attachments/{i}")
async def mail_attachment(request: web.Request) -> web.Response:
    mails = world_of(request).mailbox.mails
    number, index = id_in(request, "n"), id_in(request, "i")
    if not 1 <= number <= len(mails) or not 0 <= index < len(mails[number - 1].attachments):
        raise ControlError("There is no such attachment.", 404)
    enclosure = mails[number - 1].attachments[index]
    return file_response(enclosure.data, enclosure.mime, enclosure.name)


@routes.get("/playground/files/{file_id}")
async def file_for_page(request: web.Request) -> web.Response:
    stored = world_of(request).files.get(request.match_info["file_id"])
    if stored is None:
        raise ControlError("There is no such file.", 404)
    return file_response(stored.data, stored.mime, stored.name)


def file_response(data: bytes, mime: str, name: str) -> web.Response:
    # Files come from anybody: shown, never run with the page's rights. A browser's own viewer of PDF does not open in a
    # sandbox, and is one itself.
    sandbox = "" if mime == "application/pdf" else "sandbox; "
    headers = {
        "Content-Type": mime,
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": f"{sandbox}default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=data, headers=headers)


@routes.post("/playground/flood")
async def set_flood(request: web.Request) -> web.Response:
    world, given = world_of(request), await body_of(request)
    changes: dict[str, Any] = {key: value for key, value in given.values.items() if key != "on"}
    world.flood.configure(on=given.flag("on"), **changes)
    world.feed.emit("flood", flood=world.flood)
    return answer(world.flood)


@routes.post("/playground/faults")
async def add_faults(request: web.Request) -> web.Response:
    """One rule, or {"rules": […]}, or {"clear": true}."""
    faults, given = world_of(request).faults, await body_of(request)
    if given.flag("clear"):
        faults.clear()
    rules = given.json("rules", list) or ([given.values] if given.text("kind") else [])
    added: list[Fault] = [faults.add(**rule) for rule in rules]
    return answer({"added": len(added), "rules": len(faults.rules)})
