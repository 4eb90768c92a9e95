"""SQLite's log is shortened beside the commits, not in one of them."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from storage import checkpoints
from storage.checkpoints import checkpoint, keep_checkpointing
from storage.database import Database

PAGE = 4096
A_LOT = 3_000  # pages: three times the log that a commit would by itself bring into the file, were it left to SQLite


@pytest.fixture
async def file(tmp_path):
    return tmp_path / "portevoix.db"


@pytest.fixture
async def database(file):
    made = Database(f"sqlite:///{file}")
    async with made.write() as session:
        await (await session.connection()).execute(text("CREATE TABLE word (said BLOB)"))
    await checkpoint(made)
    yield made
    await made.close()


async def _write_a_lot(database):
    for _ in range(3):
        async with database.write() as session:
            words = text(f"INSERT INTO word VALUES (zeroblob({A_LOT * PAGE // 3}))")
            await (await session.connection()).execute(words)


async def test_no_commit_waits_for_the_disk_and_then_all_is_brought_into_the_file(database, file):
    await _write_a_lot(database)
    assert file.stat().st_size < 10 * PAGE  # all of it stands in the log
    await checkpoint(database)
    assert file.stat().st_size > A_LOT * PAGE


async def test_each_spell_of_commits_is_followed_by_one_even_after_one_that_failed(database, file, monkeypatch):
    passed = asyncio.Queue()
    faults = [OperationalError("PRAGMA", None, Exception("disk full"))]

    async def noted(of):
        if faults:
            raise faults.pop()
        await checkpoint(of)
        passed.put_nowait(file.stat().st_size)

    monkeypatch.setattr(checkpoints, "AFTER", 0.0)
    monkeypatch.setattr(checkpoints, "checkpoint", noted)
    keeping = asyncio.create_task(keep_checkpointing(database))
    async with asyncio.timeout(60):
        while faults:
            await asyncio.sleep(0)  # the commit of the fixture is met by a full disk
        await _write_a_lot(database)
        while await passed.get() < A_LOT * PAGE or database.written.is_set():
            pass
    assert not database.written.is_set()  # it sleeps until somebody commits
    keeping.cancel()
