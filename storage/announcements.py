"""News that a lead writes: the text stands here once, however many people it goes to."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Text
from sqlmodel import Field

from storage.columns import Table, big, row_id, word


class AnnouncementAudience(StrEnum):
    FOLLOWERS = "followers"
    ATTENDEES = "attendees"


class Announcement(Table, table=True):
    """Approved words, frozen; `meeting_id` is set when they go to those who said yes or maybe."""

    __tablename__ = "announcement"

    id: int = row_id()
    audience: AnnouncementAudience = word(AnnouncementAudience)
    meeting_id: int | None = big(default=None, foreign_key="meeting.id", ondelete="CASCADE", nullable=True, index=True)
    author_id: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True, index=True)
    words: str = Field(sa_type=Text)
    media_kind: str | None = None
    media_file_id: str | None = None
    created_at: datetime
    request_key: str = Field(unique=True)


class AnnouncementCouncil(Table, table=True):
    __tablename__ = "announcement_council"

    announcement_id: int = big(primary_key=True, foreign_key="announcement.id", ondelete="CASCADE")
    council_id: int = big(primary_key=True, foreign_key="council.id", ondelete="RESTRICT", index=True)
