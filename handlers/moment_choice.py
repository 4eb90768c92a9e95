"""A moment being chosen, by buttons or in words: a day, then a time, then the one moment that they mean.

Local to the programme; nothing is guessed between two moments: the person chooses.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Self
from zoneinfo import ZoneInfo

from council.errors import OutOfDate
from council.local_time import (
    FARTHEST_AHEAD,
    PastMoment,
    RepeatedHour,
    SkippedHour,
    TooFarAway,
    check_future,
    last_showing,
    local,
    resolve,
)
from handlers.buttons import Forged
from handlers.typed_dates import NotUnderstood, parse_moment, parse_time


class MomentStep(StrEnum):
    """What is still to be asked."""

    DAY = "day"
    HOUR = "hour"
    MINUTE = "minute"
    CLOCK_CHANGE = "clock_change"
    CHOSEN = "chosen"


@dataclass(frozen=True)
class Now:
    """The present, and the clock on the wall that people read: what every choice is checked against."""

    moment: datetime
    tz: ZoneInfo

    @property
    def today(self) -> date:
        return local(self.moment, self.tz).date()

    @property
    def last_day(self) -> date:
        """The last day that can be chosen: all of its hours are near enough."""
        return local(self.moment + FARTHEST_AHEAD, self.tz).date() - timedelta(days=1)

    def is_ahead(self, day: date, hour: int, minute: int) -> bool:
        """Whether the clock will show this time, perhaps for the second time, after now."""
        return last_showing(datetime.combine(day, time(hour, minute)), self.tz) > self.moment


@dataclass(frozen=True)
class MomentChoice:
    """`month` is the page of the calendar, `moment` what was chosen in the end (aware, UTC)."""

    month: date
    day: date | None = None
    hour: int | None = None
    minute: int | None = None
    moment: datetime | None = None

    @classmethod
    def begin(cls, now: Now, before: datetime | None = None) -> Self:
        """Nothing chosen yet; the calendar opens at the month of `before`, the moment held so far."""
        shown = local(before, now.tz).date() if before and before > now.moment else now.today
        return cls(month=shown.replace(day=1))

    @property
    def step(self) -> MomentStep:
        if self.moment is not None:
            return MomentStep.CHOSEN
        if self.day is None:
            return MomentStep.DAY
        if self.hour is None:
            return MomentStep.HOUR
        return MomentStep.MINUTE if self.minute is None else MomentStep.CLOCK_CHANGE

    def at_month(self, month: date, now: Now) -> Self:
        """The calendar at another month, within the days that can be chosen."""
        first, last = now.today.replace(day=1), now.last_day.replace(day=1)
        return replace(self, month=min(max(month.replace(day=1), first), last))

    def at_day(self, day: date, now: Now) -> Self:
        """Raises PastMoment and TooFarAway, ImpossibleDate never: a calendar has all its days."""
        if day < now.today:
            raise PastMoment
        if day > now.last_day:
            raise TooFarAway(now.moment + FARTHEST_AHEAD)
        return replace(self, day=day, month=day.replace(day=1))._settled(now)

    def at_hour(self, hour: int) -> Self:
        if self.day is None:
            raise OutOfDate
        if not 0 <= hour <= 23:
            raise Forged(hour)
        return replace(self, hour=hour, minute=None)

    def at_time(self, hour: int, minute: int, now: Now) -> Self:
        if not (0 <= hour <= 23 and 0 <= minute <= 59):
            raise Forged(hour, minute)
        return replace(self, hour=hour, minute=minute)._settled(now)

    def at_moment(self, moment: datetime, now: Now) -> Self:
        """One of the two moments that the clock change leaves open. Raises OutOfDate for any other."""
        if moment not in self.open_moments(now):
            raise OutOfDate
        check_future(moment, now.moment)
        return replace(self, moment=moment.astimezone(UTC))

    def typed(self, text: str, language: str, now: Now) -> Self:
        """What somebody wrote: a day, a time, or both at once.

        Raises:
            NotUnderstood, ImpossibleDate: it cannot be read as one, or no calendar has it.
            PastMoment, TooFarAway: it is no moment to come.
        """
        if self.day is not None:
            try:
                alone = parse_time(text, language)
            except NotUnderstood:
                pass
            else:
                return self.at_time(alone.hour, alone.minute, now)
        found = parse_moment(text, language, local(now.moment, now.tz))
        chosen = self
        if found.time is not None:
            chosen = replace(chosen, hour=found.time.hour, minute=found.time.minute)
        elif found.date is not None:
            chosen = replace(chosen, hour=None, minute=None)
        return chosen.at_day(found.date, now) if found.date is not None else chosen._settled(now)

    def back(self) -> Self | None:
        """One question before; None at the first."""
        match self.step:
            case MomentStep.DAY:
                return None
            case MomentStep.HOUR:
                return replace(self, day=None)
            case MomentStep.MINUTE:
                return replace(self, hour=None)
            case _:
                return replace(self, moment=None, hour=None, minute=None)

    def open_moments(self, now: Now) -> tuple[datetime, ...]:
        """The moments between which only the person can choose, earliest first, in UTC; past ones are left out."""
        if self.day is None or self.hour is None or self.minute is None:
            return ()
        try:
            found: tuple[datetime, ...] = (resolve(self._shown(self.day, self.hour, self.minute), now.tz),)
        except SkippedHour as skipped:
            found = (skipped.before, skipped.after)
        except RepeatedHour as repeated:
            found = (repeated.first, repeated.second)
        return tuple(each for each in found if each > now.moment)

    def is_skipped(self, now: Now) -> bool:
        """Whether the clock never shows the chosen time (in spring), rather than twice (in autumn)."""
        if self.day is None or self.hour is None or self.minute is None:
            return False
        try:
            resolve(self._shown(self.day, self.hour, self.minute), now.tz)
        except SkippedHour:
            return True
        except RepeatedHour:
            return False
        return False

    def _settled(self, now: Now) -> Self:
        """Chosen, when day and time mean one moment and one only."""
        if self.day is None or self.hour is None or self.minute is None:
            return self
        try:
            moment = resolve(self._shown(self.day, self.hour, self.minute), now.tz)
        except (SkippedHour, RepeatedHour):
            if not self.open_moments(now):
                raise PastMoment from None
            return self
        check_future(moment, now.moment)
        return replace(self, moment=moment)

    @staticmethod
    def _shown(day: date, hour: int, minute: int) -> datetime:
        return datetime.combine(day, time(hour, minute))

    def as_json(self) -> dict[str, Any]:
        return {
            "month": self.month.isoformat(),
            "day": self.day.isoformat() if self.day else None,
            "hour": self.hour,
            "minute": self.minute,
            "moment": self.moment.isoformat() if self.moment else None,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        return cls(
            month=date.fromisoformat(kept["month"]),
            day=date.fromisoformat(kept["day"]) if kept["day"] else None,
            hour=kept["hour"],
            minute=kept["minute"],
            moment=datetime.fromisoformat(kept["moment"]) if kept["moment"] else None,
        )
