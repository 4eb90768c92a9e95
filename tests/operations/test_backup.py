"""A copy of the database: whole, consistent, and the same on both engines."""

import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from bot.operations.archive import ArchiveReader
from bot.operations.backup import BackupReport, backup, restore
from bot.operations.errors import (
    NothingToCopy,
    OtherRevision,
)
from bot.operations.rows import CHUNK
from bot.operations.schema import broken_reference, defer_references, in_order
from storage.database import Database
from storage.migrate import current_revision, downgrade, migrate, newest_revision
from storage.outbox import Notice
from storage.people import Person
from storage.tables import TABLES
from tests.operations.filling import ENGINES, add_council, add_people, contents, elsewhere, fill, url_of

# --- there and back ---------------------------------------------------------------------------------------------------


async def test_every_table_comes_back_as_it_was_on_either_engine(database: Database, target: Database, file: Path):
    await fill(database)
    before = await contents(database)
    assert set(before) == {table.__tablename__ for table in TABLES}
    assert all(before.values())

    made = await backup(database, file)
    brought = await restore(target, file)

    assert await contents(target) == before
    assert made.rows == brought.rows == {name: len(rows) for name, rows in before.items()}
    assert made.revision == brought.revision == newest_revision()
    assert brought.created_at == made.created_at


async def test_many_rows_pass_in_chunks_and_progress_tells_how_far_it_is(
    database: Database, target: Database, file: Path
):
    people = 2 * CHUNK + 7
    await add_people(database, people)
    written, read = [], []

    await backup(database, file, lambda done, total: written.append((done, total)))
    await restore(target, file, lambda done, total: read.append((done, total)))

    assert written == read == [(CHUNK, people), (2 * CHUNK, people), (people, people)]
    assert await contents(target) == await contents(database)


async def test_new_rows_are_numbered_after_the_old_ones(database: Database, target: Database, file: Path):
    await add_people(database, 3)
    await backup(database, file)
    await restore(target, file)

    await add_people(target, 1, first=1)

    async with target.read() as session:
        assert (await session.exec(select(Person.id).where(Person.telegram_id == 1))).one() == 4


async def test_a_programme_that_nobody_has_joined_gives_way(database: Database, target: Database, file: Path):
    await fill(database)
    await backup(database, file)
    await add_council(target)

    await restore(target, file)

    assert await contents(target) == await contents(database)


async def test_the_report_says_how_many_notices_will_leave(database: Database, target: Database, file: Path):
    await fill(database)
    async with database.write() as session:
        await session.exec(sa.update(Notice).values(state="sent"))
        first = (await session.exec(select(Notice.id).limit(1))).one()
        await session.exec(sa.update(Notice).where(Notice.id == first).values(state="pending"))
        await session.exec(sa.text("UPDATE fanout SET finished_at = NULL"))
        fanouts = (await session.exec(sa.text("SELECT count(*) FROM fanout"))).scalar_one()
    await backup(database, file)

    assert (await restore(target, file)).waiting == 1 + fanouts


# --- the copy ---------------------------------------------------------------------------------------------------------


async def test_the_copy_is_of_one_moment_though_others_go_on_writing(database: Database, target: Database, file: Path):
    await fill(database)
    before = await contents(database)
    wrote = []

    def interfere(_done: int, _total: int) -> None:
        if not wrote:
            elsewhere(lambda other: add_people(other, 5, first=42), url_of(database))
            wrote.append(True)

    await backup(database, file, interfere)
    await restore(target, file)

    assert wrote
    assert len((await contents(database))["person"]) == len(before["person"]) + 5
    assert await contents(target) == before


async def test_only_its_owner_may_read_the_file(database: Database, file: Path):
    report = await backup(database, file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert report.size == file.stat().st_size


async def test_a_copy_that_fails_leaves_the_older_one_and_nothing_else(database: Database, file: Path):
    await add_people(database, 1)
    await backup(database, file)
    older = file.read_bytes()

    def fail(_done: int, _total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        await backup(database, file, fail)

    assert file.read_bytes() == older
    assert [each.name for each in file.parent.glob("*copie*")] == [file.name]


async def test_a_database_without_tables_has_nothing_to_copy(tmp_path: Path, file: Path):
    database = Database(f"sqlite:///{tmp_path / 'vide.db'}")
    with pytest.raises(NothingToCopy):
        await backup(database, file)
    await database.close()
    assert not file.exists()


async def test_tables_of_others_in_the_same_database_are_not_ours_to_copy_or_empty(
    database: Database, target: Database, file: Path
):
    async with target.engine.begin() as connection:
        await connection.execute(sa.text("CREATE TABLE de_quelqu_un (mot VARCHAR(20))"))
        await connection.execute(sa.text("INSERT INTO de_quelqu_un VALUES ('garder')"))
    await add_people(database, 1)
    await backup(database, file)

    await restore(target, file)
    again = await backup(target, file)

    async with target.engine.connect() as connection:
        assert (await connection.execute(sa.text("SELECT mot FROM de_quelqu_un"))).scalar_one() == "garder"
    assert "de_quelqu_un" not in again.rows


# --- revisions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_database_without_tables_is_made_ready_first(
    database: Database, file: Path, fresh_url: Callable[[str], str], engine: str
):
    await fill(database)
    await backup(database, file)
    bare = Database(fresh_url(engine))
    await downgrade(bare, "base")
    assert await current_revision(bare) is None

    report = await restore(bare, file)

    assert await current_revision(bare) == report.revision
    assert await contents(bare) == await contents(database)
    await bare.close()


async def test_an_older_copy_takes_an_empty_database_back_and_may_then_be_brought_on(
    target: Database, good: Path, later: str
):
    await migrate(target)
    assert await current_revision(target) == later

    report = await restore(target, good)

    assert await current_revision(target) == report.revision != later
    await migrate(target)
    assert len((await contents(target))["person"]) == report.rows["person"]


async def test_a_later_copy_takes_an_empty_database_on(database: Database, target: Database, file: Path, later: str):
    await migrate(database)
    await add_people(database, 1)
    async with database.engine.begin() as connection:
        await connection.execute(sa.text("INSERT INTO later SELECT id FROM person"))
    made = await backup(database, file)

    await restore(target, file)

    assert made.rows["later"] == 1
    assert await current_revision(target) == later
    async with target.engine.connect() as connection:
        assert (await connection.execute(sa.text("SELECT count(*) FROM later"))).scalar_one() == 1


async def test_rows_in_tables_of_another_revision_stay_where_they_are(target: Database, good: Path, later: str):
    older = await current_revision(target)
    await migrate(target)
    await add_council(target)
    before = await contents(target)

    with pytest.raises(OtherRevision) as refused:
        await restore(target, good)

    assert (refused.value.found, refused.value.wanted) == (later, older)
    assert await current_revision(target) == later
    assert await contents(target) == before


# --- references that no order satisfies -------------------------------------------------------------------------------

CIRCLE = (
    "CREATE TABLE a_question (id INTEGER PRIMARY KEY, same_as INTEGER CONSTRAINT fk_same REFERENCES a_question (id))",
    "CREATE TABLE an_answer (id INTEGER PRIMARY KEY, question_id INTEGER REFERENCES a_question (id))",
    "ALTER TABLE a_question ADD COLUMN chosen_id INTEGER CONSTRAINT fk_chosen REFERENCES an_answer (id)",
)


async def write_circle(database: Database, chosen_id: int) -> str | None:
    """Each row comes before the one that it refers to; twice, to see that the rules are as before in between."""
    async with database.write() as session:
        connection = await session.connection()
        found = sa.MetaData()
        await connection.run_sync(found.reflect, only=["a_question", "an_answer"])
        schema = in_order(found.tables.values())
        tables = found.tables
        await defer_references(connection, schema)
        await connection.execute(
            sa.insert(tables["a_question"]),
            [{"id": 1, "same_as": 2, "chosen_id": chosen_id}, {"id": 2, "same_as": None, "chosen_id": None}],
        )
        await connection.execute(sa.insert(tables["an_answer"]), [{"id": 7, "question_id": 1}])
        broken = await broken_reference(connection, schema)
        if broken:
            await session.rollback()
        return broken


async def test_rows_may_refer_to_themselves_and_in_a_circle(database: Database):
    async with database.engine.begin() as connection:
        for statement in CIRCLE:
            await connection.execute(sa.text(statement))

    if database.is_sqlite:
        assert await write_circle(database, chosen_id=8) == "a_question"
    else:
        with pytest.raises(sa.exc.IntegrityError):
            await write_circle(database, chosen_id=8)
    assert await write_circle(database, chosen_id=7) is None

    async with database.engine.begin() as connection:
        with pytest.raises(sa.exc.IntegrityError):  # afterwards the database minds again, and before the commit
            await connection.execute(sa.text("INSERT INTO a_question (id, same_as) VALUES (5, 99)"))
        await connection.rollback()


async def test_the_file_reads_as_what_it_is(good: Path):
    with ArchiveReader(good) as archive:
        archive.verify()
        people = [line for lines in archive.read("person") for line in lines]
        assert archive.manifest.created_at.tzinfo is not None
        assert list(archive.manifest.rows).index("person") < list(archive.manifest.rows).index("consent")
    full, sparse, _ = people
    assert full["created_at"].startswith("2026-10-2")
    assert full["created_at"].endswith("+00:00")
    assert "erased_at" in full
    assert "erased_at" not in sparse


def test_a_report_adds_up():
    report = BackupReport(Path("x"), "0001", datetime(2026, 1, 1, tzinfo=UTC), {"a": 2, "b": 3}, 10)
    assert report.total == 5
