"""SQLite's log of what was committed, brought into the database file while nobody waits for it.

A commit that finds the log long does it by itself, and everybody who writes waits as long as the disk takes: a tenth of
a second and more, once in a hundred taps.
"""

import asyncio
import contextlib

from sqlalchemy.exc import DBAPIError

from storage.database import Database

AFTER = 3.0  # seconds in which what is written gathers


async def keep_checkpointing(database: Database) -> None:
    """Until it is cancelled; wakes only after a commit."""
    while True:
        await database.written.wait()
        await asyncio.sleep(AFTER)
        database.written.clear()
        # A full disk, say: what is committed stands in the log; the next commit that needs room says so to somebody.
        with contextlib.suppress(DBAPIError):
            await checkpoint(database)


async def checkpoint(database: Database) -> None:
    """One pass, on a connection's own thread: it waits for nobody, and neither readers nor writers wait for it."""
    async with database.engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
