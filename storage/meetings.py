"""Meetings, the answers to them, and the moments at which people are reminded."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from storage.columns import Table, big, json_value, row_id, word


class MeetingKind(StrEnum):
    PLENARY = "plenary"
    COMMISSION = "commission"
    STEERING_COMMITTEE = "steering_committee"
    TECHNICAL_COMMITTEE = "technical_committee"
    TRAINING = "training"
    INTER_COUNCIL = "inter_council"
    DROP_IN = "drop_in"


class MeetingState(StrEnum):
    """`held` is derived from the clock until minutes exist; a draft waits for its chosen time of announcement."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"


class Answer(StrEnum):
    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


class Audience(StrEnum):
    """Who a reminder is for."""

    UNANSWERED = "unanswered"
    COMING = "coming"


class Meeting(Table, table=True):
    """A meeting of one or several councils.

    `starts_at` is UTC; `minutes` is its length. `revision` grows with every change by a lead: two at once do not
    overwrite each other. `told_revision` is the one of which people were last told: a notice of an older one is no
    longer true. `reminder_offsets` is a council.settings.ReminderOffsets, None for the programme's. `confirmed`: a lead
    found it fit to be announced in an electoral reserve. `request_key` makes creating it twice impossible.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("capacity >= 0", name="capacity"),
        CheckConstraint("minutes > 0", name="minutes"),
        Index(
            "ix_meeting_announce_at",
            "announce_at",
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )

    id: int = row_id()
    kind: MeetingKind = word(MeetingKind)
    state: MeetingState = word(MeetingState, default=MeetingState.DRAFT)
    title: str
    agenda: str = Field(default="", sa_type=Text)
    starts_at: datetime = Field(index=True)
    minutes: int
    place: str
    latitude: float | None = None
    longitude: float | None = None
    capacity: int = 0
    media_kind: str | None = None
    media_file_id: str | None = None
    reminder_offsets: dict[str, list[int]] | None = json_value(default=None, nullable=True)
    revision: int = 1
    told_revision: int = 1
    confirmed: bool = False
    announce_at: datetime
    announced_at: datetime | None = None
    cancel_reason: str | None = None
    minutes_file_id: str | None = None
    created_by: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True)
    created_at: datetime
    request_key: str = Field(unique=True)


class MeetingCouncil(Table, table=True):
    __tablename__ = "meeting_council"

    meeting_id: int = big(primary_key=True, foreign_key="meeting.id", ondelete="CASCADE")
    council_id: int = big(primary_key=True, foreign_key="council.id", ondelete="RESTRICT", index=True)


class Rsvp(Table, table=True):
    """One row a person and meeting; `waiting_since` is set while a "yes" has no seat: first in, first promoted.

    The index counts the answers and finds the head of the queue without touching the rows.
    """

    __tablename__ = "rsvp"
    __table_args__ = (Index("ix_rsvp_standing", "meeting_id", "answer", "waiting_since", "person_id"),)

    meeting_id: int = big(primary_key=True, foreign_key="meeting.id", ondelete="CASCADE")
    person_id: int = big(primary_key=True, foreign_key="person.id", ondelete="CASCADE", index=True)
    answer: Answer = word(Answer)
    waiting_since: datetime | None = None
    answered_at: datetime


class Reminder(Table, table=True):
    """One moment of one meeting at which some of the people are reminded; `offset_minutes` is before the start.

    A moved meeting gets new rows under its new revision, and the old ones are done without a word.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("meeting_id", "revision", "offset_minutes", "audience"),
        Index(
            "ix_reminder_due", "due_at", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")
        ),
    )

    id: int = row_id()
    meeting_id: int = big(foreign_key="meeting.id", ondelete="CASCADE")
    revision: int
    offset_minutes: int
    audience: Audience = word(Audience)
    due_at: datetime
    done_at: datetime | None = None
