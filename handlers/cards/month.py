"""A page of the calendar as buttons: the months beside it, the names of the days, and the weeks with a day to press."""

import calendar
from collections.abc import Callable
from datetime import date

from babel.dates import format_skeleton, get_day_names

from handlers.buttons import Press, press
from handlers.cards.card import Button
from locales.translator import Translator

NOT_PRESSABLE = "·"
_MONTHS = 12


@press("dot")
class DotPress(Press):
    """A cell of the calendar that cannot be chosen."""


def month_rows(
    say: Translator,
    month: date,
    earliest: date,
    latest: date,
    press_day: Callable[[date], Press | None],
    turn_to: Callable[[int], Press],
) -> tuple[tuple[Button, ...], ...]:
    """The page of `month`, Monday first, between the months of two days; `press_day` gives None for no choice.

    A week without any day to press is left out: on a phone it would push the others off the screen.
    """
    first = month.replace(day=1)
    weeks = calendar.Calendar(calendar.MONDAY).monthdatescalendar(first.year, first.month)
    rows = (
        tuple(_day(say, day, press_day(day) if day.month == first.month else None) for day in week) for week in weeks
    )
    return (
        _turning(say, first, earliest, latest, turn_to),
        tuple(Button(name, DotPress()) for name in weekday_names(say)),
        *(row for row in rows if any(button.press != DotPress() for button in row)),
    )


def months_of(day: date) -> int:
    """A page of the calendar, in months since year 0."""
    return day.year * _MONTHS + day.month - 1


def weekday_names(say: Translator) -> list[str]:
    """Two letters where the language has them, its shortest elsewhere: seven stand side by side on a phone."""
    names = get_day_names("short", locale=say.locale)
    if max(len(name) for name in names.values()) > 3:
        names = get_day_names("narrow", locale=say.locale)
    return [names[weekday] for weekday in range(7)]


def dot() -> Button:
    return Button(NOT_PRESSABLE, DotPress())


def _turning(
    say: Translator, first: date, earliest: date, latest: date, turn_to: Callable[[int], Press]
) -> tuple[Button, ...]:
    """The month before and the one after, by their names.

    Some clients turn the row round for who reads Arabic, some do not: an arrow alone would lie in one of them.
    """
    shown, back, on = months_of(first), dot(), dot()
    if shown > months_of(earliest):
        back = Button(say.plain("◀ {month}", month=_short(say, shown - 1)), turn_to(shown - 1))
    if shown < months_of(latest):
        on = Button(say.plain("{month} ▶", month=_short(say, shown + 1)), turn_to(shown + 1))
    return (back, Button(format_skeleton("yMMMM", first, locale=say.locale), DotPress()), on)


def _short(say: Translator, months: int) -> str:
    return format_skeleton("MMM", date(months // _MONTHS, months % _MONTHS + 1, 1), locale=say.locale)


def _day(say: Translator, day: date, pressed: Press | None) -> Button:
    return Button(say.number(day.day), pressed) if pressed is not None else dot()
