"""By when a partner's answer is expected: working days agreed locally, never a legal delay; and what moves that day.

Day 0 is the local day of sending. The expected day is so many working days later, and it is late from the day after.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import IntEnum
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.errors import OutOfDate
from council.interpellation_news import tell_concerned
from council.interpellation_states import change, load_interpellation
from council.local_time import first_showing, local
from council.settings import ProgrammeSettings
from council.turns import each_due
from council.working_time import LONGEST_WAIT, Skipped, Why, calendar_of, fingerprint
from storage.database import Database
from storage.interpellations import (
    AWAITED,
    Interpellation,
    InterpellationAct,
    InterpellationEvent,
    InterpellationKind,
    InterpellationState,
)

PORTION = 50
"""Interpellations of one run, between two of other sweeps."""
_NOON, _DAY = time(12), timedelta(days=1)
_AGREED = ":"


class AlertLevel(IntEnum):
    """How far the alerts of a round have come."""

    NOTHING = 0
    NO_RECEIPT = 1
    BEFORE = 2
    LATE = 3
    VERY_LATE = 4


def answer_days(programme: ProgrammeSettings, kind: InterpellationKind) -> int:
    """Working days that a partner has to answer, by the programme's settings of today."""
    delays = programme.delays
    return delays.saisine_days if kind is InterpellationKind.SAISINE else delays.interpellation_days


def due_after(programme: ProgrammeSettings, sent_at: datetime, days: int) -> datetime:
    """`days` working days after the local day of `sent_at`: a moment (UTC) within the working hours of that day.

    Where no work is done for more than a year, days of the calendar are counted.
    """
    noon = first_showing(datetime.combine(local(sent_at, programme.tz).date(), _NOON), programme.tz)
    return calendar_of(programme).add_days(noon, days)


def delay_values(programme: ProgrammeSettings, kind: InterpellationKind, sent_at: datetime) -> dict[str, Any]:
    """Columns of an interpellation whose letter was sent at that moment: the delay is the one of today from then on."""
    days = answer_days(programme, kind)
    return {
        "sent_at": sent_at,
        "due_at": due_after(programme, sent_at, days),
        "calendar": f"{days}{_AGREED}{fingerprint(programme)}",
        "extra_days": 0,
        "alert_level": int(AlertLevel.NOTHING),
        "next_look_at": sent_at,
        "acknowledged_at": None,
        "answered_at": None,
    }


def agreed_days(programme: ProgrammeSettings, interpellation: Interpellation) -> int:
    """Working days agreed when the letter was sent, without extensions: later settings do not change them."""
    days, separator, _ = interpellation.calendar.partition(_AGREED)
    return int(days) if separator and days.isdigit() else answer_days(programme, interpellation.kind)


def acknowledgement_due(programme: ProgrammeSettings, sent_at: datetime) -> datetime:
    """By when the partner says that the letter has come."""
    return due_after(programme, sent_at, programme.delays.acknowledgement_days)


def late_from(programme: ProgrammeSettings, due_at: datetime) -> datetime:
    """The first moment of the day after the expected one, on the local clock."""
    day = local(due_at, programme.tz).date() + _DAY
    return first_showing(datetime.combine(day, time()), programme.tz)


def very_late_from(programme: ProgrammeSettings, due_at: datetime) -> datetime:
    """`very_overdue_days` working days after the expected one, from the day after."""
    return late_from(programme, due_after(programme, due_at, programme.delays.very_overdue_days))


def days_before(programme: ProgrammeSettings, due_at: datetime, days: int) -> datetime:
    """The beginning of work `days` working days before; `due_at` where no work is done for a year."""
    calendar, day, left, waited = calendar_of(programme), local(due_at, programme.tz).date(), days, 0
    while left > 0:
        day -= _DAY
        works = calendar.is_working_day(day)
        left, waited = left - works, 0 if works else waited + 1
        if waited > LONGEST_WAIT:
            return due_at
    spans = calendar.spans_of(day)
    return spans[0][0] if spans else due_at


def is_awaited(interpellation: Interpellation) -> bool:
    """An answer is due: it was sent, and nothing was answered in this round."""
    return interpellation.state in AWAITED and interpellation.due_at is not None and interpellation.answered_at is None


def is_late(programme: ProgrammeSettings, interpellation: Interpellation, now: datetime) -> bool:
    due_at = interpellation.due_at
    return due_at is not None and is_awaited(interpellation) and now >= late_from(programme, due_at)


def is_very_late(programme: ProgrammeSettings, interpellation: Interpellation, now: datetime) -> bool:
    due_at = interpellation.due_at
    return due_at is not None and is_awaited(interpellation) and now >= very_late_from(programme, due_at)


# --- why this date


@dataclass(frozen=True)
class DueExplained:
    """Why an answer is expected on `due_at`.

    `days` working days were agreed, `extra_days` were added, for the `reasons` that were given. `days_off` are holidays
    and closures in between. Moments are UTC.
    """

    interpellation_id: int
    number: str
    sent_at: datetime
    due_at: datetime
    acknowledge_by: datetime | None
    days: int
    extra_days: int
    reasons: tuple[str, ...]
    days_off: tuple[Skipped, ...]
    late: bool
    very_late: bool


async def explain_due(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, actor: Actor, interpellation_id: int
) -> DueExplained:
    """For everybody who may see it.

    Raises:
        NotAllowed: somebody who may not see it.
        OutOfDate: no answer is expected now.
    """
    row = await load_interpellation(session, actor, interpellation_id)
    if not is_awaited(row) or row.sent_at is None or row.due_at is None:
        raise OutOfDate
    skipped = calendar_of(programme).why_skipped(row.sent_at + _DAY, row.due_at)
    now = clock.now()
    return DueExplained(
        interpellation_id=row.id,
        number=row.number,
        sent_at=row.sent_at,
        due_at=row.due_at,
        acknowledge_by=_acknowledge_by(programme, row),
        days=agreed_days(programme, row),
        extra_days=row.extra_days,
        reasons=await _reasons(session, row),
        days_off=tuple(each for each in skipped if each.why in (Why.HOLIDAY, Why.CLOSURE)),
        late=is_late(programme, row, now),
        very_late=is_very_late(programme, row, now),
    )


def _acknowledge_by(programme: ProgrammeSettings, row: Interpellation) -> datetime | None:
    """None once it is acknowledged."""
    if row.state is not InterpellationState.SENT or row.sent_at is None:
        return None
    return acknowledgement_due(programme, row.sent_at)


async def _reasons(session: AsyncSession, row: Interpellation) -> tuple[str, ...]:
    """Of the extensions of this round."""
    extended = (
        col(InterpellationEvent.interpellation_id) == row.id,
        col(InterpellationEvent.act) == InterpellationAct.EXTENDED,
        col(InterpellationEvent.at) >= row.sent_at,
    )
    query = select(col(InterpellationEvent.words)).where(*extended).order_by(col(InterpellationEvent.id))
    return tuple((await session.exec(query)).all())


def moved_values(clock: Clock, row: Interpellation, due_at: datetime) -> dict[str, Any]:
    """A day that has moved into the future has reminders and alerts of its own; a missing receipt was told once."""
    level = min(row.alert_level, AlertLevel.NO_RECEIPT)
    return {"due_at": due_at, "alert_level": int(level), "next_look_at": clock.now()}


# --- the calendar changes


async def recompute_due_days(
    database: Database, clock: Clock, programme: ProgrammeSettings, portion: int = PORTION
) -> bool:
    """Computes expected days again whose calendar has changed since: a holiday, a closure, other hours.

    Those concerned hear of it only when the day moves. Each has its own short transaction. True: a portion is done and
    there may be more.
    """
    expected = (
        col(Interpellation.state).in_(AWAITED),
        col(Interpellation.answered_at).is_(None),
        col(Interpellation.due_at).is_not(None),
    )
    async with database.read() as session:
        calendars = (await session.exec(select(col(Interpellation.calendar)).where(*expected).distinct())).all()
    if not calendars:
        return False  # nobody waits: the calendar of today is not worth working out
    now_in_force = fingerprint(programme)
    stale = [each for each in calendars if each.partition(_AGREED)[2] != now_in_force]
    changed = *expected, col(Interpellation.calendar).in_(stale)

    async def look(session: AsyncSession, interpellation_id: int) -> None:
        one = select(Interpellation).where(*changed, col(Interpellation.id) == interpellation_id)
        row = (await session.exec(one.with_for_update())).first()
        if row is not None:
            await _recompute(session, clock, programme, row)

    query = select(col(Interpellation.id)).where(*changed)
    return await each_due(database, query, look, portion) == portion


async def _recompute(session: AsyncSession, clock: Clock, programme: ProgrammeSettings, row: Interpellation) -> None:
    if row.sent_at is None or row.due_at is None:
        return
    days = agreed_days(programme, row)
    calendar = f"{days}{_AGREED}{fingerprint(programme)}"
    due_at = due_after(programme, row.sent_at, days + row.extra_days)
    same_day = local(due_at, programme.tz).date() == local(row.due_at, programme.tz).date()
    if same_day or late_from(programme, due_at) <= clock.now():
        row.calendar = calendar  # nobody is told of a day that is over already
        return
    values = {"calendar": calendar, **moved_values(clock, row, due_at)}
    event = await change(session, clock, row, InterpellationAct.DUE_MOVED, None, **values)
    event.on = local(due_at, programme.tz).date()
    await tell_concerned(session, clock, row, InterpellationAct.DUE_MOVED)
