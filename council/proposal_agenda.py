"""What happens to proposals when the meeting on whose agenda they stand is moved or called off."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import live_cards
from council.actors import Actor
from council.clock import Clock
from council.live_cards import LiveKind
from council.meeting_views import MeetingView
from council.proposal_news import tell_news
from council.proposal_states import change
from council.proposal_treatment import OnAgenda, may_go_on_agenda, on_agenda
from storage.proposals import ENDED, NEVER_PUBLIC, Proposal, ProposalAct


async def hold_on_agenda(session: AsyncSession, meeting_id: int) -> Sequence[Proposal]:
    """Those of which the meeting would still talk, until the end of the transaction: before the meeting itself is held.

    In the order of council/lock_order.py.
    """
    query = (
        select(Proposal)
        .where(col(Proposal.meeting_id) == meeting_id, col(Proposal.state).not_in((*NEVER_PUBLIC, *ENDED)))
        .order_by(col(Proposal.id))
    )
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).all()


async def lose_place(session: AsyncSession, clock: Clock, actor: Actor, proposals: Sequence[Proposal]) -> None:
    """Their meeting is called off: who heard that the council would talk of them hears that it will not.

    They keep the meeting, so that its card names them until they are put on another agenda.
    """
    for each in proposals:
        await change(session, clock, each, ProposalAct.TAKEN_OFF_AGENDA, actor)
        await tell_news(session, clock, each)


async def show_new_date(session: AsyncSession, clock: Clock, meeting_id: int) -> None:
    """Their cards say when the council talks of them."""
    on_it = select(col(Proposal.id)).where(col(Proposal.meeting_id) == meeting_id).order_by(col(Proposal.id))
    for proposal_id in (await session.exec(on_it)).all():
        await live_cards.refresh(session, clock, LiveKind.PROPOSAL, proposal_id)


async def without_place(session: AsyncSession, view: MeetingView) -> list[OnAgenda]:
    """Of a meeting that was called off: the published proposals that wait for another one."""
    if not view.cancelled:
        return []
    return [each for each in await on_agenda(session, view.id) if may_go_on_agenda(each.state)]
