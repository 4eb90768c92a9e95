"""A person's own proposals and those that they support or follow, on one line each."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.contents import Content
from council.errors import OutOfDate
from council.proposals import load_mine
from storage.proposals import ENDED, NEVER_PUBLIC, Proposal, ProposalFollower, ProposalState


@dataclass(frozen=True)
class ListedProposal:
    """A proposal on one line of a list. `title` is "" while nobody has put the author's voice into words."""

    id: int
    number: str
    title: str
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


def originals_of(proposal: Proposal) -> tuple[Content, ...]:
    """What the author sent, for the author and the moderators alone: whoever calls has checked who reads it."""
    return tuple(Content.from_json(each) for each in proposal.originals)


async def _listed(session: AsyncSession, *conditions: Any) -> list[ListedProposal]:
    query = (
        select(col(Proposal.id), col(Proposal.number), col(Proposal.title), col(Proposal.state))
        .where(*conditions)
        .order_by(col(Proposal.id).desc())
    )
    return [ListedProposal(*row) for row in (await session.exec(query)).all()]
