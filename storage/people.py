"""People, the councils they follow, the roles they hold, what they agreed to."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field

from storage.columns import Table, big, row_id, word
from storage.role_names import Role as Role


class College(StrEnum):
    """The two collèges of a conseil citoyen (loi n° 2014-173, art. 7)."""

    HABITANTS = "habitants"
    ACTEURS_LOCAUX = "acteurs_locaux"


class News(StrEnum):
    """How a person takes news that are not about themselves: one by one, in one daily digest, or not at all."""

    EACH = "each"
    DIGEST = "digest"
    NONE = "none"


class Person(Table, table=True):
    """Somebody who agreed to the privacy notice.

    `telegram_id` is the number of both the account and the private chat; it is None once the account is erased.
    `unreachable_since` is set by a 403 and cleared as soon as the person is heard again.
    """

    __tablename__ = "person"

    id: int = row_id()
    telegram_id: int | None = big(default=None, unique=True, nullable=True)
    first_name: str
    language: str
    news: News = word(News, default=News.EACH)
    created_at: datetime
    last_heard_at: datetime
    unreachable_since: datetime | None = None
    erased_at: datetime | None = None


class Consent(Table, table=True):
    """Which privacy notice a person agreed to, and that they said to be 15 or over."""

    __tablename__ = "consent"

    id: int = row_id()
    person_id: int = big(foreign_key="person.id", ondelete="CASCADE", index=True)
    version: str
    given_at: datetime
    fifteen_or_over: bool


class Follow(Table, table=True):
    """A person follows a council; (council, person) order serves the fan-out of announcements."""

    __tablename__ = "follow"

    council_id: int = big(primary_key=True, foreign_key="council.id", ondelete="RESTRICT")
    person_id: int = big(primary_key=True, foreign_key="person.id", ondelete="CASCADE", index=True)
    since: datetime


def _held_once(name: str, *columns: str, where: str) -> Index:
    held = text(f"revoked_at IS NULL AND {where}")
    return Index(name, *columns, unique=True, sqlite_where=held, postgresql_where=held)


class RoleGrant(Table, table=True):
    """A role held in one council, or in the whole programme when `council_id` is None."""

    __tablename__ = "role_grant"
    __table_args__ = (
        _held_once("uq_role_grant_held_in_council", "person_id", "role", "council_id", where="council_id IS NOT NULL"),
        _held_once("uq_role_grant_held_in_programme", "person_id", "role", where="council_id IS NULL"),
    )

    id: int = row_id()
    person_id: int = big(foreign_key="person.id", ondelete="CASCADE", index=True)
    role: Role = word(Role)
    council_id: int | None = big(default=None, foreign_key="council.id", ondelete="RESTRICT", nullable=True, index=True)
    college: College | None = word(College, default=None, nullable=True)
    granted_by: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True)
    granted_at: datetime
    revoked_at: datetime | None = Field(default=None)
