"""A meeting as a calendar file (iCalendar, RFC 5545), for the diary of whoever will come.

The library is imported with the first file: a bot need not wait for it at its start.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Timezone

PRODUCT = "-//Porte-voix//Réunions//FR"


@dataclass(frozen=True)
class CalendarEntry:
    """What the file says of a meeting, in the reader's words.

    `starts_at` and `stamped_at` are aware. `uid` stays the same as long as the meeting lives: a newer file, known by
    its `sequence`, then replaces the older one in the diary. Latitude and longitude are in degrees (WGS 84).
    """

    uid: str
    sequence: int
    starts_at: datetime
    minutes: int
    summary: str
    description: str
    place: str
    stamped_at: datetime
    latitude: float | None = None
    longitude: float | None = None
    cancelled: bool = False


def calendar_file(entry: CalendarEntry, tz: ZoneInfo) -> bytes:
    """The file, in UTF-8."""
    from icalendar import Calendar, Event, vGeo

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    starts_at, ends_at = _written_times(entry, tz)
    if starts_at.tzinfo is tz:
        calendar.add_component(_timezone(tz.key, starts_at.year))
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamped_at)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("location", entry.place)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    if entry.latitude is not None and entry.longitude is not None:
        event["geo"] = vGeo((entry.latitude, entry.longitude))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _written_times(entry: CalendarEntry, tz: ZoneInfo) -> tuple[datetime, datetime]:
    """Start and end in local time, or both in UTC where local time could not tell them.

    RFC 5545, section 3.3.5: a local time that the clock shows twice is always the first of the two, and both ends of an
    event are written in one way.
    """
    utc = ZoneInfo("UTC")
    moments = (entry.starts_at.astimezone(utc), entry.starts_at.astimezone(utc) + timedelta(minutes=entry.minutes))
    starts_at, ends_at = (each.astimezone(tz) for each in moments)
    return moments if starts_at.fold or ends_at.fold else (starts_at, ends_at)


@lru_cache(maxsize=16)
def _timezone(key: str, year: int) -> "Timezone":
    """The rules of the zone around that year: working them out is slow, and older ones are of no use to a diary."""
    from icalendar import Timezone

    made = Timezone.from_tzid(key, first_date=date(year - 1, 1, 1), last_date=date(year + 2, 1, 1))
    made.pop("comment", None)
    return made
