"""When a reminder of a meeting is due: at a waking hour, and early enough to be of use.

All moments are aware; those given back are in UTC. Offsets are minutes before the start.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from council.local_time import first_showing, local
from council.quiet_hours import QuietHours

MINUTES_A_DAY = 24 * 60
TIME_TO_COME = timedelta(minutes=30)
"""A reminder that quiet hours push this near to the start leaves no time to come (choice)."""
BEFORE_THE_NIGHT = timedelta(hours=1)
"""How long before quiet hours begin such a reminder goes out instead: the evening before (choice)."""


def reminder_due(
    starts_at: datetime, offset_minutes: int, quiet: QuietHours, tz: ZoneInfo, now: datetime
) -> datetime | None:
    """The moment of the reminder, or None when it can no longer be given.

    `now` only decides whether it is too late, never when: planning again gives the same moment.

    Raises:
        ValueError: the offset is not positive, so this is no reminder.
    """
    if offset_minutes <= 0:
        raise ValueError(f"a reminder comes before the start, not {offset_minutes} minutes before")
    due = _outside_quiet_hours(_wanted(starts_at, offset_minutes, tz), starts_at, quiet)
    in_time = now.astimezone(UTC) < due < starts_at.astimezone(UTC)
    return due if in_time and not quiet.covers(due) else None


def reminder_schedule(
    starts_at: datetime, offsets: Iterable[int], quiet: QuietHours, tz: ZoneInfo, now: datetime
) -> list[tuple[int, datetime]]:
    """The reminders still to give, earliest first, as (offset in minutes, moment due).

    Of several that land on one moment, the one with the smallest offset stays: people count on the last call.
    """
    smallest_offset: dict[datetime, int] = {}
    for offset in sorted(offsets):
        due = reminder_due(starts_at, offset, quiet, tz, now)
        if due is not None:
            smallest_offset.setdefault(due, offset)
    return [(smallest_offset[due], due) for due in sorted(smallest_offset)]


def _wanted(starts_at: datetime, offset_minutes: int, tz: ZoneInfo) -> datetime:
    """Whole days keep the wall clock (mardi 18 h 30 → lundi 18 h 30, 23 or 25 hours before); the rest is elapsed."""
    days, minutes = divmod(offset_minutes, MINUTES_A_DAY)
    same_hour = starts_at.astimezone(UTC)
    if days:
        same_hour = first_showing(local(starts_at, tz).replace(tzinfo=None, fold=0) - timedelta(days=days), tz)
    return same_hour - timedelta(minutes=minutes)


def _outside_quiet_hours(wanted: datetime, starts_at: datetime, quiet: QuietHours) -> datetime:
    if not quiet.covers(wanted):
        return wanted
    morning = quiet.ends_after(wanted)
    if morning < starts_at.astimezone(UTC) - TIME_TO_COME:
        return morning
    return quiet.begins_before(wanted) - BEFORE_THE_NIGHT
