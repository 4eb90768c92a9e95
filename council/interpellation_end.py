"""The end of a case: what came of it is told in a meeting, then it is closed; both said to those whom it concerns."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed
from council.interpellation_news import tell_concerned
from council.interpellation_states import check_carries, load_interpellation, move
from council.local_time import local
from council.settings import ProgrammeSettings
from storage.interpellations import Interpellation, InterpellationAct, InterpellationState
from storage.meetings import Meeting, MeetingCouncil, MeetingState

MEETINGS_OFFERED = 6
_LOOK_BACK = timedelta(days=120)
"""How long ago a meeting may be in which a case was told of (choice)."""


@dataclass(frozen=True)
class HeldMeeting:
    """A meeting that has begun; `starts_at` is UTC."""

    id: int
    title: str
    starts_at: datetime


async def meetings_to_tell_in(session: AsyncSession, clock: Clock, actor: Actor, case_id: int) -> list[HeldMeeting]:
    """The last meetings of the council, newest first. Raises NotAllowed for who does not carry the case."""
    case = await _load(session, actor, case_id)
    query = (
        select(col(Meeting.id), col(Meeting.title), col(Meeting.starts_at))
        .join(MeetingCouncil, col(MeetingCouncil.meeting_id) == col(Meeting.id))
        .where(col(MeetingCouncil.council_id) == case.council_id, *_held(clock))
        .order_by(col(Meeting.starts_at).desc())
        .limit(MEETINGS_OFFERED)
    )
    return [HeldMeeting(*row) for row in (await session.exec(query)).all()]


async def report_back(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    case_id: int,
    meeting_id: int | None,
) -> Interpellation:
    """What came of it was told to the residents: in this meeting of the council, or without one.

    Raises:
        NotAllowed: somebody who does not carry it, or no such meeting of the council.
        OutOfDate: nothing was answered yet, or it was told already.
    """
    case = await _load(session, actor, case_id)
    held = await _meeting(session, clock, case, meeting_id) if meeting_id is not None else None
    event = await move(
        session,
        clock,
        case,
        InterpellationState.REPORTED_BACK,
        InterpellationAct.REPORTED_BACK,
        actor,
        words=held.title if held is not None else "",
        meeting_id=held.id if held is not None else None,
        next_look_at=None,
    )
    event.on = local(held.starts_at if held is not None else clock.now(), programme.tz).date()
    await tell_concerned(session, clock, case, InterpellationAct.REPORTED_BACK, actor=actor)
    return case


async def close_case(session: AsyncSession, clock: Clock, actor: Actor, case_id: int) -> Interpellation:
    """Nothing is awaited any more; partners can read their page, and answer no more.

    Raises:
        NotAllowed: somebody who does not carry it.
        OutOfDate: it was not told to the residents yet, or is closed already.
    """
    case = await _load(session, actor, case_id)
    closed = InterpellationState.CLOSED
    await move(session, clock, case, closed, InterpellationAct.CLOSED, actor, closed_at=clock.now(), next_look_at=None)
    await tell_concerned(session, clock, case, InterpellationAct.CLOSED, actor=actor)
    return case


async def _load(session: AsyncSession, actor: Actor, case_id: int) -> Interpellation:
    case = await load_interpellation(session, actor, case_id)
    check_carries(actor, case)
    return case


def _held(clock: Clock) -> tuple[Any, ...]:
    now = clock.now()
    begun = col(Meeting.starts_at) <= now, col(Meeting.starts_at) >= now - _LOOK_BACK
    return (*begun, col(Meeting.state) == MeetingState.ANNOUNCED)


async def _meeting(session: AsyncSession, clock: Clock, case: Interpellation, meeting_id: int) -> Meeting:
    query = (
        select(Meeting)
        .join(MeetingCouncil, col(MeetingCouncil.meeting_id) == col(Meeting.id))
        .where(col(Meeting.id) == meeting_id, col(MeetingCouncil.council_id) == case.council_id, *_held(clock))
    )
    found = (await session.exec(query)).first()
    if found is None:
        raise NotAllowed
    return found
