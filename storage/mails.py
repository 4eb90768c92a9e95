"""E-mail that leaves: a row before it is a message, so that nothing is lost and nothing is sent twice unseen."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, LargeBinary, SmallInteger, Text, text
from sqlmodel import Field

from storage.columns import Table, big, json_value, row_id, word


class MailState(StrEnum):
    PENDING = "pending"
    LEASED = "leased"
    SENT = "sent"
    REFUSED = "refused"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


WAITING = "state IN ('pending', 'leased')"
"""A mail that has not left, in the words of its partial index: SQLite uses it for a query that holds them."""


class Mail(Table, table=True):
    """One e-mail to one address, in French: institutions read it.

    `message_header` is the left part of its Message-ID, fixed when the row is written: a doubtful second try is seen as
    the same mail. `answer` is what the SMTP server said last, code and words. `body` is plain text, empty when
    the mail was withdrawn: it does not leave any more. `kind` and
    `subject_id` name what it is about. `claims` counts leases and names the one in force; `attempted_at` is set just
    before the words themselves leave, so that after a crash only those are uncertain. All moments are UTC.
    """

    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_waiting", "not_before", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
    )

    id: int = row_id()
    dedup_key: str = Field(unique=True)
    kind: str
    subject_id: int = big(index=True)
    address: str
    subject: str
    body: str = Field(sa_type=Text)
    headers: dict[str, Any] = json_value(default_factory=dict)
    message_header: str = Field(unique=True)
    state: MailState = word(MailState, default=MailState.PENDING)
    attempts: int = Field(default=0, sa_type=SmallInteger)
    claims: int = 0
    not_before: datetime
    lease_until: datetime | None = None
    attempted_at: datetime | None = None
    answer: str | None = None
    created_at: datetime
    finished_at: datetime | None = None


class MailAttachment(Table, table=True):
    """A file that goes with an e-mail; `sha256` proves what was sent, in hexadecimal."""

    __tablename__ = "mail_attachment"

    id: int = row_id()
    mail_id: int = big(foreign_key="mail.id", ondelete="CASCADE", index=True)
    file_name: str
    media_type: str
    content: bytes = Field(sa_type=LargeBinary)
    sha256: str
