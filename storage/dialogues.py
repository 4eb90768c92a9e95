"""Where each conversation stands: it survives a restart and changes in the transaction of the effect it leads to."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from storage.columns import BigId, Table, big, json_value


class Dialogue(Table, table=True):
    """The dialogue of one person in one chat.

    `version` grows with each change: two updates that ran from the same state cannot both be kept. `paused` is set
    after the delay of programme settings; the person is told, and may resume.
    """

    __tablename__ = "dialogue"

    chat_id: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})
    telegram_id: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})
    thread_id: int = Field(default=0, primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})
    state: str | None = None
    data: dict[str, Any] = json_value(default_factory=dict)
    version: int = big(default=0)
    paused: bool = False
    changed_at: datetime
    expires_at: datetime = Field(index=True)
