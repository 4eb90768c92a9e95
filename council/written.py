"""Words that people write: something to read, and no longer than the thing can hold."""

from council.errors import EmptyWords, TooLong


def written(words: str, limit: int, *, empty: type[EmptyWords] = EmptyWords, too_long: type[TooLong] = TooLong) -> str:
    """`words` without the blanks around them; `limit` in UTF-16 units, as Telegram counts.

    Raises:
        EmptyWords: nothing but blanks.
        TooLong: more than `limit`.
    """
    words = words.strip()
    if not words:
        raise empty
    return no_longer(words, limit, too_long=too_long)


def no_longer(words: str, limit: int, *, too_long: type[TooLong] = TooLong) -> str:
    """Like `written`, for words that may be missing."""
    words = words.strip()
    if len(words.encode("utf-16-le")) // 2 > limit:
        raise too_long(limit)
    return words
