"""Answering a meeting: one row a person, and a queue for who says yes when every seat is taken.

The queue is first in, first out. Whatever frees a seat (another answer, leaving the council, erasure, more seats) gives
it at once to who has waited longest, and they are told. Fewer seats than people already seated takes nobody's seat
away: the next ones are given once enough have left.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import bindparam, case, delete, exists, func, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, live_cards, notices
from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed
from council.live_cards import LiveKind
from council.meeting_notices import cannot_wait, has_seat, quiet_hours_in_force
from council.meeting_plans import MeetingBegun, MeetingCancelled
from council.meeting_views import Counts, MeetingView, load_bare_view, position, takes_part
from council.notices import NoticeKind, Word
from storage.database import Insert, InsertInto, engine_insert, execute_built, plain_table
from storage.meetings import Answer, Meeting, MeetingCouncil, MeetingState, Rsvp
from storage.outbox import NoticePriority
from storage.people import Follow, RoleGrant

TICK = timedelta(microseconds=1)


class Standing(StrEnum):
    """Where a person stands after answering: with a seat, in the queue, or without either."""

    SEATED = "seated"
    WAITING = "waiting"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True)
class RsvpOutcome:
    """`changed`: they had not said the same already.

    `view` is the meeting as the person sees it from now on; its answers are counted when it has a number of seats.
    """

    standing: Standing
    changed: bool
    view: MeetingView


async def answer_meeting(
    session: AsyncSession, clock: Clock, actor: Actor, meeting_id: int, answer: Answer
) -> RsvpOutcome:
    """The person's answer from now on. The same answer again changes nothing and keeps the place in the queue.

    Raises:
        NotAllowed: not a meeting of a council that they follow or have a role in, or not announced.
        MeetingCancelled, MeetingBegun: too late to answer.
    """
    view = await load_bare_view(session, clock, meeting_id, actor.person_id)
    _check_may_answer(actor, view)
    assert view is not None
    take = _answer_with_seats if view.capacity else _answer_freely
    outcome = await take(session, clock, view, actor.person_id, answer)
    if outcome.changed:
        await audit.record(session, clock, actor, "meeting.answered", "meeting", meeting_id, answer=answer.value)
    return outcome


async def promote_waiting(session: AsyncSession, clock: Clock, meeting_id: int) -> int:
    """Gives the free seats of a coming meeting to who has waited longest, and tells them. How many seats."""
    await _lock(session, meeting_id)
    meeting = (await session.exec(_COMING, params={"meeting_id": meeting_id})).first()
    if meeting is None or meeting.starts_at <= clock.now():
        return 0
    tally = await _tally(session, meeting_id, person_id=0)
    free = meeting.capacity - tally.counts.yes if meeting.capacity else tally.counts.waiting
    promoted = await _give_seats(session, clock, meeting_id, meeting.starts_at, min(free, tally.counts.waiting))
    if promoted:
        await live_cards.refresh(session, clock, LiveKind.MEETING, meeting_id)
    return promoted


async def release_answers(session: AsyncSession, clock: Clock, person_id: int, everything: bool = False) -> int:
    """Takes back a person's answers to coming meetings of councils that they have nothing to do with any more.

    To be called after the rows that say they follow, or have a role, are gone; `everything` is for erasure. How many
    answers; their seats are given on.
    """
    mine = (
        select(col(Rsvp.meeting_id))
        .join(Meeting, col(Meeting.id) == col(Rsvp.meeting_id))
        .where(col(Rsvp.person_id) == person_id, col(Meeting.starts_at) > clock.now())
        .order_by(col(Rsvp.meeting_id))
    )
    released = (await session.exec(mine if everything else mine.where(~_still_theirs(person_id)))).all()
    for meeting_id in released:
        await _lock(session, meeting_id)
        await session.exec(delete(Rsvp).where(col(Rsvp.meeting_id) == meeting_id, col(Rsvp.person_id) == person_id))
        await promote_waiting(session, clock, meeting_id)
        await live_cards.refresh(session, clock, LiveKind.MEETING, meeting_id)
    return len(released)


def _check_may_answer(actor: Actor, view: MeetingView | None) -> None:
    if view is None or view.announced_at is None or not takes_part(actor, view.council_ids):
        raise NotAllowed
    _check_open(view)


def _check_open(view: MeetingView) -> None:
    if view.cancelled:
        raise MeetingCancelled
    if view.begun:
        raise MeetingBegun


async def _answer_freely(
    session: AsyncSession, clock: Clock, view: MeetingView, person_id: int, answer: Answer
) -> RsvpOutcome:
    """Without a number of seats nobody's answer concerns anybody else's, and nobody needs to count them."""
    if view.answer == answer and view.waiting_since is None:
        return _outcome(view, changed=False)
    await _write_answer(session, view.as_of, view.id, person_id, answer, waiting_since=None)
    await live_cards.refresh(session, clock, LiveKind.MEETING, view.id)
    return _outcome(replace(view, answer=answer, waiting_since=None), changed=True)


async def _answer_with_seats(
    session: AsyncSession, clock: Clock, view: MeetingView, person_id: int, answer: Answer
) -> RsvpOutcome:
    """With a number of seats, answers to one meeting are taken one after the other: the last seat goes to one."""
    view = await _held(session, view)
    _check_open(view)
    if not view.capacity:
        return await _answer_freely(session, clock, view, person_id, answer)
    tally = await _tally(session, view.id, person_id)
    view = replace(view, answer=tally.answer, waiting_since=tally.waiting_since)
    if tally.answer == answer:
        view = replace(view, counted=tally.counts)
        return _outcome(replace(view, waiting_position=await position(session, view)), changed=False)
    full = tally.counts.yes >= view.capacity or tally.counts.waiting > 0
    # Later than all who wait, even when two machines' clocks disagree or the clock stands still.
    turn = max(view.as_of, tally.last_waiting + TICK) if tally.last_waiting else view.as_of
    waiting_since = turn if answer is Answer.YES and full else None
    await _write_answer(session, view.as_of, view.id, person_id, answer, waiting_since)
    counts = _moved(tally, answer, waits=waiting_since is not None)
    free = min(view.capacity - counts.yes, counts.waiting)
    if free > 0:
        given = await _give_seats(session, clock, view.id, view.starts_at, free)
        counts = replace(counts, yes=counts.yes + given, waiting=counts.waiting - given)
    await live_cards.refresh(session, clock, LiveKind.MEETING, view.id)
    place = counts.waiting if waiting_since else None
    return _outcome(
        replace(view, answer=answer, waiting_since=waiting_since, waiting_position=place, counted=counts), changed=True
    )


def _outcome(view: MeetingView, *, changed: bool) -> RsvpOutcome:
    if view.answer is not Answer.YES:
        standing = Standing.MAYBE if view.answer is Answer.MAYBE else Standing.NO
    else:
        standing = Standing.SEATED if has_seat(view) else Standing.WAITING
    return RsvpOutcome(standing, changed, view)


@dataclass(frozen=True)
class _Tally:
    """The answers to a meeting, with those of one person and the last in the queue."""

    counts: Counts
    answer: Answer | None
    waiting_since: datetime | None
    last_waiting: datetime | None


_MINE = col(Rsvp.person_id) == bindparam("person_id")
# One group for each answer, in the order of the index: with a group for "mine" SQLite would sort all of them.
_TALLIED: tuple[Any, ...] = (
    col(Rsvp.answer),
    func.max(case((_MINE, 1), else_=0)),
    func.max(case((_MINE, col(Rsvp.waiting_since)))),
    func.count() - func.count(col(Rsvp.waiting_since)),
    func.count(col(Rsvp.waiting_since)),
    func.max(col(Rsvp.waiting_since)),
)
_TALLY = select(*_TALLIED).where(col(Rsvp.meeting_id) == bindparam("meeting_id")).group_by(col(Rsvp.answer))
_COMING: Any = select(col(Meeting.capacity), col(Meeting.starts_at)).where(
    col(Meeting.id) == bindparam("meeting_id"), col(Meeting.state) == MeetingState.ANNOUNCED
)


async def _tally(session: AsyncSession, meeting_id: int, person_id: int) -> _Tally:
    counted: dict[str, int] = {}
    answer, waiting_since, last_waiting = None, None, None
    rows = (await execute_built(session, _TALLY, {"meeting_id": meeting_id, "person_id": person_id})).all()
    for each, mine, my_waiting, settled, waiting, last in rows:
        counted[each.value] = settled
        counted["waiting"] = counted.get("waiting", 0) + waiting
        last_waiting = max(filter(None, (last_waiting, last)), default=None)
        if mine:
            answer, waiting_since = each, my_waiting
    return _Tally(Counts(**counted), answer, waiting_since, last_waiting)


def _moved(tally: _Tally, answer: Answer, *, waits: bool) -> Counts:
    """The counts once one person's answer has changed."""
    after = {name: getattr(tally.counts, name) for name in ("yes", "maybe", "no", "waiting")}
    if tally.answer is not None:
        after["waiting" if tally.waiting_since else tally.answer.value] -= 1
    after["waiting" if waits else answer.value] += 1
    return Counts(**after)


async def _lock(session: AsyncSession, meeting_id: int) -> None:
    """Holds the meeting's row until the end of the transaction; on SQLite every write transaction is alone already."""
    if session.get_bind().dialect.name != "sqlite":
        await session.exec(select(col(Meeting.id)).where(col(Meeting.id) == meeting_id).with_for_update())


async def _held(session: AsyncSession, view: MeetingView) -> MeetingView:
    """As it is once nobody changes it any more: whoever waited for a lead counts the seats that are there now."""
    if session.get_bind().dialect.name == "sqlite":
        return view
    held = select(col(Meeting.state), col(Meeting.capacity), col(Meeting.starts_at)).where(col(Meeting.id) == view.id)
    state, capacity, starts_at = (await session.exec(held.with_for_update())).one()
    return replace(view, state=state, capacity=capacity, starts_at=starts_at)


@cache
def _writing(insert: InsertInto) -> Insert:
    """Built once: it stands on the way of every answer."""
    row = insert(plain_table(Rsvp))
    said = {name: row.excluded[name] for name in ("answer", "waiting_since", "answered_at")}
    return row.on_conflict_do_update(index_elements=["meeting_id", "person_id"], set_=said)


async def _write_answer(
    session: AsyncSession,
    now: datetime,
    meeting_id: int,
    person_id: int,
    answer: Answer,
    waiting_since: datetime | None,
) -> None:
    said = {"answer": answer, "waiting_since": waiting_since, "answered_at": now}
    row = {"meeting_id": meeting_id, "person_id": person_id, **said}
    await execute_built(session, _writing(engine_insert(session)), row)


async def _give_seats(session: AsyncSession, clock: Clock, meeting_id: int, starts_at: datetime, seats: int) -> int:
    """The first `seats` of the queue have a seat and are told; the meeting's row is locked."""
    if seats <= 0:
        return 0
    query = (
        select(col(Rsvp.person_id))
        .where(
            col(Rsvp.meeting_id) == meeting_id,
            col(Rsvp.answer) == Answer.YES,
            col(Rsvp.waiting_since).is_not(None),
        )
        .order_by(col(Rsvp.waiting_since), col(Rsvp.person_id))
        .limit(seats)
    )
    first = (await session.exec(query)).all()
    if not first:
        return 0
    theirs = col(Rsvp.meeting_id) == meeting_id, col(Rsvp.person_id).in_(first)
    await session.exec(update(Rsvp).where(*theirs).values(waiting_since=None))
    now = clock.now()
    word = Word(
        NoticeKind.SEAT_GIVEN,
        meeting_id,
        NoticePriority.TRANSACTIONAL,
        # Somebody who gave the seat back and waited again is told again.
        detail=now.isoformat(),
        quiet=not cannot_wait(starts_at, now, await quiet_hours_in_force(session)),
        expires_at=starts_at,
    )
    await notices.tell_each(session, clock, first, word)
    return len(first)


def _still_theirs(person_id: int) -> Any:
    """Whether a meeting (of the enclosing query) is of a council that the person follows or has a role in."""
    follows = exists().where(
        col(MeetingCouncil.meeting_id) == col(Rsvp.meeting_id),
        col(Follow.council_id) == col(MeetingCouncil.council_id),
        col(Follow.person_id) == person_id,
    )
    holds = exists().where(
        col(MeetingCouncil.meeting_id) == col(Rsvp.meeting_id),
        or_(col(RoleGrant.council_id) == col(MeetingCouncil.council_id), col(RoleGrant.council_id).is_(None)),
        col(RoleGrant.person_id) == person_id,
        col(RoleGrant.revoked_at).is_(None),
    )
    return or_(follows.correlate(Rsvp), holds.correlate(Rsvp))
