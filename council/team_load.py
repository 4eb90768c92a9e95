"""How much each of the team has in hand, who is late, away or full: in three statements, whatever the team's size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor, check_coordinates
from council.clock import Clock
from council.errors import NotAllowed
from council.local_time import local
from council.settings import ProgrammeSettings
from council.support_views import check_on_team
from storage import duty
from storage.animators import Absence, AnimatorPost
from storage.people import Person, Role, RoleGrant
from storage.support import SupportKind, SupportRequest, SupportState


@dataclass(frozen=True)
class Load:
    """`open` are the requests that they work on, `late` those of them whose promise is over without an answer.

    `capacity` is None for who only coordinates. `away_until` is the last local day of an absence of today.
    """

    person_id: int
    first_name: str
    open: int
    capacity: int | None
    late: int
    away_until: date | None


@dataclass(frozen=True)
class TeamLoad:
    """All of the team, the most late and the most loaded first. `unassigned`: requests that nobody has taken."""

    people: tuple[Load, ...]
    unassigned: int
    unassigned_late: int


@dataclass(frozen=True)
class HeldRequest:
    """A request in somebody's hands, for who may give it to somebody else."""

    id: int
    number: str
    kind: SupportKind
    late: bool


@dataclass(frozen=True)
class HeldRequests:
    """What somebody has in hand, the oldest promise first."""

    person_id: int
    first_name: str
    requests: tuple[HeldRequest, ...]


async def team_load(session: AsyncSession, clock: Clock, programme: ProgrammeSettings, actor: Actor) -> TeamLoad:
    """Animators and coordinators see it. Raises NotAllowed."""
    check_on_team(actor)
    people = (await session.exec(_PEOPLE)).all()
    ids = [person_id for person_id, _, _, _ in people]
    counts = {holder: (int(held), int(late)) for holder, held, late in (await session.exec(_counts(clock))).all()}
    away = await _away_until(session, ids, local(clock.now(), programme.tz).date())
    loads = []
    for person_id, first_name, animates, capacity in people:
        held, late = counts.get(person_id, (0, 0))
        most = (capacity or programme.support.capacity) if animates else None
        loads.append(Load(person_id, first_name, held, most, late, away.get(person_id)))
    unassigned, unassigned_late = counts.get(None, (0, 0))
    in_order = sorted(loads, key=lambda each: (-each.late, -each.open, each.first_name, each.person_id))
    return TeamLoad(tuple(in_order), unassigned, unassigned_late)


async def held_by(session: AsyncSession, clock: Clock, actor: Actor, person_id: int) -> HeldRequests:
    """What somebody of the team has in hand. Raises NotAllowed for all but the coordinator, and for a stranger."""
    check_coordinates(actor)
    people = (await session.exec(_PEOPLE)).all()
    first_name = next((name for each, name, _, _ in people if each == person_id), None)
    if first_name is None:
        raise NotAllowed
    query = (
        select(
            col(SupportRequest.id),
            col(SupportRequest.number),
            col(SupportRequest.kind),
            case((_late(clock), 1), else_=0),
        )
        .where(
            duty.is_open(),
            col(SupportRequest.animator_id) == person_id,
            col(SupportRequest.state).in_(duty.IN_HAND),
        )
        .order_by(col(SupportRequest.promised_at), col(SupportRequest.id))
    )
    rows = (await session.exec(query)).all()
    held = tuple(HeldRequest(each, number, SupportKind(kind), bool(late)) for each, number, kind, late in rows)
    return HeldRequests(person_id, first_name, held)


_ANIMATES = func.max(case((col(RoleGrant.role) == Role.ANIMATOR, 1), else_=0))
_PEOPLE: Any = (
    select(col(Person.id), col(Person.first_name), _ANIMATES, func.max(col(AnimatorPost.capacity)))
    .join(RoleGrant, col(RoleGrant.person_id) == col(Person.id))
    .outerjoin(AnimatorPost, col(AnimatorPost.person_id) == col(Person.id))
    .where(col(RoleGrant.role).in_(duty.TEAM), col(RoleGrant.revoked_at).is_(None), col(Person.erased_at).is_(None))
    .group_by(col(Person.id), col(Person.first_name))
    .order_by(col(Person.first_name), col(Person.id))
)


def _counts(clock: Clock) -> Any:
    """By who holds them, None for nobody: how many, and how many of them are late."""
    holder = col(SupportRequest.animator_id)
    in_queue = and_(holder.is_(None), col(SupportRequest.state) != SupportState.CARRIED_OUT)
    worked_on = case((in_queue, True), else_=col(SupportRequest.state).in_(duty.IN_HAND))
    return (
        select(holder, func.count(), func.sum(case((_late(clock), 1), else_=0)))
        .where(duty.is_open(), worked_on)
        .group_by(holder)
    )


def _late(clock: Clock) -> Any:
    return and_(col(SupportRequest.first_answer_at).is_(None), col(SupportRequest.promised_at) < clock.now())


async def _away_until(session: AsyncSession, person_ids: Sequence[int], today: date) -> dict[int, date]:
    query = (
        select(col(Absence.person_id), func.max(col(Absence.ends_on)))
        .where(
            col(Absence.person_id).in_(person_ids),
            col(Absence.cancelled_at).is_(None),
            col(Absence.starts_on) <= today,
            col(Absence.ends_on) >= today,
        )
        .group_by(col(Absence.person_id))
    )
    return dict((await session.exec(query)).all())
