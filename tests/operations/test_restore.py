"""What is no good changes nothing, and nothing is ever half brought back."""

import json
import signal
import sys
import zipfile
from asyncio import create_subprocess_exec
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.operations import archive as archive_file
from bot.operations.backup import backup, restore
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
from locales.translator import translator
from storage.database import Database
from tests.operations.filling import add_council, add_people, contents, fill, rewrite, rows_of, url_of, with_manifest


async def test_nothing_is_written_over_people(database: Database, target: Database, file: Path):
    await fill(database)
    await backup(database, file)
    await add_people(target, 1)
    before = await contents(target)

    with pytest.raises(NotEmpty):
        await restore(target, file)

    assert await contents(target) == before


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
        with_manifest(good, bad.with_suffix(".tmp"), rows=rows_of(good) | {"rsvp": 2}),
        bad,
        "tables/rsvp.jsonl",
        lambda raw: raw + raw,
    )


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


# --- in the middle ----------------------------------------------------------------------------------------------------


async def test_an_error_in_the_middle_leaves_nothing(target: Database, good: Path):
    await add_council(target)
    before = await contents(target)
    half = sum(rows_of(good).values()) // 2

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

    child = await create_subprocess_exec(
        sys.executable, "-c", KILLED_IN_THE_MIDDLE, url_of(target), str(good), cwd=Path(__file__).parents[2]
    )

    assert await child.wait() == -signal.SIGKILL
    assert await contents(target) == before
    await restore(target, good)
