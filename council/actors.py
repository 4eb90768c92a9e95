"""Who acts, and what they may do. Rights are read anew from the database at every act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, literal, true, union_all
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.errors import NotAllowed
from storage.database import execute_built
from storage.people import College, Follow, Person, Role, RoleGrant


@dataclass(frozen=True)
class Held:
    """A role that somebody holds now; `council_id` None: in the whole programme."""

    role: Role
    council_id: int | None
    college: College | None = None


@dataclass(frozen=True)
class Actor:
    """A person who joined, with the councils they follow and the roles they hold at this very moment.

    `heard_at` is when they were last heard before, None while they cannot be written to.
    """

    person_id: int
    telegram_id: int
    first_name: str
    language: str
    held: tuple[Held, ...] = ()
    follows: frozenset[int] = frozenset()
    heard_at: datetime | None = None

    def has(self, role: Role, council_id: int | None = None) -> bool:
        """Holds `role` in that council or in the whole programme."""
        return any(h.role == role and h.council_id in (None, council_id) for h in self.held)

    def holds_anywhere(self, *roles: Role) -> bool:
        return any(h.role in roles for h in self.held)

    @property
    def is_coordinator(self) -> bool:
        return self.holds_anywhere(Role.COORDINATOR)

    def manages(self, council_id: int) -> bool:
        """Leads or accompanies that council, or coordinates the programme."""
        return self.is_coordinator or self.has(Role.LEAD, council_id) or self.has(Role.ANIMATOR, council_id)

    @property
    def managed_councils(self) -> frozenset[int]:
        """Councils that this person leads or accompanies; a coordinator manages all without being listed here."""
        return frozenset(
            h.council_id for h in self.held if h.role in (Role.LEAD, Role.ANIMATOR) and h.council_id is not None
        )


def check_manages(actor: Actor, council_ids: frozenset[int]) -> None:
    """Only leads and animators of each council, or the coordinator.

    Raises:
        NotAllowed: for any other person, and for no council at all.
    """
    if not council_ids or not all(actor.manages(each) for each in council_ids):
        raise NotAllowed


def check_coordinates(actor: Actor) -> None:
    """Only the coordinator. Raises NotAllowed."""
    if not actor.is_coordinator:
        raise NotAllowed


_THEIR_ID: Any = select(col(Person.id)).where(col(Person.telegram_id) == bindparam("telegram_id")).scalar_subquery()
_HELD_AND_FOLLOWED: Any = union_all(
    select(col(RoleGrant.role), col(RoleGrant.council_id), col(RoleGrant.college)).where(
        col(RoleGrant.person_id) == _THEIR_ID, col(RoleGrant.revoked_at).is_(None)
    ),
    select(literal(None), col(Follow.council_id), literal(None)).where(col(Follow.person_id) == _THEIR_ID),
).subquery()
ACTOR: tuple[Any, ...] = (
    col(Person.id),
    col(Person.first_name),
    col(Person.language),
    case((col(Person.unreachable_since).is_(None), col(Person.last_heard_at))),
    *_HELD_AND_FOLLOWED.c,
)
"""What `actor_of` reads, from a statement with `of_actor`."""


def of_actor(beside: Any) -> Any:
    """What a statement selects from that asks for the person with the Telegram number `telegram_id`.

    A row of `beside` comes once for each role and each council followed, and once when there is neither.
    """
    theirs = beside.outerjoin(Person, col(Person.telegram_id) == bindparam("telegram_id"))
    return theirs.outerjoin(_HELD_AND_FOLLOWED, true())


def actor_of(telegram_id: int, rows: Sequence[Any]) -> Actor | None:
    """From the `ACTOR` columns of the rows; None when the person has not joined."""
    person_id, first_name, language, heard_at, *_ = rows[0]
    if person_id is None:
        return None
    held = tuple(
        Held(Role(role), council_id, College(college) if college else None)
        for *_, role, council_id, college in rows
        if role
    )
    follows = frozenset(council_id for *_, role, council_id, _ in rows if not role and council_id is not None)
    return Actor(person_id, telegram_id, first_name, language, held, follows, heard_at)


# Built once: it stands on the way of every tap.
_ACTOR: Any = select(*ACTOR).select_from(of_actor(select(literal(1)).subquery()))


async def load_actor(session: AsyncSession, telegram_id: int) -> Actor | None:
    """The person behind a Telegram account; None when they have not joined."""
    return actor_of(telegram_id, (await execute_built(session, _ACTOR, {"telegram_id": telegram_id})).all())
