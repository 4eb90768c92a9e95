"""Support requests: what was asked, what was said, what became of it."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import Index, SmallInteger, Text, UniqueConstraint, text
from sqlmodel import Field

from storage.columns import Table, big, json_value, row_id, word


class SupportKind(StrEnum):
    """What is asked (domain.md, section 4)."""

    STATUTES = "statutes"
    RULES = "rules"
    PREPARE_MEETING = "prepare_meeting"
    RUN_MEETING = "run_meeting"
    MINUTES = "minutes"
    MOBILISATION = "mobilisation"
    COMMUNICATION = "communication"
    TOOLS = "tools"
    BUDGET = "budget"
    ROOM = "room"
    TRAINING = "training"
    CONTACT = "contact"
    PREPARE_STEERING = "prepare_steering"
    SAISINE = "saisine"
    WAKE_COUNCIL = "wake_council"
    INTER_COUNCIL = "inter_council"
    EXPERTISE = "expertise"
    OTHER = "other"


class SupportState(StrEnum):
    """The states of domain.md, section 4; withdrawn and merged are ours."""

    RECEIVED = "received"
    QUALIFIED = "qualified"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    CARRIED_OUT = "carried_out"
    CLOSED = "closed"
    REDIRECTED = "redirected"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Verdict(StrEnum):
    """What the requester says of the result."""

    SOLVED = "solved"
    PARTLY = "partly"
    NO = "no"


class AlertLevel(IntEnum):
    """Who has been alerted of a promise in danger, in this order, each once a promise."""

    NOBODY = 0
    ANIMATOR = 1
    DEPUTY = 2
    COORDINATOR = 3


class SupportSide(StrEnum):
    """Who a message is from; a note is seen by the team alone."""

    REQUESTER = "requester"
    TEAM = "team"
    NOTE = "note"


class ContentKind(StrEnum):
    """What one message is; all but text, location and contact are files that Telegram keeps."""

    TEXT = "text"
    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    AUDIO = "audio"
    DOCUMENT = "document"
    ANIMATION = "animation"
    VIDEO_NOTE = "video_note"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"


class SupportAct(StrEnum):
    """One step in the history of a request."""

    ASKED = "asked"
    ASSIGNED = "assigned"
    QUEUED = "queued"
    TAKEN = "taken"
    TRANSFERRED = "transferred"
    RELEASED = "released"
    QUALIFIED = "qualified"
    ANSWERED = "answered"
    WAITING = "waiting"
    WRITTEN = "written"
    ALERTED = "alerted"
    PROMISE_MOVED = "promise_moved"
    REDIRECTED = "redirected"
    ATTACHED = "attached"
    CARRIED_OUT = "carried_out"
    JUDGED = "judged"
    REOPENED = "reopened"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


ENDED = (SupportState.CLOSED, SupportState.REDIRECTED, SupportState.WITHDRAWN, SupportState.MERGED)
"""States in which nobody waits for anybody."""
OPEN = tuple(state for state in SupportState if state not in ENDED)

_OPEN = "state NOT IN ('closed', 'redirected', 'withdrawn', 'merged')"


def _among_open(name: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=text(_OPEN), postgresql_where=text(_OPEN))


def _unanswered(name: str, *columns: str) -> Index:
    waiting = text(f"{_OPEN} AND first_answer_at IS NULL")
    return Index(name, *columns, sqlite_where=waiting, postgresql_where=waiting)


def _where_set(name: str, column: str) -> Index:
    there = text(f"{column} IS NOT NULL")
    return Index(name, column, sqlite_where=there, postgresql_where=there)


class SupportRequest(Table, table=True):
    """What a resident or a council asks of the animators.

    `council_id` None: the person knows no council. `animator_id` None: in the team's queue. `asked_at` is when the
    present round began: a reopened request has a fresh promise, and `rounds` counts them. `promised_at` is the latest
    moment of the first answer of this round, `calendar` the fingerprint of the calendar it was computed with.
    `next_alert_at` and `next_feedback_at` are when a sweep looks at the request again, None when it need not. Minutes
    are working minutes. `words_gone_at` is when what was said was taken out, by an erasure or long after the end.
    `topic_*` is where a team with a group talks about it. All moments are UTC.
    """

    __tablename__ = "support_request"
    __table_args__ = (
        _among_open("ix_support_request_of_animator", "animator_id", "promised_at"),
        _among_open("ix_support_request_of_council", "council_id", "promised_at"),
        _among_open("ix_support_request_open", "promised_at"),
        _unanswered("ix_support_request_unanswered", "promised_at"),
        _unanswered("ix_support_request_unanswered_of", "animator_id", "promised_at"),
        _where_set("ix_support_request_alert", "next_alert_at"),
        _where_set("ix_support_request_duplicate", "duplicate_of_id"),
        _where_set("ix_support_request_linked", "linked_to_id"),
        _where_set("ix_support_request_feedback", "next_feedback_at"),
        Index(
            "ix_support_request_to_forget",
            "closed_at",
            sqlite_where=text("words_gone_at IS NULL"),
            postgresql_where=text("words_gone_at IS NULL"),
        ),
        Index("ix_support_request_topic", "topic_chat_id", "topic_thread_id"),
    )

    id: int = row_id()
    number: str = Field(unique=True)
    person_id: int = big(foreign_key="person.id", ondelete="RESTRICT", index=True)
    council_id: int | None = big(default=None, foreign_key="council.id", ondelete="RESTRICT", nullable=True)
    for_council: bool = False
    kind: SupportKind = word(SupportKind)
    theme: str | None = None
    state: SupportState = word(SupportState)
    animator_id: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True)
    created_at: datetime = Field(index=True)
    changed_at: datetime
    asked_at: datetime
    rounds: int = Field(default=1, sa_type=SmallInteger)
    promised_at: datetime
    calendar: str
    alert_level: int = Field(default=AlertLevel.NOBODY, sa_type=SmallInteger)
    next_alert_at: datetime | None = None
    first_answer_at: datetime | None = None
    first_answer_minutes: int | None = None
    carried_out_at: datetime | None = None
    completion_minutes: int | None = None
    result: str | None = Field(default=None, sa_type=Text)
    verdict: Verdict | None = word(Verdict, default=None, nullable=True)
    face: int | None = Field(default=None, sa_type=SmallInteger)
    feedback_asked: int = Field(default=0, sa_type=SmallInteger)
    next_feedback_at: datetime | None = None
    closed_at: datetime | None = None
    words_gone_at: datetime | None = None
    linked_to_id: int | None = big(default=None, foreign_key="support_request.id", ondelete="SET NULL", nullable=True)
    duplicate_of_id: int | None = big(
        default=None, foreign_key="support_request.id", ondelete="SET NULL", nullable=True
    )
    meeting_id: int | None = big(default=None, foreign_key="meeting.id", ondelete="SET NULL", nullable=True)
    resource_actor_id: int | None = big(
        default=None, foreign_key="resource_actor.id", ondelete="SET NULL", nullable=True
    )
    topic_chat_id: int | None = big(default=None, nullable=True)
    topic_thread_id: int | None = big(default=None, nullable=True)
    request_key: str = Field(unique=True)


class SupportMessage(Table, table=True):
    """One message of the talk about a request, as it stands now.

    `parts` is its text as safe HTML, in pieces that each fit into a message with a heading. `chat_id` and `message_id`
    name it where its author wrote it. `batch_id` is the first message of those that leave together: an album, or a
    flood that was joined. `album` is Telegram's name of the album.
    """

    __tablename__ = "support_message"
    __table_args__ = (
        UniqueConstraint("chat_id", "message_id"),
        Index("ix_support_message_of_request", "request_id", "id"),
        Index("ix_support_message_batch", "batch_id"),
    )

    id: int = row_id()
    request_id: int = big(foreign_key="support_request.id", ondelete="CASCADE")
    author_id: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True, index=True)
    side: SupportSide = word(SupportSide)
    kind: ContentKind = word(ContentKind)
    parts: list[str] = json_value(default_factory=list)
    file_id: str | None = None
    file_unique_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    contact: dict[str, Any] | None = json_value(default=None, nullable=True)
    album: str | None = None
    reply_to_id: int | None = big(default=None, foreign_key="support_message.id", ondelete="SET NULL", nullable=True)
    batch_id: int | None = big(default=None, nullable=True)
    chat_id: int | None = big(default=None, nullable=True)
    message_id: int | None = big(default=None, nullable=True)
    created_at: datetime
    edited_at: datetime | None = None


class SupportVersion(Table, table=True):
    """What a message said before it was edited."""

    __tablename__ = "support_version"

    id: int = row_id()
    message_id: int = big(foreign_key="support_message.id", ondelete="CASCADE", index=True)
    parts: list[str] = json_value()
    replaced_at: datetime


class SupportCopy(Table, table=True):
    """Where the bot has put a message: a reply to the copy is a reply to the message, and an edit reaches it."""

    __tablename__ = "support_copy"

    chat_id: int = big(primary_key=True, sa_column_kwargs={"autoincrement": False})
    message_id: int = big(primary_key=True, sa_column_kwargs={"autoincrement": False})
    support_message_id: int = big(foreign_key="support_message.id", ondelete="CASCADE", index=True)
    part: int = Field(default=0, sa_type=SmallInteger)


class SupportEvent(Table, table=True):
    """The history of a request: who did what, when, and the state it came to. `detail` holds words of the code."""

    __tablename__ = "support_event"

    id: int = row_id()
    request_id: int = big(foreign_key="support_request.id", ondelete="CASCADE", index=True)
    at: datetime
    act: SupportAct = word(SupportAct)
    person_id: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True, index=True)
    other_id: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True, index=True)
    state: SupportState = word(SupportState)
    detail: str = ""
