"""The one-trip cursor gives all that a statement gives, however many rows there are; a brief transaction as well."""

import asyncio
import sqlite3
import threading
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

import storage.database
from storage.database import Database
from storage.sqlite_driver import AHEAD, Driver

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :last) SELECT i FROM n"


@pytest.fixture
async def database(tmp_path):
    made = Database(f"sqlite:///{tmp_path / 'driver.db'}")
    async with made.engine.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE word (id INTEGER PRIMARY KEY, said TEXT UNIQUE)")
    yield made
    await made.close()


@pytest.mark.parametrize("last", [1, AHEAD - 1, AHEAD, AHEAD + 1, 3 * AHEAD])
async def test_every_row_comes_once_and_in_order(database, last):
    async with database.engine.connect() as connection:
        rows = (await connection.execute(text(NUMBERS), {"last": last})).scalars().all()
        assert rows == list(range(1, last + 1))


async def test_a_stream_gives_the_same_rows_and_may_be_left_early(database):
    async with database.engine.connect() as connection:
        streamed = [row.i async for row in await connection.stream(text(NUMBERS), {"last": 2 * AHEAD + 3})]
        assert streamed == list(range(1, 2 * AHEAD + 4))
        async for row in await connection.stream(text(NUMBERS), {"last": 2 * AHEAD}):
            assert row.i == 1
            break
        assert (await connection.execute(text("SELECT 7"))).scalar() == 7


async def test_changes_are_counted_with_and_without_rows_given_back(database):
    async with database.engine.begin() as connection:
        fill = f"INSERT INTO word (id, said) {NUMBERS.replace('SELECT i FROM', 'SELECT i, CAST(i AS TEXT) FROM')}"
        assert (await connection.execute(text(fill), {"last": AHEAD + 7})).rowcount == AHEAD + 7
        changed = await connection.execute(text("UPDATE word SET said = said || '!' WHERE id > 3 RETURNING id"))
        assert sorted(changed.scalars()) == list(range(4, AHEAD + 8))
        assert (await connection.execute(text("UPDATE word SET said = '' WHERE id = 0"))).rowcount == 0
        added = await connection.execute(text("INSERT INTO word (said) VALUES ('encore')"))
        assert added.lastrowid == AHEAD + 8
        await connection.execute(text("INSERT INTO word (said) VALUES (:said)"), [{"said": "a"}, {"said": "b"}])
        assert (await connection.execute(text("SELECT count(*) FROM word"))).scalar() == AHEAD + 10


async def test_errors_are_those_of_the_engine_and_the_connection_goes_on(database):
    async with database.engine.connect() as connection:
        with pytest.raises(OperationalError) as refused:
            await connection.execute(text("SELECT nothing FROM nowhere"))
        assert isinstance(refused.value.orig, sqlite3.OperationalError)
        await connection.execute(text("INSERT INTO word (said) VALUES ('une')"))
        with pytest.raises(IntegrityError):
            await connection.execute(text("INSERT INTO word (said) VALUES ('une')"))
        assert (await connection.execute(text("SELECT said FROM word"))).scalars().all() == ["une"]


@pytest.fixture
def trips(monkeypatch):
    """What went to the other thread."""
    made = []
    trip = Driver._execute

    def noted(driver, act, *values, **options):
        made.append(values[0] if values else act.__name__)
        return trip(driver, act, *values, **options)

    monkeypatch.setattr(Driver, "_execute", noted)
    return made


async def test_short_statements_of_a_brief_transaction_run_at_once(database, trips):
    async with database.write():
        pass  # the connection stands from here on
    trips.clear()
    async with database.write(brief=True) as session:
        connection = await session.connection()
        assert (await connection.execute(text("SELECT count(*) FROM word"))).scalar() == 0
    assert trips == []
    async with database.write(brief=True) as session:
        connection = await session.connection()
        await connection.execute(text("INSERT INTO word (said) VALUES ('une')"))
        await connection.execute(text("UPDATE word SET said = 'deux'"))
    assert trips == ["UPDATE word SET said = 'deux'"]
    async with database.read() as session:
        assert (await (await session.connection()).execute(text("SELECT said FROM word"))).scalars().all() == ["deux"]


async def test_what_changes_many_rows_is_committed_on_the_thread(database, trips):
    trips.clear()
    async with database.write(brief=True) as session:
        connection = await session.connection()
        await connection.execute(text("INSERT INTO word (said) VALUES (:said)"), [{"said": str(n)} for n in range(200)])
    assert trips[-1] == "commit"


async def test_a_long_question_of_a_brief_transaction_goes_to_the_thread_and_loses_nothing(database, trips):
    async with database.write(brief=True) as session:
        connection = await session.connection()
        await connection.execute(text("INSERT INTO word (said) VALUES ('une')"))
        trips.clear()
        slow = f"SELECT count(*) FROM ({NUMBERS})"
        assert (await connection.execute(text(slow), {"last": 100_000})).scalar() == 100_000
        assert len(trips) == 1
        assert (await connection.execute(text("SELECT said FROM word"))).scalars().all() == ["une"]
    async with database.read() as session:
        assert (await (await session.connection()).execute(text("SELECT said FROM word"))).scalars().all() == ["une"]


async def test_an_error_rolls_a_brief_transaction_back(database):
    async def write_it_twice():
        async with database.write(brief=True) as session:
            connection = await session.connection()
            for _ in range(2):
                await connection.execute(text("INSERT INTO word (said) VALUES ('une')"))

    with pytest.raises(IntegrityError):
        await write_it_twice()
    async with database.write(brief=True) as session:
        assert (await (await session.connection()).execute(text("SELECT count(*) FROM word"))).scalar() == 0


async def test_another_process_that_writes_holds_up_the_transaction_and_not_the_loop(database, trips, tmp_path):
    async with database.write(brief=True):
        pass
    with closing(sqlite3.connect(tmp_path / "driver.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO word (said) VALUES ('une')")
        trips.clear()

        async def write():
            async with database.write(brief=True) as session:
                await (await session.connection()).execute(text("INSERT INTO word (said) VALUES ('deux')"))

        writing = asyncio.create_task(write())
        while not trips:  # the loop turns meanwhile
            await asyncio.sleep(0)
        assert not writing.done()
        other.execute("COMMIT")
        await writing
    async with database.read() as session:
        words = (await (await session.connection()).execute(text("SELECT said FROM word ORDER BY id"))).scalars().all()
    assert words == ["une", "deux"]


@pytest.mark.parametrize("brief", [True, False])
async def test_a_transaction_that_another_process_never_lets_begin_ends_in_the_engines_error(
    database, tmp_path, monkeypatch, brief
):
    monkeypatch.setattr(storage.database, "BUSY_TIMEOUT_S", 0.05)
    with closing(sqlite3.connect(tmp_path / "driver.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        impatient = Database(str(database.url))
        with pytest.raises(OperationalError) as refused:
            async with impatient.write(brief=brief) as session:
                await session.connection()
        assert isinstance(refused.value.orig, sqlite3.OperationalError)
        other.execute("ROLLBACK")
        async with impatient.write(brief=brief) as session:
            await (await session.connection()).execute(text("INSERT INTO word (said) VALUES ('une')"))
        await impatient.close()


async def test_nothing_runs_beside_a_statement_whose_task_was_cancelled(database):
    begun, may_end = threading.Event(), threading.Event()

    def wait():
        begun.set()
        may_end.wait()
        return 1

    async def hold():
        async with database.write(brief=True) as session:
            connection = await session.connection()
            driver = (await connection.get_raw_connection()).driver_connection
            driver._conn.create_function("wait", 0, wait)
            await connection.execute(text("UPDATE word SET said = 'x' WHERE wait() = 1"))

    async with database.write() as session:
        await (await session.connection()).execute(text("INSERT INTO word (said) VALUES ('une')"))
    holding = asyncio.create_task(hold())
    await asyncio.to_thread(begun.wait)
    holding.cancel()
    together = asyncio.create_task(_said(database))
    await asyncio.sleep(0)
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await holding
    assert await together == ["une"]


async def _said(database):
    async with database.write(brief=True) as session:
        return (await (await session.connection()).execute(text("SELECT said FROM word"))).scalars().all()
