"""Proposals that stand still: the council's leads and team hear of them once, and may list them at any time.

Of one that was sent back to its author the author is reminded, once as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.actors import Actor
from council.clock import Clock
from council.local_time import first_showing, local
from council.notices import NoticeKind, Word
from council.proposal_moderation import runners_of
from council.proposal_originals import Told, originals_of, told_by
from council.settings import ProgrammeSettings
from council.turns import each_in_turn
from council.working_time import NeverOpen, calendar_of
from storage.database import Database
from storage.outbox import NoticePriority
from storage.proposals import ENDED, UNPUBLISHED, Proposal, ProposalState


@dataclass(frozen=True)
class StaleProposal:
    """A proposal without a movement since `moved_at` (UTC); unpublished ones are among them."""

    id: int
    number: str
    title: str
    told: Told | None
    council_id: int
    state: ProposalState
    moved_at: datetime

    @property
    def unpublished(self) -> bool:
        """It waits for a moderator still, or for its author's correction."""
        return self.state in UNPUBLISHED


async def tell_stale(database: Database, clock: Clock, programme: ProgrammeSettings) -> int:
    """One notice for each council in which proposals have come to stand still, at a working hour; how many councils.

    A proposal is told once for each standstill: it is told again after it has moved and stood still anew.
    """
    now = clock.now()
    stale = _stands_still(now, programme), _untold()

    async def tell(session: AsyncSession, council_id: int) -> bool:
        query = select(Proposal).where(*stale, col(Proposal.council_id) == council_id).order_by(col(Proposal.id))
        # Of two sweeps at once, each takes those that the other does not hold.
        found = (await session.exec(query.with_for_update(skip_locked=True))).all()
        return bool(found) and await _tell_one(session, clock, programme, council_id, found)

    async with database.read() as session:
        council_ids = (await session.exec(select(col(Proposal.council_id)).where(*stale).distinct())).all()
    if not council_ids or not calendar_of(programme).is_open(now):
        return 0
    return sum(await each_in_turn(database, sorted(council_ids), tell))


async def next_standstill(session: AsyncSession, now: datetime, programme: ProgrammeSettings) -> datetime | None:
    """When `tell_stale` has something to tell next, as things stand."""
    query = select(col(Proposal.council_id), func.min(col(Proposal.moved_at))).where(_is_undecided(), _untold())
    calendar = calendar_of(programme)
    ahead = []
    for council_id, moved_at in (await session.exec(query.group_by(col(Proposal.council_id)))).all():
        still = max(_still_from(moved_at, programme), now)
        if calendar.is_open(now) and still == now:
            continue  # it is told at this very moment
        if await runners_of(session, council_id):
            ahead.append(still)
    try:
        return calendar.next_open(min(ahead)) if ahead else None
    except NeverOpen:
        return None


async def _tell_one(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, council_id: int, stale: Sequence[Proposal]
) -> bool:
    """Whether there was anybody to tell: a council without leads and team keeps what stands still for its first."""
    for each in stale:
        await _remind_author(session, clock, each)
    runners = await runners_of(session, council_id)
    if not runners:
        return False
    for each in stale:
        each.stale_told_at = clock.now()
    await session.flush()
    # Named by the day and the newest of them: no two portions have the same.
    word = Word(
        NoticeKind.PROPOSAL_STALE,
        council_id,
        NoticePriority.REMINDER,
        revision=local(clock.now(), programme.tz).toordinal(),
        detail=str(stale[-1].id),
    )
    await notices.tell_each(session, clock, runners, word)
    return True


async def _remind_author(session: AsyncSession, clock: Clock, proposal: Proposal) -> None:
    """That it must be corrected still; said again of the same revision, the author hears it once."""
    if proposal.state is ProposalState.TO_CORRECT and proposal.author_id is not None:
        kind, priority = NoticeKind.PROPOSAL_TO_CORRECT, NoticePriority.REMINDER
        await notices.tell(session, clock, proposal.author_id, Word(kind, proposal.id, priority, proposal.revision))


async def stale_proposals(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, actor: Actor, council_id: int | None = None
) -> Sequence[StaleProposal]:
    """What stands still now in the councils that the actor manages (in this one), the longest first."""
    query = select(Proposal).where(_stands_still(clock.now(), programme))
    if council_id is not None:
        query = query.where(col(Proposal.council_id) == council_id)
    found = (await session.exec(query.order_by(col(Proposal.moved_at), col(Proposal.id)))).all()
    return [_stale(each) for each in found if actor.manages(each.council_id)]


def _stale(proposal: Proposal) -> StaleProposal:
    return StaleProposal(
        proposal.id,
        proposal.number,
        proposal.title,
        told_by(originals_of(proposal)),
        proposal.council_id,
        proposal.state,
        proposal.moved_at,
    )


def _stands_still(now: datetime, programme: ProgrammeSettings) -> Any:
    """Not decided, with whomever it lies, and not moved for weeks: all of one day come due together."""
    day = local(now, programme.tz).date() - timedelta(weeks=programme.proposals.stale_weeks)
    since = first_showing(datetime.combine(day, time()), programme.tz)
    return and_(col(Proposal.moved_at) <= since, _is_undecided())


def _still_from(moved_at: datetime, programme: ProgrammeSettings) -> datetime:
    """The midnight from which a proposal that moved at that moment stands still."""
    day = local(moved_at, programme.tz).date()
    if first_showing(datetime.combine(day, time()), programme.tz) < moved_at:
        day += timedelta(days=1)
    day += timedelta(weeks=programme.proposals.stale_weeks)
    return first_showing(datetime.combine(day, time()), programme.tz)


def _is_undecided() -> Any:
    return col(Proposal.state).not_in(ENDED)


def _untold() -> Any:
    """Since it has stood still."""
    return or_(col(Proposal.stale_told_at).is_(None), col(Proposal.stale_told_at) <= col(Proposal.moved_at))
