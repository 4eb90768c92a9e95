"""Files as they arrive: their kind and Telegram's name for them, nothing more is kept."""

from dataclasses import dataclass

from aiogram.types import Message

from handlers.cards.card import MediaKind


@dataclass(frozen=True)
class Arrival:
    """`album` is set when the file is one of several that were sent together."""

    kind: MediaKind
    file_id: str
    album: str | None


def arrival_of(message: Message) -> Arrival | None:
    """The file that a card can carry with its text; None when there is none (a sticker and a round video have no text).

    Of a picture the largest of its sizes is kept.
    """
    file = _file_of(message)
    return Arrival(*file, message.media_group_id) if file else None


def _file_of(message: Message) -> tuple[MediaKind, str] | None:
    if message.photo:
        return MediaKind.PHOTO, message.photo[-1].file_id
    if message.animation:  # before the document, which Telegram adds to it
        return MediaKind.ANIMATION, message.animation.file_id
    for kind, file in (
        (MediaKind.DOCUMENT, message.document),
        (MediaKind.VIDEO, message.video),
        (MediaKind.VOICE, message.voice),
        (MediaKind.AUDIO, message.audio),
    ):
        if file is not None:
            return kind, file.file_id
    return None
