"""What the council makes of a published proposal: a place on an agenda, what was said of it, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.errors import EmptyWords, NotAllowed, OutOfDate, Refusal
from council.proposal_moderation import check_revision
from council.proposal_news import tell_news
from council.proposal_states import TALKED_OF_AGAIN, TRANSITIONS, change, check_treats, is_public, may_see, move
from council.written import no_longer
from storage.database import execute_built
from storage.meetings import Meeting, MeetingCouncil, MeetingState
from storage.proposals import ENDED, NEVER_PUBLIC, Proposal, ProposalAct, ProposalEvent, ProposalState

OUTCOME_LIMIT = 1_000
"""UTF-16 units of what the council says of it."""
STEPS: Mapping[ProposalAct, ProposalState] = {
    ProposalAct.DISCUSSED: ProposalState.DISCUSSED,
    ProposalAct.RETAINED: ProposalState.RETAINED,
    ProposalAct.FORWARDED: ProposalState.FORWARDED,
    ProposalAct.ANSWERED: ProposalState.ANSWERED,
    ProposalAct.DONE: ProposalState.DONE,
    ProposalAct.REFUSED: ProposalState.REFUSED,
    ProposalAct.REPORTED_BACK: ProposalState.REPORTED_BACK,
}
"""What the council does with a proposal, and the state that it comes to."""
NEED_WORDS = frozenset({ProposalAct.FORWARDED, ProposalAct.ANSWERED, ProposalAct.REFUSED})
"""To whom, what was answered, why not: without it the news would say nothing."""


class HiddenByReports(Refusal):
    """Residents have reported the text: a moderator looks first."""


class NotOnThisAgenda(Refusal):
    """The meeting is not announced, has begun, or is of another council."""


@dataclass(frozen=True)
class AgendaChoice:
    """A meeting on whose agenda a proposal may be put; `starts_at` is UTC."""

    id: int
    title: str
    starts_at: datetime


@dataclass(frozen=True)
class OnAgenda:
    """A proposal on the agenda of a meeting; `said` is what the council or a partner said of it last, "" so far."""

    id: int
    number: str
    title: str
    state: ProposalState
    said: str


# Built once: it stands on the way of every answer to a meeting.
_SHOWN: tuple[Any, ...] = (
    col(Proposal.id),
    col(Proposal.number),
    col(Proposal.title),
    col(Proposal.state),
    func.coalesce(col(Proposal.outcome), ""),
)
_ON_AGENDA: Any = (
    select(*_SHOWN)
    .where(
        col(Proposal.meeting_id) == bindparam("meeting_id"),
        col(Proposal.state).not_in(NEVER_PUBLIC),
        col(Proposal.hidden_at).is_(None),
    )
    .order_by(col(Proposal.id))
)


def steps_from(state: ProposalState) -> tuple[ProposalAct, ...]:
    """What may be done next with a proposal in that state."""
    return tuple(act for act in STEPS if state_after(state, act) is not None)


def state_after(state: ProposalState, act: ProposalAct) -> ProposalState | None:
    """Where one of STEPS leads from there; None where it cannot be taken."""
    if act is ProposalAct.DISCUSSED and state in TALKED_OF_AGAIN:
        return state
    return STEPS[act] if STEPS[act] in TRANSITIONS[state] else None


def may_go_on_agenda(state: ProposalState) -> bool:
    """A decided one is reported back, which needs no agenda."""
    return state not in ENDED and state not in NEVER_PUBLIC


async def take_step(
    session: AsyncSession,
    clock: Clock,
    actor: Actor,
    proposal_id: int,
    revision: int,
    act: ProposalAct,
    words: str = "",
    photo_file_id: str | None = None,
) -> Proposal:
    """One step of STEPS, told to author, supporters and followers with the words; a photo goes with what is done.

    What came of it goes on standing there once it is told in a meeting.

    Raises:
        NotAllowed: not the council's, no such proposal, or no such step.
        DecidedAlready, OutOfDate: it has changed since the actor saw it, or the state does not lead there.
        HiddenByReports: a moderator looks at it first.
        EmptyWords: the step needs words.
        TooLong: more than OUTCOME_LIMIT.
    """
    if act not in STEPS:
        raise NotAllowed
    said = no_longer(words, OUTCOME_LIMIT)
    proposal = await _held(session, actor, proposal_id, revision, act)
    if act in NEED_WORDS and not said:
        raise EmptyWords
    values: dict[str, Any] = {"outcome": said} if said and act is not ProposalAct.REPORTED_BACK else {}
    if act is ProposalAct.REFUSED:
        values["reason"] = said
    if act is ProposalAct.DONE:
        values["done_photo_file_id"] = photo_file_id
    if state_after(proposal.state, act) is proposal.state:
        await change(session, clock, proposal, act, actor, said=said, moved_at=clock.now(), **values)
    else:
        await move(session, clock, proposal, STEPS[act], act, actor, said=said, **values)
    await tell_news(session, clock, proposal)
    return proposal


async def put_on_agenda(
    session: AsyncSession, clock: Clock, actor: Actor, proposal_id: int, revision: int, meeting_id: int
) -> Proposal:
    """The council will talk of it at that meeting, in place of any other; those whom it concerns hear when.

    Raises:
        NotAllowed: not the council's, or no such proposal.
        DecidedAlready, OutOfDate: it has changed since the actor saw it, or is decided.
        HiddenByReports: a moderator looks at it first.
        NotOnThisAgenda: not a meeting of `agenda_choices`.
    """
    act = ProposalAct.PUT_ON_AGENDA
    proposal = await _held(session, actor, proposal_id, revision, act)
    if not may_go_on_agenda(proposal.state):
        raise OutOfDate
    if meeting_id not in {each.id for each in await _coming(session, clock, proposal.council_id)}:
        raise NotOnThisAgenda
    if proposal.meeting_id != meeting_id:
        await change(session, clock, proposal, act, actor, meeting_id=meeting_id, moved_at=clock.now())
        await tell_news(session, clock, proposal)
    return proposal


async def take_off_agenda(
    session: AsyncSession, clock: Clock, actor: Actor, proposal_id: int, revision: int
) -> Proposal:
    """The council will not talk of it at that meeting after all; who heard that it would hears that as well.

    Raises:
        NotAllowed: not the council's, or no such proposal.
        DecidedAlready, OutOfDate: it has changed since the actor saw it, or stands on no agenda.
        HiddenByReports: a moderator looks at it first.
    """
    act = ProposalAct.TAKEN_OFF_AGENDA
    proposal = await _held(session, actor, proposal_id, revision, act)
    if proposal.meeting_id is None:
        raise OutOfDate
    await change(session, clock, proposal, act, actor, meeting_id=None, moved_at=clock.now())
    await tell_news(session, clock, proposal)
    return proposal


async def agenda_choices(
    session: AsyncSession, clock: Clock, actor: Actor, proposal: Proposal
) -> tuple[AgendaChoice, ...]:
    """Announced meetings of its council that are still to come, the next first. Raises NotAllowed."""
    check_treats(actor, proposal)
    return tuple(await _coming(session, clock, proposal.council_id))


async def agenda_of(session: AsyncSession, proposal: Proposal) -> AgendaChoice | None:
    """The meeting on whose agenda it stands; None when it is on none, or the meeting was cancelled."""
    meeting = await session.get(Meeting, proposal.meeting_id) if proposal.meeting_id is not None else None
    if meeting is None or meeting.state is MeetingState.CANCELLED:
        return None
    return AgendaChoice(meeting.id, meeting.title, meeting.starts_at)


async def is_to_be_discussed(session: AsyncSession, proposal: Proposal) -> bool:
    """Whether it was put on the agenda where it stands, and nothing was noted of it since."""
    acts = (ProposalAct.PUT_ON_AGENDA, *STEPS)
    noted = col(ProposalEvent.proposal_id) == proposal.id, col(ProposalEvent.act).in_(acts)
    query = select(col(ProposalEvent.act)).where(*noted).order_by(col(ProposalEvent.id).desc()).limit(1)
    return (await session.exec(query)).first() is ProposalAct.PUT_ON_AGENDA


async def on_agenda(session: AsyncSession, meeting_id: int) -> list[OnAgenda]:
    """Published proposals that were put on the agenda of this meeting, in the order of their numbers."""
    return [OnAgenda(*row) for row in await execute_built(session, _ON_AGENDA, {"meeting_id": meeting_id})]


async def load_treated(session: AsyncSession, actor: Actor, proposal_id: int) -> Proposal:
    """A proposal that has been public, for those who treat it.

    Raises NotAllowed for all others, and for one that is not published.
    """
    proposal = await session.get(Proposal, proposal_id)
    if proposal is None or not may_see(actor, proposal) or proposal.published_at is None:
        raise NotAllowed
    check_treats(actor, proposal)
    return proposal


async def _held(session: AsyncSession, actor: Actor, proposal_id: int, revision: int, act: ProposalAct) -> Proposal:
    """The published proposal, as the actor saw it, until the end of the transaction."""
    await session.get(Proposal, proposal_id, with_for_update=True, populate_existing=True)
    proposal = await load_treated(session, actor, proposal_id)
    await check_revision(session, actor, proposal, revision, act)
    if not is_public(proposal):
        raise HiddenByReports if proposal.hidden_at is not None else OutOfDate
    return proposal


async def _coming(session: AsyncSession, clock: Clock, council_id: int) -> list[AgendaChoice]:
    of_council = select(col(MeetingCouncil.meeting_id)).where(col(MeetingCouncil.council_id) == council_id)
    query = (
        select(col(Meeting.id), col(Meeting.title), col(Meeting.starts_at))
        .where(
            col(Meeting.id).in_(of_council),
            col(Meeting.state) == MeetingState.ANNOUNCED,
            col(Meeting.starts_at) > clock.now(),
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
        .limit(_MEETINGS)
    )
    return [AgendaChoice(*row) for row in (await session.exec(query)).all()]


_MEETINGS = 50
