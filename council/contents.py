"""What somebody sent, as plain data: kept in a draft, written to a request, put into a chat again."""

import re
from dataclasses import asdict, dataclass
from html import unescape
from typing import Any, Self

from council.errors import Refusal
from storage.support import ContentKind

_TAG = re.compile(r"<[^>]*>")  # ours alone: what people wrote stands escaped between them


class NotRelayable(Refusal):
    """A poll, a game, a gift: nothing that could be shown to somebody else."""


@dataclass(frozen=True)
class SharedContact:
    """A contact as it was shared; `phone` as Telegram gives it."""

    name: str
    phone: str


@dataclass(frozen=True)
class Content:
    """One message of a person, wherever it goes.

    `parts` is its text or caption as safe HTML, in pieces of at most 3,500 UTF-16 units seen. `chat_id` and
    `message_id` name it where it was written; `reply_to` is the message in that chat which it answers, or None. `album`
    is set on each file of an album. `file_unique_id` is the same wherever the file is seen, unlike `file_id`.
    Degrees are WGS 84.
    """

    kind: ContentKind
    chat_id: int
    message_id: int
    parts: tuple[str, ...] = ()
    file_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    contact: SharedContact | None = None
    album: str | None = None
    reply_to: int | None = None
    file_unique_id: str | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        contact = SharedContact(**stored["contact"]) if stored.get("contact") else None
        kind, parts = ContentKind(stored["kind"]), tuple(stored["parts"])
        return cls(**{**stored, "kind": kind, "parts": parts, "contact": contact})


def bare_words(content: Content) -> str:
    """Its text without formatting, as it was written."""
    return unescape(_TAG.sub("", "".join(content.parts)))


def seen_length(part: str) -> int:
    """UTF-16 units of a piece of safe HTML as people see it."""
    return len(unescape(_TAG.sub("", part)).encode("utf-16-le")) // 2
