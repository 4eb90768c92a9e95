"""The moderators' desk: what waits for them, oldest first, and one text with all that they need to decide."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.contents import Content
from council.council_choice import council_names
from council.errors import NotAllowed
from council.proposal_moderation import moderators_of
from council.proposal_originals import Told, originals_of, told_by
from council.proposal_states import is_public, last_event, load_proposal, may_moderate
from council.proposal_views import count_supporters
from council.support_mine import first_name
from storage.proposals import (
    Proposal,
    ProposalAct,
    ProposalEvent,
    ProposalReport,
    ProposalState,
    ReportReason,
)
from storage.support import ContentKind


@dataclass(frozen=True)
class Waiting:
    """A text in the queue. `title` is "" while nobody has put into words what was `told`; `since` is UTC."""

    id: int
    number: str
    title: str
    told: Told | None
    council: str
    since: datetime
    flagged: bool
    hidden: bool


@dataclass(frozen=True)
class Queue:
    """What waits for one moderator, the oldest first.

    `own` are the numbers of texts of their own that wait for somebody else; `stuck` those of them whom nobody else can
    read.
    """

    waiting: tuple[Waiting, ...]
    own: tuple[str, ...]
    stuck: tuple[str, ...]


@dataclass(frozen=True)
class DeskView:
    """One proposal for its moderators.

    `author` is their first name, also when it is hidden from the public; None once the account is erased. `on_map`: a
    point goes with the place. `flags` are those of council.proposal_flags. `reports` counts open reports by reason.
    `asked` is what was last asked of the author. `decided_by` did the last step (`act`): None when it was the author,
    or nobody. `nobody_else`: the actor wrote it, and there is no other moderator.
    """

    id: int
    number: str
    revision: int
    council: str
    council_id: int
    theme: str
    state: ProposalState
    title: str
    told: Told | None
    words: str
    place: str
    on_map: bool
    author: str | None
    anonymous: bool
    mine: bool
    hidden: bool
    public: bool
    flags: tuple[str, ...]
    reports: Mapping[ReportReason, int]
    supporters: int
    asked: str | None
    originals: tuple[Content, ...]
    photo_file_id: str | None
    done_photo_file_id: str | None
    meeting_id: int | None
    act: ProposalAct | None
    decided_by: str | None
    nobody_else: bool
    moved_at: datetime

    @property
    def waits(self) -> bool:
        """For a moderator's word."""
        return self.state is ProposalState.SUBMITTED or self.hidden

    @property
    def lacks_words(self) -> bool:
        """Nothing is written yet that people could read."""
        return not (self.words.strip() and self.title.strip())

    @property
    def spoken(self) -> bool:
        """The author sent more than what is shown: a voice, a video, a file."""
        return any(each.kind not in (ContentKind.TEXT, ContentKind.LOCATION) for each in self.originals)


async def queue_of(session: AsyncSession, actor: Actor) -> Queue:
    """All that waits in the councils of the actor. Raises NotAllowed for who manages none."""
    if not (actor.is_coordinator or actor.managed_councils):
        raise NotAllowed
    names = await council_names(session)
    query = select(Proposal).where(_waits())
    if not actor.is_coordinator:
        query = query.where(col(Proposal.council_id).in_(actor.managed_councils))
    since = func.coalesce(col(Proposal.hidden_at), col(Proposal.moved_at))
    found = (await session.exec(query.order_by(since, col(Proposal.id)))).all()
    own = [each for each in found if each.author_id == actor.person_id]
    stuck = [each for each in own if not await moderators_of(session, each)]
    waiting = tuple(
        Waiting(
            each.id,
            each.number,
            each.title,
            told_by(originals_of(each)),
            names.get(each.council_id, ""),
            each.hidden_at or each.moved_at,
            bool(each.flags),
            each.hidden_at is not None,
        )
        for each in found
        if may_moderate(actor, each)
    )
    return Queue(waiting, tuple(each.number for each in own), tuple(each.number for each in stuck))


async def count_waiting(session: AsyncSession, actor: Actor) -> int:
    """How many texts wait for the actor's word; none for who manages no council."""
    others = col(Proposal.author_id).is_distinct_from(actor.person_id)
    query = select(func.count()).select_from(Proposal).where(_waits(), others)
    if not actor.is_coordinator:
        if not actor.managed_councils:
            return 0
        query = query.where(col(Proposal.council_id).in_(actor.managed_councils))
    return (await session.exec(query)).one()


async def open_desk(session: AsyncSession, actor: Actor, proposal_id: int) -> DeskView:
    """One proposal as its moderators see it, its author among them when they manage the council.

    Raises NotAllowed.
    """
    proposal = await load_proposal(session, actor, proposal_id)
    if not actor.manages(proposal.council_id):
        raise NotAllowed
    names = await council_names(session)
    last = await last_event(session, proposal.id)
    by_author = last is not None and last.person_id == proposal.author_id
    return DeskView(
        id=proposal.id,
        number=proposal.number,
        revision=proposal.revision,
        council=names.get(proposal.council_id, ""),
        council_id=proposal.council_id,
        theme=proposal.theme,
        state=proposal.state,
        title=proposal.title,
        told=told_by(originals_of(proposal)),
        words=proposal.words,
        place=proposal.place,
        on_map=proposal.latitude is not None,
        author=await first_name(session, proposal.author_id),
        anonymous=proposal.anonymous,
        mine=proposal.author_id == actor.person_id,
        hidden=proposal.hidden_at is not None,
        public=is_public(proposal),
        flags=tuple(proposal.flags),
        reports=await _reports(session, proposal.id),
        supporters=await count_supporters(session, proposal.id),
        asked=await _asked(session, proposal),
        originals=originals_of(proposal),
        photo_file_id=proposal.photo_file_id,
        done_photo_file_id=proposal.done_photo_file_id,
        meeting_id=proposal.meeting_id,
        act=last.act if last is not None else None,
        decided_by=await first_name(session, last.person_id) if last is not None and not by_author else None,
        nobody_else=proposal.author_id == actor.person_id and not await moderators_of(session, proposal),
        moved_at=proposal.moved_at,
    )


async def _reports(session: AsyncSession, proposal_id: int) -> Mapping[ReportReason, int]:
    open_ones = col(ProposalReport.proposal_id) == proposal_id, col(ProposalReport.settled_at).is_(None)
    reasons = (await session.exec(select(col(ProposalReport.reason)).where(*open_ones))).all()
    return Counter(ReportReason(each) for each in reasons)


async def _asked(session: AsyncSession, proposal: Proposal) -> str | None:
    """What the author was last asked to change, before it is published."""
    if proposal.published_at is not None:
        return None
    asked = col(ProposalEvent.proposal_id) == proposal.id, col(ProposalEvent.act) == ProposalAct.CORRECTION_ASKED
    query = select(col(ProposalEvent.words)).where(*asked).order_by(col(ProposalEvent.id).desc()).limit(1)
    return (await session.exec(query)).first()


def _waits() -> Any:
    """In the words of the partial index: with a parameter neither engine uses it."""
    submitted: Any = bindparam("submitted", ProposalState.SUBMITTED, literal_execute=True)
    return or_(col(Proposal.state) == submitted, col(Proposal.hidden_at).is_not(None))
