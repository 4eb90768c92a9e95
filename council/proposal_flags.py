"""What a text holds that a moderator should look at before it is published."""

import re
import unicodedata
from enum import StrEnum

# Every repetition is bounded: the time to look is that of reading, whatever was written.
# An ending that is no word of ours may stand after a full stop without a blank, others only as one writes an address.
_LINK = re.compile(
    r"(?i)\bhttps?://|\bwww\s?\.|\b[a-z0-9-]{1,63}\.[a-z]{2,24}/\w"
    r"|\b[a-z0-9-]{1,63}\.(?:fr|com|org|net|eu|info|io|be|link|app|ly|tv|gg|xyz|(?-i:paris|site|club|shop|page|bio|bzh))\b(?!@)"
    r"|\w\s?(?:\s\.|\bpoint)\s(?:fr|com|org|net|eu)\b"
)
_HANDLE = re.compile(
    r"(?i)(?<![\w.+-])@[a-z][\w.]{2,31}"
    r"|\b(?:snap(?:chat)?|insta(?:gram)?|tiktok|telegram|whatsapp|facebook|fb|twitter)\s?[:=]\s?\w"
    r"|\b(?:snap|insta)\s[a-z.]{0,31}[\d_]"
)
_MAIL = re.compile(
    r"(?i)[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\]|\barobase\b)\s?[\w-]{1,63}(?:\.|\s?\(?dot\)?\s?|\spoint\s)\w{2,24}"
)
_PHONE = re.compile(
    r"(?<!\d)(?:\+|0)\d?(?:[\s.\-/()]{0,2}\d){8,13}(?!\d)|(?<!\d)\d{9,14}(?!\d)"
    r"|(?<!\d)0\d(?:[,;:_]\s?\d\d){4}(?!\d)"
)
_LETTERS_AT_LEAST = 3


class Flag(StrEnum):
    """One thing to look at."""

    LINK = "link"
    PHONE = "phone"
    MAIL = "mail"
    HANDLE = "handle"
    """A name by which somebody is found on another network."""
    UNREADABLE = "unreadable"
    """Written, but hardly a letter in it: emoji, signs, a slip of the finger."""
    AGAIN = "again"
    """The same person has sent the same words before; it had ended."""


def flags_of(*texts: str) -> list[str]:
    """The flags of a title, of words, of a place, as they are stored; each once."""
    plain = "\n".join(_plain(each) for each in texts)
    found = [flag for flag, pattern in ((Flag.MAIL, _MAIL), (Flag.PHONE, _PHONE)) if pattern.search(plain)]
    without_mail = _MAIL.sub(" ", plain)
    found += [flag for flag, pattern in ((Flag.LINK, _LINK), (Flag.HANDLE, _HANDLE)) if pattern.search(without_mail)]
    if plain.strip() and sum(each.isalpha() for each in plain) < _LETTERS_AT_LEAST:
        found.append(Flag.UNREADABLE)
    return [each.value for each in found]


def _plain(text: str) -> str:
    """Figures of any script become ours, and signs that nobody sees go: they would hide a number."""
    seen = (each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
    return "".join(str(unicodedata.digit(each, each)) for each in seen)
