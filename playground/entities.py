"""Formatted text: lengths in UTF-16 units, entities that Telegram finds by itself, and what people type."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

Entity = dict[str, Any]


class Formatted(NamedTuple):
    text: str
    entities: list[Entity]


def utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


_DOMAINS = "com|org|net|fr|eu|io|info|gov|edu|me|dev|app|paris|be|ch|de|es|it|uk"
_FOUND_ALONE = re.compile(
    rf"""
      (?P<email>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{{2,}}\b)
    | (?P<url>(?:https?|ftp|tg)://[^\s<>"]+|(?<![\w@.])(?:[\w-]+\.)+(?:{_DOMAINS})\b(?:[/?#][^\s<>"]*)?)
    | (?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{{1,64}}(?:@[A-Za-z0-9_]{{3,32}})?(?![\w/<>]))
    | (?P<mention>(?<![\w@])@[A-Za-z0-9_]{{3,32}}\b)
    | (?P<hashtag>(?<!\w)\#\w*[^\W\d]\w*)
    | (?P<phone_number>(?<![\w+])(?:\+\d|0[1-9])[\d .()-]{{6,17}}\d(?!\w))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MAY_HOLD_ENTITIES = re.compile(r"[./@#]|\d{2}")
_OPAQUE = frozenset({"code", "pre", "text_link", "text_mention"})
_URL_TAIL = ".,;:!?'\")]»…"


def with_found_entities(formatted: Formatted) -> Formatted:
    """Adds the links, commands, mentions, addresses and numbers that Telegram marks without being asked."""
    text, entities = formatted
    if not _MAY_HOLD_ENTITIES.search(text):
        return formatted
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in _OPAQUE]
    found = [
        e
        for e in _find(text)
        if not any(e["offset"] < end and start < e["offset"] + e["length"] for start, end in taken)
    ]
    if not found:
        return formatted
    return Formatted(text, in_order(entities + found))


def _find(text: str) -> list[Entity]:
    found = []
    for match in _FOUND_ALONE.finditer(text):
        kind = str(match.lastgroup)
        shown = match.group().rstrip(_URL_TAIL) if kind == "url" else match.group()
        found.append({"type": kind, "offset": utf16_length(text[: match.start()]), "length": utf16_length(shown)})
    return found


def in_order(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda e: (e["offset"], -e["length"]))


def trimmed(formatted: Formatted) -> Formatted:
    """Without the blanks around the text, as Telegram stores it; entities move along or shrink."""
    text = formatted.text.strip()
    if len(text) == len(formatted.text):
        return formatted
    lead = utf16_length(formatted.text) - utf16_length(formatted.text.lstrip())
    end = utf16_length(text)
    kept = []
    for entity in formatted.entities:
        start = max(entity["offset"] - lead, 0)
        stop = min(entity["offset"] - lead + entity["length"], end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return Formatted(text, kept)


_TYPED_MARKS = {"**": "bold", "__": "italic", "~~": "strikethrough", "||": "spoiler", "`": "code"}
_TYPED = re.compile(r"(\*\*|__|~~|\|\||`)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)


def typed(text: str) -> Formatted:
    """What Telegram's apps make of `**bold**`, `__italic__`, `~~strike~~`, `||spoiler||` and backquotes."""
    plain, entities, at = "", [], 0
    for match in _TYPED.finditer(text):
        plain += text[at : match.start()]
        entities.append(
            {
                "type": _TYPED_MARKS[match.group(1)],
                "offset": utf16_length(plain),
                "length": utf16_length(match.group(2)),
            }
        )
        plain += match.group(2)
        at = match.end()
    return with_found_entities(trimmed(Formatted(plain + text[at:], list(entities))))
