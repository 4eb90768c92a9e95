"""Files as they arrive: their kind and Telegram's name for them, nothing more is kept."""

from dataclasses import dataclass

from aiogram.types import Message

from handlers.cards.card import MediaKind
from handlers.contents import file_of
from storage.support import ContentKind

_WITHOUT_TEXT = (ContentKind.VIDEO_NOTE, ContentKind.STICKER)


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
    file = file_of(message)
    if file is None or file[0] in _WITHOUT_TEXT:
        return None
    return Arrival(MediaKind(file[0].value), file[1], message.media_group_id)
