"""A person's own proposals and those that they support or follow, on one line each."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.errors import OutOfDate
from council.proposal_originals import Told, originals_of, told_by
from council.proposals import load_mine
from storage.proposals import ENDED, NEVER_PUBLIC, Proposal, ProposalFollower, ProposalState


@dataclass(frozen=True)
class ListedProposal:
    """A proposal on one line of a list. `title` is "" while nobody has put into words what was `told`."""

    id: int
    number: str
    title: str
    told: Told | None
    state: ProposalState


async def mine(session: AsyncSession, actor: Actor, *, past: bool = False) -> list[ListedProposal]:
    """What the actor has proposed: all that goes its way, or all that has ended; the newest first."""
    ended = col(Proposal.state).in_(ENDED)
    return await _listed(session, col(Proposal.author_id) == actor.person_id, ended if past else ~ended)


async def followed(session: AsyncSession, actor: Actor) -> list[ListedProposal]:
    """Published proposals of others that the actor supports or follows; the newest first."""
    theirs = select(col(ProposalFollower.proposal_id)).where(col(ProposalFollower.person_id) == actor.person_id)
    public = col(Proposal.state).not_in(NEVER_PUBLIC), col(Proposal.hidden_at).is_(None)
    return await _listed(session, col(Proposal.id).in_(theirs), *public)


async def to_correct(session: AsyncSession, actor: Actor, proposal_id: int) -> Proposal:
    """The actor's own proposal that moderators have sent back.

    Raises:
        NotAllowed: somebody else's, or there is none.
        OutOfDate: it was not sent back, or not any more.
    """
    proposal = await load_mine(session, actor, proposal_id)
    if proposal.state is not ProposalState.TO_CORRECT:
        raise OutOfDate
    return proposal


async def _listed(session: AsyncSession, *conditions: Any) -> list[ListedProposal]:
    rows = (await session.exec(select(Proposal).where(*conditions).order_by(col(Proposal.id).desc()))).all()
    return [ListedProposal(each.id, each.number, each.title, told_by(originals_of(each)), each.state) for each in rows]
