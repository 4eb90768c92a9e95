"""Who holds which role, as lists for people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.people import College, Person, Role, RoleGrant
from storage.programme import Council


@dataclass(frozen=True)
class Holder:
    """One role of one person; `council_name` None: in the whole programme."""

    grant_id: int
    person_id: int
    first_name: str
    role: Role
    council_id: int | None
    council_name: str | None
    college: College | None
    revoked_at: datetime | None

    @property
    def revoked(self) -> bool:
        return self.revoked_at is not None


async def grant_in_force(session: AsyncSession, person_id: int, role: Role, council_id: int | None) -> int | None:
    """The id of the grant by which somebody holds exactly this role there now."""
    query = select(col(RoleGrant.id)).where(
        col(RoleGrant.person_id) == person_id, col(RoleGrant.role) == role, col(RoleGrant.revoked_at).is_(None)
    )
    here = col(RoleGrant.council_id)
    return (await session.exec(query.where(here.is_(None) if council_id is None else here == council_id))).first()


async def holders(session: AsyncSession, roles: tuple[Role, ...], council_id: int | None = None) -> list[Holder]:
    """Roles in force, in the order of `roles`, then by council and name; `council_id` None: everywhere."""
    query = _holders().where(col(RoleGrant.role).in_(roles), col(RoleGrant.revoked_at).is_(None))
    if council_id is not None:
        query = query.where(col(RoleGrant.council_id) == council_id)
    rank = case({each: place for place, each in enumerate(roles)}, value=col(RoleGrant.role))
    in_order = query.order_by(rank, col(Council.position), col(Person.first_name), col(RoleGrant.id))
    return [Holder(*row) for row in (await session.exec(in_order)).all()]


async def find_holder(session: AsyncSession, grant_id: int) -> Holder | None:
    """One role by its grant, be it taken away since; None when it is unknown."""
    row = (await session.exec(_holders().where(col(RoleGrant.id) == grant_id))).first()
    return Holder(*row) if row else None


def _holders() -> Any:  # SQLModel's select has no type for eight columns
    return (
        select(  # type: ignore[call-overload]
            col(RoleGrant.id),
            col(Person.id),
            col(Person.first_name),
            col(RoleGrant.role),
            col(RoleGrant.council_id),
            col(Council.name),
            col(RoleGrant.college),
            col(RoleGrant.revoked_at),
        )
        .join(Person, col(Person.id) == col(RoleGrant.person_id))
        .outerjoin(Council, col(Council.id) == col(RoleGrant.council_id))
        .where(col(Person.erased_at).is_(None))
    )
