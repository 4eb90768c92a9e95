"""Which other proposal is meant: those that say nearly the same, the newest, or the one whose number is written."""

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.errors import NotAllowed, Refusal
from council.proposal_lists import list_proposals
from council.proposal_moderation import NotToBeJoined, takes_in
from council.proposal_similar import similar_proposals
from council.proposal_states import check_moderates, load_proposal
from council.public_numbers import Series, find_proposal, read_number
from storage.proposals import Proposal


class NoProposalNamed(Refusal):
    """No number of a proposal is in what was written, or there is none of that number."""


@dataclass(frozen=True)
class NearProposal:
    """Another proposal of the same council, published, that may say the same."""

    id: int
    number: str
    title: str


async def near_proposals(session: AsyncSession, actor: Actor, proposal_id: int, limit: int) -> list[NearProposal]:
    """Those that say nearly the same, the nearest first; then the newest, which may say it in another language.

    Raises NotAllowed for who does not moderate it.
    """
    proposal = await load_proposal(session, actor, proposal_id)
    check_moderates(actor, proposal)
    near = await similar_proposals(session, proposal.council_id, f"{proposal.title}\n{proposal.words}", limit + 1)
    newest = (await list_proposals(session, (proposal.council_id,), 0, 2 * limit)).rows
    offered = {each.id: NearProposal(each.id, each.number, each.title) for each in near}
    offered |= {each.id: NearProposal(each.id, each.number, each.title) for each in newest if each.id not in offered}
    offered.pop(proposal.id, None)
    return list(offered.values())[:limit]


async def proposal_named(session: AsyncSession, actor: Actor, proposal_id: int, words: str) -> int:
    """The id of the proposal whose number was written, with which this one may be joined.

    Raises:
        NotAllowed: the actor does not moderate this one.
        NoProposalNamed: no such number.
        NotToBeJoined: it is of another council, not published, or the same one.
    """
    proposal = await load_proposal(session, actor, proposal_id)
    check_moderates(actor, proposal)
    number = read_number(words, Series.PROPOSAL)
    if number is None:
        raise NoProposalNamed
    try:
        other = await session.get(Proposal, await find_proposal(session, number))
    except NotAllowed:
        raise NoProposalNamed from None
    if other is None or not takes_in(other, proposal):
        raise NotToBeJoined
    return other.id
