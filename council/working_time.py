"""Working time: the programme's hours on the clock of its wall, less public holidays, closures and absences.

Nothing here reads a database or the present moment. Moments are aware; those given back are in UTC.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from zoneinfo import ZoneInfo

from council.errors import Refusal
from council.local_time import first_showing, last_showing, local
from council.settings import ProgrammeSettings, Spans, WorkingHours

LONGEST_WAIT = 366
"""Days without any opening after which nobody goes on looking for the next one (choice)."""
_YEARS_LOOKED_AT = 12
_DAY = timedelta(days=1)

DaySpan = tuple[date, date]
"""Local days, first and last included."""
Span = tuple[datetime, datetime]
"""Open from the first moment until before the second, in UTC."""


class NeverOpen(Refusal):
    """The team does not work for more than a year from then on: nobody can say when it will answer."""


class Why(StrEnum):
    """Why nobody works on a day."""

    WEEKDAY = "weekday"
    HOLIDAY = "holiday"
    CLOSURE = "closure"
    AWAY = "away"


@dataclass(frozen=True)
class Skipped:
    """A local day without work. `name` is that of the holiday or the closure, in French, else empty."""

    day: date
    why: Why
    name: str = ""


@dataclass(frozen=True)
class WorkingCalendar:
    """When somebody works. `week` has the hours of Monday first; `away` is when this somebody is not there.

    A span of an autumn night includes the hour that comes twice; one of a spring night lacks the hour that is skipped.
    """

    tz: ZoneInfo
    week: tuple[Spans, ...]
    region: str | None = None
    closures: tuple[tuple[date, date, str], ...] = ()
    away: tuple[DaySpan, ...] = ()
    _known: dict[date, tuple[Span, ...]] = field(default_factory=dict, compare=False, repr=False)

    def is_open(self, moment: datetime) -> bool:
        """At the moment of closing itself it is closed."""
        now = moment.astimezone(UTC)
        return any(start <= now < end for start, end in self.spans_of(local(moment, self.tz).date()))

    def is_working_day(self, day: date) -> bool:
        """Whether any work is done on this local day."""
        return bool(self.spans_of(day))

    def why_closed(self, day: date) -> Skipped | None:
        """Why nobody works on this local day; None when somebody does."""
        if not self.week[day.weekday()]:
            return Skipped(day, Why.WEEKDAY)
        if holiday := public_holidays(self.region, day.year).get(day):
            return Skipped(day, Why.HOLIDAY, holiday)
        for first, last, name in self.closures:
            if first <= day <= last:
                return Skipped(day, Why.CLOSURE, name)
        if any(first <= day <= last for first, last in self.away):
            return Skipped(day, Why.AWAY)
        return None

    def why_skipped(self, start: datetime, end: datetime) -> list[Skipped]:
        """The days without work from the local day of `start` to that of `end`, both included; a year at most."""
        first, last = local(start, self.tz).date(), local(end, self.tz).date()
        days = (first + n * _DAY for n in range(min((last - first).days, LONGEST_WAIT) + 1))
        return [why for day in days if (why := self.why_closed(day))]

    def spans_of(self, day: date) -> tuple[Span, ...]:
        """The hours worked on this local day, in order and apart from one another."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = () if self.why_closed(day) else self._hours_of(day)
        return known

    def next_open(self, moment: datetime) -> datetime:
        """`moment` itself when somebody works then, else the next opening. Raises NeverOpen."""
        now = moment.astimezone(UTC)
        return max(now, next(self._spans_after(now))[0])

    def add(self, start: datetime, span: timedelta) -> datetime:
        """The first moment at which `span` of working time has passed since `start`.

        It lies within hours or at their very end: three hours from 9:00 end at 12:00, not after the midday break.

        Raises:
            NeverOpen: before that, nobody works for more than a year.
            ValueError: `span` is negative.
        """
        left = _not_negative(span)
        for opening, closing in self._spans_after(start.astimezone(UTC)):
            if left <= closing - opening:
                return opening + left
            left -= closing - opening
        raise NeverOpen

    def subtract(self, end: datetime, span: timedelta) -> datetime:
        """The last moment from which `span` of working time passes until `end`. Raises as `add` does."""
        left = _not_negative(span)
        for opening, closing in self._spans_before(end.astimezone(UTC)):
            if left <= closing - opening:
                return closing - left
            left -= closing - opening
        raise NeverOpen

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; negative when `end` comes first."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if end < start:
            return -self.between(end, start)
        total, day, last = timedelta(), local(start, self.tz).date(), local(end, self.tz).date()
        while day <= last:
            for opening, closing in self.spans_of(day):
                total += max(timedelta(), min(end, closing) - max(start, opening))
            day += _DAY
        return total

    def add_days(self, moment: datetime, days: int) -> datetime:
        """The same time of the wall clock so many working days later, put within the hours of that day.

        Where no work is done for more than a year, days of the calendar are counted: this never fails.
        """
        wall = local(moment, self.tz)
        day, left, waited = wall.date(), days, 0
        while left > 0 and waited <= LONGEST_WAIT:
            day += _DAY
            works = self.is_working_day(day)
            left, waited = left - works, 0 if works else waited + 1
        if left > 0:
            day = wall.date() + days * _DAY
        then = first_showing(datetime.combine(day, wall.time()), self.tz)
        spans = self.spans_of(day)
        return min(max(then, spans[0][0]), spans[-1][1]) if spans else then

    def _hours_of(self, day: date) -> tuple[Span, ...]:
        hours: list[Span] = []
        for each in self.week[day.weekday()]:
            start = first_showing(datetime.combine(day, each.start), self.tz)
            end = last_showing(datetime.combine(day, each.end), self.tz)
            # Around an hour that comes twice, the end of one span may fall after the beginning of the next.
            start = max(start, hours[-1][1]) if hours else start
            if start < end:
                hours.append((start, end))
        return tuple(hours)

    def _spans_after(self, moment: datetime) -> Iterator[Span]:
        """What is still to be worked from `moment` on. Raises NeverOpen when a year passes without any."""
        for day in self._working_days(local(moment, self.tz).date(), _DAY):
            for opening, closing in self.spans_of(day):
                if closing > moment:
                    yield max(opening, moment), closing

    def _spans_before(self, moment: datetime) -> Iterator[Span]:
        for day in self._working_days(local(moment, self.tz).date(), -_DAY):
            for opening, closing in reversed(self.spans_of(day)):
                if opening < moment:
                    yield opening, min(closing, moment)

    def _working_days(self, day: date, step: timedelta) -> Iterator[date]:
        waited = 0
        while waited <= LONGEST_WAIT:
            if self.is_working_day(day):
                waited = 0
                yield day
            else:
                waited += 1
            day += step
        raise NeverOpen


def calendar_of(programme: ProgrammeSettings, away: Iterable[DaySpan] = ()) -> WorkingCalendar:
    """The team's calendar, or that of somebody who is away on those days.

    A week without any hours is read as the usual one: somebody answers some time.
    """
    week = _week(programme.working_hours)
    return WorkingCalendar(
        tz=programme.tz,
        week=week if any(week) else _week(WorkingHours()),
        region=programme.holidays_region,
        closures=tuple((each.start, each.end, each.name) for each in programme.closures),
        away=tuple(away),
    )


def fingerprint(programme: ProgrammeSettings) -> str:
    """Of all that a promise is computed from, absences apart: it differs as soon as any of it does.

    Public holidays count by their days in the years of the programme, so that a law which adds one is seen.
    """
    first = programme.period.start.year
    years = range(first, min(programme.period.end.year, first + _YEARS_LOOKED_AT) + 2)
    read = {
        "timezone": programme.timezone,
        "hours": programme.working_hours.model_dump(mode="json"),
        "holidays": [day.isoformat() for year in years for day in public_holidays(programme.holidays_region, year)],
        "closures": sorted((each.start.isoformat(), each.end.isoformat()) for each in programme.closures),
        "first_answer_hours": programme.delays.first_answer_hours,
        "warn_minutes": programme.support.warn_minutes,
    }
    return blake2b(json.dumps(read, sort_keys=True).encode(), digest_size=8).hexdigest()


def common_days(one: Sequence[DaySpan], other: Sequence[DaySpan]) -> list[DaySpan]:
    """The days that are in both."""
    pairs = ((max(a[0], b[0]), min(a[1], b[1])) for a in one for b in other)
    return sorted({(first, last) for first, last in pairs if first <= last})


@lru_cache(maxsize=256)
def public_holidays(region: str | None, year: int) -> dict[date, str]:
    """French public holidays of a year in a part of France (None: all of it), with their French names, in order."""
    import holidays  # the calendars of all countries come with it: 8 MB that only who works with dates needs

    found = holidays.country_holidays("FR", subdiv=region, years=year, language="fr")
    return {day: found[day] for day in sorted(found)}


def _week(hours: WorkingHours) -> tuple[Spans, ...]:
    return (
        hours.monday,
        hours.tuesday,
        hours.wednesday,
        hours.thursday,
        hours.friday,
        hours.saturday,
        hours.sunday,
    )


def _not_negative(span: timedelta) -> timedelta:
    if span < timedelta():
        raise ValueError(f"{span} is negative")
    return span
