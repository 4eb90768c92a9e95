"""The team on duty: who animates where, who is away, and how much each has in hand."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.animators import Absence, AnimatorPost, AnimatorSkill
from storage.database import dialect_insert
from storage.people import Person, Role, RoleGrant
from storage.support import ENDED, SupportKind, SupportRequest, SupportState

TEAM = (Role.ANIMATOR, Role.COORDINATOR)
"""The roles that answer requests."""
IN_HAND = (SupportState.ASSIGNED, SupportState.IN_PROGRESS, SupportState.WAITING)
"""States of a request that somebody works on; one that is carried out only waits for a word of its requester."""


def is_open() -> Any:
    """That a request has not ended, in the words of the partial indexes: with parameters neither engine uses them."""
    return col(SupportRequest.state).not_in(bindparam("ended", ENDED, expanding=True, literal_execute=True))


async def animators(session: AsyncSession, council_id: int | None = None) -> frozenset[int]:
    """Who animates this council and can be written to; None: any council."""
    query = _on_the_team((Role.ANIMATOR,))
    if council_id is not None:
        query = query.where(col(RoleGrant.council_id) == council_id)
    return frozenset((await session.exec(query)).all())


async def leads(session: AsyncSession, council_id: int) -> frozenset[int]:
    """Who leads this council and can be written to."""
    query = _on_the_team((Role.LEAD,)).where(col(RoleGrant.council_id) == council_id)
    return frozenset((await session.exec(query)).all())


async def coordinators(session: AsyncSession) -> frozenset[int]:
    """Who coordinates and can be written to."""
    return frozenset((await session.exec(_on_the_team((Role.COORDINATOR,)))).all())


async def team_among(session: AsyncSession, person_ids: Iterable[int]) -> frozenset[int]:
    """Those of these people who animate or coordinate now, and can be written to."""
    query = _on_the_team(TEAM).where(col(Person.id).in_(tuple(person_ids)))
    return frozenset((await session.exec(query)).all())


async def roles_of(session: AsyncSession, person_id: int) -> frozenset[Role]:
    """Which of the team's roles somebody holds anywhere, whether they can be written to or not."""
    held = col(RoleGrant.person_id) == person_id, col(RoleGrant.revoked_at).is_(None), col(RoleGrant.role).in_(TEAM)
    return frozenset(Role(each) for each in (await session.exec(select(col(RoleGrant.role)).where(*held))).all())


async def names(session: AsyncSession) -> list[tuple[int, str]]:
    """(id, first name) of all the team, by name."""
    held = select(col(RoleGrant.person_id)).where(col(RoleGrant.role).in_(TEAM), col(RoleGrant.revoked_at).is_(None))
    query = select(col(Person.id), col(Person.first_name)).where(
        col(Person.id).in_(held), col(Person.erased_at).is_(None)
    )
    return [(each, name) for each, name in (await session.exec(query.order_by(col(Person.first_name), col(Person.id))))]


async def away_on(session: AsyncSession, person_ids: Iterable[int], day: date) -> frozenset[int]:
    """Those of these people who are away on this local day."""
    query = select(col(Absence.person_id)).where(
        col(Absence.person_id).in_(tuple(person_ids)),
        col(Absence.cancelled_at).is_(None),
        col(Absence.starts_on) <= day,
        col(Absence.ends_on) >= day,
    )
    return frozenset((await session.exec(query)).all())


async def loads(session: AsyncSession, person_ids: Iterable[int]) -> dict[int, int]:
    """How many requests each of these people works on; 0 for who has none."""
    ids = tuple(person_ids)
    holder = col(SupportRequest.animator_id)
    query = (
        select(holder, func.count())
        .where(is_open(), holder.in_(ids), col(SupportRequest.state).in_(IN_HAND))
        .group_by(holder)
    )
    return {
        **dict.fromkeys(ids, 0),
        **{person_id: n for person_id, n in (await session.exec(query)).all() if person_id},
    }


async def skilled(session: AsyncSession, person_ids: Iterable[int], kind: SupportKind) -> frozenset[int]:
    """Those of these people who are good at this kind of request."""
    query = select(col(AnimatorSkill.person_id)).where(
        col(AnimatorSkill.person_id).in_(tuple(person_ids)), col(AnimatorSkill.kind) == kind
    )
    return frozenset((await session.exec(query)).all())


async def deputies(session: AsyncSession, person_ids: Iterable[int]) -> dict[int, int]:
    """Who stands in for whom: animator → deputy."""
    query = select(col(AnimatorPost.person_id), col(AnimatorPost.deputy_id)).where(
        col(AnimatorPost.person_id).in_(tuple(person_ids)), col(AnimatorPost.deputy_id).is_not(None)
    )
    return {person_id: deputy for person_id, deputy in (await session.exec(query)).all() if deputy is not None}


async def lock_posts(session: AsyncSession, person_ids: Iterable[int]) -> dict[int, AnimatorPost]:
    """The posts of these people, written where there is none, and held until the end of the transaction.

    Always in the order of their ids, so that two who wait for each other's cannot be.
    """
    ids = sorted(set(person_ids))
    if not ids:
        return {}
    rows = [{"person_id": each} for each in ids]
    await session.exec(dialect_insert(session, AnimatorPost).values(rows).on_conflict_do_nothing())
    posts = (
        select(AnimatorPost)
        .where(col(AnimatorPost.person_id).in_(ids))
        .order_by(col(AnimatorPost.person_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {each.person_id: each for each in (await session.exec(posts)).all()}


def _on_the_team(roles: tuple[Role, ...]) -> Any:
    return (
        select(col(Person.id))
        .join(RoleGrant, col(RoleGrant.person_id) == col(Person.id))
        .where(
            col(RoleGrant.role).in_(roles),
            col(RoleGrant.revoked_at).is_(None),
            col(Person.telegram_id).is_not(None),
            col(Person.unreachable_since).is_(None),
        )
        .distinct()
    )
