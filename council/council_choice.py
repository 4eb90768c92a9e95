"""Which councils there are, by id or by name; which an actor manages; which a meeting is for."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.errors import NotAllowed
from council.meeting_views import own_councils
from storage.meetings import MeetingCouncil
from storage.programme import Council, CouncilView, list_councils


async def council_names(session: AsyncSession) -> dict[int, str]:
    """Names of all councils by id, in the programme's own order."""
    rows = await session.exec(
        select(col(Council.id), col(Council.name)).order_by(col(Council.position), col(Council.id))
    )
    return dict(rows.all())


async def managed_councils(session: AsyncSession, actor: Actor) -> dict[int, str]:
    """Names of the councils that the actor manages, by id, in the programme's own order; none is no refusal."""
    return {each: name for each, name in (await council_names(session)).items() if actor.manages(each)}


async def own_council_names(session: AsyncSession, actor: Actor) -> dict[int, str]:
    """Names of the councils that the actor follows or has a role in, by id, in the programme's own order."""
    mine = own_councils(actor)
    return {each: name for each, name in (await council_names(session)).items() if each in mine}


async def find_council(session: AsyncSession, council_id: int) -> CouncilView:
    """Raises NotAllowed when there is no such council."""
    found = next((each for each in await list_councils(session) if each.id == council_id), None)
    if found is None:
        raise NotAllowed
    return found


async def council_of(session: AsyncSession, council_id: int | None) -> Council | None:
    """The council that a request, an alert or another record names; None when it names none."""
    return await session.get(Council, council_id) if council_id is not None else None


async def check_councils(session: AsyncSession, council_ids: frozenset[int]) -> None:
    """Raises NotAllowed when one of them does not exist."""
    known = (await session.exec(select(col(Council.id)).where(col(Council.id).in_(council_ids)))).all()
    if frozenset(known) != council_ids:
        raise NotAllowed


async def councils_of_meeting(session: AsyncSession, meeting_id: int) -> frozenset[int]:
    """Ids of the councils that the meeting is for."""
    query = select(col(MeetingCouncil.council_id)).where(col(MeetingCouncil.meeting_id) == meeting_id)
    return frozenset((await session.exec(query)).all())
