"""Messages without files."""

from __future__ import annotations

from typing import Any

from . import attachments
from .delivery import SENDING, deliver
from .errors import bad_request
from .messages import Content
from .registry import Call, method, one_message

_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
_POLL_OPTIONS = 12


@method(
    "sendMessage", SENDING, "text parse_mode entities link_preview_options disable_web_page_preview", counts=one_message
)
def send_message(call: Call) -> Any:
    return deliver(call, text_content(call))


def text_content(call: Call) -> Content:
    text, entities = call.formatted_text()
    content: Content = {"text": text}
    if entities:
        content["entities"] = entities
    preview = call.arguments.json("link_preview_options", dict)
    if preview:
        content["link_preview_options"] = preview
    return content


_PLACE = "latitude longitude"


@method(
    "sendLocation",
    SENDING,
    _PLACE,
    "horizontal_accuracy live_period heading proximity_alert_radius",
    counts=one_message,
)
def send_location(call: Call) -> Any:
    return deliver(call, {"location": _location(call)})


def _location(call: Call) -> dict[str, Any]:
    latitude, longitude = call.arguments.number("latitude"), call.arguments.number("longitude")
    if latitude is None:
        raise bad_request("latitude is empty")
    if longitude is None:
        raise bad_request("longitude is empty")
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise bad_request("wrong location specified")
    extra = {
        name: call.arguments.integer(name)
        for name in ("horizontal_accuracy", "live_period", "heading", "proximity_alert_radius")
    }
    return attachments.location({"latitude": latitude, "longitude": longitude, **extra})


@method(
    "sendVenue",
    SENDING,
    _PLACE,
    "title address foursquare_id foursquare_type google_place_id google_place_type",
    counts=one_message,
)
def send_venue(call: Call) -> Any:
    place = _location(call)
    venue = {"location": place, "title": _needed(call, "title"), "address": _needed(call, "address")}
    return deliver(call, {"venue": venue, "location": place})


@method("sendContact", SENDING, "phone_number first_name last_name vcard", counts=one_message)
def send_contact(call: Call) -> Any:
    _needed(call, "phone_number")
    _needed(call, "first_name")
    return deliver(call, attachments.contact(call.arguments.values))


@method("sendDice", SENDING, "emoji", counts=one_message)
def send_dice(call: Call) -> Any:
    return deliver(call, attachments.dice({"emoji": call.arguments.text("emoji")}))


@method(
    "sendPoll",
    SENDING,
    "question question_parse_mode question_entities options is_anonymous type allows_multiple_answers "
    "allows_revoting is_closed",
    counts=one_message,
)
def send_poll(call: Call) -> Any:
    given = call.arguments
    options = [
        str(option.get("text", "") if isinstance(option, dict) else option)
        for option in given.json("options", list) or []
    ]
    if not given.text("question"):
        raise bad_request("poll question must be non-empty")
    if not 1 <= len(options) <= _POLL_OPTIONS:
        raise bad_request(f"poll must have at least 1 and no more than {_POLL_OPTIONS} options")
    flags = ("allows_multiple_answers", "is_closed")
    details: dict[str, Any] = {
        "question": given.text("question"),
        "options": options,
        "type": given.text("type"),
        "is_anonymous": given.flag("is_anonymous") if given.text("is_anonymous") else True,
        **{name: given.flag(name) for name in flags},
    }
    return deliver(call, attachments.poll(details))


@method("sendChatAction", "business_connection_id chat_id message_thread_id action")
def send_chat_action(call: Call) -> bool:
    action = call.arguments.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = call.writable_chat()
    thread = call.arguments.integer("message_thread_id")
    where = {"message_thread_id": thread} if thread else {}
    call.world.feed.emit("chat_action", chat=chat.key, chat_id=chat.id, action=action, **where)
    return True


def _needed(call: Call, name: str) -> str:
    value = call.arguments.text(name)
    if not value:
        raise bad_request(f"{name} is empty")
    return value
