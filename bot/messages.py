"""From a card to calls of the Bot API, as bare names and values that either library can carry."""

import re
from dataclasses import dataclass
from typing import Any

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
    extras = []
    if card.place is not None:
        place = {"latitude": card.place.latitude, "longitude": card.place.longitude}
        extras.append(Call("sendLocation", {**where, **place}))
    if card.media is None:
        return [_text(card, where), *extras]
    if holds_its_media(card):
        return [_media(card.media, {**where, **_caption(card), **_markup(card)}), *extras]
    return [_text(card, where), _media(card.media, where), *extras]


def edit_for(card: Card, chat_id: int, message_id: int, *, has_media: bool) -> Call | None:
    """The call that turns a message into this card; None when only a new message can show it.

    The picture of a card does not change while its message lives, so a caption is enough.
    """
    where = {"chat_id": chat_id, "message_id": message_id, **_markup(card)}
    if holds_its_media(card):
        fresh_file = card.media is not None and card.media.content is not None
        return Call("editMessageCaption", {**where, **_caption(card)}) if has_media and not fresh_file else None
    if has_media or card.media is not None or card.place is not None:
        return None
    return Call("editMessageText", {**where, "text": checked(card.text, TEXT_LIMIT), **_HTML})


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
