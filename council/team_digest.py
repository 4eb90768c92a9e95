"""The team's morning: what waits for each animator, and for the coordinator in the whole team, once a working day.

Nothing is queued for it: what is in a digest is read when it is written, and once more when it leaves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, case, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.clock import Clock
from council.local_time import first_showing, local
from council.notices import NoticeKind, Word, tell_each
from council.settings import ProgrammeSettings
from council.working_time import LONGEST_WAIT, DaySpan, WorkingCalendar, calendar_of
from storage import duty
from storage.animators import Absence
from storage.database import Database
from storage.outbox import NoticePriority
from storage.support import SupportRequest, SupportState

DIGEST_HOUR = time(9)
"""On the local clock (choice). On a day whose work ends before it, there is no digest."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class TeamDigest:
    """Open requests of one animator, or of the whole team (`of_team`).

    `new` were asked since the digest before. `due`: today a first answer is promised; `late`: it was promised and has
    not come. `waiting`: for a word of who asked. `unassigned`: nobody has them; of the team alone.
    """

    of_team: bool
    new: int = 0
    due: int = 0
    late: int = 0
    waiting: int = 0
    unassigned: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.due or self.late or self.waiting or self.unassigned)


@dataclass(frozen=True)
class _Morning:
    """One working day: its digest leaves from `at`, and no more from `end` on."""

    day: date
    at: datetime
    end: datetime


async def send_due_team_digests(database: Database, clock: Clock, programme: ProgrammeSettings) -> int:
    """Writes today's digests once it is 9:00 on a working day; how many it found something for. Run again: none new.

    What came or changed after 9:00 calls for no digest: whoever had nothing then gets none in the middle of the day.
    When the program was away at 9:00 they go out later on that working day, or not at all.
    """
    now = clock.now()
    morning = _morning_of(now, programme)
    if morning is None or not morning.at <= now < morning.end:
        return 0
    async with database.read() as session:
        readers = await _readers(session, programme, morning, await _people(session))
    if not readers:
        return 0
    word = Word(NoticeKind.TEAM_DIGEST, morning.day.toordinal(), NoticePriority.TRANSACTIONAL, expires_at=morning.end)
    async with database.write() as session:
        await tell_each(session, clock, readers, word)
    return len(readers)


async def next_team_digest(session: AsyncSession, now: datetime, programme: ProgrammeSettings) -> datetime | None:
    """When somebody has a digest next, as things stand.

    Requests become urgent on the day of their promise, and somebody reads of them from the day when they are back: no
    other morning than the next one, and the first ones from those days on, can be the first with a digest.
    """
    if (await session.exec(select(col(SupportRequest.id)).where(duty.is_open()).limit(1))).first() is None:
        return None
    promises = select(col(SupportRequest.promised_at)).where(duty.is_open(), _unanswered()).distinct()
    returns = select(col(Absence.ends_on)).where(col(Absence.cancelled_at).is_(None)).distinct()
    today = local(now, programme.tz).date()
    days = {local(each, programme.tz).date() for each in (await session.exec(promises)).all()}
    days |= {last + _DAY for last in (await session.exec(returns)).all()}
    mornings = {_first_morning(max(day, today), now, programme) for day in {today, *days}}
    people = await _people(session)
    for morning in sorted((each for each in mornings if each is not None), key=lambda each: each.at):
        if await _readers(session, programme, morning, people):
            return morning.at
    return None


async def load_team_digest(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, person_id: int, day: int
) -> TeamDigest | None:
    """The digest of the day with that ordinal, as it is true now.

    None: the day is over, the person is away or left the team, or there is nothing (any more).
    """
    now = clock.now()
    morning = _morning_of(now, programme)
    if morning is None or morning.day.toordinal() != day:
        return None
    coordinates = person_id in await duty.coordinators(session)
    if not coordinates and person_id not in await duty.animators(session):
        return None
    away = (await _away(session, (person_id,), morning.day)).get(person_id, ())
    calendar = calendar_of(programme, away)
    if not calendar.is_working_day(morning.day):
        return None
    counts: tuple[Any, ...] = (
        func.count().filter(col(SupportRequest.asked_at) >= _digest_before(calendar, morning.day, programme)),
        func.count().filter(_due(now, _midnight_after(morning.day, programme))),
        func.count().filter(_late(now)),
        func.count().filter(col(SupportRequest.state) == SupportState.WAITING),
        func.count().filter(col(SupportRequest.animator_id).is_(None)),
    )
    query = select(*counts).where(duty.is_open())
    if not coordinates:
        query = query.where(col(SupportRequest.animator_id) == person_id)
    digest = TeamDigest(coordinates, *(await session.exec(query)).one())
    return None if digest.is_empty else digest


async def _people(session: AsyncSession) -> dict[int, bool]:
    """Who could get one: person → whether they coordinate."""
    coordinators = await duty.coordinators(session)
    return {each: each in coordinators for each in await duty.animators(session) | coordinators}


async def _readers(
    session: AsyncSession, programme: ProgrammeSettings, morning: _Morning, people: dict[int, bool]
) -> list[int]:
    """Those who are there today and for whom there is something, as it stood at the hour of the digest."""
    away = await _away(session, people, morning.day)
    holder = col(SupportRequest.animator_id)
    urgent = case(
        (_late(morning.at), 1),
        (_due(morning.at, _midnight_after(morning.day, programme)), 1),
        (col(SupportRequest.state) == SupportState.WAITING, 1),
        (holder.is_(None), 1),
        else_=0,
    )
    as_it_stood = col(SupportRequest.changed_at) < morning.at, col(SupportRequest.asked_at) < morning.at
    query = (
        select(holder, func.max(urgent), func.max(col(SupportRequest.asked_at)))
        .where(duty.is_open(), *as_it_stood)
        .group_by(holder)
    )
    found = (await session.exec(query)).all()
    readers = []
    for person_id, coordinates in sorted(people.items()):
        calendar = calendar_of(programme, away.get(person_id, ()))
        if calendar.is_working_day(morning.day):
            since = _digest_before(calendar, morning.day, programme)
            theirs = (each for each in found if coordinates or each[0] == person_id)
            if any(urgent or newest >= since for _, urgent, newest in theirs):
                readers.append(person_id)
    return readers


async def _away(session: AsyncSession, person_ids: Iterable[int], day: date) -> dict[int, Sequence[DaySpan]]:
    """The absences of these people that reach into the year before `day`."""
    query = select(col(Absence.person_id), col(Absence.starts_on), col(Absence.ends_on)).where(
        col(Absence.person_id).in_(tuple(person_ids)),
        col(Absence.cancelled_at).is_(None),
        col(Absence.ends_on) >= day - timedelta(days=LONGEST_WAIT),
        col(Absence.starts_on) <= day,
    )
    away: dict[int, list[DaySpan]] = {}
    for person_id, first, last in (await session.exec(query)).all():
        away.setdefault(person_id, []).append((first, last))
    return dict(away)


def _morning_of(now: datetime, programme: ProgrammeSettings) -> _Morning | None:
    """None: nobody works on that local day."""
    return _morning_on(local(now, programme.tz).date(), programme)


def _morning_on(day: date, programme: ProgrammeSettings) -> _Morning | None:
    spans = calendar_of(programme).spans_of(day)
    return _Morning(day, _hour_of(day, programme), spans[-1][1]) if spans else None


def _first_morning(day: date, now: datetime, programme: ProgrammeSettings) -> _Morning | None:
    """The first on this day or later whose digest is still to come; None: nobody works for a year."""
    for _ in range(LONGEST_WAIT):
        morning = _morning_on(day, programme)
        if morning is not None and now < morning.at < morning.end:
            return morning
        day += _DAY
    return None


def _digest_before(calendar: WorkingCalendar, day: date, programme: ProgrammeSettings) -> datetime:
    """When the reader had the digest before: on their last day of work, whatever lay in between."""
    for _ in range(LONGEST_WAIT):
        day -= _DAY
        if calendar.is_working_day(day):
            break
    return _hour_of(day, programme)


def _hour_of(day: date, programme: ProgrammeSettings) -> datetime:
    return first_showing(datetime.combine(day, DIGEST_HOUR), programme.tz)


def _midnight_after(day: date, programme: ProgrammeSettings) -> datetime:
    return first_showing(datetime.combine(day + _DAY, time()), programme.tz)


def _late(now: datetime) -> Any:
    return and_(_unanswered(), col(SupportRequest.promised_at) < now)


def _due(now: datetime, until: datetime) -> Any:
    return and_(_unanswered(), col(SupportRequest.promised_at) >= now, col(SupportRequest.promised_at) < until)


def _unanswered() -> Any:
    return and_(col(SupportRequest.first_answer_at).is_(None), col(SupportRequest.state) != SupportState.CARRIED_OUT)
