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
from storage.database import Database
from storage.outbox import Notice, NoticePriority
from storage.people import Person

PORTION = 200
"""People looked at in one transaction."""


async def warn_inactive(database: Database, clock: Clock, programme: ProgrammeSettings) -> int:
    """Warns people whose account will end, once for each of the programme's `warning_days`. How many warnings."""
    warned = 0
    for days in sorted(programme.retention.warning_days):
        heard_before = _last_heard(clock.now() + timedelta(days=days), programme)
        heard_after = _last_heard(clock.now(), programme)
        cursor = 0
        while True:
            async with database.write() as session:
                people = await _silent(session, heard_before, heard_after, cursor)
                for person_id, last_heard_at in people:
                    warned += await _warn(session, clock, programme, person_id, last_heard_at, days)
            if len(people) < PORTION:
                break
            cursor = people[-1][0]
    return warned


async def erase_inactive(database: Database, clock: Clock, programme: ProgrammeSettings) -> int:
    """Erases the accounts whose time is over, each in a transaction of its own. How many.

    The last coordinator stays: without one nobody could let anybody in.
    """
    gone = _last_heard(clock.now(), programme)
    async with database.read() as session:
        query = select(col(Person.telegram_id)).where(
            col(Person.last_heard_at) <= gone, col(Person.telegram_id).is_not(None)
        )
        silent = (await session.exec(query)).all()
    erased = 0
    for telegram_id in silent:
        try:
            async with database.write() as session:
                erased += await _erase(session, clock, telegram_id or 0, gone)
        except LastCoordinator:
            continue
    return erased


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


async def _silent(
    session: AsyncSession, heard_before: datetime, heard_after: datetime, cursor: int
) -> list[tuple[int, datetime]]:
    query = (
        select(col(Person.id), col(Person.last_heard_at))
        .where(
            col(Person.telegram_id).is_not(None),
            col(Person.last_heard_at) <= heard_before,
            col(Person.last_heard_at) > heard_after,
            col(Person.id) > cursor,
        )
        .order_by(col(Person.id))
        .limit(PORTION)
    )
    return list((await session.exec(query)).all())


async def _warn(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, person_id: int, heard: datetime, days: int
) -> bool:
    """One warning of each kind for one silence; a nearer one that was given makes the farther one needless."""
    given = select(col(Notice.id)).where(
        col(Notice.person_id) == person_id,
        col(Notice.kind) == NoticeKind.ACCOUNT_ENDING,
        col(Notice.subject_id) == _day(heard, programme),
        col(Notice.revision) <= days,
    )
    if (await session.exec(given.limit(1))).first() is not None:
        return False
    word = Word(
        NoticeKind.ACCOUNT_ENDING,
        _day(heard, programme),
        NoticePriority.TRANSACTIONAL,
        revision=days,
        expires_at=ends_on(heard, programme),
    )
    await tell(session, clock, person_id, word)
    return True


def _day(moment: datetime, programme: ProgrammeSettings) -> int:
    return local(moment, programme.tz).toordinal()


async def _erase(session: AsyncSession, clock: Clock, telegram_id: int, gone: datetime) -> bool:
    """False when they have been heard since the list was made."""
    actor = await load_actor(session, telegram_id)
    if actor is None:
        return False
    try:
        await hold_person(session, actor.person_id)
    except NotJoined:
        return False
    person = await session.get_one(Person, actor.person_id)
    if person.last_heard_at > gone:
        return False
    await erase_person(session, clock, actor)
    return True
