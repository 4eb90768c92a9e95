"""Choosing a day that has been: today, yesterday, or a page of the calendar. What lies ahead cannot be pressed."""

from datetime import date, timedelta

from handlers.cards.card import Button
from handlers.cards.month import month_rows
from handlers.cards.pickers import DayPress, MonthPress
from locales.translator import Translator


def past_day_rows(say: Translator, month: date, first: date, today: date) -> tuple[tuple[Button, ...], ...]:
    """The days from `first` to `today`, on the page of `month`; both are local days."""
    near = [Button(say.plain("Aujourd’hui"), DayPress(today.toordinal()))]
    if first < today:
        near.append(Button(say.plain("Hier"), DayPress((today - timedelta(days=1)).toordinal())))
    shown = month_within(month, first, today)
    days = month_rows(say, shown, first, today, lambda day: _press(day, first, today), MonthPress)
    return (tuple(near), *days)


def month_within(month: date, first: date, today: date) -> date:
    """The first day of the month, or of the nearest one that has a day to choose."""
    return min(max(month.replace(day=1), first.replace(day=1)), today.replace(day=1))


def _press(day: date, first: date, today: date) -> DayPress | None:
    return DayPress(day.toordinal()) if first <= day <= today else None
