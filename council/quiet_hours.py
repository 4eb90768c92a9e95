from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from council.local_time import first_showing, last_showing, local


@dataclass(frozen=True)
class QuietHours:
    """The hours when the bot writes to nobody first, by the clock on the wall of `tz`: from `start` until before `end`.

    They may cross midnight (21:00-8:00) or not (13:00-15:00). Equal bounds mean never. Each night is one unbroken
    period: it begins when the clock first shows `start` and ends when it last shows `end`, so an hour that autumn
    repeats stays quiet both times; a bound that spring skips falls at the jump.

    Moments are aware; those given back are in UTC. The usual hours are council.settings.QuietSpan's.
    """

    start: time
    end: time
    tz: ZoneInfo

    def covers(self, moment: datetime) -> bool:
        return self._night_around(moment) is not None

    def ends_after(self, moment: datetime) -> datetime:
        """The end of the quiet hours that cover `moment`; `moment` itself when none do."""
        night = self._night_around(moment)
        # A quiet day of nearly 24 hours can touch the next one when the clock changes: go on to the true end.
        return self.ends_after(night[1]) if night else moment.astimezone(UTC)

    def begins_before(self, moment: datetime) -> datetime:
        """The beginning of the quiet hours that cover `moment`; `moment` itself when none do."""
        night = self._night_around(moment)
        if night is None:
            return moment.astimezone(UTC)
        begin, just_before = night[0], night[0] - timedelta.resolution
        return self.begins_before(just_before) if self.covers(just_before) else begin

    def _night_around(self, moment: datetime) -> tuple[datetime, datetime] | None:
        if self.start == self.end:
            return None
        today = local(moment, self.tz).date()
        nights = (self._night_of(day) for day in (today - timedelta(days=1), today))
        return next((night for night in nights if night[0] <= moment.astimezone(UTC) < night[1]), None)

    def _night_of(self, day: date) -> tuple[datetime, datetime]:
        """The quiet hours that begin on this local day."""
        last_day = day if self.start < self.end else day + timedelta(days=1)
        return (
            first_showing(datetime.combine(day, self.start), self.tz),
            last_showing(datetime.combine(last_day, self.end), self.tz),
        )
