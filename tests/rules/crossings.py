"""Two acts whose transactions cross: one stands still in the middle of its own until the other is done, or waits."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.util import await_only
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import Database

side_by_side = pytest.mark.parametrize("database_url_fixture", ["postgresql"], indirect=True)
"""For what two transactions can only do where both run: on PostgreSQL."""

Act = Callable[[AsyncSession], Awaitable[object]]
_LOOK = 0.01  # seconds between looks whether somebody waits
_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
)


async def crossed(database: Database, one: Act, other: Act, *, after: str) -> list[object]:
    """What both come to, results or errors.

    `one` stands still after its first statement in which this pattern is found. `other` then goes as far as it can:
    to its end, or to a row that `one` holds. On SQLite it comes to the door, wherever `one` stands: a transaction that
    writes is alone.
    """
    pattern = re.compile("" if database.is_sqlite else after, re.DOTALL)
    still, go_on = asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(_stands_still(database, one, pattern, still, go_on))
    await asyncio.wait({first, asyncio.ensure_future(still.wait())}, return_when=asyncio.FIRST_COMPLETED)
    assert still.is_set(), f"no statement with {after}: {first}"
    second = asyncio.create_task(_done(database, other))
    while not (database.is_sqlite or second.done() or await _somebody_waits(database)):
        await asyncio.sleep(_LOOK)
    go_on.set()
    return list(await asyncio.gather(first, second, return_exceptions=True))


async def _done(database: Database, act: Act) -> object:
    async with database.write() as session:
        return await act(session)


async def _stands_still(
    database: Database, act: Act, after: re.Pattern[str], still: asyncio.Event, go_on: asyncio.Event
) -> object:
    async with database.write() as session:
        ours = (await session.connection()).sync_connection

        def stand(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
            if connection is ours and not still.is_set() and after.search(statement):
                still.set()
                await_only(go_on.wait())

        engine = database.engine.sync_engine
        event.listen(engine, "after_cursor_execute", stand)
        try:
            return await act(session)
        finally:
            event.remove(engine, "after_cursor_execute", stand)


async def _somebody_waits(database: Database) -> bool:
    async with database.read() as session:
        return bool((await (await session.connection()).execute(_WAITING)).scalar_one())
