"""Telegram's HTML parse mode, with the errors of its server (offsets count UTF-8 bytes)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .entities import Entity, Formatted, in_order, utf16_length
from .errors import ApiError, bad_request

_SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
}
_TAGS_WITH_ATTRIBUTES = frozenset({"a", "span", "tg-emoji", "blockquote"})
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(\d{1,8});?|#[xX]([0-9a-fA-F]{1,7});?|(lt|gt|amp|quot);)")
_NAME_END = re.compile(r"[\s>]")
_ATTRIBUTE_NAME_END = re.compile(r"[\s=>]")
_BARE_VALUE = re.compile(r"[A-Za-z0-9.\-]+")
_BLANK = re.compile(r"\s*")


@dataclass(slots=True)
class _OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int
    source_at: int


@dataclass(slots=True)
class _Reader:
    source: str
    at: int = 0
    shown: list[str] = field(default_factory=list)
    length: int = 0
    open_tags: list[_OpenTag] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> Formatted:
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._end_tag()
            elif self.source[self.at] == "<":
                self._start_tag()
            else:
                self._text()
        if self.open_tags:
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{self.open_tags[-1].name}"')
        return Formatted("".join(self.shown), in_order(self.entities))

    def _text(self) -> None:
        end = self.source.find("<", self.at)
        end = len(self.source) if end < 0 else end
        text = _unescape(self.source[self.at : end])
        self.shown.append(text)
        self.length += utf16_length(text)
        self.at = end

    def _start_tag(self) -> None:
        begin = self.at
        name_end = _NAME_END.search(self.source, begin + 1)
        if name_end is None:
            raise self._error("Unclosed start tag", begin)
        name = self.source[begin + 1 : name_end.start()].lower()
        if name not in _SIMPLE_TAGS and name not in _TAGS_WITH_ATTRIBUTES:
            raise self._error(f'Unsupported start tag "{name}"', begin)
        self.at = name_end.start()
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise self._error('Tag "span" must have class "tg-spoiler"', begin)
        self.open_tags.append(_OpenTag(name, attributes, self.length, begin))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self._skip_blanks()
            if self._ended():
                raise self._error("Unclosed start tag", begin)
            if self.source[self.at] == ">":
                self.at += 1
                return attributes
            name = self._attribute_name(tag, begin)
            self._skip_blanks()
            if self._ended():
                raise self._error(f'Unclosed start tag "{tag}"', begin)
            attributes[name] = self._attribute_value(tag, begin) if self.source[self.at] == "=" else ""

    def _attribute_name(self, tag: str, begin: int) -> str:
        end = _ATTRIBUTE_NAME_END.search(self.source, self.at)
        stop = end.start() if end else len(self.source)
        name = self.source[self.at : stop].lower()
        if not name:
            raise self._error(f'Empty attribute name in the tag "{tag}"', begin)
        self.at = stop
        return name

    def _attribute_value(self, tag: str, begin: int) -> str:
        self.at += 1
        self._skip_blanks()
        if self._ended():
            raise self._error(f'Unclosed start tag "{tag}"', begin)
        quote = self.source[self.at]
        if quote in "\"'":
            end = self.source.find(quote, self.at + 1)
            if end < 0:
                raise self._error("Unclosed start tag", begin)
            value = _unescape(self.source[self.at + 1 : end])
            self.at = end + 1
            return value
        bare = _BARE_VALUE.match(self.source, self.at)
        end = bare.end() if bare else self.at
        if bare is None or end == len(self.source) or not _NAME_END.match(self.source, end):
            raise self._error("Unexpected end of name token", self.at)
        self.at = end
        return bare.group().lower()

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open_tags:
            raise self._error("Unexpected end tag", begin)
        name_end = _NAME_END.search(self.source, begin + 2)
        stop = name_end.start() if name_end else len(self.source)
        name = self.source[begin + 2 : stop].lower()
        self.at = stop
        self._skip_blanks()
        if self._ended() or self.source[self.at] != ">":
            raise self._error("Unclosed end tag", begin)
        self.at += 1
        tag = self.open_tags.pop()
        if name and name != tag.name:
            where = (
                f'Unmatched end tag at byte offset {self._bytes(begin)}, expected "</{tag.name}>", found "</{name}>"'
            )
            raise _unparsable(where)
        self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        length = self.length - tag.offset
        if length == 0:
            return
        entity = _entity(tag, "".join(self.shown), length)
        if entity is None:
            return
        if tag.name == "pre" and (inner := self._code_inside(tag, length)) is not None:
            self.entities.remove(inner)
            entity["language"] = inner["language"]
        self.entities.append(entity)

    def _code_inside(self, pre: _OpenTag, length: int) -> Entity | None:
        """`<pre><code class="language-…">` is one entity with a language."""
        last = self.entities[-1] if self.entities else None
        if last and last["type"] == "code" and "language" in last:
            return last if (last["offset"], last["length"]) == (pre.offset, length) else None
        return None

    def _skip_blanks(self) -> None:
        blank = _BLANK.match(self.source, self.at)
        self.at = blank.end() if blank else self.at

    def _ended(self) -> bool:
        return self.at >= len(self.source)

    def _bytes(self, at: int) -> int:
        return len(self.source[:at].encode())

    def _error(self, what: str, at: int) -> ApiError:
        return _unparsable(f"{what} at byte offset {self._bytes(at)}")


def parse_html(source: str) -> Formatted:
    """The text that people see and its entities; raises ApiError "can't parse entities: …"."""
    if "<" not in source:
        return Formatted(_unescape(source) if "&" in source else source, [])
    formatted = _Reader(source).read()
    for entity in formatted.entities:
        # Only `<pre><code class="language-…">` carries a language; a lone <code> does not.
        if entity["type"] == "code":
            entity.pop("language", None)
    return formatted


def _entity(tag: _OpenTag, shown: str, length: int) -> Entity | None:
    entity: Entity = {"type": "", "offset": tag.offset, "length": length}
    if tag.name == "a":
        return _link(
            entity, tag.attributes.get("href") or shown.encode("utf-16-le")[tag.offset * 2 :].decode("utf-16-le")
        )
    if tag.name == "tg-emoji":
        if not tag.attributes.get("emoji-id", "").isdigit():
            raise _unparsable("Invalid custom emoji identifier specified")
        return {**entity, "type": "custom_emoji", "custom_emoji_id": tag.attributes["emoji-id"]}
    if tag.name == "blockquote":
        return {**entity, "type": "expandable_blockquote" if "expandable" in tag.attributes else "blockquote"}
    entity["type"] = _SIMPLE_TAGS.get(tag.name, "spoiler")
    language = tag.attributes.get("class", "")
    if tag.name == "code" and language.startswith("language-"):
        entity["language"] = language.removeprefix("language-")
    return entity


def _link(entity: Entity, url: str) -> Entity | None:
    """A link without a usable address stays plain text, as in Telegram."""
    if url.startswith("tg://user?id="):
        user_id = url.removeprefix("tg://user?id=")
        return {**entity, "type": "text_mention", "user": {"id": int(user_id)}} if user_id.isdigit() else None
    parts = urlsplit(url if "://" in url or url.startswith(("mailto:", "tel:")) else f"http://{url}")
    if parts.scheme in {"mailto", "tel", "tg", "ton"}:
        return {**entity, "type": "text_link", "url": url}
    if parts.scheme not in {"http", "https"} or "." not in parts.netloc:
        return None
    return {**entity, "type": "text_link", "url": parts._replace(path=parts.path or "/").geturl()}


def _unescape(text: str) -> str:
    return _REFERENCE.sub(_reference, text) if "&" in text else text


def _reference(match: re.Match[str]) -> str:
    decimal, hexadecimal, named = match.groups()
    if named:
        return _NAMED[named]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    usable = 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return chr(code) if usable else match.group()


def _unparsable(what: str) -> ApiError:
    return bad_request(f"can't parse entities: {what}")
