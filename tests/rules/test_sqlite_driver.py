"""The one-trip cursor gives all that a statement gives, however many rows there are."""

import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from storage.database import Database
from storage.sqlite_driver import AHEAD

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
