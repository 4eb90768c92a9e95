"""The directory of resource actors: local experts and associations whom a council may turn to on a theme."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field

from storage.columns import Table, big, json_value, row_id


class ResourceActor(Table, table=True):
    """One entry, kept by the animators.

    `council_ids` empty: for all councils. `key` is the name as it is compared, without accents or capitals: an import
    finds the entry again. `archived_at` is set when it is taken out; requests that were redirected to it keep it.
    """

    __tablename__ = "resource_actor"

    id: int = row_id()
    key: str = Field(unique=True)
    name: str
    themes: list[str] = json_value(default_factory=list)
    contact_name: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    council_ids: list[int] = json_value(default_factory=list)
    note: str = Field(default="", sa_type=Text)
    updated_by: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True, index=True)
    updated_at: datetime
    archived_at: datetime | None = None
