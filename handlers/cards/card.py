"""What people see, as plain data: a text, buttons, perhaps a picture or a file.

The same whether a person asked for it or the sender delivers it; neither library is imported here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from markupsafe import Markup, escape

from handlers.buttons import Press

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024  # UTF-16 units, after entities are parsed (Bot API)

NOTHING = Markup()


class MediaKind(StrEnum):
    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    AUDIO = "audio"
    DOCUMENT = "document"
    ANIMATION = "animation"
    VIDEO_NOTE = "video_note"
    STICKER = "sticker"


@dataclass(frozen=True)
class Media:
    """A file that Telegram has already (`file_id`) or that we made (`content` and `file_name`).

    `caption` stands under it in an album; alone, it has the text of its card.
    """

    kind: MediaKind
    file_id: str | None = None
    content: bytes | None = None
    file_name: str | None = None
    caption: Markup = NOTHING


@dataclass(frozen=True)
class Place:
    """A point on the map, in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Contact:
    """Somebody's telephone number, as it was shared."""

    name: str
    phone: str


@dataclass(frozen=True)
class Button:
    """One button: `press` calls us back, `url` opens a page or a chat."""

    label: str
    press: Press | None = None
    url: str | None = None


@dataclass(frozen=True)
class Card:
    """One message. `text` is HTML made of escaped parts.

    What does not fit into the message of the text follows it: a `place`, a `contact`, an `album` of 2 to 10 files that
    Telegram has. Without a text such a thing is the message itself, with the buttons if it can have some. `reply_to` is
    the message of the same chat that the first one answers. `pinned`: it stands at the head of its topic.
    """

    text: Markup
    rows: tuple[tuple[Button, ...], ...] = ()
    media: Media | None = None
    place: Place | None = None
    live: "Live | None" = None
    contact: Contact | None = None
    album: tuple[Media, ...] = ()
    reply_to: int | None = None
    pinned: bool = False

    def with_rows(self, *rows: Sequence[Button]) -> "Card":
        """The same card with more rows of buttons below its own."""
        return replace(self, rows=(*self.rows, *(tuple(row) for row in rows)))


@dataclass(frozen=True)
class Live:
    """Marks a card to be kept true: it is edited whenever its subject changes (storage LiveCard)."""

    kind: str
    subject_id: int


@dataclass(frozen=True)
class Reply:
    """What a turn answers to the person who acted.

    A press edits the message that it stands on with the first of `cards`, unless `fresh`: then, and for all that was
    typed, new messages are sent. `toast` is the small word over the chat (200 characters), `alert` makes it a window.
    """

    cards: tuple[Card, ...] = ()
    toast: str = ""
    alert: bool = False
    fresh: bool = False

    @classmethod
    def of(cls, *cards: Card, toast: str = "", alert: bool = False, fresh: bool = False) -> "Reply":
        return cls(cards, toast, alert, fresh)


SILENCE = Reply()


@dataclass
class Lines:
    """A text line by line: `add` takes safe HTML or bare text, and empty lines stay where they are put."""

    lines: list[Markup] = field(default_factory=list)

    def add(self, *lines: str) -> "Lines":
        self.lines.extend(Markup(escape(each)) for each in lines)
        return self

    def add_all(self, lines: Iterable[str]) -> "Lines":
        return self.add(*lines)

    @property
    def text(self) -> Markup:
        return Markup("\n").join(self.lines)


def bold(text: str) -> Markup:
    return Markup("<b>{}</b>").format(text)


def italic(text: str) -> Markup:
    return Markup("<i>{}</i>").format(text)


def quoted(text: str) -> Markup:
    """Somebody's words, set off from ours."""
    return Markup("<blockquote>{}</blockquote>").format(text)


def shorten(words: str, limit: int) -> str:
    """At most `limit` UTF-16 units of bare text, cut between characters and marked with an ellipsis."""
    if utf16_length(words) <= limit:
        return words
    kept, used = [], 0
    for character in words:
        used += utf16_length(character)
        if used > limit - 1:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def utf16_length(text: str) -> int:
    """Length as Telegram counts it: an emoji beyond the first plane is two."""
    return len(text.encode("utf-16-le")) // 2


def grid(buttons: Iterable[Button], columns: int) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows of `columns`."""
    every = tuple(buttons)
    return tuple(every[start : start + columns] for start in range(0, len(every), columns))
