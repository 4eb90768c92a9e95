"""Words that people write: something to read, and no longer than the thing can hold."""

import unicodedata

from council.errors import EmptyWords, TooLong

# Letters by name, blank to the eye: the Hangul fillers and the empty Braille cell.
BLANKS = "\u115f\u1160\u3164\uffa0\u2800"
# What Persian words and composed emoji are joined by.
JOINERS = "\u200c\u200d"
# What Arabic words may need between numbers and Latin letters; unlike an override it turns nothing around.
_MARKS = "\u200e\u200f\u061c"
_INVISIBLE = ("Cc", "Cf")


def readable(words: str) -> str:
    """Lines stay as they are, without signs that print nothing or turn the text around; "" when nothing is left."""
    kept = "".join(_visible(each) for each in words.replace("\r\n", "\n")).strip()
    return kept if kept.strip(JOINERS + _MARKS + " \n") else ""


def written(words: str, limit: int, *, empty: type[EmptyWords] = EmptyWords, too_long: type[TooLong] = TooLong) -> str:
    """`words` as they can be read, without the blanks around them; `limit` in UTF-16 units, as Telegram counts.

    Raises:
        EmptyWords: nothing to read.
        TooLong: more than `limit`.
    """
    words = readable(words)
    if not words:
        raise empty
    return no_longer(words, limit, too_long=too_long)


def no_longer(words: str, limit: int, *, too_long: type[TooLong] = TooLong) -> str:
    """Like `written`, for words that may be missing."""
    words = readable(words)
    if len(words.encode("utf-16-le")) // 2 > limit:
        raise too_long(limit)
    return words


def _visible(sign: str) -> str:
    if sign == "\n" or sign in JOINERS or sign in _MARKS:
        return sign
    if sign in BLANKS:
        return " "
    if unicodedata.category(sign) in _INVISIBLE:
        return " " if sign.isspace() else ""
    return sign
