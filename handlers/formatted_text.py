"""Formatted words as safe HTML, in pieces that fit into messages: cut first, then written, so that no tag is cut.

Telegram names formatting by UTF-16 units; so do we, as long as the words are in our hands.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple, Protocol

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "text_link": "a",
}
"""What is carried over. A mention by account stays as bare words: neither side sees the other's acquaintances."""
_LINKS = ("http://", "https://", "mailto:", "tel:")
_BORDERS = ("\n\n", "\n", " ")


class Entity(Protocol):
    """As Telegram gives it: `offset` and `length` in UTF-16 units."""

    @property
    def type(self) -> str: ...
    @property
    def offset(self) -> int: ...
    @property
    def length(self) -> int: ...
    @property
    def url(self) -> str | None: ...


class _Span(NamedTuple):
    start: int
    end: int
    opening: str
    closing: str


def html_pieces(text: str, entities: Sequence[Entity], limit: int) -> tuple[str, ...]:
    """The words in pieces of at most `limit` UTF-16 units seen, each of balanced HTML.

    Cut between paragraphs where that is possible, else between lines, words, or characters. Joined, the pieces say the
    whole text; only a piece of nothing but blanks, which Telegram would refuse, is left out.
    """
    units = _unit_offsets(text)
    spans = tuple(_spans(entities))
    pieces = []
    for start, end in _cuts(text, units, limit):
        if text[start:end].strip():
            pieces.append(_html(text, units, start, end, spans))
    return tuple(pieces)


def _unit_offsets(text: str) -> list[int]:
    """For each character, and for the end, how many UTF-16 units stand before it."""
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + (2 if ord(character) > 0xFFFF else 1))
    return offsets


def _spans(entities: Sequence[Entity]) -> Iterator[_Span]:
    for entity in sorted(entities, key=lambda each: (each.offset, -each.length)):
        tag = _TAGS.get(entity.type)
        if tag is None or entity.length <= 0:
            continue
        attribute = ""
        if tag == "a":
            if not (entity.url or "").lower().startswith(_LINKS):
                continue
            attribute = f' href="{escape(entity.url or "")}"'
        elif entity.type == "expandable_blockquote":
            attribute = " expandable"
        yield _Span(entity.offset, entity.offset + entity.length, f"<{tag}{attribute}>", f"</{tag}>")


def _cuts(text: str, units: Sequence[int], limit: int) -> Iterator[tuple[int, int]]:
    """Where each piece begins and ends, in characters."""
    start = 0
    while start < len(text):
        end = max(start + 1, bisect_right(units, units[start] + limit) - 1)
        if end < len(text):
            end = _border(text, start, end)
        yield start, end
        start = end


def _border(text: str, start: int, end: int) -> int:
    """The last border of a paragraph, line or word in the second half; `end` itself when there is none."""
    for border in _BORDERS:
        found = text.rfind(border, start + (end - start) // 2, end)
        if found >= 0:
            return found + len(border)
    return end


def _html(text: str, units: Sequence[int], start: int, end: int, spans: Sequence[_Span]) -> str:
    """Tags are closed and opened again where they would cross one another."""
    first, last = units[start], units[end]
    inner = tuple(each for each in spans if each.start < last and each.end > first)
    edges = {first, last, *(edge for each in inner for edge in (each.start, each.end) if first < edge < last)}
    # An edge in the middle of a character belongs behind it.
    borders = sorted({bisect_right(units, edge - 1) for edge in edges})
    written: list[str] = []
    opened: list[_Span] = []
    for begin, stop in pairwise(borders):
        covering = [each for each in inner if each.start < units[stop] and each.end > units[begin]]
        same = _in_common(opened, covering)
        written.extend(each.closing for each in reversed(opened[same:]))
        written.extend(each.opening for each in covering[same:])
        written.append(escape(text[begin:stop], quote=False))
        opened = covering
    written.extend(each.closing for each in reversed(opened))
    return "".join(written)


def _in_common(opened: Sequence[_Span], covering: Sequence[_Span]) -> int:
    for place, (one, other) in enumerate(zip(opened, covering, strict=False)):
        if one != other:
            return place
    return min(len(opened), len(covering))
