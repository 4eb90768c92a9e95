"""Choosing a moment by buttons: a page of the calendar, the hours, the minutes, the hour that a clock change doubts.

What lies in the past is no button that does anything: it is shown as a dot.
"""

from datetime import UTC, date, datetime, timedelta

from council.errors import Refusal
from handlers.buttons import Forged, Press, press
from handlers.cards.card import Button, Card, Lines, grid
from handlers.cards.month import dot, month_rows
from handlers.cards.refusals import refusal_sentence
from handlers.moment_choice import MomentChoice, MomentStep, Now
from handlers.typed_dates import WrongWeekday
from locales.translator import Translator

MINUTES_APART = 5
_ORDINARY_DAY = date(2026, 1, 15)  # no clock change: a label shows the wall clock and nothing else
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_Rows = tuple[tuple[Button, ...], ...]


@press("day")
class DayPress(Press):
    """A day, as its proleptic Gregorian ordinal."""

    ordinal: int

    @property
    def day(self) -> date:
        """Raises Forged: no calendar has that day."""
        try:
            return date.fromordinal(self.ordinal)
        except (ValueError, OverflowError) as error:
            raise Forged(self.ordinal) from error


@press("mth")
class MonthPress(Press):
    """A page of the calendar: months since year 0."""

    months: int

    @property
    def first_day(self) -> date:
        """Raises Forged: no calendar has that month."""
        try:
            return date(self.months // 12, self.months % 12 + 1, 1)
        except (ValueError, OverflowError) as error:
            raise Forged(self.months) from error


@press("hr")
class HourPress(Press):
    hour: int


@press("min")
class MinutePress(Press):
    hour: int
    minute: int


@press("utc")
class MomentPress(Press):
    """One of two moments that the wall clock shows alike: minutes since 1970, UTC."""

    minutes: int

    @property
    def moment(self) -> datetime:
        """Raises Forged: no clock ever shows it."""
        try:
            return _EPOCH + timedelta(minutes=self.minutes)
        except OverflowError as error:
            raise Forged(self.minutes) from error


PICKER_PRESSES: tuple[type[Press], ...] = (DayPress, MonthPress, HourPress, MinutePress, MomentPress)


def picked(choice: MomentChoice, pressed: Press, now: Now) -> MomentChoice:
    """The choice after a press. Raises Refusals for what cannot be chosen, Forged for what no button of ours says."""
    match pressed:
        case DayPress():
            return choice.at_day(pressed.day, now)
        case MonthPress():
            return choice.at_month(pressed.first_day, now)
        case HourPress():
            return choice.at_hour(pressed.hour)
        case MinutePress():
            return choice.at_time(pressed.hour, pressed.minute, now)
        case MomentPress():
            return choice.at_moment(pressed.moment, now)
    raise Forged(pressed)


def moment_card(
    say: Translator, choice: MomentChoice, now: Now, question: str, trouble: Refusal | None = None, *, kept: str = ""
) -> Card:
    """The question that is still open. `question` asks for the day; `kept` tells the moment held so far."""
    words = Lines()
    if trouble is not None:
        words.add(refusal_sentence(trouble, say))
    if kept:
        words.add(kept)
    match choice.step:
        case MomentStep.DAY:
            words.add(question, say("Vous pouvez aussi écrire : mardi 18h30."))
            return Card(words.text, rows=(*_day_meant(say, trouble, now), *day_rows(say, choice.month, now)))
        case MomentStep.HOUR:
            words.add(_day_line(say, choice), say("À quelle heure ?"))
            return Card(words.text, rows=hour_rows(say, choice.day or now.today, now))
        case MomentStep.MINUTE:
            words.add(_day_line(say, choice), say("À quelle heure exactement ?"))
            return Card(words.text, rows=minute_rows(say, choice.day or now.today, choice.hour or 0, now))
    return _clock_change_card(say, choice, now, words)


def day_rows(say: Translator, month: date, now: Now) -> _Rows:
    """One page of the calendar; days gone by, or too far ahead, cannot be pressed."""
    return month_rows(say, month, now.today, now.last_day, lambda day: _day_press(day, now), MonthPress)


def hour_rows(say: Translator, day: date, now: Now) -> _Rows:
    """The 24 hours; an hour is over when its last minutes are."""
    last_minute = 60 - MINUTES_APART
    return grid(
        (
            Button(_clock_label(say, hour, 0), HourPress(hour)) if now.is_ahead(day, hour, last_minute) else dot()
            for hour in range(24)
        ),
        4,
    )


def minute_rows(say: Translator, day: date, hour: int, now: Now) -> _Rows:
    return grid(
        (
            Button(_clock_label(say, hour, minute), MinutePress(hour, minute))
            if now.is_ahead(day, hour, minute)
            else dot()
            for minute in range(0, 60, MINUTES_APART)
        ),
        4,
    )


def _day_press(day: date, now: Now) -> DayPress | None:
    may = now.today <= day <= now.last_day and now.is_ahead(day, 23, 55)
    return DayPress(day.toordinal()) if may else None


def _day_meant(say: Translator, trouble: Refusal | None, now: Now) -> _Rows:
    """The day that somebody typed with the wrong weekday, as a button."""
    if not isinstance(trouble, WrongWeekday) or not now.today <= trouble.date <= now.last_day:
        return ()
    return ((Button(say.date(trouble.date), DayPress(trouble.date.toordinal())),),)


def _day_line(say: Translator, choice: MomentChoice) -> str:
    return say("Le {date}.", date=say.date(choice.day)) if choice.day else ""


def _clock_label(say: Translator, hour: int, minute: int) -> str:
    moment = datetime(_ORDINARY_DAY.year, _ORDINARY_DAY.month, _ORDINARY_DAY.day, hour, minute, tzinfo=say.timezone)
    return say.time(moment)


def _clock_change_card(say: Translator, choice: MomentChoice, now: Now, words: Lines) -> Card:
    words.add(_day_line(say, choice))
    shown = _clock_label(say, choice.hour or 0, choice.minute or 0)
    moments = choice.open_moments(now)
    presses = [MomentPress(int((each - _EPOCH) / timedelta(minutes=1))) for each in moments]
    if choice.is_skipped(now):
        words.add(say("Cette nuit-là, on avance les montres."), say("{time} n’existe pas.", time=shown))
        labels = [say.time(each) for each in moments]
    else:
        words.add(say("Cette nuit-là, on recule les montres."), say("{time} arrive deux fois.", time=shown))
        both = (
            say.plain("{time}, avant le changement", time=shown),
            say.plain("{time}, après le changement", time=shown),
        )
        labels = list(both[-len(moments) :])
    words.add(say("Quelle heure voulez-vous ?"))
    return Card(words.text, rows=tuple((Button(label, each),) for label, each in zip(labels, presses, strict=True)))
