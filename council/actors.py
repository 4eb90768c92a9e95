"""Who acts, and what they may do. Rights are read anew from the database at every act."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, literal, union_all
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.errors import NotAllowed
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


# Built once: both stand on the way of every tap.
_PERSON: Any = select(
    col(Person.id),
    col(Person.first_name),
    col(Person.language),
    case((col(Person.unreachable_since).is_(None), col(Person.last_heard_at))),
).where(col(Person.telegram_id) == bindparam("telegram_id"))
_HELD_AND_FOLLOWED: Any = union_all(
    select(col(RoleGrant.role), col(RoleGrant.council_id), col(RoleGrant.college)).where(
        col(RoleGrant.person_id) == bindparam("person_id"), col(RoleGrant.revoked_at).is_(None)
    ),
    select(literal(None), col(Follow.council_id), literal(None)).where(col(Follow.person_id) == bindparam("person_id")),
)


async def load_actor(session: AsyncSession, telegram_id: int) -> Actor | None:
    """The person behind a Telegram account; None when they have not joined."""
    person = (await session.exec(_PERSON, params={"telegram_id": telegram_id})).first()
    if person is None:
        return None
    person_id, first_name, language, heard_at = person
    held, follows = await _held_and_followed(session, person_id)
    return Actor(person_id, telegram_id, first_name, language, held, follows, heard_at)


async def _held_and_followed(session: AsyncSession, person_id: int) -> tuple[tuple[Held, ...], frozenset[int]]:
    rows = (await session.exec(_HELD_AND_FOLLOWED, params={"person_id": person_id})).all()
    held = tuple(
        Held(Role(role), council_id, College(college) if college else None)
        for role, council_id, college in rows
        if role
    )
    return held, frozenset(council_id for role, council_id, _ in rows if not role)
