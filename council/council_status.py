"""Whether a council is active, asleep or in its electoral reserve: said by the coordinator, who hears of it first."""

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit
from council.actors import Actor, check_coordinates
from council.clock import Clock
from council.council_choice import check_councils
from storage.programme import Council, CouncilStatus


async def set_status(session: AsyncSession, clock: Clock, actor: Actor, council_id: int, status: CouncilStatus) -> None:
    """The status from now on; the same again changes nothing.

    In the electoral reserve announcements wait for a lead's confirmation.

    Raises:
        NotAllowed: not the coordinator, or no such council.
    """
    check_coordinates(actor)
    await check_councils(session, frozenset({council_id}))
    other = col(Council.id) == council_id, col(Council.status) != status
    if (await session.exec(update(Council).where(*other).values(status=status))).rowcount:
        await audit.record(session, clock, actor, "council.status_set", "council", council_id, status=status)
