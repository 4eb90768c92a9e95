"""Meetings as somebody sees them: with the councils, the counts and the reader's own answer, in few statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, exists, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor, check_manages
from council.clock import Clock
from council.errors import NotAllowed
from storage.database import execute_built
from storage.meetings import Answer, Meeting, MeetingCouncil, MeetingKind, MeetingState, Rsvp
from storage.people import Person
from storage.programme import Council
from storage.proposals import Proposal

STAYS_MANAGED = timedelta(days=1)
"""How long after its start a meeting stays among those that a lead looks after (choice)."""


@dataclass(frozen=True)
class CouncilName:
    id: int
    name: str


@dataclass(frozen=True)
class Counts:
    """`yes` are those with a seat; who said yes and has none is in `waiting`."""

    yes: int = 0
    maybe: int = 0
    no: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class MeetingView:
    """One meeting for one reader, at the moment `as_of`.

    The first fields are those of storage.meetings.Meeting. `waiting_position` is the reader's place in the queue (1 is
    the next); None when they have a seat or did not say yes. It and `counted` are known where one meeting is looked at
    whole: in a list nobody reads them, and to count the answers takes longer than to find the meetings.
    """

    id: int
    kind: MeetingKind
    state: MeetingState
    title: str
    agenda: str
    starts_at: datetime
    minutes: int
    place: str
    latitude: float | None
    longitude: float | None
    capacity: int
    media_kind: str | None
    media_file_id: str | None
    reminder_offsets: dict[str, list[int]] | None
    revision: int
    told_revision: int
    announce_at: datetime
    announced_at: datetime | None
    cancel_reason: str | None
    minutes_file_id: str | None
    created_by: int | None
    councils: tuple[CouncilName, ...]
    counted: Counts | None
    answer: Answer | None
    waiting_since: datetime | None
    waiting_position: int | None
    as_of: datetime
    has_proposals: bool = False
    """Whether one was ever put on its agenda; which of them may be seen is asked where they are shown."""

    @property
    def counts(self) -> Counts:
        """Raises ValueError where the answers were not counted."""
        if self.counted is None:
            raise ValueError("not counted here")
        return self.counted

    @property
    def waits(self) -> bool:
        """Whether the reader said yes and has no seat yet."""
        return self.answer == Answer.YES and self.waiting_since is not None

    @property
    def council_ids(self) -> frozenset[int]:
        return frozenset(council.id for council in self.councils)

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def begun(self) -> bool:
        return self.starts_at <= self.as_of

    @property
    def cancelled(self) -> bool:
        return self.state == MeetingState.CANCELLED

    @property
    def is_draft(self) -> bool:
        return self.state == MeetingState.DRAFT

    @property
    def open_to_answers(self) -> bool:
        return self.state == MeetingState.ANNOUNCED and not self.begun

    @property
    def full(self) -> bool:
        """Whether the next yes would have to wait."""
        return self.capacity > 0 and (self.counts.yes >= self.capacity or self.counts.waiting > 0)

    @property
    def awaits_confirmation(self) -> bool:
        """A draft whose moment has come: a council in its electoral reserve holds it back."""
        return self.is_draft and self.announce_at <= self.as_of and not self.begun


_OWN = tuple(name for name in MeetingView.__dataclass_fields__ if name in Meeting.model_fields)
_COLUMNS: tuple[Any, ...] = (
    *(getattr(Meeting, name) for name in _OWN),
    col(Council.id),
    col(Council.name),
    col(Rsvp.answer),
    col(Rsvp.waiting_since),
    exists().where(col(Proposal.meeting_id) == col(Meeting.id)).correlate(Meeting),
)


def _with_councils_and_answer(person_id: Any) -> Any:
    """A row for each council of each meeting: its columns, the council, the reader's answer."""
    return (
        select(*_COLUMNS)
        .select_from(Meeting)
        .join(MeetingCouncil, col(MeetingCouncil.meeting_id) == col(Meeting.id))
        .join(Council, col(Council.id) == col(MeetingCouncil.council_id))
        .outerjoin(Rsvp, and_(col(Rsvp.meeting_id) == col(Meeting.id), col(Rsvp.person_id) == person_id))
    )


# Built once, with those below: they stand on the way of every tap.
_ONE = (
    _with_councils_and_answer(bindparam("person_id"))
    .where(col(Meeting.id) == bindparam("meeting_id"))
    .order_by(col(Council.position), col(Council.id))
)


def _page_of(chosen: Any, order: Sequence[Any]) -> Any:
    """Of the meetings whose ids `chosen` gives, so many in this order from the `offset`th on."""
    ids = chosen.order_by(*order).limit(bindparam("limit")).offset(bindparam("offset")).subquery()
    query = _with_councils_and_answer(bindparam("person_id")).join(ids, ids.c.id == col(Meeting.id))
    return query.order_by(*order, col(Council.position), col(Council.id))


_ASKED: Any = bindparam("council_ids", expanding=True)
# Meetings of at least one of these councils.
_OF_COUNCILS = select(col(Meeting.id)).where(
    col(Meeting.id).in_(select(col(MeetingCouncil.meeting_id)).where(col(MeetingCouncil.council_id).in_(_ASKED)))
)
# Meetings of these councils and of no other.
_ONLY_OF = _OF_COUNCILS.where(
    col(Meeting.id).not_in(select(col(MeetingCouncil.meeting_id)).where(col(MeetingCouncil.council_id).not_in(_ASKED)))
)
_SOONEST = col(Meeting.starts_at), col(Meeting.id)
_LATEST = col(Meeting.starts_at).desc(), col(Meeting.id).desc()
_AFTER = col(Meeting.starts_at) > bindparam("moment")
_TO_MANAGE = col(Meeting.state) != MeetingState.CANCELLED
_UPCOMING = _page_of(_OF_COUNCILS.where(col(Meeting.announced_at).is_not(None), _AFTER), _SOONEST)
_PAST = _page_of(
    _OF_COUNCILS.where(col(Meeting.state) == MeetingState.ANNOUNCED, col(Meeting.starts_at) <= bindparam("moment")),
    _LATEST,
)
_MANAGED = _page_of(_ONLY_OF.where(_TO_MANAGE, _AFTER), _SOONEST)
_MANAGED_BY_ALL = _page_of(select(col(Meeting.id)).where(_TO_MANAGE, _AFTER), _SOONEST)
_WAITS = and_(col(Rsvp.answer) == Answer.YES, col(Rsvp.waiting_since).is_not(None))
_COUNTS = (
    select(
        col(Rsvp.answer),
        func.count() - func.count(col(Rsvp.waiting_since)),
        func.count(col(Rsvp.waiting_since)),
    )
    .where(col(Rsvp.meeting_id) == bindparam("meeting_id"))
    .group_by(col(Rsvp.answer))
)


async def load_bare_view(session: AsyncSession, clock: Clock, meeting_id: int, person_id: int) -> MeetingView | None:
    """The view without its counts and the place in the queue, for who needs neither: one statement."""
    rows = (await execute_built(session, _ONE, {"meeting_id": meeting_id, "person_id": person_id})).all()
    views = _views(rows, clock.now())
    return views[0] if views else None


async def load_meeting_view(session: AsyncSession, clock: Clock, meeting_id: int, person_id: int) -> MeetingView | None:
    """A meeting as this person sees it, whatever their rights; None when there is no such meeting."""
    view = await load_bare_view(session, clock, meeting_id, person_id)
    if view is None:
        return None
    counted = await count_answers(session, meeting_id)
    return replace(view, counted=counted, waiting_position=await position(session, view))


async def open_meeting(session: AsyncSession, clock: Clock, actor: Actor, meeting_id: int) -> MeetingView:
    """A meeting of a council that the actor follows or has a role in; a draft only for who manages it.

    Raises:
        NotAllowed: another council's, a draft, or no meeting at all.
    """
    view = await load_meeting_view(session, clock, meeting_id, actor.person_id)
    if view is None or not may_see(actor, view):
        raise NotAllowed
    return view


async def open_managed(session: AsyncSession, clock: Clock, actor: Actor, meeting_id: int) -> MeetingView:
    """A meeting of which the actor manages every council. Raises NotAllowed."""
    view = await load_meeting_view(session, clock, meeting_id, actor.person_id)
    if view is None:
        raise NotAllowed
    check_manages(actor, view.council_ids)
    return view


def may_see(actor: Actor, view: MeetingView) -> bool:
    """Whether this is a meeting of the actor's own; one cancelled before it was announced never was anybody's."""
    manages = all(actor.manages(council) for council in view.council_ids)
    return manages or (view.announced_at is not None and takes_part(actor, view.council_ids))


def takes_part(actor: Actor, council_ids: frozenset[int]) -> bool:
    """Whether the actor follows one of these councils or holds a role in one."""
    return actor.is_coordinator or not council_ids.isdisjoint(own_councils(actor))


def own_councils(actor: Actor) -> frozenset[int]:
    """The councils that the actor follows or has a role in; a coordinator is not thereby in all of them."""
    return actor.follows | {held.council_id for held in actor.held if held.council_id is not None}


async def upcoming_for(
    session: AsyncSession, clock: Clock, actor: Actor, limit: int, offset: int = 0
) -> list[MeetingView]:
    """What is coming for the actor's councils, soonest first; a cancelled meeting stays until it would have begun."""
    now = clock.now()
    theirs = {"council_ids": own_councils(actor), "moment": now}
    return await _page(session, now, actor, _UPCOMING, theirs, limit, offset)


async def past_for(session: AsyncSession, clock: Clock, actor: Actor, limit: int, offset: int = 0) -> list[MeetingView]:
    """What took place, or takes place now, for the actor's councils; latest first."""
    now = clock.now()
    theirs = {"council_ids": own_councils(actor), "moment": now}
    return await _page(session, now, actor, _PAST, theirs, limit, offset)


async def managed_by(
    session: AsyncSession, clock: Clock, actor: Actor, limit: int, offset: int = 0
) -> list[MeetingView]:
    """Drafts and announced meetings that the actor may change, soonest first, and those of the last day."""
    now = clock.now()
    moment = {"moment": now - STAYS_MANAGED}
    if actor.is_coordinator:
        return await _page(session, now, actor, _MANAGED_BY_ALL, moment, limit, offset)
    theirs = {"council_ids": actor.managed_councils, **moment}
    return await _page(session, now, actor, _MANAGED, theirs, limit, offset)


@dataclass(frozen=True)
class Attendee:
    """Somebody who answered, for the lead's list; `waiting`: said yes and has no seat."""

    person_id: int
    first_name: str
    answer: Answer
    waiting: bool


async def attendance(session: AsyncSession, meeting_id: int, limit: int = 50, offset: int = 0) -> list[Attendee]:
    """Who answered: those with a seat, then who waits in the order of the queue, then maybe, then no.

    No right is checked: for who has opened the meeting as one that they manage.
    """
    rank = case(
        (_WAITS, 1),
        (col(Rsvp.answer) == Answer.YES, 0),
        (col(Rsvp.answer) == Answer.MAYBE, 2),
        else_=3,
    )
    query = (
        select(col(Person.id), col(Person.first_name), col(Rsvp.answer), col(Rsvp.waiting_since))
        .join(Rsvp, col(Rsvp.person_id) == col(Person.id))
        .where(col(Rsvp.meeting_id) == meeting_id)
        .order_by(rank, col(Rsvp.waiting_since), col(Rsvp.answered_at), col(Person.id))
        .limit(limit)
        .offset(offset)
    )
    rows = (await session.exec(query)).all()
    return [Attendee(person_id, name, answer, waiting is not None) for person_id, name, answer, waiting in rows]


async def _page(
    session: AsyncSession,
    now: datetime,
    actor: Actor,
    page: Any,
    chosen: Mapping[str, Any],
    limit: int,
    offset: int,
) -> list[MeetingView]:
    params = {"person_id": actor.person_id, "limit": limit, "offset": offset, **chosen}
    rows = (await execute_built(session, page, params)).all()
    return _views(rows, now)


def _views(rows: Iterable[Any], as_of: datetime) -> list[MeetingView]:
    """One view for each run of rows of the same meeting."""
    views: list[MeetingView] = []
    for row in rows:
        council_id, council_name, answer, waiting_since, has_proposals = row[len(_OWN) :]
        council = CouncilName(council_id, council_name)
        if views and views[-1].id == row[0]:
            views[-1] = replace(views[-1], councils=(*views[-1].councils, council))
        else:
            views.append(
                MeetingView(
                    **dict(zip(_OWN, row, strict=False)),
                    councils=(council,),
                    counted=None,
                    answer=answer,
                    waiting_since=waiting_since,
                    waiting_position=None,
                    as_of=as_of,
                    has_proposals=has_proposals,
                )
            )
    return views


async def count_answers(session: AsyncSession, meeting_id: int) -> Counts:
    """The answers to one meeting."""
    counted = {"waiting": 0}
    for answer, seated, waiting in await execute_built(session, _COUNTS, {"meeting_id": meeting_id}):
        counted[answer.value] = seated
        counted["waiting"] += waiting
    return Counts(**counted)


async def position(session: AsyncSession, view: MeetingView) -> int | None:
    """The reader's place among those who wait for a seat, 1 for the next; None when they do not wait."""
    if not view.waits:
        return None
    not_behind = select(func.count()).where(
        col(Rsvp.meeting_id) == view.id, _WAITS, col(Rsvp.waiting_since) <= view.waiting_since
    )
    return (await session.exec(not_behind)).one()
