"""How kept messages are laid out as messages of the bot: what fits into one, and what needs several."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from council.contents import seen_length
from storage.support import ContentKind, SupportMessage

WORDS_TOGETHER = 3_500
"""UTF-16 units of words in one message; the rest of Telegram's 4,096 is for the heading."""
CAPTION = 850
"""UTF-16 units of a caption that still leave room for the heading within Telegram's 1,024."""
ALBUM_CAPTION = 1_000
"""In an album the captions stand alone, but for the mark of a correction."""
FILES_TOGETHER = 10
"""Files in one album of Telegram."""
_CAPTIONED = (
    ContentKind.PHOTO,
    ContentKind.VIDEO,
    ContentKind.VOICE,
    ContentKind.AUDIO,
    ContentKind.DOCUMENT,
    ContentKind.ANIMATION,
)


class Shape(StrEnum):
    """What one message of the bot shows."""

    WORDS = "words"
    FILE = "file"
    HEADING = "heading"
    """Says whose the thing behind it is: a sticker, a place, a contact or an album can say nothing itself."""
    THING = "thing"
    ALBUM = "album"


@dataclass(frozen=True)
class Leaf:
    """One message of the bot (an album: one call). `words` are pieces of safe HTML, to stand below one another."""

    shape: Shape
    messages: tuple[SupportMessage, ...]
    words: tuple[str, ...] = ()


def leaves_of(batch: Sequence[SupportMessage]) -> tuple[Leaf, ...]:
    """The messages that show a batch, in their order: one message, the files of an album, or texts that were joined."""
    if batch[0].kind is ContentKind.TEXT:
        return tuple(_packed(batch))
    if len(batch) > 1:
        return tuple(_album(batch))
    return tuple(_one_thing(batch[0]))


def _packed(batch: Sequence[SupportMessage]) -> Iterator[Leaf]:
    messages: list[SupportMessage] = []
    words: list[str] = []
    used = 0
    for message in batch:
        for part in message.parts:
            length = seen_length(part) + 1
            if words and used + length > WORDS_TOGETHER:
                yield Leaf(Shape.WORDS, tuple(messages), tuple(words))
                messages, words, used = [], [], 0
            if not messages or messages[-1] is not message:
                messages.append(message)
            words.append(part)
            used += length
    yield Leaf(Shape.WORDS, tuple(messages) or tuple(batch), tuple(words))


def _album(batch: Sequence[SupportMessage]) -> Iterator[Leaf]:
    yield Leaf(Shape.HEADING, tuple(batch))
    for start in range(0, len(batch), FILES_TOGETHER):
        yield Leaf(Shape.ALBUM, tuple(batch[start : start + FILES_TOGETHER]))
    for message in batch:
        if not fits_caption(message, ALBUM_CAPTION):
            yield from _packed([message])


def _one_thing(message: SupportMessage) -> Iterator[Leaf]:
    if message.kind not in _CAPTIONED:
        yield Leaf(Shape.HEADING, (message,), tuple(message.parts))
        yield Leaf(Shape.THING, (message,))
    elif fits_caption(message, CAPTION):
        yield Leaf(Shape.FILE, (message,), tuple(message.parts))
    else:
        yield Leaf(Shape.FILE, (message,))
        yield from _packed([message])


def fits_caption(message: SupportMessage, limit: int) -> bool:
    """Whether the words of a file can stand under it."""
    return sum(seen_length(each) for each in message.parts) <= limit
