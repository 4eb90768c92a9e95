"""Choosing a day that has been: today, yesterday, or a page of the calendar. What lies ahead cannot be pressed."""

import calendar
from datetime import date, timedelta

from babel.dates import format_skeleton

from handlers.cards.card import Button
from handlers.cards.pickers import NOT_PRESSABLE, DayPress, DotPress, MonthPress, weekday_names
from locales.translator import Translator

_Rows = tuple[tuple[Button, ...], ...]


def past_day_rows(say: Translator, month: date, first: date, today: date) -> _Rows:
    """The days from `first` to `today`, on the page of `month`; both are local days."""
    shown = month_within(month, first, today)
    near = [Button(say.plain("Aujourd’hui"), DayPress(today.toordinal()))]
    if first < today:
        near.append(Button(say.plain("Hier"), DayPress((today - timedelta(days=1)).toordinal())))
    weeks = calendar.Calendar(calendar.MONDAY).monthdatescalendar(shown.year, shown.month)
    rows = (tuple(_day(say, day, shown, first, today) for day in week) for week in weeks)
    return (
        tuple(near),
        _turning(say, shown, first, today),
        tuple(Button(name, DotPress()) for name in weekday_names(say)),
        *(row for row in rows if any(isinstance(each.press, DayPress) for each in row)),
    )


def month_within(month: date, first: date, today: date) -> date:
    """The first day of the month, or of the nearest one that has a day to choose."""
    return min(max(month.replace(day=1), first.replace(day=1)), today.replace(day=1))


def _turning(say: Translator, shown: date, first: date, today: date) -> tuple[Button, ...]:
    months = shown.year * 12 + shown.month - 1
    before = Button("◀", MonthPress(months - 1)) if shown > first else Button(NOT_PRESSABLE, DotPress())
    after = Button("▶", MonthPress(months + 1)) if shown < today.replace(day=1) else Button(NOT_PRESSABLE, DotPress())
    return (before, Button(format_skeleton("yMMMM", shown, locale=say.locale), DotPress()), after)


def _day(say: Translator, day: date, shown: date, first: date, today: date) -> Button:
    if day.month != shown.month or not first <= day <= today:
        return Button(NOT_PRESSABLE, DotPress())
    return Button(say.number(day.day), DayPress(day.toordinal()))
