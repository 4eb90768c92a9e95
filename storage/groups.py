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
