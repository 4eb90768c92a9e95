"""The states of a proposal: who may do what with it, and the one way in which it changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, live_cards
from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, OutOfDate
from council.live_cards import LiveKind
from storage.proposals import NEVER_PUBLIC, Proposal, ProposalAct, ProposalEvent, ProposalState

S = ProposalState
_TREATED = frozenset({S.DISCUSSED, S.RETAINED, S.FORWARDED, S.ANSWERED, S.DONE, S.REFUSED, S.MERGED, S.SET_ASIDE})
TRANSITIONS: Mapping[ProposalState, frozenset[ProposalState]] = {
    S.SUBMITTED: frozenset({S.RECEIVED, S.TO_CORRECT, S.MERGED, S.SET_ASIDE, S.WITHDRAWN}),
    S.TO_CORRECT: frozenset({S.SUBMITTED, S.SET_ASIDE, S.WITHDRAWN}),
    S.RECEIVED: _TREATED,
    S.DISCUSSED: _TREATED - {S.DISCUSSED},
    S.RETAINED: frozenset({S.FORWARDED, S.ANSWERED, S.DONE, S.REFUSED, S.MERGED, S.SET_ASIDE}),
    S.FORWARDED: frozenset({S.ANSWERED, S.DONE, S.REFUSED, S.SET_ASIDE}),
    S.ANSWERED: frozenset({S.FORWARDED, S.DONE, S.REFUSED, S.REPORTED_BACK, S.SET_ASIDE}),
    S.DONE: frozenset({S.REPORTED_BACK, S.SET_ASIDE}),
    S.REFUSED: frozenset({S.REPORTED_BACK, S.SET_ASIDE}),
    S.REPORTED_BACK: frozenset({S.SET_ASIDE}),
    S.MERGED: frozenset(),
    S.SET_ASIDE: frozenset(),
    S.WITHDRAWN: frozenset(),
}
"""What may follow what (domain.md, section 4). Answered, not yet done: it may be forwarded once more.

Whatever is public may be set aside: a text that harms somebody is taken away however far it has come.
"""

TALKED_OF_AGAIN = frozenset({S.DISCUSSED, S.RETAINED, S.FORWARDED, S.ANSWERED})
"""Talked of in one more meeting it stays what it is: what was reached before is not taken back by it."""


async def load_proposal(session: AsyncSession, actor: Actor, proposal_id: int) -> Proposal:
    """The proposal, for those who may see it. Raises NotAllowed for all others, and when there is none."""
    proposal = await session.get(Proposal, proposal_id)
    if proposal is None or not may_see(actor, proposal):
        raise NotAllowed
    return proposal


def is_public(proposal: Proposal) -> bool:
    return proposal.state not in NEVER_PUBLIC and proposal.hidden_at is None


def may_see(actor: Actor, proposal: Proposal) -> bool:
    """What is published is for everybody; all else for its author and for moderators."""
    return is_public(proposal) or actor.person_id == proposal.author_id or may_moderate(actor, proposal)


def may_moderate(actor: Actor, proposal: Proposal) -> bool:
    """Leads and animators of the council, and the coordinator; nobody decides on words of their own."""
    return actor.person_id != proposal.author_id and actor.manages(proposal.council_id)


def check_moderates(actor: Actor, proposal: Proposal) -> None:
    """Raises NotAllowed."""
    if not may_moderate(actor, proposal):
        raise NotAllowed


def check_treats(actor: Actor, proposal: Proposal) -> None:
    """Who says what becomes of a published proposal: the council's leads and team, of their own too.

    Raises NotAllowed.
    """
    if not actor.manages(proposal.council_id):
        raise NotAllowed


async def move(
    session: AsyncSession,
    clock: Clock,
    proposal: Proposal,
    to: ProposalState,
    act: ProposalAct,
    actor: Actor | None,
    *,
    said: str = "",
    **values: Any,
) -> None:
    """Changes the state, once: of two who do so at the same time, the second is refused.

    `values` are columns that change with it; `proposal` has them afterwards. `said` was given with the act. Writes
    history and audit line, and has every card of the proposal refreshed.

    Raises:
        OutOfDate: the state does not lead there, or somebody has changed the proposal since it was read.
    """
    if to not in TRANSITIONS[proposal.state]:
        raise OutOfDate
    await change(session, clock, proposal, act, actor, said=said, state=to, moved_at=clock.now(), **values)


async def change(
    session: AsyncSession,
    clock: Clock,
    proposal: Proposal,
    act: ProposalAct,
    actor: Actor | None,
    *,
    said: str = "",
    **values: Any,
) -> None:
    """Changes columns without regard to the state's path, with history, audit line and cards, once.

    Raises OutOfDate when somebody has changed the proposal since it was read.
    """
    unchanged = col(Proposal.id) == proposal.id, col(Proposal.revision) == proposal.revision
    changing = update(Proposal).where(*unchanged).values(**values, revision=proposal.revision + 1)
    if not (await session.exec(changing.execution_options(synchronize_session=False))).rowcount:
        raise OutOfDate
    await session.refresh(proposal)
    await note(session, clock, proposal, act, actor, said=said)


async def note(
    session: AsyncSession,
    clock: Clock,
    proposal: Proposal,
    act: ProposalAct,
    actor: Actor | None,
    *,
    said: str = "",
) -> None:
    """A line of the history, its audit line, and the cards refreshed."""
    session.add(
        ProposalEvent(
            proposal_id=proposal.id,
            at=clock.now(),
            act=act,
            state=proposal.state,
            person_id=actor.person_id if actor else None,
            words=said,
        )
    )
    await session.flush()
    await audit.record(session, clock, actor, f"proposal.{act}", "proposal", proposal.id)
    await live_cards.refresh(session, clock, LiveKind.PROPOSAL, proposal.id)
    await live_cards.refresh(session, clock, LiveKind.MODERATION, proposal.id)


@dataclass(frozen=True)
class ReportedBack:
    """What the council has told of in a meeting: that it is `of` (answered, done, refused), and the `words` there."""

    of: ProposalState
    words: str


async def reported_back(session: AsyncSession, proposal_id: int) -> ReportedBack | None:
    """None while it is not, or its history does not say what of."""
    ends = (ProposalAct.ANSWERED, ProposalAct.DONE, ProposalAct.REFUSED)
    acts = col(ProposalEvent.act).in_((*ends, ProposalAct.REPORTED_BACK))
    query = select(ProposalEvent).where(col(ProposalEvent.proposal_id) == proposal_id, acts)
    events = (await session.exec(query.order_by(col(ProposalEvent.id).desc()))).all()
    told = next((each for each in events if each.act is ProposalAct.REPORTED_BACK), None)
    before = next((each for each in events if each.act in ends), None)
    return ReportedBack(before.state, told.words) if told is not None and before is not None else None


async def last_event(session: AsyncSession, proposal_id: int) -> ProposalEvent | None:
    """The newest line of its history."""
    of_it = select(ProposalEvent).where(col(ProposalEvent.proposal_id) == proposal_id)
    return (await session.exec(of_it.order_by(col(ProposalEvent.id).desc()).limit(1))).first()
