"""What may stand in an entry of the directory, typed or read from a sheet."""

import re
from collections.abc import Iterable
from enum import StrEnum

from council.errors import Refusal
from council.folding import fold
from council.mails import is_mail_address
from council.written import no_longer, written

MOST_THEMES = 10
THEME_LIMIT = 60


class ActorField(StrEnum):
    """What can be changed of an entry, one at a time."""

    NAME = "name"
    THEMES = "themes"
    CONTACT = "contact_name"
    PHONE = "phone"
    EMAIL = "email"
    WEBSITE = "website"
    COUNCILS = "council_ids"
    NOTE = "note"


LIMITS = {
    ActorField.NAME: 120,
    ActorField.THEMES: 300,
    ActorField.CONTACT: 120,
    ActorField.PHONE: 40,
    ActorField.EMAIL: 254,
    ActorField.WEBSITE: 200,
    ActorField.NOTE: 1_000,
}
"""UTF-16 units."""


class NotAPhone(Refusal):
    """No telephone number."""


class NotAMailAddress(Refusal):
    """No e-mail address that a mail could be sent to."""


class NotAWebsite(Refusal):
    """No address of a web page."""


class TooManyThemes(Refusal):
    """More than MOST_THEMES."""


def checked_name(words: str) -> tuple[str, str]:
    """The name and its key. Raises EmptyWords, TooLong."""
    name = written(_one_line(words), LIMITS[ActorField.NAME])
    key = fold(name)
    return name, written(key, LIMITS[ActorField.NAME] * 2)


def split_themes(words: str) -> list[str]:
    """« santé, logement ; emploi »: one theme each."""
    return [each for each in re.split(r"[,;،؛|\n]", words) if each.strip()]


def checked_themes(themes: Iterable[str]) -> tuple[str, ...]:
    """Each once, in the order given. Raises TooLong, TooManyThemes."""
    kept: dict[str, str] = {}
    for each in themes:
        name = no_longer(_one_line(each), THEME_LIMIT)
        if fold(name):
            kept.setdefault(fold(name), name)
    if len(kept) > MOST_THEMES:
        raise TooManyThemes
    return tuple(kept.values())


def checked_value(field: ActorField, words: str) -> str:
    """What was typed into any other field; empty stays empty.

    Raises TooLong, NotAPhone, NotAMailAddress, NotAWebsite.
    """
    words = no_longer(words if field is ActorField.NOTE else _one_line(words), LIMITS[field])
    if not words:
        return ""
    if field is ActorField.PHONE:
        return _phone(words)
    if field is ActorField.EMAIL:
        return _email(words)
    return _website(words) if field is ActorField.WEBSITE else words


def _one_line(words: str) -> str:
    return " ".join(words.split())


_PHONE = re.compile(r"\+?[0-9(][0-9 ()./-]{1,30}")
_FRENCH_NUMBER = re.compile(r"0[1-9][0-9]{8}")
_WEBSITE = re.compile(r"https?://[^\s/?#@\"<>]+\.[^\s/?#@\"<>]{2,}([/?#][^\s\"<>]*)?", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)


def _phone(words: str) -> str:
    figures = re.sub(r"[^0-9]", "", words)
    if not _PHONE.fullmatch(words) or not 3 <= len(figures) <= 15:
        raise NotAPhone
    if _FRENCH_NUMBER.fullmatch(figures) and not words.startswith("+"):
        return " ".join(figures[start : start + 2] for start in range(0, 10, 2))
    return words


def _email(words: str) -> str:
    address = words.removeprefix("mailto:")
    if not is_mail_address(address):
        raise NotAMailAddress
    return address


def _website(words: str) -> str:
    address = words if _SCHEME.match(words) else f"https://{words}"
    if not _WEBSITE.fullmatch(address):
        raise NotAWebsite
    return address
