"""aiosqlite with no more trips to the connection's thread than it takes.

SQLAlchemy asks a cursor to open, to run, to give its rows and to close: with aiosqlite's own these are four trips, and
most of what a tap costs. This one does all of it on the first. In a brief transaction (`Driver.begin`) a statement that
ends soon makes none at all: it runs at once, on the thread of the loop.
"""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Self, TypeVar

import aiosqlite
from sqlalchemy.engine import URL

Result = TypeVar("Result")

AHEAD = 500
"""Rows fetched on the first trip; who reads a large table in a stream never holds more than these."""
FEW = 100
"""Changed rows, a fraction of a millisecond to write down."""
STEPS = 100_000
"""Of SQLite's machine, some milliseconds: a question that needs more of them is asked again on the other thread."""


async def connect(url: URL) -> aiosqlite.Connection:
    """For create_async_engine's `async_creator`."""
    arguments, options = url.get_dialect()().create_connect_args(url)
    options = {**options, "check_same_thread": False}  # two threads use it, but one after the other
    connection = Driver(partial(sqlite3.connect, *arguments, **options), iter_chunk_size=AHEAD)
    connection._thread.daemon = True  # as SQLAlchemy does: a forgotten connection must not keep the program alive
    return await connection


class Driver(aiosqlite.Connection):
    """A connection and its thread."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], iter_chunk_size: int) -> None:
        super().__init__(connector, iter_chunk_size)
        self._under_way: list[Any] = []
        self._is_brief = False
        self._changes = 0

    def cursor(self) -> "_Cursor":  # type: ignore[override]
        return _Cursor(self)

    async def begin(self, statement: str, *, brief: bool) -> None:
        """By this statement begins a transaction of short ones; or, when not `brief`, of any."""
        self._is_brief = brief
        self._changes = self._conn.total_changes if brief else 0
        if not brief or self._under_way or not self._begun_at_once(statement):
            await self.trip(self._conn.execute, statement)

    async def trip(self, act: Callable[..., Result], *values: Any) -> Result:
        """Calls `act` on the connection's own thread."""
        result: Result = await self._execute(act, *values)
        return result

    def at_once(self, act: Callable[..., None], statement: str, values: Sequence[Any]) -> bool:
        """Calls `act` here and now; False when the statement might take long.

        Never while the other thread is still at work for a task that was cancelled.
        """
        if not self._is_brief or self._under_way:
            return False
        if statement.startswith("SELECT"):
            return self._within_steps(act, statement, values)
        if statement.startswith("INSERT") and "SELECT" not in statement:
            act(statement, values)
            return True
        return False  # a change may be of any number of rows, and one that is interrupted takes the transaction with it

    async def commit(self) -> None:
        """At once when there is little to write down: with its log SQLite then waits for no disk and for nobody."""
        if self._is_brief and not self._under_way and self._conn.total_changes - self._changes <= FEW:
            self._conn.commit()
        else:
            await super().commit()

    async def rollback(self) -> None:
        """SQLAlchemy asks for it at each return to the pool."""
        if self._under_way or self._conn.in_transaction:
            await super().rollback()

    def _within_steps(self, act: Callable[..., None], statement: str, values: Sequence[Any]) -> bool:
        self._conn.set_progress_handler(lambda: True, STEPS)
        try:
            act(statement, values)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return False
        finally:
            self._conn.set_progress_handler(None, 0)
        return True

    def _begun_at_once(self, statement: str) -> bool:
        """False when another process is writing."""
        (patience,) = self._conn.execute("PRAGMA busy_timeout").fetchone()
        self._conn.execute("PRAGMA busy_timeout=0").close()
        try:
            self._conn.execute(statement).close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            return False
        finally:
            self._conn.execute(f"PRAGMA busy_timeout={patience}").close()
        return True

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        def act() -> Any:
            try:
                return fn(*args, **kwargs)
            finally:
                self._under_way.pop()

        self._under_way.append(fn)
        return await super()._execute(act)  # type: ignore[no-untyped-call]


class _Cursor:
    """What SQLAlchemy uses of an asynchronous cursor."""

    def __init__(self, connection: Driver) -> None:
        self._connection = connection
        self._open: sqlite3.Cursor | None = None
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, values: Sequence[Any] = ()) -> None:
        if not self._connection.at_once(self._run, statement, values):
            await self._connection.trip(self._run, statement, values)

    async def executemany(self, statement: str, values: Sequence[Sequence[Any]]) -> None:
        await self._connection.trip(self._run_many, statement, values)

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        if self._open is not None:
            rows += await self._connection.trip(self._read, self._open, None)
        return rows

    async def fetchmany(self, size: int) -> list[Any]:
        if not self._rows and self._open is not None:
            self._rows = await self._connection.trip(self._read, self._open, AHEAD)
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    async def fetchone(self) -> Any:
        return next(iter(await self.fetchmany(1)), None)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        row = await self.fetchone()
        if row is None:
            raise StopAsyncIteration
        return row

    async def close(self) -> None:
        if self._open is not None:
            await self._connection.trip(self._open.close)
            self._open = None

    def _run(self, statement: str, values: Sequence[Any]) -> None:
        cursor = self._connection._conn.execute(statement, values)
        self.description = cursor.description
        self._rows = self._read(cursor, AHEAD)

    def _run_many(self, statement: str, values: Sequence[Sequence[Any]]) -> None:
        self._read(self._connection._conn.executemany(statement, values), None)

    def _read(self, cursor: sqlite3.Cursor, size: int | None) -> list[Any]:
        """So many rows, or all; closes the cursor once it has no more."""
        rows = cursor.fetchall() if size is None else cursor.fetchmany(size)
        # Known only now: with RETURNING, SQLite counts rows as they are fetched.
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        self._open = cursor if size is not None and len(rows) == size else None
        if self._open is None:
            cursor.close()
        return rows
