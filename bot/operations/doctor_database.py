"""The database, the programme in it, and what has gone wrong lately."""

import asyncio
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from babel.messages.pofile import read_po
from pydantic import ValidationError
from sqlalchemy import ColumnElement, func, or_, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.operations.findings import Code, Finding, error, fine, warning
from bot.settings import Settings
from council.clock import Clock
from council.meeting_notices import quiet_hours
from council.programme import NoProgramme, load_programme
from council.programme_file import programme_path, read_programme_file, shipped_programmes
from council.roles import has_coordinator
from council.settings import ProgrammeSettings
from locales.extract import untranslated
from locales.translator import CATALOGUES, available_languages
from storage.database import Database, database_file
from storage.mails import Mail, MailState
from storage.migrate import current_revision, newest_revision, revisions_up_to
from storage.outbox import Notice, NoticeState
from storage.people import Person
from storage.updates import SetAsideUpdate

PATIENCE = 15  # seconds
MEGABYTE = 1_000_000
DISK_SHORT = 500 * MEGABYTE
DISK_OUT = 50 * MEGABYTE
LATELY = timedelta(days=1)
LATE = timedelta(minutes=30)  # a broadcast to thousands takes a while at 30 a second


async def examine_database(settings: Settings, clock: Clock) -> list[Finding]:
    """Makes no database where there is none, and touches no row."""
    try:
        file = database_file(settings.database_url)
        if file is not None and not file.exists():
            return [error(Code.DATABASE_MISSING, path=str(file))]
        async with asyncio.timeout(PATIENCE):
            return await _examine(settings, clock, file)
    except Exception as problem:
        # Whatever keeps it from answering is the finding; by its type alone, its words may hold the password.
        return [error(Code.DATABASE_UNREACHABLE, reason=type(problem).__name__)]


async def _examine(settings: Settings, clock: Clock, file: Path | None) -> list[Finding]:
    database = Database(settings.database_url, pool_size=1)
    try:
        found = await _revision(database)
        if database.is_sqlite:
            found += await _pragmas(database)
        if file is not None:
            found.append(_disk(file))
        if any(finding.code is Code.DATABASE_READY for finding in found):
            async with database.read() as session:
                found += await _contents(session, clock.now())
    finally:
        await database.close()
    return found


async def _revision(database: Database) -> list[Finding]:
    found, newest = await current_revision(database), newest_revision()
    if found is None:
        return [error(Code.DATABASE_BARE)]
    if found == newest:
        return [fine(Code.DATABASE_READY, engine="SQLite" if database.is_sqlite else "PostgreSQL")]
    older = found in revisions_up_to()
    return [error(Code.DATABASE_OLDER if older else Code.DATABASE_NEWER, found=found, newest=newest)]


async def _pragmas(database: Database) -> list[Finding]:
    """Asked for on each connection; a file system or a build of SQLite may not grant them."""
    found = []
    async with database.engine.connect() as connection:
        if not (await connection.execute(text("PRAGMA foreign_keys"))).scalar_one():
            found.append(error(Code.FOREIGN_KEYS_OFF))
        if (await connection.execute(text("PRAGMA journal_mode"))).scalar_one() != "wal":
            found.append(warning(Code.WAL_OFF))
    return found


def _disk(file: Path) -> Finding:
    free = shutil.disk_usage(file.parent).free
    megabytes = free // MEGABYTE
    if free < DISK_OUT:
        return error(Code.DISK_LOW, megabytes=megabytes)
    if free < DISK_SHORT:
        return warning(Code.DISK_LOW, megabytes=megabytes)
    return fine(Code.DISK_FREE, megabytes=megabytes)


async def _contents(session: AsyncSession, now: datetime) -> list[Finding]:
    try:
        programme = await load_programme(session)
    except NoProgramme:
        return [error(Code.PROGRAMME_MISSING)]
    except ValidationError:
        return [error(Code.PROGRAMME_UNREADABLE)]
    coordinated = await has_coordinator(session)
    return [
        fine(Code.PROGRAMME_PRESENT, name=programme.name),
        *_controller(programme),
        fine(Code.COORDINATOR_PRESENT) if coordinated else warning(Code.COORDINATOR_MISSING),
        *_catalogues(programme),
        *await _outbox(session, now, programme),
        *await _mails(session, now),
        await _set_aside(session),
    ]


def _controller(programme: ProgrammeSettings) -> list[Finding]:
    """The files that we ship name nobody: whoever runs the program has to."""
    shipped = (read_programme_file(programme_path(name)).controller for name in shipped_programmes())
    return [warning(Code.CONTROLLER_MISSING)] if programme.controller in shipped else []


def _catalogues(programme: ProgrammeSettings) -> list[Finding]:
    found = []
    for language in programme.languages:
        if language not in available_languages():
            found.append(warning(Code.CATALOGUE_MISSING, language=language))
            continue
        with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
            lacking = len(untranslated(read_po(source, locale=language)))
        if lacking:
            found.append(warning(Code.CATALOGUE_INCOMPLETE, language=language, n=lacking))
    return found or [fine(Code.CATALOGUES_COMPLETE, languages=", ".join(programme.languages))]


async def _outbox(session: AsyncSession, now: datetime, programme: ProgrammeSettings) -> list[Finding]:
    lately = col(Notice.finished_at) > now - LATELY
    found = []
    # Somebody who blocked the bot is no fault of the deployment.
    reachable = or_(col(Notice.person_id).is_(None), col(Person.unreachable_since).is_(None))
    if failed := await _count(session, col(Notice.state) == NoticeState.FAILED, lately, reachable):
        found.append(warning(Code.NOTICES_FAILED, n=failed))
    if uncertain := await _count(session, col(Notice.state) == NoticeState.UNCERTAIN, lately):
        found.append(warning(Code.NOTICES_UNCERTAIN, n=uncertain))
    waited = now - await _waiting_since(session, now, programme)
    if waited > LATE:
        found.append(error(Code.NOTICES_LATE, minutes=int(waited / timedelta(minutes=1))))
    return found or [fine(Code.OUTBOX_CALM)]


async def _mails(session: AsyncSession, now: datetime) -> list[Finding]:
    unsent = col(Mail.state).in_((MailState.FAILED, MailState.REFUSED, MailState.UNCERTAIN))
    query = select(func.count()).select_from(Mail).where(unsent, col(Mail.finished_at) > now - LATELY)
    count = (await session.exec(query)).one()
    return [warning(Code.MAILS_UNSENT, n=count)] if count else []


async def _count(session: AsyncSession, *where: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Notice).outerjoin(Person, col(Person.id) == col(Notice.person_id))
    return (await session.exec(query.where(*where))).one()


async def _waiting_since(session: AsyncSession, now: datetime, programme: ProgrammeSettings) -> datetime:
    """Since when the oldest notice that may leave has been waiting; `now` when none has."""
    night = quiet_hours(programme)
    due = select(func.min(col(Notice.not_before))).where(
        col(Notice.state) == NoticeState.PENDING,
        col(Notice.not_before) <= now,
        or_(col(Notice.expires_at).is_(None), col(Notice.expires_at) > now),
    )
    urgent = (await session.exec(due.where(~col(Notice.quiet)))).one()
    quiet = (await session.exec(due.where(col(Notice.quiet)))).one()
    since = [now] if urgent is None else [now, urgent]
    if quiet is not None and not night.covers(now):
        since.append(night.ends_after(quiet))
    return min(since)


async def _set_aside(session: AsyncSession) -> Finding:
    n, last = (await session.exec(select(func.count(), func.max(col(SetAsideUpdate.id))))).one()
    if not n:
        return fine(Code.NOTHING_SET_ASIDE)
    reference = (await session.exec(select(col(SetAsideUpdate.reference)).where(col(SetAsideUpdate.id) == last))).one()
    return warning(Code.UPDATES_SET_ASIDE, n=n, reference=reference)
