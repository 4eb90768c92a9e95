"""One door to the database: read, or write in one transaction; the same code on SQLite and PostgreSQL."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, FromClause, event, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import sqlite_driver
from storage.columns import Table

# Seconds that a SQLite connection waits for another process; inside ours the fair lock waits instead.
BUSY_TIMEOUT_S = 15
# Pages (200 MB) of SQLite's log after which a commit shortens it by itself: storage/checkpoints.py does it long before.
LONG_LOG = 50_000
WRITES = "portevoix_writes"
BRIEF = "portevoix_brief"
Rows = CursorResult[*tuple[Any, ...]]
_WROTE = "wrote"
_WAKES = "wakes_sender"


def database_url(value: str) -> URL:
    """The URL with the asynchronous driver that we use for its engine: aiosqlite or asyncpg."""
    url = make_url(value)
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
    return url.set(drivername=drivers.get(url.drivername, url.drivername))


def database_file(url: str) -> Path | None:
    """Where SQLite keeps the database; None for another engine, and in memory."""
    parts = database_url(url)
    return Path(parts.database) if parts.get_backend_name() == "sqlite" and parts.database else None


def database_exists(url: str) -> bool:
    """False when SQLite would make an empty file; whether another engine answers, only asking it tells."""
    file = database_file(url)
    return file is None or file.exists()


class Database:
    """Sessions on one engine.

    On SQLite a write takes a fair lock first, then BEGIN IMMEDIATE: writers are served in the order of their coming and
    no read is upgraded half-way (which SQLite refuses). On PostgreSQL transactions run side by side.
    """

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        self.url = database_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if (file := database_file(url)) is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        driver = {"async_creator": partial(sqlite_driver.connect, self.url)} if self.is_sqlite else {}
        self.engine: AsyncEngine = create_async_engine(
            self.url, pool_size=pool_size, max_overflow=0, pool_use_lifo=True, hide_parameters=True, **driver
        )
        _note_writes(self.engine)
        if self.is_sqlite:
            _prepare_sqlite(self.engine)
        self._reads = async_sessionmaker(self.engine, class_=AsyncSession, expire_on_commit=False)
        self._writes, self._brief_writes = (
            async_sessionmaker(
                self.engine.execution_options(**{WRITES: True, BRIEF: brief}),
                class_=AsyncSession,
                expire_on_commit=False,
            )
            for brief in (False, True)
        )
        self._lock = asyncio.Lock()
        self.written = asyncio.Event()
        """Set by each commit of `write`; who waits for it clears it."""
        self.after_notices: Callable[[], None] = lambda: None
        """Called after each commit that wrote notices: the sender need not wait for its next look."""

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that leaves nothing behind."""
        async with self._reads() as session:
            yield session

    @asynccontextmanager
    async def write(self, *, brief: bool = False) -> AsyncIterator[AsyncSession]:
        """One transaction, committed at the end of the block and rolled back by any error.

        `brief`: somebody waits for it, and most of its statements are short; SQLite runs those on the loop's thread.
        """
        async with AsyncExitStack() as stack:
            if self.is_sqlite:
                await stack.enter_async_context(self._lock)
            session = await stack.enter_async_context((self._brief_writes if brief else self._writes)())
            async with session.begin():
                yield session
            woken = session.sync_session.info.get(_WAKES)
        self.written.set()
        if woken:
            self.after_notices()

    async def close(self) -> None:
        await self.engine.dispose()


async def has_written(session: AsyncSession) -> bool:
    """Whether this transaction has changed anything so far; pending objects count.

    An update without effect needs no row of its own.
    """
    return _is_pending(session) or bool((await session.connection()).info.get(_WROTE))


async def execute_built(session: AsyncSession, statement: Executable, params: Mapping[str, Any]) -> Rows:
    """Carries out a statement that was built once, in half the time that the session's own `exec` takes.

    For what stands on the way of every tap. Rows hold columns, never objects.
    """
    if _is_pending(session):
        await session.flush()
    return await session.run_sync(_execute, statement, params)


def _execute(session: Session, statement: Executable, params: Mapping[str, Any]) -> Rows:
    return session.connection().execute(statement, params)


def _is_pending(session: AsyncSession) -> bool:
    inner = session.sync_session
    return bool(inner.new or inner.dirty or inner.deleted)


def wake_sender_after(session: AsyncSession) -> None:
    """Says that this transaction writes notices, which may leave as soon as it is committed."""
    session.sync_session.info[_WAKES] = True


Insert = sqlite.Insert | postgresql.Insert
InsertInto = Callable[[Any], Insert]


def engine_insert(session: AsyncSession) -> InsertInto:
    """The INSERT of this session's engine, by which a statement built once for each engine is found again."""
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert


def dialect_insert(session: AsyncSession, table: type[Table]) -> Insert:
    """An INSERT of this session's engine that knows ON CONFLICT."""
    return engine_insert(session)(table)


def plain_table(table: type[Table]) -> FromClause:
    """The table without its class: what a statement needs whose values come as parameters."""
    plain: FromClause = inspect(table).local_table
    return plain


def _note_writes(engine: AsyncEngine) -> None:
    """At the cursor, where nothing passes by; a listener of the session's would cost each statement twice as much."""

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.info[_WROTE] = False

    @event.listens_for(engine.sync_engine, "after_cursor_execute")
    def _note(connection: Connection, cursor: Any, _statement: Any, _params: Any, context: Any, _many: bool) -> None:
        changes = context.isinsert or context.isupdate or context.isdelete
        if changes and cursor.rowcount != 0:  # a change of no row is no change
            connection.info[_WROTE] = True


def _prepare_sqlite(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin by itself: BEGIN IMMEDIATE is ours to say
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            f"busy_timeout={round(BUSY_TIMEOUT_S * 1000)}",
            "foreign_keys=ON",
            "synchronous=NORMAL",
            f"wal_autocheckpoint={LONG_LOG}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        begin, brief = "BEGIN IMMEDIATE" if options.get(WRITES) else "BEGIN", options.get(BRIEF, False)
        try:
            # Not as a statement of SQLAlchemy's, which costs more than the transaction of a question.
            driver: Any = connection.connection.dbapi_connection
            driver.run_async(lambda connection: connection.begin(begin, brief=brief))
        except sqlite3.OperationalError as error:
            raise OperationalError(begin, None, error) from error
