"""A copy of the database: whole, consistent, the same on both engines, and never half brought back."""

import json
import shutil
import signal
import stat
import sys
import zipfile
from asyncio import create_subprocess_exec, run
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select
from sqlmodel.sql.sqltypes import UTCDateTime

import storage.migrate
from bot.operations import archive as archive_file
from bot.operations.archive import ArchiveReader
from bot.operations.backup import BackupReport, backup, restore
from bot.operations.backup_sentences import backup_sentence
from bot.operations.errors import (
    BackupRefused,
    Damaged,
    NotABackup,
    NotEmpty,
    NothingToCopy,
    OtherFormat,
    OtherRevision,
    UnknownRevision,
)
from bot.operations.rows import CHUNK
from bot.operations.schema import broken_reference, defer_references, in_order
from locales.translator import translator
from storage.database import Database
from storage.migrate import current_revision, downgrade, migrate, newest_revision
from storage.outbox import Notice
from storage.people import Person
from storage.tables import TABLES, Table

AWKWARD = "Aïcha <3 & « l’été » \\ \" ' \n\t\u2028\u202f 🏠 العربية"
BEYOND_32_BITS = 5_000_000_000
DOCUMENTS: tuple[Any, ...] = ({"mot": AWKWARD, "n": [1, 2.5, True, None, -(2**60)]}, {}, [], None, "mot", 0.1)
ENGINES = ("sqlite", "postgresql")


@pytest.fixture(params=ENGINES)
async def target(request: pytest.FixtureRequest, fresh_url: Callable[[str], str]) -> AsyncIterator[Database]:
    """Another migrated, empty database, on each engine in turn."""
    made = Database(fresh_url(request.param))
    yield made
    await made.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "copie.zip"


VALUES: tuple[tuple[type, Callable[[Any, int], Any]], ...] = (
    (sa.Enum, lambda kind, n: list(kind.enum_class)[n % len(kind.enum_class)]),
    (sa.JSON, lambda _kind, n: DOCUMENTS[n % len(DOCUMENTS)]),
    (UTCDateTime, lambda _kind, n: datetime(2026, 10, 25, 0, 59, 59, 123456, tzinfo=UTC) + timedelta(hours=n)),
    (sa.Date, lambda _kind, _n: date(2026, 2, 28)),
    (sa.Boolean, lambda _kind, n: n % 2 == 0),
    (sa.Float, lambda _kind, n: 43.604_652_123_456_789 / n),
    (sa.BigInteger, lambda _kind, n: BEYOND_32_BITS + n),
    (sa.Integer, lambda _kind, n: n),
    (object, lambda _kind, n: f"{n} {AWKWARD}"),  # strings
)


def value_for(column: sa.Column, n: int, *, sparse: bool) -> Any:
    """A valid value for any column of ours; sparse rows have none where none is allowed."""
    if sparse and column.nullable:
        return sa.null() if isinstance(column.type, sa.JSON) else None
    for reference in column.foreign_keys:
        return FILLED[reference.column.table.name][0][reference.column.name]
    return next(make for kind, make in VALUES if isinstance(column.type, kind))(column.type, n)


FILLED: dict[str, list[dict[str, Any]]] = {}


async def fill(database: Database) -> None:
    """Three rows or more in every table, of the values that engines are known to disagree about."""
    FILLED.clear()
    numbers = count(1)
    async with database.write() as session:
        connection = await session.connection()
        for table in Table.metadata.sorted_tables:
            FILLED[table.name] = []
            for sparse in (False, True, False):
                n = next(numbers)
                row = {column.name: value_for(column, n, sparse=sparse) for column in table.columns}
                if n > 1 and all(column.foreign_keys for column in table.primary_key) and FILLED[table.name]:
                    continue  # its key is that of others: one pair is enough
                await connection.execute(sa.insert(table).values(**row))
                FILLED[table.name].append(row)


async def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Everything, as the models read it, and whether a document is absent or `null`."""
    found = {}
    async with database.engine.connect() as connection:
        for table in Table.metadata.sorted_tables:
            documents = [column.is_(sa.null()) for column in table.columns if isinstance(column.type, sa.JSON)]
            query = sa.select(*table.columns, *documents).order_by(*table.primary_key)
            found[table.name] = [tuple(row) for row in (await connection.execute(query)).all()]
    return found


async def add_people(database: Database, n: int, first: int = BEYOND_32_BITS) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    async with database.write() as session:
        session.add_all(
            Person(telegram_id=first + i, first_name="Ana", language="fr", created_at=now, last_heard_at=now)
            for i in range(n)
        )


def elsewhere(work: Callable[[Database], Any], url: str) -> None:
    """Somebody else's program does something, while ours waits inside a callback."""

    async def act() -> None:
        database = Database(url)
        await work(database)
        await database.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(run, act()).result()


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def rewrite(source: Path, target: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """The same zip, valid, with one member changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == member else old.read(name))
    return target


def with_manifest(source: Path, target: Path, **changes: Any) -> Path:
    return rewrite(source, target, archive_file.MANIFEST, lambda raw: json.dumps(json.loads(raw) | changes).encode())


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


# --- refusals ---------------------------------------------------------------------------------------------------------


async def test_nothing_is_written_over_people(database: Database, target: Database, file: Path):
    await fill(database)
    await backup(database, file)
    await add_people(target, 1)
    before = await contents(target)

    with pytest.raises(NotEmpty):
        await restore(target, file)

    assert await contents(target) == before


@pytest.fixture(scope="module")
def good_bytes(sqlite_template: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A copy with something in every table."""
    directory = tmp_path_factory.mktemp("bonne")
    (directory / "source.db").write_bytes(sqlite_template)

    async def make(database: Database) -> None:
        await fill(database)
        await backup(database, directory / "bonne.zip")

    elsewhere(make, f"sqlite:///{directory / 'source.db'}")
    return (directory / "bonne.zip").read_bytes()


@pytest.fixture
def good(good_bytes: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "bonne.zip"
    path.write_bytes(good_bytes)
    return path


def cut(good: Path, bad: Path) -> None:
    whole = good.read_bytes()
    bad.write_bytes(whole[: len(whole) * 2 // 3])


def cut_by_one(good: Path, bad: Path) -> None:
    bad.write_bytes(good.read_bytes()[:-1])


def altered(good: Path, bad: Path) -> None:
    with zipfile.ZipFile(good) as whole:
        member = whole.getinfo("tables/person.jsonl")
    raw = bytearray(good.read_bytes())
    raw[member.header_offset + 80] ^= 0xFF
    bad.write_bytes(raw)


def empty(_good: Path, bad: Path) -> None:
    bad.write_bytes(b"")


def a_text(_good: Path, bad: Path) -> None:
    bad.write_text("Compte rendu de la réunion")


def another_zip(_good: Path, bad: Path) -> None:
    with zipfile.ZipFile(bad, "w") as other:
        other.writestr("photo.jpg", b"...")


def anothers_manifest(good: Path, bad: Path) -> None:
    with_manifest(good, bad, format="autre-chose")


def newer_format(good: Path, bad: Path) -> None:
    with_manifest(good, bad, version=archive_file.VERSION + 1)


def newer_tables(good: Path, bad: Path) -> None:
    with_manifest(good, bad, revision="9999")


def a_row_less(good: Path, bad: Path) -> None:
    rewrite(good, bad, "tables/rsvp.jsonl", lambda raw: b"".join(raw.splitlines(keepends=True)[:-1]))


def a_table_less(good: Path, bad: Path) -> None:
    rows = json.loads(zipfile.ZipFile(good).read(archive_file.MANIFEST))["rows"]
    with_manifest(good, bad, rows={name: n for name, n in rows.items() if name != "rsvp"})


def a_broken_line(good: Path, bad: Path) -> None:
    rewrite(good, bad, "tables/rsvp.jsonl", lambda _raw: b'{"meeting_id": 1\n')


def an_unknown_column(good: Path, bad: Path) -> None:
    rewrite(good, bad, "tables/rsvp.jsonl", lambda raw: raw.replace(b'"answer"', b'"reponse"'))


def no_moment(good: Path, bad: Path) -> None:
    rewrite(good, bad, "tables/consent.jsonl", lambda raw: raw.replace(b'"given_at":"2026', b'"given_at":"hier'))


def a_reference_to_nobody(good: Path, bad: Path) -> None:
    rewrite(good, bad, "tables/consent.jsonl", lambda raw: raw.replace(b'"person_id":', b'"person_id":9'))


def a_row_twice(good: Path, bad: Path) -> None:
    rewrite(
        with_manifest(good, bad.with_suffix(".tmp"), rows=_rows_of(good) | {"rsvp": 2}),
        bad,
        "tables/rsvp.jsonl",
        lambda raw: raw + raw,
    )


def _rows_of(good: Path) -> dict[str, int]:
    return json.loads(zipfile.ZipFile(good).read(archive_file.MANIFEST))["rows"]


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (cut, Damaged),
        (cut_by_one, Damaged),
        (altered, Damaged),
        (empty, NotABackup),
        (a_text, NotABackup),
        (another_zip, NotABackup),
        (anothers_manifest, NotABackup),
        (newer_format, OtherFormat),
        (newer_tables, UnknownRevision),
        (a_row_less, Damaged),
        (a_table_less, Damaged),
        (a_broken_line, Damaged),
    ],
)
async def test_a_file_that_is_no_good_changes_nothing(
    fresh_url: Callable[[str], str],
    good: Path,
    tmp_path: Path,
    spoil: Callable[[Path, Path], None],
    refusal: type[BackupRefused],
):
    target = Database(fresh_url("sqlite"))
    await add_council(target)
    await check_refused(target, good, tmp_path, spoil, refusal)
    await target.close()


@pytest.mark.parametrize("spoil", [an_unknown_column, no_moment, a_reference_to_nobody, a_row_twice])
async def test_rows_that_are_no_good_are_seen_when_others_are_written_already(
    target: Database, good: Path, tmp_path: Path, spoil: Callable[[Path, Path], None]
):
    await add_council(target)
    await check_refused(target, good, tmp_path, spoil, Damaged)


async def check_refused(
    target: Database,
    good: Path,
    tmp_path: Path,
    spoil: Callable[[Path, Path], None],
    refusal: type[BackupRefused],
) -> None:
    """Nothing has changed, and the way is still free for a good file."""
    before = await contents(target)
    bad = tmp_path / "mauvaise.zip"
    spoil(good, bad)

    with pytest.raises(refusal):
        await restore(target, bad)

    assert await contents(target) == before
    await restore(target, good)


async def test_text_that_postgresql_cannot_hold_is_said_of_the_file(
    tmp_path: Path, fresh_url: Callable[[str], str], good: Path
):
    target = Database(fresh_url("postgresql"))
    bad = rewrite(good, tmp_path / "nul.zip", "tables/usual_place.jsonl", lambda raw: raw.replace(b"<3", b"\\u0000"))

    with pytest.raises(Damaged) as refused:
        await restore(target, bad)

    await target.close()
    assert refused.value.place == "usual_place"


async def add_council(database: Database) -> None:
    async with database.write() as session:
        connection = await session.connection()
        council = Table.metadata.tables["council"]
        await connection.execute(sa.insert(council).values(code="autre", name="Autre", regime="loi2014", position=0))


@pytest.mark.parametrize(
    "refusal",
    [
        NothingToCopy(),
        NotABackup(),
        OtherFormat(2),
        Damaged("rsvp"),
        Damaged(),
        UnknownRevision("0099"),
        OtherRevision("0001", "0002"),
        NotEmpty(),
    ],
)
def test_each_refusal_is_one_sentence(refusal: BackupRefused):
    said = backup_sentence(refusal, translator("fr"))
    assert said.endswith(".")
    assert "\n" not in said
    assert "{" not in said


def test_no_refusal_is_without_a_sentence():
    said = {NothingToCopy, NotABackup, OtherFormat, Damaged, UnknownRevision, OtherRevision, NotEmpty}
    assert set(BackupRefused.__subclasses__()) == said


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


LATER = """
import sqlalchemy as sa
from alembic import op

revision = "9000"
down_revision = "{newest}"
branch_labels = depends_on = None


def upgrade():
    op.create_table("later", sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), primary_key=True))


def downgrade():
    op.drop_table("later")
"""


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A version of the program that has one more revision."""
    newest = newest_revision()
    copied = tmp_path / "migrations"
    shutil.copytree(storage.migrate.MIGRATIONS, copied)
    (copied / "versions" / "9000_later.py").write_text(LATER.format(newest=newest))
    monkeypatch.setattr(storage.migrate, "MIGRATIONS", copied)
    yield "9000"
    storage.migrate.tables_at.cache_clear()


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


# --- in the middle ----------------------------------------------------------------------------------------------------


async def test_an_error_in_the_middle_leaves_nothing(target: Database, good: Path):
    await add_council(target)
    before = await contents(target)
    half = sum(_rows_of(good).values()) // 2

    def fail(done: int, _total: int) -> None:
        if done > half:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        await restore(target, good, fail)

    assert await contents(target) == before


KILLED_IN_THE_MIDDLE = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.operations.backup import restore
from storage.database import Database

def die(done, total):
    if done > total // 2:
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(restore(Database(sys.argv[1]), Path(sys.argv[2]), die))
"""


async def test_a_kill_in_the_middle_leaves_nothing(target: Database, good: Path):
    await add_council(target)
    before = await contents(target)

    child = await create_subprocess_exec(sys.executable, "-c", KILLED_IN_THE_MIDDLE, url_of(target), str(good))

    assert await child.wait() == -signal.SIGKILL
    assert await contents(target) == before
    await restore(target, good)


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
