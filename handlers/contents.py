"""What somebody sent, as plain data that can be kept and shown to somebody else."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from aiogram.types import Message

from council.contents import Content, NotRelayable, SharedContact
from handlers.formatted_text import html_pieces
from storage.support import ContentKind

VOICES = (ContentKind.VOICE, ContentKind.AUDIO, ContentKind.VIDEO_NOTE)
"""What somebody says aloud."""
PIECE = 3_500
"""UTF-16 units of a piece: with a heading it still fits into a message, and leaves room for a word of ours."""


def content_of(message: Message) -> Content:
    """The message as it can be relayed: formatted words or caption, file, place or contact.

    A live position is kept where it stood; of a venue its name becomes words.

    Raises NotRelayable: a poll, a game, a story, a gift, or a note of Telegram's own.
    """
    return replace(_what(message), reply_to=_reply_to(message))


def _what(message: Message) -> Content:
    chat_id, message_id = message.chat.id, message.message_id
    if message.text is not None:
        words = html_pieces(message.text, message.entities or (), PIECE)
        return Content(ContentKind.TEXT, chat_id, message_id, words)
    file = _file(message)
    if file is not None:
        caption = html_pieces(message.caption or "", message.caption_entities or (), PIECE)
        return Content(
            file.kind,
            chat_id,
            message_id,
            caption,
            file.file_id,
            album=message.media_group_id,
            file_unique_id=file.unique_id,
        )
    if message.location is not None:
        venue, place = message.venue, message.location
        words = html_pieces(f"{venue.title}\n{venue.address}", (), PIECE) if venue else ()
        return Content(
            ContentKind.LOCATION, chat_id, message_id, words, latitude=place.latitude, longitude=place.longitude
        )
    if message.contact is not None:
        names = filter(None, (message.contact.first_name, message.contact.last_name))
        contact = SharedContact(" ".join(names), message.contact.phone_number)
        return Content(ContentKind.CONTACT, chat_id, message_id, contact=contact)
    raise NotRelayable


def corrected(contents: Sequence[dict[str, Any]], content: Content) -> tuple[dict[str, Any], ...] | None:
    """The same messages with a newer version of one; None when it is not among them."""
    place = next((n for n, each in enumerate(contents) if each["message_id"] == content.message_id), None)
    if place is None:
        return None
    return (*contents[:place], content.as_json(), *contents[place + 1 :])


def file_of(message: Message) -> tuple[ContentKind, str] | None:
    """The kind of a file and Telegram's name for it; of a picture the largest of its sizes. None: no file."""
    file = _file(message)
    return (file.kind, file.file_id) if file else None


class _File(NamedTuple):
    kind: ContentKind
    file_id: str
    unique_id: str


def _file(message: Message) -> _File | None:
    for kind, file in (
        (ContentKind.PHOTO, message.photo[-1] if message.photo else None),
        (ContentKind.ANIMATION, message.animation),  # before the document, which Telegram adds to it
        (ContentKind.DOCUMENT, message.document),
        (ContentKind.VIDEO, message.video),
        (ContentKind.VOICE, message.voice),
        (ContentKind.AUDIO, message.audio),
        (ContentKind.VIDEO_NOTE, message.video_note),
        (ContentKind.STICKER, message.sticker),
    ):
        if file is not None:
            return _File(kind, file.file_id, file.file_unique_id)
    return None


def _reply_to(message: Message) -> int | None:
    """In a topic Telegram says of every message that it answers the topic's own first note: that is no reply."""
    answered = message.reply_to_message
    if answered is None or answered.forum_topic_created is not None or answered.chat.id != message.chat.id:
        return None
    return answered.message_id
