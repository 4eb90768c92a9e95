"""When somebody of the team is away: declared ahead, called off, and known to those who stand in."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, notices
from council.absence_offers import held_by, offer
from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, OutOfDate, Refusal
from council.local_time import FARTHEST_AHEAD, TooFarAway, first_showing, local
from council.notices import NoticeKind, Word
from council.settings import ProgrammeSettings
from storage import duty
from storage.animators import Absence
from storage.outbox import NoticePriority

LONGEST = 366
"""Days: whoever is away for more than a year has left, and their role is for somebody else (choice)."""
_DAY = timedelta(days=1)


class AbsenceOver(Refusal):
    """It would begin before today."""


class AbsenceUpsideDown(Refusal):
    """Its last day comes before its first."""


class AbsenceTooLong(Refusal):
    """More than LONGEST days, those that it runs into included."""


class AwayAlready(Refusal):
    """All these days are in an absence that is noted already. First and last day of that one."""

    def __init__(self, starts_on: date, ends_on: date) -> None:
        super().__init__(starts_on, ends_on)
        self.starts_on = starts_on
        self.ends_on = ends_on


async def declare_absence(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    person_id: int,
    starts_on: date,
    ends_on: date,
) -> Absence:
    """Somebody is away on these local days, first and last included. Absences that touch become one.

    Who coordinates and who stands in hear of it, and the person when another noted it. Once it has begun, what they
    hold is offered to those: now, which says all at once, or on its first morning by `offer_begun`.

    Raises:
        NotAllowed: neither about oneself nor the coordinator about somebody of the team.
        AbsenceOver, AbsenceUpsideDown, AbsenceTooLong, TooFarAway: days that cannot be.
        AwayAlready: nothing new.
    """
    await check_minds(session, actor, person_id)
    now = clock.now()
    today = local(now, programme.tz).date()
    check_days(starts_on, ends_on, now, programme)
    # Held to the end: of two that are declared at once, the second sees the first.
    await duty.lock_posts(session, (person_id,))
    touching = await _touching(session, person_id, starts_on, ends_on)
    for each in touching:
        if each.starts_on <= starts_on and ends_on <= each.ends_on:
            raise AwayAlready(each.starts_on, each.ends_on)
    starts_on = min([starts_on, *(each.starts_on for each in touching)])
    ends_on = max([ends_on, *(each.ends_on for each in touching)])
    if (ends_on - starts_on).days >= LONGEST:
        raise AbsenceTooLong
    for each in touching:
        each.cancelled_at = now
    absence = Absence(
        person_id=person_id, starts_on=starts_on, ends_on=ends_on, created_by=actor.person_id, created_at=now
    )
    session.add(absence)
    await session.flush()
    await audit.record(session, clock, actor, "absence.declared", "absence", absence.id, person_id=person_id)
    told = frozenset({person_id})
    if starts_on <= today and await held_by(session, person_id):
        await offer(session, clock, programme, absence)
    else:
        told |= await duty.coordinators(session) | frozenset((await duty.deputies(session, (person_id,))).values())
    word = Word(NoticeKind.ABSENCE_DECLARED, absence.id, NoticePriority.TRANSACTIONAL)
    await notices.tell_each(session, clock, told - {actor.person_id}, word)
    return absence


def check_days(starts_on: date, ends_on: date, now: datetime, programme: ProgrammeSettings) -> None:
    """Raises AbsenceOver, AbsenceUpsideDown, AbsenceTooLong or TooFarAway."""
    if starts_on < local(now, programme.tz).date():
        raise AbsenceOver
    if ends_on < starts_on:
        raise AbsenceUpsideDown
    if (ends_on - starts_on).days >= LONGEST:
        raise AbsenceTooLong
    if first_showing(datetime.combine(starts_on, time()), programme.tz) > now + FARTHEST_AHEAD:
        raise TooFarAway(now + FARTHEST_AHEAD)


async def cancel_absence(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, actor: Actor, absence_id: int
) -> None:
    """The person is there after all: from today on, when the absence has begun.

    Raises:
        NotAllowed: unknown, or not the actor's to call off.
        OutOfDate: called off already, or over.
    """
    absence = await absence_of(session, actor, absence_id)
    await duty.lock_posts(session, (absence.person_id,))
    now = clock.now()
    today = local(now, programme.tz).date()
    ending = update(Absence).where(
        col(Absence.id) == absence.id, col(Absence.cancelled_at).is_(None), col(Absence.ends_on) >= today
    )
    if not (await session.exec(ending.values(cancelled_at=now))).rowcount:
        raise OutOfDate
    if absence.starts_on < today:
        # What was is kept, in a row of its own: promises were made by the row that is called off.
        session.add(
            Absence(
                person_id=absence.person_id,
                starts_on=absence.starts_on,
                ends_on=today - _DAY,
                created_by=actor.person_id,
                created_at=now,
            )
        )
        await session.flush()
    await audit.record(session, clock, actor, "absence.cancelled", "absence", absence.id, person_id=absence.person_id)


async def absences_of(session: AsyncSession, actor: Actor, person_id: int, today: date) -> list[Absence]:
    """What is noted from this local day on, in order. Raises NotAllowed."""
    await check_minds(session, actor, person_id)
    coming = (
        col(Absence.person_id) == person_id,
        col(Absence.cancelled_at).is_(None),
        col(Absence.ends_on) >= today,
    )
    return list((await session.exec(select(Absence).where(*coming).order_by(col(Absence.starts_on)))).all())


async def absence_of(session: AsyncSession, actor: Actor, absence_id: int) -> Absence:
    """One of them, be it called off. Raises NotAllowed."""
    absence = await session.get(Absence, absence_id)
    if absence is None:
        raise NotAllowed
    await check_minds(session, actor, absence.person_id)
    return absence


async def check_minds(session: AsyncSession, actor: Actor, person_id: int) -> None:
    """Animators and coordinators mind their own days and post; the coordinator those of all the team.

    Raises NotAllowed.
    """
    if not actor.holds_anywhere(*duty.TEAM) or not (actor.is_coordinator or actor.person_id == person_id):
        raise NotAllowed
    if not await duty.roles_of(session, person_id):
        raise NotAllowed


async def _touching(session: AsyncSession, person_id: int, starts_on: date, ends_on: date) -> list[Absence]:
    """Absences in force that share a day with these days, or end or begin next to them."""
    near = (
        col(Absence.person_id) == person_id,
        col(Absence.cancelled_at).is_(None),
        col(Absence.starts_on) <= ends_on + _DAY,
        col(Absence.ends_on) >= starts_on - _DAY,
    )
    return list((await session.exec(select(Absence).where(*near).order_by(col(Absence.starts_on)))).all())
