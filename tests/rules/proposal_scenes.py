"""What rules about proposals have in common: a text that was sent, decisions on it as they stand, what was kept."""

from itertools import count

from markupsafe import escape
from sqlmodel import col, select

from council.contents import Content
from council.proposals import ProposalDraft, submit_proposal
from storage.proposals import Proposal, ProposalFollower
from storage.support import ContentKind

_KEYS = count()


async def proposed(programme, author, words="Un banc devant l’école.", council=None) -> Proposal:
    content = Content(ContentKind.TEXT, author.telegram_id, 1, (str(escape(words)),))
    draft = ProposalDraft(council or programme.nord, "autre", (content,))
    async with programme.database.write() as session:
        key = f"rule:{next(_KEYS)}"
        return await submit_proposal(session, programme.clock, programme.settings, author, draft, key)


async def kept(programme, proposal) -> Proposal:
    async with programme.database.read() as session:
        return await session.get_one(Proposal, proposal.id)


async def moderated(programme, act, actor, proposal, *values):
    """One decision on the proposal as it stands now."""
    revision = (await kept(programme, proposal)).revision
    async with programme.database.write() as session:
        return await act(session, programme.clock, actor, proposal.id, revision, *values)


async def standing(programme, proposal) -> dict[int, bool]:
    """Who follows the proposal, and whether they support it."""
    async with programme.database.read() as session:
        query = select(col(ProposalFollower.person_id), col(ProposalFollower.supports))
        return dict((await session.exec(query.where(col(ProposalFollower.proposal_id) == proposal.id))).all())
