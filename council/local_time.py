"""What the clock on the wall shows, and which moment that is.

People speak in wall-clock time, the house computes in UTC. Twice a year the two part: in spring an hour of the wall
clock never happens, in autumn one happens twice. Nothing here guesses between two moments: the person chooses.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from council.errors import Refusal

FARTHEST_AHEAD = timedelta(days=548)
"""About 18 months (choice): a council plans a year and a half at most; a date beyond it is a slip of the finger."""


class SkippedHour(Refusal):
    """The clock jumps over this time in spring: it shows 1:59, then 3:00.

    `before` and `after` are aware UTC moments: the same minutes, read by the clock of before and of after the jump.
    2:30 gives 1:30 and 3:30.
    """

    def __init__(self, before: datetime, after: datetime) -> None:
        super().__init__(before, after)
        self.before = before
        self.after = after


class RepeatedHour(Refusal):
    """The clock shows this time twice in autumn. `first` and `second` are both moments, aware, in UTC."""

    def __init__(self, first: datetime, second: datetime) -> None:
        super().__init__(first, second)
        self.first = first
        self.second = second


class PastMoment(Refusal):
    """The moment is over, or is now: nothing can be announced for it."""


class TooFarAway(Refusal):
    """The moment is so far ahead that the year must be wrong. `farthest` is the last one allowed, aware, in UTC."""

    def __init__(self, farthest: datetime) -> None:
        super().__init__(farthest)
        self.farthest = farthest


def resolve(naive_local: datetime, tz: ZoneInfo) -> datetime:
    """The one moment, aware and in UTC, when the clock of `tz` shows `naive_local`.

    Raises:
        SkippedHour: the clock never shows it.
        RepeatedHour: the clock shows it twice.
        ValueError: `naive_local` carries a zone: it is a moment already.
    """
    by_the_old_clock, by_the_new_clock = _both_readings(naive_local, tz)
    if by_the_old_clock == by_the_new_clock:
        return by_the_old_clock
    if by_the_old_clock < by_the_new_clock:
        raise RepeatedHour(first=by_the_old_clock, second=by_the_new_clock)
    # What the old clock would show only after the jump, the new one would have shown only before it.
    raise SkippedHour(before=by_the_new_clock, after=by_the_old_clock)


def first_showing(naive_local: datetime, tz: ZoneInfo) -> datetime:
    """For a rule that nobody can be asked about: the first moment (UTC) when the clock shows `naive_local`.

    When the clock jumps over it, the moment of the jump.
    """
    try:
        return resolve(naive_local, tz)
    except RepeatedHour as twice:
        return twice.first
    except SkippedHour as skipped:
        return _jump_between(skipped.before, skipped.after, tz)


def last_showing(naive_local: datetime, tz: ZoneInfo) -> datetime:
    """Like `first_showing`, but the second moment when the clock shows `naive_local` twice."""
    try:
        return resolve(naive_local, tz)
    except RepeatedHour as twice:
        return twice.second
    except SkippedHour as skipped:
        return _jump_between(skipped.before, skipped.after, tz)


def local(moment: datetime, tz: ZoneInfo) -> datetime:
    """`moment` as the clock of `tz` shows it, aware.

    Two results in one zone compare by what the clock shows, not by which comes first: compare moments in UTC.

    Raises:
        ValueError: `moment` is naive: nobody knows when it is.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(tz)


def check_future(moment: datetime, now: datetime, farthest_ahead: timedelta = FARTHEST_AHEAD) -> None:
    """Both aware.

    Raises:
        PastMoment: `moment` is not after `now`.
        TooFarAway: `moment` is more than `farthest_ahead` after `now`.
    """
    # Within one zone Python compares what the clocks show: the second 2:30 of an autumn night would equal the first.
    moment, now = moment.astimezone(UTC), now.astimezone(UTC)
    if moment <= now:
        raise PastMoment
    if moment > now + farthest_ahead:
        raise TooFarAway(now + farthest_ahead)


def _both_readings(naive_local: datetime, tz: ZoneInfo) -> tuple[datetime, datetime]:
    """By the offset of before a clock change and by that of after it (PEP 495's folds); equal on any other day."""
    if naive_local.tzinfo is not None:
        raise ValueError(f"{naive_local} already has a time zone")
    return (
        naive_local.replace(tzinfo=tz, fold=0).astimezone(UTC),
        naive_local.replace(tzinfo=tz, fold=1).astimezone(UTC),
    )


def _jump_between(before: datetime, after: datetime, tz: ZoneInfo) -> datetime:
    """The moment (UTC, to the minute: all jumps since 1972 are whole minutes) when the clock of `tz` changes offset."""
    offset = before.astimezone(tz).utcoffset()
    last_before, first_after = before.replace(second=0, microsecond=0), after.replace(second=0, microsecond=0)
    while first_after - last_before > timedelta(minutes=1):
        middle = last_before + timedelta(minutes=(first_after - last_before) // timedelta(minutes=2))
        if middle.astimezone(tz).utcoffset() == offset:
            last_before = middle
        else:
            first_after = middle
    return first_after
