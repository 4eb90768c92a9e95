"""From a card to calls of the Bot API, as bare names and values that either library can carry."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

from markupsafe import Markup

from handlers.cards.card import CAPTION_LIMIT, TEXT_LIMIT, Button, Card, Media, MediaKind, utf16_length

WITHOUT_CAPTION = frozenset({MediaKind.STICKER, MediaKind.VIDEO_NOTE})
TAG = re.compile(r"<[^>]*>")  # our own markup only: what people wrote stands escaped in it
_SENDING = {
    MediaKind.PHOTO: ("sendPhoto", "photo"),
    MediaKind.VIDEO: ("sendVideo", "video"),
    MediaKind.VOICE: ("sendVoice", "voice"),
    MediaKind.AUDIO: ("sendAudio", "audio"),
    MediaKind.DOCUMENT: ("sendDocument", "document"),
    MediaKind.ANIMATION: ("sendAnimation", "animation"),
    MediaKind.VIDEO_NOTE: ("sendVideoNote", "video_note"),
    MediaKind.STICKER: ("sendSticker", "sticker"),
}


@dataclass(frozen=True)
class Upload:
    """A file of ours that goes with a call, in the parameter `field`."""

    field: str
    content: bytes
    file_name: str


@dataclass(frozen=True)
class Call:
    """One call; `reply_markup` stands in `params` as a plain dict."""

    method: str
    params: dict[str, Any]
    upload: Upload | None = None


def calls_for(card: Card, chat_id: int, thread_id: int | None = None) -> list[Call]:
    """The message of the card first: it carries text and buttons; then what does not fit into one message."""
    where: dict[str, Any] = {"chat_id": chat_id}
    if thread_id is not None:
        where["message_thread_id"] = thread_id
    first, *extras = _messages(card, where)
    if card.reply_to is not None and card.reply_to > 0:  # words that no message holds have a place below zero
        # What was answered may have been deleted: the answer goes all the same.
        answered = {"message_id": card.reply_to, "allow_sending_without_reply": True}
        first = replace(first, params={**first.params, "reply_parameters": answered})
    return [first, *extras]


def _messages(card: Card, where: dict[str, Any]) -> list[Call]:
    if card.media is not None and holds_its_media(card):
        return [_media(card.media, {**where, **_caption(card), **_markup(card)}), *_things(card, where)]
    files = (_media(card.media, where),) if card.media is not None else ()
    things = [*files, *_things(card, where)]
    if card.text or not things:
        return [_text(card, where), *things]
    return [_with_buttons(things[0], card), *things[1:]]


def _things(card: Card, where: dict[str, Any]) -> Iterator[Call]:
    if card.place is not None:
        yield Call("sendLocation", {**where, "latitude": card.place.latitude, "longitude": card.place.longitude})
    if card.contact is not None:
        yield Call("sendContact", {**where, "phone_number": card.contact.phone, "first_name": card.contact.name})
    if card.album:
        yield Call("sendMediaGroup", {**where, "media": [_in_album(each) for each in card.album]})


def _with_buttons(thing: Call, card: Card) -> Call:
    """An album can have none."""
    return thing if thing.method == "sendMediaGroup" else replace(thing, params={**thing.params, **_markup(card)})


def _in_album(media: Media) -> dict[str, Any]:
    caption = {"caption": checked(media.caption, CAPTION_LIMIT), **_HTML} if media.caption else {}
    return {"type": media.kind.value, "media": media.file_id, **caption}


def edit_for(card: Card, chat_id: int, message_id: int, *, has_media: bool) -> Call | None:
    """The call that turns a message into this card; None when only a new message can show it.

    The picture of a card does not change while its message lives, so a caption is enough.
    """
    where = {"chat_id": chat_id, "message_id": message_id, **_markup(card)}
    if holds_its_media(card):
        fresh_file = card.media is not None and card.media.content is not None
        return Call("editMessageCaption", {**where, **_caption(card)}) if has_media and not fresh_file else None
    if has_media or card.media is not None or any(_things(card, {})):
        return None
    return Call("editMessageText", {**where, "text": checked(card.text, TEXT_LIMIT), **_HTML})


def mark_of(card: Card) -> int:
    """Names what an edit of this card would show, all but surely: its words and its buttons. Never 0."""
    return crc32(json.dumps([str(card.text), _markup(card)]).encode()) & 0x7FFF_FFFF or 1


def holds_its_media(card: Card) -> bool:
    """Whether text and media fit into one message."""
    if card.media is None or card.media.kind in WITHOUT_CAPTION:
        return False
    return visible_length(card.text) <= CAPTION_LIMIT


def visible_length(text: Markup) -> int:
    """UTF-16 units after Telegram has parsed the entities."""
    return utf16_length(Markup(TAG.sub("", str(text))).unescape())


def checked(text: Markup, limit: int) -> str:
    """Raises ValueError: a card longer than Telegram takes is a fault of ours; bare words are shortened before."""
    if visible_length(text) > limit:
        raise ValueError("card too long")
    return str(text)


_HTML = {"parse_mode": "HTML"}


def _text(card: Card, where: dict[str, Any]) -> Call:
    text = {"text": checked(card.text, TEXT_LIMIT), **_HTML, "link_preview_options": {"is_disabled": True}}
    return Call("sendMessage", {**where, **text, **_markup(card)})


def _media(media: Media, params: dict[str, Any]) -> Call:
    method, field = _SENDING[media.kind]
    if media.content is not None:
        return Call(method, params, Upload(field, media.content, media.file_name or field))
    return Call(method, {**params, field: media.file_id})


def _caption(card: Card) -> dict[str, Any]:
    return {"caption": str(card.text), **_HTML} if card.text else {}


def _markup(card: Card) -> dict[str, Any]:
    if not card.rows:
        return {}
    return {"reply_markup": {"inline_keyboard": [[_button(each) for each in row] for row in card.rows]}}


def _button(button: Button) -> dict[str, str]:
    if button.press is not None:
        return {"text": button.label, "callback_data": button.press.pack()}
    return {"text": button.label, "url": button.url or ""}
