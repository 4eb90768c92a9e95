"""How SQLite reads its tables for what the code asks of it; PostgreSQL chooses by its statistics, on full tables."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.event import listen, remove
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import Database

Asked = tuple[str, tuple[object, ...]]
"""A statement and its values."""
on_sqlite = pytest.mark.parametrize("database_url_fixture", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url_fixture", ["postgresql"], indirect=True)


@contextmanager
def statements(database: Database) -> Iterator[list[Asked]]:
    """What is asked from here on, in its order."""
    asked: list[Asked] = []

    def note(_connection: object, _cursor: object, statement: str, values: tuple[object, ...], *_: object) -> None:
        asked.append((statement, values))

    listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield asked
    remove(database.engine.sync_engine, "before_cursor_execute", note)


async def readings(session: AsyncSession, asked: Asked, table: str) -> list[str]:
    """The steps of the plan in which that table is read, as SQLite tells them."""
    statement, values = asked
    plan = await (await session.connection()).exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    return [row[3] for row in plan.all() if f" {table}" in row[3]]
