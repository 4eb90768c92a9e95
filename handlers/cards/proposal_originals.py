"""What an author sent for a proposal, put into the chat again: for the author and the moderators alone."""

from collections.abc import Sequence
from dataclasses import replace

from council.contents import Content, bare_words
from handlers.cards.card import NOTHING, Button, Card, Media, MediaKind, Place, quoted, shorten

MOST = 20
"""Messages put into a chat at once: the first ones tell the idea."""
_CAPTION_LIMIT, _WORDS_LIMIT = 900, 3_500


def original_cards(originals: Sequence[Content], rows: tuple[tuple[Button, ...], ...]) -> tuple[Card, ...]:
    """One message each, as it was sent; `rows` stand under the last. There is at least one."""
    cards = [_shown(each) for each in originals[:MOST]]
    return (*cards[:-1], replace(cards[-1], rows=rows))


def _shown(content: Content) -> Card:
    words = bare_words(content).strip()
    if content.file_id is not None:
        caption = quoted(shorten(words, _CAPTION_LIMIT)) if words else NOTHING
        return Card(caption, media=Media(MediaKind(content.kind.value), file_id=content.file_id))
    place = None
    if content.latitude is not None and content.longitude is not None:
        place = Place(content.latitude, content.longitude)
    return Card(quoted(shorten(words, _WORDS_LIMIT)) if words else NOTHING, place=place)
