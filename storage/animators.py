"""The team at work: who stands in for whom, how much each takes on, what each knows, and when they are away."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, SmallInteger
from sqlmodel import Field

from storage.columns import Table, big, row_id, word
from storage.support import SupportKind


class AnimatorPost(Table, table=True):
    """How one animator works; no row: nobody stands in, and the programme's capacity holds.

    `capacity` is how many open requests they take on at once, None for the programme's. `given_at` is when they were
    last given one: the fair turn goes on from there.
    """

    __tablename__ = "animator_post"

    person_id: int = big(
        primary_key=True, foreign_key="person.id", ondelete="CASCADE", sa_column_kwargs={"autoincrement": False}
    )
    deputy_id: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True, index=True)
    capacity: int | None = Field(default=None, sa_type=SmallInteger)
    given_at: datetime | None = None


class AnimatorSkill(Table, table=True):
    """A kind of request that this animator is good at; it counts only where the programme routes that kind by skill."""

    __tablename__ = "animator_skill"

    person_id: int = big(
        primary_key=True, foreign_key="person.id", ondelete="CASCADE", sa_column_kwargs={"autoincrement": False}
    )
    kind: SupportKind = word(SupportKind, primary_key=True)


class Absence(Table, table=True):
    """Local days, first and last included, on which an animator does not work."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="in_order"),)

    id: int = row_id()
    person_id: int = big(foreign_key="person.id", ondelete="CASCADE", index=True)
    starts_on: date
    ends_on: date = Field(index=True)
    created_by: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True, index=True)
    created_at: datetime
    cancelled_at: datetime | None = None
