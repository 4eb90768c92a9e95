"""What becomes of a proposal, told to those whom it concerns: its author, who stands behind it, who follows it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.actors import Actor
from council.clock import Clock
from council.council_choice import council_of
from council.notices import Followers, NoticeKind, ProposalFollowers, Word, reachable
from council.proposal_states import ReportedBack, is_public, last_event, reported_back
from storage.meetings import Meeting, MeetingState
from storage.outbox import Notice, NoticePriority
from storage.people import Person
from storage.proposals import Proposal, ProposalAct, ProposalEvent, ProposalState

_TOLD_AFTER_THE_END = frozenset({ProposalAct.MERGED, ProposalAct.SET_ASIDE})
"""Told to supporters although the text itself is not public any more."""


async def tell_news(session: AsyncSession, clock: Clock, proposal: Proposal) -> None:
    """The last step of the proposal, to its author, and to all who hear of it once it has been public."""
    word = await _word(session, proposal)
    if proposal.author_id is not None:
        await notices.tell(session, clock, proposal.author_id, word)
    if proposal.published_at is not None:
        await notices.tell_all(session, clock, ProposalFollowers(proposal.id), word)


async def tell_author(session: AsyncSession, clock: Clock, proposal: Proposal) -> None:
    """The last step of the proposal, to its author alone."""
    if proposal.author_id is not None:
        await notices.tell(session, clock, proposal.author_id, await _word(session, proposal))


async def tell_council(session: AsyncSession, clock: Clock, proposal: Proposal) -> None:
    """A proposal is published: news for everybody who follows the council, but for those who were told already."""
    word = await _word(session, proposal, NoticePriority.BROADCAST, news=True)
    await notices.tell_all(session, clock, Followers((proposal.council_id,)), word)


async def count_told(session: AsyncSession, actor: Actor, proposal_id: int) -> int:
    """How many people besides the actor would hear of its next step."""
    proposal = await session.get_one(Proposal, proposal_id)
    hearing = or_(
        col(Person.id).in_(ProposalFollowers(proposal_id).ids()),
        col(Person.id).is_not_distinct_from(proposal.author_id),
    )
    word = Word(NoticeKind.PROPOSAL_NEWS, proposal_id, NoticePriority.TRANSACTIONAL)
    people = reachable(word, col(Person.id)).where(hearing, col(Person.id) != actor.person_id).subquery()
    return (await session.exec(select(func.count()).select_from(people))).one()


async def _word(
    session: AsyncSession,
    proposal: Proposal,
    priority: NoticePriority = NoticePriority.TRANSACTIONAL,
    *,
    news: bool = False,
) -> Word:
    """Names the step by its line in the history: two steps of one night are told apart in the morning."""
    event = await last_event(session, proposal.id)
    detail = str(event.id) if event is not None else ""
    return Word(NoticeKind.PROPOSAL_NEWS, proposal.id, priority, proposal.revision, detail, news=news)


@dataclass(frozen=True)
class ProposalNews:
    """One step of a proposal, for one reader.

    `words` were given with the step: a reason for its author alone, else what the council or a partner said.
    `reported_back` says what of, when that is the step. `merged_into` is the id of the one that goes on, `meeting_at`
    when the meeting begins on whose agenda it was put (UTC). `title` is "" for those who may not read the text any
    more.
    """

    proposal_id: int
    number: str
    council: str
    title: str
    act: ProposalAct
    words: str
    to_author: bool
    merged_into: int | None
    meeting: str | None
    meeting_at: datetime | None
    done_photo_file_id: str | None
    reported_back: ReportedBack | None


async def news_of(session: AsyncSession, notice: Notice) -> ProposalNews | None:
    """What a PROPOSAL_NEWS tells now; None when there is nothing left to say.

    There is not for who did it, for a text that is not public any more, for a correction that was made meanwhile, and
    for a meeting at which it will not be talked of after all.
    """
    proposal = await session.get(Proposal, notice.subject_id)
    event = await session.get(ProposalEvent, int(notice.detail or 0))
    if proposal is None or event is None or event.proposal_id != proposal.id or event.person_id == notice.person_id:
        return None
    to_author = notice.person_id == proposal.author_id
    if to_author:
        if event.act is ProposalAct.CORRECTION_ASKED and proposal.state is not ProposalState.TO_CORRECT:
            return None
        if event.act is ProposalAct.HIDDEN and proposal.hidden_at is None:
            return None
    elif event.act not in _TOLD_AFTER_THE_END and not is_public(proposal):
        return None
    council = await council_of(session, proposal.council_id)
    meeting = None
    if event.act is ProposalAct.PUT_ON_AGENDA:
        meeting = await _meeting_still(session, proposal, event)
        if meeting is None:
            return None
    told_back = event.act is ProposalAct.REPORTED_BACK
    gone = event.act is ProposalAct.SET_ASIDE and not to_author
    return ProposalNews(
        proposal_id=proposal.id,
        number=proposal.number,
        council=council.name if council is not None else "",
        title="" if gone else proposal.title,
        act=event.act,
        words="" if gone else event.words,
        to_author=to_author,
        merged_into=proposal.merged_into_id,
        meeting=meeting.title if meeting is not None else None,
        meeting_at=meeting.starts_at if meeting is not None else None,
        done_photo_file_id=proposal.done_photo_file_id if event.act is ProposalAct.DONE else None,
        reported_back=await reported_back(session, proposal.id) if told_back else None,
    )


async def _meeting_still(session: AsyncSession, proposal: Proposal, event: ProposalEvent) -> Meeting | None:
    """The meeting on whose agenda this step has put it; None when a later step or a cancellation has undone it."""
    of_agenda = col(ProposalEvent.act).in_((ProposalAct.PUT_ON_AGENDA, ProposalAct.TAKEN_OFF_AGENDA))
    later = col(ProposalEvent.proposal_id) == proposal.id, col(ProposalEvent.id) > event.id, of_agenda
    undone = (await session.exec(select(col(ProposalEvent.id)).where(*later).limit(1))).first() is not None
    meeting = await session.get(Meeting, proposal.meeting_id) if proposal.meeting_id is not None else None
    return None if undone or meeting is None or meeting.state is MeetingState.CANCELLED else meeting
