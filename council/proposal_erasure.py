"""What becomes of somebody's proposals when they erase their account: what nobody has read goes whole, the rest stays.

A published text belongs to the neighbourhood: it goes on under « Un habitant », without what the author sent for it.
"""

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import live_cards
from council.actors import Actor
from council.clock import Clock
from council.live_cards import LiveKind
from council.proposal_states import move
from storage.proposals import (
    UNPUBLISHED,
    Proposal,
    ProposalAct,
    ProposalEvent,
    ProposalFollower,
    ProposalState,
)


async def erase_proposals_of(session: AsyncSession, clock: Clock, actor: Actor) -> None:
    """Withdraws what waits for a moderator, and takes out all that was never published.

    Of a published text, words, picture and place stay; voice and messages go, and so does the author's name. Supports
    of the person end with their rows (council.privacy), and the cards that count them are refreshed. The caller holds
    all of them.
    """
    theirs = select(Proposal).where(col(Proposal.author_id) == actor.person_id).order_by(col(Proposal.id))
    for proposal in (await session.exec(theirs.execution_options(populate_existing=True))).all():
        if proposal.state in UNPUBLISHED:
            await move(session, clock, proposal, ProposalState.WITHDRAWN, ProposalAct.WITHDRAWN, actor)
        if proposal.published_at is None:
            await _take_out(session, proposal)
        await session.exec(
            update(Proposal).where(col(Proposal.id) == proposal.id).values(originals=[], anonymous=True, flags=[])
        )
        await live_cards.refresh(session, clock, LiveKind.PROPOSAL, proposal.id)
    followed = select(col(ProposalFollower.proposal_id)).where(col(ProposalFollower.person_id) == actor.person_id)
    for proposal_id in (await session.exec(followed)).all():
        await live_cards.refresh(session, clock, LiveKind.PROPOSAL, proposal_id)


async def _take_out(session: AsyncSession, proposal: Proposal) -> None:
    """All that was said in it and about it: what moderators asked to change repeats what should not stand there."""
    nothing = {"title": "", "words": "", "folded": "", "place": "", "reason": None, "outcome": None}
    nowhere = {"latitude": None, "longitude": None, "photo_file_id": None, "done_photo_file_id": None}
    await session.exec(update(Proposal).where(col(Proposal.id) == proposal.id).values(**nothing, **nowhere))
    about = col(ProposalEvent.proposal_id) == proposal.id
    await session.exec(update(ProposalEvent).where(about).values(words=""))
