"""Group chats that a council linked: its announcements are shown there too, without anybody's name."""

from datetime import datetime

from sqlmodel import Field

from storage.columns import BigId, Table, big


class CouncilGroup(Table, table=True):
    __tablename__ = "council_group"

    chat_id: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})
    council_id: int = big(foreign_key="council.id", ondelete="CASCADE", index=True)
    thread_id: int | None = big(default=None, nullable=True)
    linked_by: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True)
    linked_at: datetime
    unlinked_at: datetime | None = None


class TeamGroup(Table, table=True):
    """The supergroup with topics in which the team talks about its requests, one topic each; at most one is linked."""

    __tablename__ = "team_group"

    chat_id: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})
    linked_by: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True, index=True)
    linked_at: datetime
    unlinked_at: datetime | None = None
