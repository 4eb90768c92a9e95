"""What a lead plans, checked before anybody hears of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from council.errors import EmptyWords, OutOfDate, Refusal, TooLong
from council.local_time import PastMoment, check_future
from council.settings import ReminderOffsets
from council.written import no_longer, written
from storage.meetings import MeetingKind

# UTF-16 units: with the fixed lines, all of it fits into one message of Telegram (4,096) (choice).
TITLE_LIMIT, PLACE_LIMIT, AGENDA_LIMIT, REASON_LIMIT = 120, 200, 2_000, 500
SHORTEST, LONGEST = 15, 12 * 60  # minutes (choice)
MOST_SEATS = 5_000
MOST_OFFSETS, FARTHEST_OFFSET = 5, 60 * 24 * 60  # reminders of one kind; minutes before the start (choice)


class MeetingBegun(Refusal):
    """It has begun: nothing about coming to it can change."""


class MeetingCancelled(Refusal):
    """It will not take place."""


class MeetingChanged(OutOfDate):
    """Another lead was faster: what this one saw is not how it stands."""


class NeedsConfirmation(Refusal):
    """A council is in its electoral reserve: a lead must say that this is neutral enough to be announced."""


class EmptyTitle(EmptyWords):
    """A meeting without a name."""


class EmptyPlace(EmptyWords):
    """Neither the name of a place nor a point on the map."""


class TitleTooLong(TooLong):
    pass


class PlaceTooLong(TooLong):
    pass


class AgendaTooLong(TooLong):
    pass


class ReasonTooLong(TooLong):
    pass


class LengthOutOfRange(Refusal):
    """`shortest` and `longest` in minutes."""

    def __init__(self) -> None:
        super().__init__(SHORTEST, LONGEST)
        self.shortest, self.longest = SHORTEST, LONGEST


class CapacityOutOfRange(Refusal):
    """Seats: from 0, which means as many as come, to `most`."""

    def __init__(self) -> None:
        super().__init__(MOST_SEATS)
        self.most = MOST_SEATS


class OffsetsOutOfRange(Refusal):
    """Too many reminders, or one that is not before the start, or is far too early."""


class AnnouncedTooLate(Refusal):
    """People would hear of the meeting when it has begun."""


class AnnouncedInThePast(PastMoment):
    """The moment chosen for the announcement has gone by while the lead was still writing."""


class HeardTooLate(AnnouncedTooLate):
    """It would be announced in time, but at night, when nobody is written to: people would hear after the start."""


@dataclass(frozen=True)
class MeetingPlan:
    """A meeting as its lead wants it. Moments are aware.

    `capacity` 0: no limit. `reminder_offsets` None: those of the programme. `announce_at` None: now, and for a meeting
    that is there already: as it was chosen.
    """

    kind: MeetingKind
    title: str
    starts_at: datetime
    minutes: int
    place: str
    latitude: float | None = None
    longitude: float | None = None
    agenda: str = ""
    capacity: int = 0
    media_kind: str | None = None
    media_file_id: str | None = None
    reminder_offsets: ReminderOffsets | None = None
    announce_at: datetime | None = None


class Planned(Protocol):
    """Anything that holds a meeting: its row, or a view of it."""

    @property
    def kind(self) -> MeetingKind: ...
    @property
    def title(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def minutes(self) -> int: ...
    @property
    def place(self) -> str: ...
    @property
    def latitude(self) -> float | None: ...
    @property
    def longitude(self) -> float | None: ...
    @property
    def agenda(self) -> str: ...
    @property
    def capacity(self) -> int: ...
    @property
    def media_kind(self) -> str | None: ...
    @property
    def media_file_id(self) -> str | None: ...
    @property
    def reminder_offsets(self) -> dict[str, list[int]] | None: ...


def plan_of(meeting: Planned) -> MeetingPlan:
    """The plan that the meeting stands for now, to be changed with `dataclasses.replace`."""
    return MeetingPlan(
        kind=meeting.kind,
        title=meeting.title,
        starts_at=meeting.starts_at,
        minutes=meeting.minutes,
        place=meeting.place,
        latitude=meeting.latitude,
        longitude=meeting.longitude,
        agenda=meeting.agenda,
        capacity=meeting.capacity,
        media_kind=meeting.media_kind,
        media_file_id=meeting.media_file_id,
        reminder_offsets=offsets_of(meeting.reminder_offsets),
    )


def offsets_of(stored: dict[str, list[int]] | None) -> ReminderOffsets | None:
    """A meeting's own reminders, read back from its row."""
    return None if stored is None else ReminderOffsets.model_validate(stored)


def check_plan(plan: MeetingPlan, now: datetime) -> MeetingPlan:
    """The plan without stray blanks.

    Raises:
        PastMoment, TooFarAway: the start (council/local_time.py).
        EmptyTitle, TitleTooLong, EmptyPlace, PlaceTooLong, AgendaTooLong: the words.
        LengthOutOfRange, CapacityOutOfRange, OffsetsOutOfRange, AnnouncedTooLate: the figures.
    """
    check_future(plan.starts_at, now)
    if plan.announce_at is not None and plan.announce_at >= plan.starts_at:
        raise AnnouncedTooLate
    located = plan.latitude is not None and plan.longitude is not None
    if plan.reminder_offsets is not None:
        _check_offsets(plan.reminder_offsets)
    return replace(
        plan,
        title=check_title(plan.title),
        place=no_longer(plan.place, PLACE_LIMIT, too_long=PlaceTooLong) if located else check_place(plan.place),
        agenda=check_agenda(plan.agenda),
        minutes=check_length(plan.minutes),
        capacity=check_capacity(plan.capacity),
    )


def check_title(words: str) -> str:
    """On one line: it heads cards and lists. Raises EmptyTitle or TitleTooLong."""
    return written(" ".join(words.split()), TITLE_LIMIT, empty=EmptyTitle, too_long=TitleTooLong)


def check_place(words: str) -> str:
    """Raises EmptyPlace or PlaceTooLong."""
    return written(words, PLACE_LIMIT, empty=EmptyPlace, too_long=PlaceTooLong)


def check_agenda(words: str) -> str:
    """May be missing. Raises AgendaTooLong."""
    return no_longer(words, AGENDA_LIMIT, too_long=AgendaTooLong)


def check_length(minutes: int) -> int:
    """Raises LengthOutOfRange."""
    if not SHORTEST <= minutes <= LONGEST:
        raise LengthOutOfRange
    return minutes


def check_capacity(seats: int) -> int:
    """Raises CapacityOutOfRange."""
    if not 0 <= seats <= MOST_SEATS:
        raise CapacityOutOfRange
    return seats


def _check_offsets(offsets: ReminderOffsets) -> None:
    for each in (offsets.unanswered, offsets.coming):
        if len(each) > MOST_OFFSETS or not all(0 < minutes <= FARTHEST_OFFSET for minutes in each):
            raise OffsetsOutOfRange
