"""Promises: by when a request has its first answer, in working time; what becomes of it when the calendar changes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.clock import Clock
from council.local_time import local
from council.notices import NoticeKind, Word
from council.settings import ProgrammeSettings
from council.support_states import note
from council.turns import each_due
from council.working_time import (
    DaySpan,
    NeverOpen,
    Skipped,
    Why,
    WorkingCalendar,
    calendar_of,
    common_days,
    fingerprint,
)
from storage import duty
from storage.animators import Absence
from storage.database import Database
from storage.outbox import Notice, NoticePriority
from storage.people import Person
from storage.support import ENDED, AlertLevel, SupportAct, SupportEvent, SupportRequest, SupportState

PORTION = 200
"""Requests that are looked at again between two other sweeps."""
_MINUTE = 60


@dataclass(frozen=True)
class Promise:
    """The first answer comes before `due_at`; the animator is warned at `warn_at`. Both aware, in UTC.

    `calendar` is the fingerprint of what it was computed from. `outside_hours`: nobody of the team worked when it was
    asked. `skipped` are the days without work on the way to it.
    """

    due_at: datetime
    warn_at: datetime
    calendar: str
    outside_hours: bool
    skipped: tuple[Skipped, ...] = ()


async def promise_for(
    session: AsyncSession,
    programme: ProgrammeSettings,
    asked_at: datetime,
    animator_id: int | None,
    *,
    known_at: datetime | None = None,
) -> Promise:
    """What can be promised to who asks at `asked_at` and is answered by that animator; None: by any of the team.

    Absences count as they were known at `known_at` (None: at `asked_at`): one declared later moves no promise.

    Raises:
        NeverOpen: the programme does not work for more than a year.
    """
    known_at = known_at or asked_at
    team = calendar_of(programme, await _team_away(session, programme, asked_at, known_at))
    own = team
    if animator_id is not None:
        away = await _away(session, programme, [animator_id], asked_at, known_at)
        own = calendar_of(programme, away[animator_id])
    try:
        return _promise(programme, own, team, asked_at)
    except NeverOpen:
        # Away for more than a year: somebody else will answer.
        return _promise(programme, calendar_of(programme), team, asked_at)


async def is_outside_hours(session: AsyncSession, programme: ProgrammeSettings, moment: datetime) -> bool:
    """Nobody of the team works then: night, weekend, holiday, closure, or every animator is away."""
    return not calendar_of(programme, await _team_away(session, programme, moment, moment)).is_open(moment)


def promise_revision(request: SupportRequest) -> int:
    """Names the promise that a notice speaks of: the minutes from 1970 to its moment."""
    return int(request.promised_at.timestamp()) // _MINUTE


def awaits_answer(request: SupportRequest) -> bool:
    """The promise still stands: nobody has answered, and the request has not come to a result or an end."""
    return request.first_answer_at is None and request.state not in (*ENDED, SupportState.CARRIED_OUT)


async def renew_promise(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, request: SupportRequest
) -> Promise:
    """A fresh promise from now on, for a request that was reopened: its first answer is awaited once more.

    The caller has put it into the right hands, and counts the round. Raises NeverOpen as `promise_for` does.
    """
    now = clock.now()
    promise = await promise_for(session, programme, now, request.animator_id)
    request.asked_at = now
    request.first_answer_at = request.first_answer_minutes = None
    _put(request, promise)
    await session.flush()
    return promise


async def recompute_promises(
    database: Database, clock: Clock, programme: ProgrammeSettings, portion: int = PORTION
) -> bool:
    """Computes promises again whose calendar has changed since: a holiday, a closure, other hours, another delay.

    The requester hears of it only when the moment moves. Each request has its own short transaction. True: a portion
    is done and there may be more.
    """
    promised = duty.is_open(), col(SupportRequest.first_answer_at).is_(None)
    async with database.read() as session:
        calendars = (await session.exec(select(col(SupportRequest.calendar)).where(*promised).distinct())).all()
    if not calendars:
        return False  # nobody waits: the calendar of today is not worth working out
    # In a thread: the first of a process loads the calendars of all countries.
    changed = *promised, col(SupportRequest.calendar) != await asyncio.to_thread(fingerprint, programme)

    async def look(session: AsyncSession, request_id: int) -> None:
        one = select(SupportRequest).where(*changed, col(SupportRequest.id) == request_id).with_for_update()
        request = (await session.exec(one)).first()
        if request is not None:
            await _recompute(session, clock, programme, request)

    query = select(col(SupportRequest.id)).where(*changed).order_by(col(SupportRequest.promised_at))
    return await each_due(database, query, look, portion) == portion


async def _recompute(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, request: SupportRequest
) -> None:
    before, now = request.promised_at, clock.now()
    animator_id = await _promised_by(session, request)
    request.calendar = fingerprint(programme)
    try:
        promise = await promise_for(session, programme, request.asked_at, animator_id)
    except NeverOpen:
        return  # what was said stands: nothing better can be
    if promise.due_at == before:
        if request.alert_level == AlertLevel.NOBODY and awaits_answer(request):
            request.next_alert_at = promise.warn_at
        return
    if not awaits_answer(request) or promise.due_at <= now:
        return  # nobody is promised what is over already
    _put(request, promise)
    await note(session, clock, request, SupportAct.PROMISE_MOVED, None, detail=promise.due_at.isoformat())
    word = Word(
        NoticeKind.SUPPORT_PROMISE_MOVED,
        request.id,
        NoticePriority.TRANSACTIONAL,
        revision=promise_revision(request),
        # Moved there, away and back: each time is told.
        detail=now.isoformat(),
    )
    await notices.tell(session, clock, request.person_id, word)


def _put(request: SupportRequest, promise: Promise) -> None:
    """A new promise has its own alerts."""
    request.promised_at, request.calendar = promise.due_at, promise.calendar
    request.alert_level, request.next_alert_at = AlertLevel.NOBODY, promise.warn_at


async def _promised_by(session: AsyncSession, request: SupportRequest) -> int | None:
    """The animator with whose absences the present round was promised: the first who had it in this round."""
    given = (SupportAct.ASSIGNED, SupportAct.QUEUED)
    query = (
        select(col(SupportEvent.act), col(SupportEvent.other_id))
        .where(col(SupportEvent.request_id) == request.id, col(SupportEvent.act).in_((*given, SupportAct.REOPENED)))
        .order_by(col(SupportEvent.id))
    )
    steps = (await session.exec(query)).all()
    reopened = max((place for place, (act, _) in enumerate(steps) if act is SupportAct.REOPENED), default=0)
    # Reopened with who had it, or then given to somebody, or to the queue.
    first = next((who for act, who in steps[reopened:] if act in given or who is not None), None)
    return first if steps else request.animator_id


def _promise(programme: ProgrammeSettings, own: WorkingCalendar, team: WorkingCalendar, asked_at: datetime) -> Promise:
    due_at = own.add(asked_at, timedelta(hours=programme.delays.first_answer_hours))
    warn_at = own.subtract(due_at, timedelta(minutes=programme.support.warn_minutes))
    return Promise(
        due_at=due_at,
        # Somebody who has only just asked is no cause for a warning outside hours.
        warn_at=max(warn_at, own.next_open(asked_at)),
        calendar=fingerprint(programme),
        outside_hours=not team.is_open(asked_at),
        skipped=tuple(own.why_skipped(asked_at, due_at)),
    )


async def _team_away(
    session: AsyncSession, programme: ProgrammeSettings, since: datetime, known_at: datetime
) -> Sequence[DaySpan]:
    """Days on which every animator is away; none in a programme without animators, whose coordinator answers."""
    ids = sorted(await duty.animators(session))
    if not ids:
        return []
    first, *others = (await _away(session, programme, ids, since, known_at)).values()
    for other in others:
        first = common_days(first, other)
    return first


async def _away(
    session: AsyncSession,
    programme: ProgrammeSettings,
    animator_ids: Sequence[int],
    since: datetime,
    known_at: datetime,
) -> dict[int, list[DaySpan]]:
    """When each of them is away from the local day of `since` on, as was known at `known_at`."""
    query: Any = select(col(Absence.person_id), col(Absence.starts_on), col(Absence.ends_on)).where(
        col(Absence.person_id).in_(animator_ids),
        col(Absence.ends_on) >= local(since, programme.tz).date(),
        col(Absence.created_at) <= known_at,
        or_(col(Absence.cancelled_at).is_(None), col(Absence.cancelled_at) > known_at),
    )
    away: dict[int, list[DaySpan]] = {each: [] for each in animator_ids}
    for person_id, starts_on, ends_on in (await session.exec(query)).all():
        away[person_id].append((starts_on, ends_on))
    return away


@dataclass(frozen=True)
class MovedPromise:
    """A promise that has moved, told to who asked. `animator` is the first name of who has it, None: nobody.

    `days_off` are the holidays and closures on the way to it.
    """

    request_id: int
    number: str
    promised_at: datetime
    now: datetime
    animator: str | None
    days_off: tuple[Skipped, ...] = ()


async def moved_promise_of(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, notice: Notice
) -> MovedPromise | None:
    """What a SUPPORT_PROMISE_MOVED tells now; None when it is no longer true.

    It is not when somebody has answered, the request has ended, or the promise has moved again.
    """
    request = await session.get(SupportRequest, notice.subject_id)
    if request is None or not awaits_answer(request) or promise_revision(request) != notice.revision:
        return None
    animator = await session.get(Person, request.animator_id) if request.animator_id is not None else None
    now = clock.now()
    skipped = calendar_of(programme).why_skipped(now, request.promised_at)
    return MovedPromise(
        request_id=request.id,
        number=request.number,
        promised_at=request.promised_at,
        now=now,
        animator=animator.first_name if animator else None,
        days_off=tuple(each for each in skipped if each.why in (Why.HOLIDAY, Why.CLOSURE)),
    )
