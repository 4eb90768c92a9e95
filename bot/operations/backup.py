"""The whole database in one file, and back: from either engine to either.

For whoever keeps the deployment: the file holds personal data, and erasing a person does not reach into old files.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Table, delete
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.operations.archive import ArchiveReader, ArchiveWriter, Manifest
from bot.operations.errors import Damaged, NotEmpty, NothingToCopy, OtherRevision
from bot.operations.rows import read_rows, write_rows
from bot.operations.schema import (
    Schema,
    broken_reference,
    check_known,
    count_rows,
    defer_references,
    has_rows,
    keep_others_out,
    read_schema,
    reset_sequences,
)
from council.clock import SystemClock
from storage.database import Database
from storage.migrate import current_revision, downgrade, migrate, revision_on, revisions_up_to
from storage.outbox import Fanout, Notice
from storage.people import Person
from storage.queue import UNFINISHED

DATA_EXCEPTION = "22"
"""The SQLSTATE class of values that PostgreSQL cannot hold; the driver has no error of its own for all of them."""

Progress = Callable[[int, int], None]
"""Told after each chunk: rows done, rows in all."""


@dataclass(frozen=True)
class BackupReport:
    """What was copied; `rows` by table, `size` in bytes, `created_at` in UTC."""

    path: Path
    revision: str
    created_at: datetime
    rows: dict[str, int]
    size: int

    @property
    def total(self) -> int:
        return sum(self.rows.values())


@dataclass(frozen=True)
class RestoreReport:
    """What was brought back. `waiting`: notices, and news still being copied out, that the next run will send.

    They had not left at the time of the copy; those that left since then leave again.

    `revision` is the file's: the caller may migrate on from there.
    """

    revision: str
    created_at: datetime
    rows: dict[str, int]
    waiting: int

    @property
    def total(self) -> int:
        return sum(self.rows.values())


async def backup(database: Database, path: Path, progress: Progress | None = None) -> BackupReport:
    """Copies one consistent state, while others go on working; an older file at `path` is replaced at the very end.

    Raises:
        NothingToCopy: the database has no tables of ours.
        UnknownRevision: they are from a newer version of the program.
        OSError: the file cannot be written.
    """
    async with _snapshot(database) as connection:
        revision = await revision_on(connection)
        if revision is None:
            raise NothingToCopy
        schema = await read_schema(connection, revision)
        created_at = SystemClock().now()
        rows = {table.name: await count_rows(connection, table) for table in schema.tables}
        told = _Told(progress, sum(rows.values()))
        with ArchiveWriter(path) as archive:
            for table in schema.tables:
                archive.begin(table.name)
                async for lines in read_rows(connection, table):
                    archive.write(lines)
                    told.more(len(lines))
            size = archive.finish(Manifest(revision, created_at, rows))
    return BackupReport(path, revision, created_at, rows, size)


async def restore(database: Database, path: Path, progress: Progress | None = None) -> RestoreReport:
    """Brings a copy back, whole or not at all.

    A programme that was put in place by `init`, and that nobody has joined, gives way to that of the file. A database
    without a single row is first brought to the file's revision.

    Raises:
        NotABackup, OtherFormat, Damaged: the file is no good.
        UnknownRevision: the file, or the database, is from a newer version of the program.
        NotEmpty: there are people in the database.
        OtherRevision: it has no people, but other rows, in tables of another revision.
        OSError: the file cannot be read.
    """
    with ArchiveReader(path) as archive:
        archive.verify()
        manifest = archive.manifest
        check_known(manifest.revision)
        await _bring_to_revision(database, manifest.revision)
        async with database.write() as session:
            connection = await session.connection()
            schema = await read_schema(connection, manifest.revision)
            if set(schema.names) != set(manifest.rows):
                raise Damaged
            await keep_others_out(connection, schema)
            await _refuse_people(connection, schema)
            await _fill(connection, schema, archive, _Told(progress, sum(manifest.rows.values())))
            waiting = await _count_waiting(connection, schema)
    return RestoreReport(manifest.revision, manifest.created_at, manifest.rows, waiting)


@dataclass
class _Told:
    """Keeps the sum for whoever wants to see how far it is."""

    progress: Progress | None
    total: int
    done: int = 0

    def more(self, rows: int) -> None:
        self.done += rows
        if self.progress is not None:
            self.progress(self.done, self.total)


@asynccontextmanager
async def _snapshot(database: Database) -> AsyncIterator[AsyncConnection]:
    """One transaction that sees one state throughout: on SQLite any is such a one, PostgreSQL must be asked."""
    async with database.engine.connect() as connection:
        if not database.is_sqlite:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        async with connection.begin():
            yield connection


async def _bring_to_revision(database: Database, wanted: str) -> None:
    """An empty database goes up or down to `wanted`; one with rows must be there already."""
    found = await current_revision(database)
    if found == wanted:
        return
    if found is None:
        await migrate(database, wanted)
        return
    async with _snapshot(database) as connection:
        schema = await read_schema(connection, found)
        await _refuse_people(connection, schema)
        if await has_rows(connection, schema.tables):
            raise OtherRevision(found, wanted)
    if wanted in revisions_up_to(found):
        await downgrade(database, wanted)
    else:
        await migrate(database, wanted)


async def _refuse_people(connection: AsyncConnection, schema: Schema) -> None:
    if await has_rows(connection, [table for table in schema.tables if table.name == Person.__tablename__]):
        raise NotEmpty


async def _fill(connection: AsyncConnection, schema: Schema, archive: ArchiveReader, told: _Told) -> None:
    await defer_references(connection, schema)
    for table in reversed(schema.tables):
        await connection.execute(delete(table))
    for table in schema.tables:
        await _fill_table(connection, table, archive, told)
    try:
        broken = await broken_reference(connection, schema)
    except StatementError as error:
        raise _fault(error, "") from None
    if broken is not None:
        raise Damaged(broken)
    for table in schema.tables:
        if await count_rows(connection, table) != archive.manifest.rows[table.name]:
            raise Damaged(table.name)
    await reset_sequences(connection, schema)


async def _fill_table(connection: AsyncConnection, table: Table, archive: ArchiveReader, told: _Told) -> None:
    with closing(archive.read(table.name)) as chunks:
        for lines in chunks:
            try:
                await write_rows(connection, table, lines)
            except (ValueError, TypeError, KeyError, AttributeError):
                raise Damaged(table.name) from None
            except StatementError as error:
                raise _fault(error, table.name) from None
            told.more(len(lines))


def _fault(error: StatementError, place: str) -> Exception:
    """Rows that a database refuses are the file's fault; a full disk or a database that goes away is not."""
    if not isinstance(error, DBAPIError):
        return Damaged(place)  # a value that does not even become a parameter
    state = getattr(error.orig, "sqlstate", None) or ""
    refused = isinstance(error, IntegrityError | DataError | InterfaceError) or state.startswith(DATA_EXCEPTION)
    if refused and not error.connection_invalidated:
        return Damaged(place)
    error.hide_parameters = True  # they are what people wrote
    return error


async def _count_waiting(connection: AsyncConnection, schema: Schema) -> int:
    """Columns are looked up in the file's own revision, whose tables may be older than our models."""
    tables = {table.name: table for table in schema.tables}
    outbox, fanout = tables.get(Notice.__tablename__), tables.get(Fanout.__tablename__)
    waiting = 0
    if outbox is not None:
        unfinished = [each.value for each in UNFINISHED]
        waiting += await count_rows(connection, outbox, outbox.c.state.in_(unfinished))
    if fanout is not None:
        waiting += await count_rows(connection, fanout, fanout.c.finished_at.is_(None))
    return waiting
