"""Long lists, a page at a time."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from handlers.buttons import Press
from handlers.cards.card import Button
from locales.translator import Translator

T = TypeVar("T")


def page_of(items: Sequence[T], page: int, size: int) -> tuple[Sequence[T], int, int]:
    """What stands on a page, its number and that of the last one, from 0; a page that is not there is the nearest."""
    last = max(0, (len(items) - 1) // size)
    page = min(max(page, 0), last)
    return items[page * size : (page + 1) * size], page, last


def page_row(page: int, last: int, turn_to: Callable[[int], Press], say: Translator) -> tuple[tuple[Button, ...], ...]:
    """The row of buttons that turns the pages; none when there is one page."""
    row = []
    if page > 0:
        row.append(Button(say.plain("◀ Avant"), turn_to(page - 1)))
    if page < last:
        row.append(Button(say.plain("Suite ▶"), turn_to(page + 1)))
    return (tuple(row),) if row else ()
