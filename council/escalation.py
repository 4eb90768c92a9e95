"""Escalation: who hears of a promise in danger. First the animator, then a deputy, then who coordinates.

Who asked hears once when it is broken: nobody waits in silence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.clock import Clock
from council.council_choice import council_of
from council.local_time import local
from council.notices import NoticeKind, Word
from council.promises import awaits_answer, promise_revision
from council.routing import who_may_take
from council.settings import ProgrammeSettings
from council.support_states import note
from council.turns import each_due
from council.working_time import LONGEST_WAIT, NeverOpen, WorkingCalendar, calendar_of
from storage import duty
from storage.database import Database
from storage.outbox import Notice, NoticePriority
from storage.people import Person
from storage.support import AlertLevel, SupportAct, SupportKind, SupportRequest

PORTION = 50
"""Requests of one run, between two of other sweeps."""
ON_TIME = timedelta(minutes=5)
"""So late an alert is still on time: a promise that ends with the day is told at its end, not the next morning."""


async def escalate_due(database: Database, clock: Clock, programme: ProgrammeSettings, portion: int = PORTION) -> bool:
    """Alerts of promises in danger whose moment has come, each once a promise.

    Never outside working time: what comes due then, or was missed while the program stood still, waits for the next
    opening. Each request has its own short transaction (council/turns.py): after a crash in between the others follow.
    True: a portion is done and there may be more.
    """
    now = clock.now()
    due = col(SupportRequest.next_alert_at) <= now

    async def look(session: AsyncSession, request_id: int) -> None:
        # Of two sweeps at once the second waits here, and finds that it is not due any more.
        one = select(SupportRequest).where(due, col(SupportRequest.id) == request_id).with_for_update()
        request = (await session.exec(one)).first()
        if request is not None:
            await _escalate(session, clock, programme, request, now)

    query = select(col(SupportRequest.id)).where(due)
    in_order = query.order_by(col(SupportRequest.next_alert_at), col(SupportRequest.id))
    return await each_due(database, in_order, look, portion) == portion


async def _escalate(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, request: SupportRequest, now: datetime
) -> None:
    if not awaits_answer(request):
        request.next_alert_at = None
        return
    calendar = calendar_of(programme)
    if not (calendar.is_open(now) or _is_on_time(calendar, request, now)):
        request.next_alert_at = _after(calendar, now, timedelta())
        return
    today = local(now, programme.tz).date()
    deputy = await _there(session, request, await _deputies_of(session, request), today)
    if request.alert_level < AlertLevel.ANIMATOR:
        holder = await _there(session, request, _ids(request.animator_id), today)
        told = holder or deputy or await who_may_take(session, request, today)
        await _alert(session, clock, request, AlertLevel.ANIMATOR, told)
        request.next_alert_at = request.promised_at
    if now < request.promised_at:
        return
    await _own_up(session, clock, request)
    if deputy and request.alert_level < AlertLevel.DEPUTY:
        await _alert(session, clock, request, AlertLevel.DEPUTY, deputy)
        since = request.promised_at if now - request.promised_at <= ON_TIME else now
        request.next_alert_at = _after(calendar, since, timedelta(minutes=programme.support.escalate_minutes))
    else:
        told = await duty.coordinators(session) - {request.person_id}
        await _alert(session, clock, request, AlertLevel.COORDINATOR, told)
        request.next_alert_at = None


async def _alert(
    session: AsyncSession, clock: Clock, request: SupportRequest, level: AlertLevel, told: frozenset[int]
) -> None:
    request.alert_level = level
    await note(session, clock, request, SupportAct.ALERTED, None, detail=level.name.lower())
    word = Word(
        NoticeKind.SUPPORT_ALERT,
        request.id,
        NoticePriority.TRANSACTIONAL,
        revision=promise_revision(request),
        detail=str(int(level)),
    )
    await notices.tell_each(session, clock, told, word)


async def _own_up(session: AsyncSession, clock: Clock, request: SupportRequest) -> None:
    """To who asked: the promise is broken, and the team knows. Once a promise, by its key."""
    revision = promise_revision(request)
    word = Word(NoticeKind.SUPPORT_LATE, request.id, NoticePriority.TRANSACTIONAL, revision=revision)
    await notices.tell(session, clock, request.person_id, word)


async def _there(
    session: AsyncSession, request: SupportRequest, person_ids: Iterable[int], today: date
) -> frozenset[int]:
    """Those of these people who are of the team, there today, and not the one who asks."""
    team = await duty.team_among(session, person_ids) - {request.person_id}
    return team - await duty.away_on(session, team, today)


async def _deputies_of(session: AsyncSession, request: SupportRequest) -> Iterable[int]:
    return (await duty.deputies(session, _ids(request.animator_id))).values()


def _ids(person_id: int | None) -> tuple[int, ...]:
    return () if person_id is None else (person_id,)


def _is_on_time(calendar: WorkingCalendar, request: SupportRequest, now: datetime) -> bool:
    """The last alert that is due came due in working hours, which have only just ended."""
    due = max(each for each in (request.next_alert_at, request.promised_at) if each is not None and each <= now)
    return now - due <= ON_TIME and calendar.between(due - ON_TIME, due) > timedelta()


def _after(calendar: WorkingCalendar, moment: datetime, span: timedelta) -> datetime:
    """So much working time later; where the team stays closed for more than a year, looked at again after it."""
    try:
        return calendar.add(moment, span)
    except NeverOpen:
        return moment + timedelta(days=LONGEST_WAIT)


@dataclass(frozen=True)
class Alert:
    """A promise in danger, as it is told to one of the team. `holder` is the first name of who has it now."""

    request_id: int
    number: str
    kind: SupportKind
    council: str | None
    level: AlertLevel
    promised_at: datetime
    now: datetime
    holder: str | None

    @property
    def is_late(self) -> bool:
        return self.promised_at <= self.now


async def awaited_request_of(session: AsyncSession, notice: Notice) -> SupportRequest | None:
    """The request whose promise a notice tells of.

    None when somebody has answered, it has ended, or the promise has moved.
    """
    request = await session.get(SupportRequest, notice.subject_id)
    if request is None or not awaits_answer(request) or promise_revision(request) != notice.revision:
        return None
    return request


async def alert_of(session: AsyncSession, clock: Clock, notice: Notice) -> Alert | None:
    """What a SUPPORT_ALERT tells now; None when it is no longer true.

    It is not when somebody has answered, the request has ended, the promise has moved, or its reader has left the team.
    """
    request = await awaited_request_of(session, notice)
    if request is None or notice.person_id is None or not await duty.team_among(session, (notice.person_id,)):
        return None
    holder = await session.get(Person, request.animator_id) if request.animator_id is not None else None
    council = await council_of(session, request.council_id)
    return Alert(
        request_id=request.id,
        number=request.number,
        kind=request.kind,
        council=council.name if council else None,
        level=AlertLevel(int(notice.detail or 0)),
        promised_at=request.promised_at,
        now=clock.now(),
        holder=holder.first_name if holder else None,
    )
