"""When something is told next because time passes: the clock control of the playground goes there.

Beside each sweep stands the function that foresees it; rows that wait for a moment of their own are storage's to find.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from council.absence_offers import next_offer
from council.digests import next_digest
from council.proposal_stale import next_standstill
from council.retention import next_warning_or_end
from council.settings import ProgrammeSettings
from council.team_digest import next_team_digest
from storage.agenda import next_due_row

_FORESEEN: tuple[Callable[[AsyncSession, datetime, ProgrammeSettings], Awaitable[datetime | None]], ...] = (
    next_digest,
    next_team_digest,
    next_offer,
    next_standstill,
    next_warning_or_end,
)


async def next_event(session: AsyncSession, now: datetime, programme: ProgrammeSettings) -> datetime | None:
    """The nearest moment after `now` at which somebody is told something, as things stand. None: there is none."""
    moments = [await next_due_row(session, now), *[await each(session, now, programme) for each in _FORESEEN]]
    return min((each for each in moments if each is not None), default=None)
