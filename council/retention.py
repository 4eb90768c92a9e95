"""How long people's data is kept: an account that is heard no more is warned, then erased (domain.md, section 7).

A year without a word ends an account. People who blocked the bot cannot be warned and are erased all the same.
"""

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import load_actor
from council.clock import Clock
from council.errors import NotJoined
from council.local_time import local
from council.lock_order import hold_person
from council.notices import NoticeKind, Word, tell
from council.privacy import erase_person
from council.roles import LastCoordinator
from council.settings import ProgrammeSettings
from council.turns import each_in_turn
from storage.database import Database
from storage.outbox import Notice, NoticePriority
from storage.people import Person

PORTION = 200
"""People looked at at once."""


async def warn_inactive(database: Database, clock: Clock, programme: ProgrammeSettings) -> int:
    """Warns people whose account will end, once for each of the programme's `warning_days`. How many warnings."""
    now = clock.now()

    async def warn(session: AsyncSession, person_id: int) -> bool:
        person = await session.get_one(Person, person_id)
        word = _warning(now, programme, person.last_heard_at)
        if word is None or await _was_given(session, person_id, word):
            return False
        await tell(session, clock, person_id, word)
        return True

    return sum(await each_in_turn(database, await _to_warn(database, now, programme), warn))


async def erase_inactive(database: Database, clock: Clock, programme: ProgrammeSettings) -> int:
    """Erases the accounts whose time is over, each in a transaction of its own. How many.

    The last coordinator stays: without one nobody could let anybody in.
    """
    gone = _last_heard(clock.now(), programme)

    async def erase(session: AsyncSession, person_id: int) -> bool:
        return await _erase(session, clock, person_id, gone)

    async with database.read() as session:
        query = select(col(Person.id)).where(col(Person.last_heard_at) <= gone, col(Person.telegram_id).is_not(None))
        silent = (await session.exec(query)).all()
    return sum(await each_in_turn(database, silent, erase))


async def next_warning_or_end(session: AsyncSession, now: datetime, programme: ProgrammeSettings) -> datetime | None:
    """When an account is warned next, or ends: whoever works for its owner hears of that."""
    moments = []
    for days in {0, *programme.retention.warning_days}:
        before = timedelta(days=days)
        later = col(Person.telegram_id).is_not(None), col(Person.last_heard_at) > _last_heard(now + before, programme)
        heard = (await session.exec(select(func.min(col(Person.last_heard_at))).where(*later))).one()
        if heard is not None:
            moments.append(ends_on(heard, programme) - before)
    return min((each for each in moments if each > now), default=None)


def ends_on(last_heard_at: datetime, programme: ProgrammeSettings) -> datetime:
    """When an account that is heard no more is erased; aware."""
    ends: datetime = last_heard_at + relativedelta(months=programme.retention.inactive_months)
    return ends


def _last_heard(now: datetime, programme: ProgrammeSettings) -> datetime:
    heard: datetime = now - relativedelta(months=programme.retention.inactive_months)
    return heard


async def _to_warn(database: Database, now: datetime, programme: ProgrammeSettings) -> list[int]:
    """Whose warning is due and was not given; found before anybody has to wait for the writing."""
    to_warn: list[int] = []
    cursor = 0
    while True:
        async with database.read() as session:
            people = await _silent(session, now, programme, cursor)
            for person_id, heard in people:
                word = _warning(now, programme, heard)
                if word is not None and not await _was_given(session, person_id, word):
                    to_warn.append(person_id)
        if len(people) < PORTION:
            return to_warn
        cursor = people[-1][0]


async def _silent(
    session: AsyncSession, now: datetime, programme: ProgrammeSettings, cursor: int
) -> list[tuple[int, datetime]]:
    first_warning = timedelta(days=max(programme.retention.warning_days, default=0))
    query = (
        select(col(Person.id), col(Person.last_heard_at))
        .where(
            col(Person.telegram_id).is_not(None),
            col(Person.last_heard_at) <= _last_heard(now + first_warning, programme),
            col(Person.last_heard_at) > _last_heard(now, programme),
            col(Person.id) > cursor,
        )
        .order_by(col(Person.id))
        .limit(PORTION)
    )
    return list((await session.exec(query)).all())


def _warning(now: datetime, programme: ProgrammeSettings, heard: datetime) -> Word | None:
    """The nearest of those whose day has come, for somebody who was last heard then: it makes the farther needless."""
    reached = (
        days
        for days in sorted(programme.retention.warning_days)
        if _last_heard(now, programme) < heard <= _last_heard(now + timedelta(days=days), programme)
    )
    days = next(reached, None)
    if days is None:
        return None
    return Word(
        NoticeKind.ACCOUNT_ENDING,
        _day(heard, programme),
        NoticePriority.TRANSACTIONAL,
        revision=days,
        expires_at=ends_on(heard, programme),
    )


async def _was_given(session: AsyncSession, person_id: int, warning: Word) -> bool:
    """This warning, or a nearer one, of the same silence."""
    given = select(col(Notice.id)).where(
        col(Notice.person_id) == person_id,
        col(Notice.kind) == NoticeKind.ACCOUNT_ENDING,
        col(Notice.subject_id) == warning.subject_id,
        col(Notice.revision) <= warning.revision,
    )
    return (await session.exec(given.limit(1))).first() is not None


def _day(moment: datetime, programme: ProgrammeSettings) -> int:
    return local(moment, programme.tz).toordinal()


async def _erase(session: AsyncSession, clock: Clock, person_id: int, gone: datetime) -> bool:
    """False when they have been heard since the list was made, or have to stay."""
    try:
        await hold_person(session, person_id)
        person = await session.get_one(Person, person_id)
        actor = await load_actor(session, person.telegram_id) if person.telegram_id is not None else None
        if actor is None or person.last_heard_at > gone:
            return False
        await erase_person(session, clock, actor)
    except (NotJoined, LastCoordinator):  # of which nothing is left but what was held
        return False
    return True
