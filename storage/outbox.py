"""The outbox: every word to somebody else, or for later, is a row here before it is a message."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import Index, SmallInteger, text
from sqlmodel import Field

from storage.columns import Table, big, json_value, row_id, word


class NoticeState(StrEnum):
    PENDING = "pending"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class NoticePriority(IntEnum):
    """Lower goes first (design.md, section 3); replies to a person's own act never pass here."""

    RELAY = 1
    TRANSACTIONAL = 2
    REMINDER = 3
    BROADCAST = 4


_WAITING = "state = 'pending'"
_UNFINISHED = "state IN ('pending', 'leased')"
LOST_RELAY = "kind = 'support_relay' AND state IN ('failed', 'uncertain', 'expired', 'cancelled')"
"""Words of a talk that did not arrive, or may not have."""


class Notice(Table, table=True):
    """One message to one chat.

    What it says is not here: `kind` and `subject_id` name it, and the card is made when it leaves, in the reader's
    language. `revision` is that of the subject when the notice was written; for a card that is looked at once more, the
    mark of what it showed. `claims` counts leases and names the one in
    force; `started_at` is the first; `attempted_at` is set just before the network is asked, so that after a crash only
    those are uncertain. `attempts` counts the failures that are tried again.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "priority", "id", sqlite_where=text(_WAITING), postgresql_where=text(_WAITING)),
        Index(
            "ix_outbox_waiting_at_night",
            "priority",
            "id",
            sqlite_where=text(f"{_WAITING} AND NOT quiet"),
            postgresql_where=text(f"{_WAITING} AND NOT quiet"),
        ),
        Index(
            "ix_outbox_chat_queue",
            "chat_id",
            "priority",
            "id",
            sqlite_where=text(_UNFINISHED),
            postgresql_where=text(_UNFINISHED),
        ),
        Index("ix_outbox_subject", "kind", "subject_id", "person_id"),
        # The kind in front, though all are of one: SQLite takes the index with which it compares more columns.
        Index(
            "ix_outbox_lost_relay",
            "kind",
            "finished_at",
            sqlite_where=text(LOST_RELAY),
            postgresql_where=text(LOST_RELAY),
        ),
    )

    id: int = row_id()
    dedup_key: str = Field(unique=True)
    person_id: int | None = big(default=None, foreign_key="person.id", ondelete="CASCADE", nullable=True)
    chat_id: int = big()
    thread_id: int | None = big(default=None, nullable=True)
    kind: str
    subject_id: int = big()
    revision: int = 0
    detail: str | None = None
    locale: str
    priority: int = Field(sa_type=SmallInteger)
    quiet: bool = True
    not_before: datetime
    expires_at: datetime | None = None
    state: NoticeState = word(NoticeState, default=NoticeState.PENDING)
    attempts: int = Field(default=0, sa_type=SmallInteger)
    claims: int = Field(default=0)
    started_at: datetime | None = None
    attempted_at: datetime | None = None
    lease_until: datetime | None = None
    message_id: int | None = big(default=None, nullable=True)
    error: str | None = None
    created_at: datetime
    finished_at: datetime | None = None


class Fanout(Table, table=True):
    """One notice to many people, copied into the outbox chunk by chunk; `cursor` is the last person id done."""

    __tablename__ = "fanout"
    __table_args__ = (
        Index(
            "ix_fanout_unfinished",
            "id",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
    )

    id: int = row_id()
    kind: str
    subject_id: int = big()
    revision: int = 0
    audience: dict[str, Any] = json_value()
    notice: dict[str, Any] = json_value()
    cursor: int = big(default=0)
    copied: int = big(default=0)
    created_at: datetime
    finished_at: datetime | None = None


class LiveCard(Table, table=True):
    """A message that is kept true: its card is edited when its subject changes. Without a person: a group reads it."""

    __tablename__ = "live_card"
    __table_args__ = (
        Index("ix_live_card_subject", "kind", "subject_id", "person_id"),
        Index("ix_live_card_message", "chat_id", "message_id"),
    )

    id: int = row_id()
    person_id: int | None = big(default=None, foreign_key="person.id", ondelete="CASCADE", nullable=True, index=True)
    chat_id: int = big()
    message_id: int = big()
    kind: str
    subject_id: int = big()
    made_at: datetime
