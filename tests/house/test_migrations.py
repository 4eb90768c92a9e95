"""Migrations lead up, down and up again, and end where the models are."""

import sqlite3

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import BigInteger, Integer, inspect, text
from sqlmodel import col, select

from council.notices import NoticeKind, Word, tell
from storage.database import Database
from storage.migrate import alembic_config, current_revision, downgrade, migrate, newest_revision
from storage.outbox import Notice, NoticePriority
from storage.programme import Council, Regime
from storage.tables import TABLES, Table


async def test_up_down_and_up_again_ends_at_the_models(database: Database):
    await downgrade(database, "base")
    async with database.engine.connect() as connection:
        left = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert set(left) <= {"alembic_version"}
    await migrate(database)
    assert await current_revision(database) == newest_revision()
    async with database.engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync, opts={"compare_type": True}), Table.metadata)
        )
    assert differences == []


async def test_a_database_that_has_rows_keeps_them_when_it_is_migrated_again(database: Database):
    async with database.write() as session:
        session.add(Council(code="nord", name="Nord", regime=Regime.LOI2014))
    await migrate(database)
    async with database.read() as session:
        assert (await session.exec(select(col(Council.code)))).all() == ["nord"]


def test_there_is_one_head_and_its_file_has_the_highest_number():
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [newest_revision()]


def test_every_table_is_listed_once():
    assert {each.__tablename__ for each in TABLES} == set(Table.metadata.tables)


def test_every_number_from_telegram_and_every_reference_has_64_bits():
    names = ("telegram_id", "chat_id", "message_id", "thread_id", "person_id", "update_id")
    for table in Table.metadata.tables.values():
        for column in table.columns:
            if column.name in names or (column.foreign_keys and isinstance(column.type, Integer)):
                assert isinstance(column.type, BigInteger), f"{table.name}.{column.name}"


async def test_sqlite_holds_foreign_keys_and_keeps_a_journal(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    async with database.engine.connect() as connection:
        assert (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar() == 1
        assert (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar() == "wal"
        assert (await connection.exec_driver_sql("PRAGMA busy_timeout")).scalar() >= 5000
    await database.close()
    assert sqlite3.connect(tmp_path / "x.db").execute("PRAGMA journal_mode").fetchone() == ("wal",)


async def test_what_was_said_before_the_keys_were_put_in_order_is_not_said_again(programme):
    reader = await programme.person("Rosa", follows=(programme.nord,))
    word = Word(NoticeKind.ANNOUNCEMENT, 1, NoticePriority.BROADCAST)
    async with programme.database.write() as session:
        await tell(session, programme.clock, reader.person_id, word)
    await downgrade(programme.database, "0001")
    async with programme.database.engine.connect() as connection:
        keys = (await connection.execute(text("SELECT dedup_key FROM outbox"))).scalars().all()
    assert keys == [f"announcement:1:0::{reader.person_id}"]
    await migrate(programme.database)
    async with programme.database.write() as session:
        await tell(session, programme.clock, reader.person_id, word)
        assert len((await session.exec(select(Notice))).all()) == 1
