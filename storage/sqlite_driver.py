"""aiosqlite with one trip to the connection's thread for each statement.

SQLAlchemy asks a cursor to open, to run, to give its rows and to close: with aiosqlite's own these are four trips, and
most of what a tap costs. This one does all of it on the first.
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


async def connect(url: URL) -> aiosqlite.Connection:
    """For create_async_engine's `async_creator`."""
    arguments, options = url.get_dialect()().create_connect_args(url)
    connection = _Connection(partial(sqlite3.connect, *arguments, **options), iter_chunk_size=AHEAD)
    connection._thread.daemon = True  # as SQLAlchemy does: a forgotten connection must not keep the program alive
    return await connection


class _Connection(aiosqlite.Connection):
    def cursor(self) -> "_Cursor":  # type: ignore[override]
        return _Cursor(self)

    async def trip(self, act: Callable[..., Result], *values: Any) -> Result:
        """Calls `act` on the connection's own thread."""
        result: Result = await self._execute(act, *values)  # type: ignore[no-untyped-call]
        return result


class _Cursor:
    """What SQLAlchemy uses of an asynchronous cursor."""

    def __init__(self, connection: _Connection) -> None:
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
