"""Moderators and proposals: who hears that a text waits for their eyes, and what they decide before it is public."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, OutOfDate, Refusal
from council.notices import NoticeKind, Word
from council.proposal_news import tell_author, tell_council, tell_news
from council.proposal_states import change, check_moderates, is_public, last_event, may_see, move
from council.support_mine import first_name
from council.written import written
from storage import duty
from storage.database import dialect_insert
from storage.outbox import NoticePriority
from storage.proposals import (
    UNPUBLISHED,
    Proposal,
    ProposalAct,
    ProposalEvent,
    ProposalFollower,
    ProposalReport,
    ProposalState,
)

REASON_LIMIT = 500
"""UTF-16 units of the reason that the author reads."""
_OF_AUTHORS = (ProposalAct.CORRECTED, ProposalAct.WITHDRAWN)
"""What authors do with their own, which is nobody's decision."""


class DecidedAlready(Refusal):
    """Somebody else was faster. `name` is their first name: "" when it was the actor's own earlier tap of the same."""

    def __init__(self, name: str, act: ProposalAct) -> None:
        super().__init__(act)
        self.name = name
        self.act = act


class OwnWords(Refusal):
    """Nobody decides on words of their own; another moderator does."""


class NothingToPublish(Refusal):
    """The author spoke, and nobody has written the text that people would read."""


class NotToBeJoined(Refusal):
    """The other proposal is not published, or of another council, or the same one."""


async def tell_moderators(session: AsyncSession, clock: Clock, proposal: Proposal) -> None:
    """Its moderators hear that the text waits: sent, corrected, or hidden by reports. Its author never does.

    Who asked for a correction hears of it as well; the author of a hidden text hears that it is hidden. Said again of
    the same revision, nobody hears it twice.
    """
    word = Word(NoticeKind.PROPOSAL_TO_MODERATE, proposal.id, NoticePriority.TRANSACTIONAL, revision=proposal.revision)
    told = await moderators_of(session, proposal) | await duty.team_among(session, await _who_asked(session, proposal))
    await notices.tell_each(session, clock, told - {proposal.author_id}, word)
    if proposal.hidden_at is not None:
        await tell_author(session, clock, proposal)


async def moderators_of(session: AsyncSession, proposal: Proposal) -> frozenset[int]:
    """Leads and animators of the council but its author; who coordinates, where there is nobody else.

    Only those who can be written to.
    """
    return await runners_of(session, proposal.council_id, besides=proposal.author_id)


async def runners_of(session: AsyncSession, council_id: int, besides: int | None = None) -> frozenset[int]:
    """Leads and animators of the council; who coordinates, where there is none. Only those who can be written to."""
    nearest = await duty.leads(session, council_id) | await duty.animators(session, council_id)
    return nearest - {besides} or await duty.coordinators(session) - {besides}


async def publish(session: AsyncSession, clock: Clock, actor: Actor, proposal_id: int, revision: int) -> Proposal:
    """From now on everybody may read it: its author is told at once, and who follows the council takes it as news.

    Raises:
        NotAllowed, OwnWords, DecidedAlready, OutOfDate: like all that moderators decide (`hold`).
        NothingToPublish: there is no text.
    """
    proposal = await hold(session, actor, proposal_id, revision, ProposalAct.PUBLISHED)
    if not (proposal.title.strip() and proposal.words.strip()):
        raise NothingToPublish
    values: dict[str, Any] = {"published_at": clock.now(), "reason": None}
    await move(session, clock, proposal, ProposalState.RECEIVED, ProposalAct.PUBLISHED, actor, **values)
    await tell_news(session, clock, proposal)
    await tell_council(session, clock, proposal)
    return proposal


async def ask_author(
    session: AsyncSession, clock: Clock, actor: Actor, proposal_id: int, revision: int, reason: str
) -> Proposal:
    """Back to the author, who reads what to change.

    Raises:
        NotAllowed, OwnWords, DecidedAlready, OutOfDate: like all that moderators decide (`hold`).
        EmptyWords, TooLong: the reason.
    """
    words = written(reason, REASON_LIMIT)
    act = ProposalAct.CORRECTION_ASKED
    proposal = await hold(session, actor, proposal_id, revision, act)
    await move(session, clock, proposal, ProposalState.TO_CORRECT, act, actor, said=words, reason=words)
    await tell_author(session, clock, proposal)
    return proposal


async def set_aside(
    session: AsyncSession, clock: Clock, actor: Actor, proposal_id: int, revision: int, reason: str
) -> Proposal:
    """It goes no further, and the author reads why; of one that was public the supporters hear that it is gone.

    Raises:
        NotAllowed, OwnWords, DecidedAlready, OutOfDate: like all that moderators decide (`hold`).
        EmptyWords, TooLong: the reason.
    """
    words = written(reason, REASON_LIMIT)
    proposal = await hold(session, actor, proposal_id, revision, ProposalAct.SET_ASIDE)
    values: dict[str, Any] = {"reason": words, "hidden_at": None, "meeting_id": None}
    await move(session, clock, proposal, ProposalState.SET_ASIDE, ProposalAct.SET_ASIDE, actor, said=words, **values)
    await _settle_reports(session, clock.now(), proposal)
    await tell_news(session, clock, proposal)
    return proposal


async def show_again(session: AsyncSession, clock: Clock, actor: Actor, proposal_id: int, revision: int) -> Proposal:
    """A moderator has looked: the text that reports have hidden stands again, and those reports are settled.

    Raises NotAllowed, OwnWords, DecidedAlready, OutOfDate: like all that moderators decide (`hold`).
    """
    proposal = await hold(session, actor, proposal_id, revision, ProposalAct.SHOWN_AGAIN)
    if proposal.hidden_at is None:
        raise OutOfDate
    await change(session, clock, proposal, ProposalAct.SHOWN_AGAIN, actor, hidden_at=None)
    await _settle_reports(session, clock.now(), proposal)
    await tell_author(session, clock, proposal)
    return proposal


async def merge(
    session: AsyncSession, clock: Clock, actor: Actor, proposal_id: int, revision: int, into_id: int
) -> Proposal:
    """Says the same as another, which goes on for both: supporters stand behind that one, and the author does too.

    Gives back the one that goes on. Who heard of this one hears from now on of the other.

    Raises:
        NotAllowed, OwnWords, DecidedAlready, OutOfDate: like all that moderators decide (`hold`).
        NotToBeJoined: the other is not one of this council that people can read.
    """
    # In the order of their ids, so that two who merge crosswise wait for each other in one order.
    both = select(col(Proposal.id)).where(col(Proposal.id).in_((proposal_id, into_id))).order_by(col(Proposal.id))
    await session.exec(both.with_for_update())
    proposal = await hold(session, actor, proposal_id, revision, ProposalAct.MERGED)
    into = await session.get(Proposal, into_id, populate_existing=True)
    if into is None or not takes_in(into, proposal):
        raise NotToBeJoined
    values: dict[str, Any] = {"merged_into_id": into.id, "hidden_at": None, "meeting_id": None}
    await move(session, clock, proposal, ProposalState.MERGED, ProposalAct.MERGED, actor, said=into.number, **values)
    await _settle_reports(session, clock.now(), proposal)
    await _take_over(session, clock, proposal, into)
    await tell_news(session, clock, proposal)
    return into


def takes_in(into: Proposal, proposal: Proposal) -> bool:
    """Whether the one may go on for the other: only what people of the same council can read."""
    return into.id != proposal.id and into.council_id == proposal.council_id and is_public(into)


async def hold(session: AsyncSession, actor: Actor, proposal_id: int, revision: int, act: ProposalAct) -> Proposal:
    """The proposal with which a moderator does this, as they saw it, held until the end of the transaction.

    Raises:
        NotAllowed: not theirs to moderate, or there is none.
        OwnWords: they would moderate, were it not their own.
        DecidedAlready: somebody was faster.
        OutOfDate: it has changed since they saw it.
    """
    proposal = await session.get(Proposal, proposal_id, with_for_update=True, populate_existing=True)
    if proposal is None or not may_see(actor, proposal):
        raise NotAllowed
    if actor.person_id == proposal.author_id and actor.manages(proposal.council_id):
        raise OwnWords
    check_moderates(actor, proposal)
    await check_revision(session, actor, proposal, revision, act)
    return proposal


async def check_revision(
    session: AsyncSession, actor: Actor, proposal: Proposal, revision: int, act: ProposalAct
) -> None:
    """Raises when it is not what the actor saw any more who is about to do this.

    DecidedAlready: by whom; by the actor's own tap only when that did the same. OutOfDate: by its author, by nobody, by
    somebody whose account is erased, or by something else that the actor did.
    """
    if proposal.revision == revision:
        return
    last = await last_event(session, proposal.id)
    by_author = last is not None and last.person_id == proposal.author_id and last.act in _OF_AUTHORS
    if last is None or last.person_id is None or by_author:
        raise OutOfDate
    if last.person_id == actor.person_id:
        raise DecidedAlready("", act) if last.act is act else OutOfDate
    name = await first_name(session, last.person_id)
    raise DecidedAlready(name, last.act) if name else OutOfDate


async def _take_over(session: AsyncSession, clock: Clock, proposal: Proposal, into: Proposal) -> None:
    """Whoever stood behind one, or followed it, does so with the other; its own author needs neither.

    The rows of the first stay: the word that it was merged goes to those who are in them.
    """
    theirs = select(col(ProposalFollower.person_id), col(ProposalFollower.supports)).where(
        col(ProposalFollower.proposal_id) == proposal.id
    )
    standing = dict((await session.exec(theirs)).all())
    if proposal.author_id is not None:
        standing[proposal.author_id] = True
    if into.author_id is not None:
        standing.pop(into.author_id, None)
    rows = [
        {"proposal_id": into.id, "person_id": person_id, "supports": supports, "since": clock.now()}
        for person_id, supports in sorted(standing.items())
    ]
    for start in range(0, len(rows), _PORTION):
        writing = dialect_insert(session, ProposalFollower).values(rows[start : start + _PORTION])
        supports = or_(col(ProposalFollower.supports), writing.excluded.supports)
        taking = writing.on_conflict_do_update(index_elements=["proposal_id", "person_id"], set_={"supports": supports})
        await session.exec(taking)


_PORTION = 1_000
"""Rows of one statement: both engines limit its parameters."""


async def _settle_reports(session: AsyncSession, now: datetime, proposal: Proposal) -> None:
    open_ones = col(ProposalReport.proposal_id) == proposal.id, col(ProposalReport.settled_at).is_(None)
    settling = update(ProposalReport).where(*open_ones).values(settled_at=now)
    await session.exec(settling.execution_options(synchronize_session=False))


async def _who_asked(session: AsyncSession, proposal: Proposal) -> frozenset[int]:
    """Who asked the author last for a correction, of a text that is not published yet."""
    if proposal.state not in UNPUBLISHED:
        return frozenset()
    asked = col(ProposalEvent.proposal_id) == proposal.id, col(ProposalEvent.act) == ProposalAct.CORRECTION_ASKED
    query = select(col(ProposalEvent.person_id)).where(*asked).order_by(col(ProposalEvent.id).desc()).limit(1)
    return frozenset(each for each in (await session.exec(query)).all() if each is not None)
