"""Where and how a council meets: the places that its programme names, and the meeting that it called last."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor, check_manages
from council.meeting_plans import MeetingPlan, plan_of
from storage.meetings import Meeting, MeetingCouncil, MeetingState
from storage.programme import UsualPlace


@dataclass(frozen=True)
class KnownPlace:
    """`name` may be empty when only the point is known; latitude and longitude in degrees (WGS 84).

    `last`: where the last meeting was called to.
    """

    name: str
    latitude: float | None
    longitude: float | None
    last: bool = False


async def known_places(session: AsyncSession, actor: Actor, council_ids: frozenset[int]) -> list[KnownPlace]:
    """Where these councils met last, then their usual places in the order of the programme; each once.

    Raises:
        NotAllowed: the actor does not manage every one of them.
    """
    check_manages(actor, council_ids)
    theirs = select(col(MeetingCouncil.meeting_id)).where(col(MeetingCouncil.council_id).in_(council_ids))
    last = (
        select(col(Meeting.place), col(Meeting.latitude), col(Meeting.longitude))
        .where(col(Meeting.id).in_(theirs), col(Meeting.state) != MeetingState.CANCELLED)
        .order_by(col(Meeting.created_at).desc(), col(Meeting.id).desc())
        .limit(1)
    )
    found: dict[str, KnownPlace] = {}
    for name, latitude, longitude in (await session.exec(last)).all():
        found[name] = KnownPlace(name, latitude, longitude, last=True)
    for each in await usual_places(session, council_ids):
        found.setdefault(each.name, each)
    return list(found.values())


async def last_plan(session: AsyncSession, actor: Actor, council_ids: frozenset[int]) -> MeetingPlan | None:
    """The meeting that these councils, and no other, called last. Raises NotAllowed like `known_places`."""
    check_manages(actor, council_ids)
    among = col(MeetingCouncil.council_id).in_(council_ids)
    theirs = (
        select(col(MeetingCouncil.meeting_id))
        .group_by(col(MeetingCouncil.meeting_id))
        .having(func.count() == len(council_ids), func.count().filter(among) == len(council_ids))
    )
    last = (
        select(Meeting)
        .where(col(Meeting.id).in_(theirs), col(Meeting.state) != MeetingState.CANCELLED)
        .order_by(col(Meeting.created_at).desc(), col(Meeting.id).desc())
        .limit(1)
    )
    meeting = (await session.exec(last)).first()
    return plan_of(meeting) if meeting is not None else None


async def usual_places(session: AsyncSession, council_ids: frozenset[int]) -> list[KnownPlace]:
    """What the programme names for these councils, in its order: known to everybody."""
    query = (
        select(col(UsualPlace.name), col(UsualPlace.latitude), col(UsualPlace.longitude))
        .where(col(UsualPlace.council_id).in_(council_ids))
        .order_by(col(UsualPlace.council_id), col(UsualPlace.id))
    )
    return [KnownPlace(name, latitude, longitude) for name, latitude, longitude in (await session.exec(query)).all()]
