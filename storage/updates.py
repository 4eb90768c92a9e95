"""Which updates have had their effect, and which could not be handled."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from storage.columns import BigId, Table, big, json_value, row_id


class ProcessedUpdate(Table, table=True):
    """Written in the transaction of the effect itself: an update that comes again finds its row and does nothing."""

    __tablename__ = "processed_update"

    update_id: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(index=True)


class SetAsideUpdate(Table, table=True):
    """An update that failed three times: kept whole, so that nothing a person sent is lost, and blocking nobody."""

    __tablename__ = "set_aside_update"

    id: int = row_id()
    update_id: int = big(unique=True)
    telegram_id: int | None = big(default=None, nullable=True, index=True)
    reference: str = Field(index=True)
    error: str
    payload: dict[str, Any] = json_value()
    at: datetime
