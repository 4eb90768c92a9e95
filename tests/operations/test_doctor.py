"""The examination: each thing that may be wrong is found, said in one line, and no secret with it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.operations import doctor_database
from bot.operations.doctor import examine, worst
from bot.operations.doctor_sentences import finding_sentence
from bot.operations.findings import Code, Finding, Level, error, fine, warning
from council.programme_file import programme_path, read_programme_file
from locales.translator import available_languages, translator
from playground.bots import Bot
from playground.server import Playground
from storage.database import Database
from storage.mails import Mail, MailState
from storage.migrate import downgrade, newest_revision
from storage.outbox import Notice, NoticeState
from storage.people import Role
from storage.programme import Programme
from storage.updates import SetAsideUpdate
from tests.operations.examining import NOBODY_LISTENS, TOKEN, codes, set_commands, the, trouble

REQUIRED = os.environ.get("PORTEVOIX_REQUIRE_SERVICES") == "1"
NOON = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Europe/Paris"))
NIGHT = datetime(2026, 3, 2, 23, tzinfo=ZoneInfo("Europe/Paris"))


# --- a good deployment ------------------------------------------------------------------------------------------------


async def test_a_good_deployment_gets_good_findings_only(
    here, programme, playground: Playground, bot: Bot, monkeypatch
):
    monkeypatch.setattr(
        doctor_database, "_catalogues", lambda _programme: [fine(Code.CATALOGUES_COMPLETE, languages="fr")]
    )
    await programme.person("Ana", roles=((Role.COORDINATOR, None),))
    await set_commands(playground, "privacy", "menu")

    findings = await examine(here())

    assert trouble(findings) == set()
    assert worst(findings) is Level.OK
    assert {
        Code.SETTINGS_READ,
        Code.DATABASE_READY,
        Code.PROGRAMME_PRESENT,
        Code.COORDINATOR_PRESENT,
        Code.OUTBOX_CALM,
        Code.NOTHING_SET_ASIDE,
        Code.TELEGRAM_ANSWERS,
        Code.CLOCK_RIGHT,
        Code.UPDATES_FLOW,
        Code.COMMANDS_SET,
        Code.GROUP_PRIVACY_ON,
    } <= codes(findings)


async def speak(database: Database, programme, *languages: str) -> None:
    async with database.write() as session:
        spoken = programme.settings.model_copy(update={"languages": languages})
        await session.exec(sa.update(Programme).values(settings=spoken.model_dump(mode="json")))


async def test_it_changes_nothing(here, programme, database: Database, playground: Playground):
    async with database.engine.connect() as connection:
        before = (await connection.execute(sa.text("SELECT count(*) FROM audit_line"))).scalar_one()

    await examine(here())

    async with database.engine.connect() as connection:
        assert (await connection.execute(sa.text("SELECT count(*) FROM audit_line"))).scalar_one() == before
    assert not playground.world.bots_by_token[TOKEN].commands


# --- settings ---------------------------------------------------------------------------------------------------------


async def test_without_a_token_nobody_is_asked(settings):
    findings = await examine(settings(bot_token=""))
    assert Code.TOKEN_MISSING in codes(findings, Level.ERROR)
    assert not {Code.TELEGRAM_ANSWERS, Code.TELEGRAM_UNREACHABLE, Code.TOKEN_REFUSED} & codes(findings)


async def test_a_playgrounds_clock_is_a_warning_and_with_real_people_an_error(settings):
    clock_url = f"{NOBODY_LISTENS}/playground/clock"
    assert the(await examine(settings(clock_url=clock_url)), Code.CLOCK_URL_SET).level is Level.WARNING
    real = settings(clock_url=clock_url, bot_token="", bot_api_url="https://api.telegram.org/")
    assert the(await examine(real), Code.CLOCK_URL_SET).level is Level.ERROR


async def test_several_processes_need_redis(settings):
    assert Code.ROLES_WITHOUT_REDIS in trouble(await examine(settings(roles="sender,sweeps")))
    with_redis = await examine(settings(roles="sender,sweeps", redis_url="redis://:geheim@127.0.0.1:9/0"))
    assert Code.ROLES_WITHOUT_REDIS not in codes(with_redis)
    assert Code.REDIS_UNREACHABLE in codes(with_redis, Level.ERROR)
    assert "geheim" not in repr(with_redis)


async def test_letters_without_an_address_of_our_pages_have_no_link(settings):
    mail = {"smtp_url": NOBODY_LISTENS.replace("http", "smtp"), "mail_from": "bonjour@ville.example"}
    without = await examine(settings(**mail))
    assert the(without, Code.PUBLIC_URL_MISSING).level is Level.WARNING
    assert Code.PUBLIC_URL_MISSING not in codes(await examine(settings(**mail, public_url="https://bot.ville.example")))
    assert Code.PUBLIC_URL_MISSING not in codes(await examine(settings()))


async def test_redis_that_takes_writes(settings):
    url = os.environ.get("PORTEVOIX_TEST_REDIS", "redis://127.0.0.1:6379/15")
    findings = await examine(settings(redis_url=url))
    if Code.REDIS_UNREACHABLE in codes(findings) and not REQUIRED:
        pytest.skip("Redis does not answer")
    assert Code.REDIS_ANSWERS in codes(findings, Level.OK)


async def test_an_address_where_nobody_lives_is_a_finding_too(settings):
    nowhere = {"redis_url": "redis://nulle-part.invalid", "database_url": "postgresql://nulle-part.invalid/portevoix"}
    findings = await examine(settings(**nowhere))
    assert {Code.REDIS_UNREACHABLE, Code.DATABASE_UNREACHABLE} <= codes(findings, Level.ERROR)


async def test_a_language_that_lacks_sentences(
    here, programme, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    catalogue = tmp_path / "fr" / "LC_MESSAGES" / "messages.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Oui"\nmsgstr ""\n')
    monkeypatch.setattr(doctor_database, "CATALOGUES", tmp_path)
    await speak(database, programme, "fr")
    assert the(await examine(here()), Code.CATALOGUE_INCOMPLETE).values == {"language": "fr", "n": 1}


# --- the database -----------------------------------------------------------------------------------------------------


async def test_a_missing_database_is_not_made(settings, tmp_path: Path):
    findings = await examine(settings())
    assert the(findings, Code.DATABASE_MISSING).level is Level.ERROR
    assert not (tmp_path / "no.db").exists()


async def test_a_database_that_does_not_answer_keeps_its_password(settings):
    findings = await examine(settings(database_url="postgresql://moi:geheim@127.0.0.1:9/portevoix"))
    assert Code.DATABASE_UNREACHABLE in codes(findings, Level.ERROR)
    assert "geheim" not in repr(findings)


async def test_a_file_that_is_no_database(settings, tmp_path: Path):
    (tmp_path / "no.db").write_text("Compte rendu de la réunion. " * 100)
    assert Code.DATABASE_UNREACHABLE in codes(await examine(settings()), Level.ERROR)


async def test_a_database_without_tables(here, database: Database):
    await downgrade(database, "base")
    findings = await examine(here())
    assert Code.DATABASE_BARE in codes(findings, Level.ERROR)
    assert Code.PROGRAMME_MISSING not in codes(findings)


async def test_a_database_of_a_newer_program(here, database: Database):
    async with database.engine.begin() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    assert the(await examine(here()), Code.DATABASE_NEWER).values == {"found": "9999", "newest": newest_revision()}


async def test_a_database_of_an_older_program(here, monkeypatch: pytest.MonkeyPatch):
    older = newest_revision()
    monkeypatch.setattr(doctor_database, "newest_revision", lambda: "9999")
    assert the(await examine(here()), Code.DATABASE_OLDER).values == {"found": older, "newest": "9999"}


@pytest.mark.parametrize(
    ("free", "level"), [(10_000_000_000, Level.OK), (400_000_000, Level.WARNING), (1_000_000, Level.ERROR)]
)
async def test_a_full_disk_is_seen_before_it_is_full(
    settings, tmp_path: Path, sqlite_template: bytes, monkeypatch: pytest.MonkeyPatch, free: int, level: Level
):
    (tmp_path / "no.db").write_bytes(sqlite_template)
    monkeypatch.setattr(doctor_database.shutil, "disk_usage", lambda _path: Disk(free))
    findings = await examine(settings())
    assert [each.level for each in findings if each.code in (Code.DISK_FREE, Code.DISK_LOW)] == [level]


class Disk:
    def __init__(self, free: int) -> None:
        self.free = free


# --- the programme ----------------------------------------------------------------------------------------------------


async def test_a_programme_comes_first_and_then_a_coordinator(here, database: Database):
    assert Code.PROGRAMME_MISSING in codes(await examine(here()), Level.ERROR)


async def test_somebody_must_coordinate(here, programme):
    await programme.person("Ana", roles=((Role.LEAD, programme.nord),))
    findings = await examine(here())
    assert Code.PROGRAMME_PRESENT in codes(findings, Level.OK)
    assert Code.COORDINATOR_MISSING in trouble(findings)


async def test_somebody_must_answer_for_peoples_data(here, programme, database: Database):
    """The files that we ship name nobody."""
    assert Code.CONTROLLER_MISSING not in codes(await examine(here()))
    nobody = read_programme_file(programme_path("toulouse")).controller
    async with database.write() as session:
        unnamed = programme.settings.model_copy(update={"controller": nobody})
        await session.exec(sa.update(Programme).values(settings=unnamed.model_dump(mode="json")))
    assert the(await examine(here()), Code.CONTROLLER_MISSING).level is Level.WARNING


async def test_a_programme_that_this_version_cannot_read(here, programme, database: Database):
    async with database.write() as session:
        await session.exec(sa.update(Programme).values(settings={"name": "Essai"}))
    assert Code.PROGRAMME_UNREADABLE in codes(await examine(here()), Level.ERROR)


async def test_a_language_that_nobody_translated(here, programme, database: Database):
    await speak(database, programme, "fr", "de")
    assert the(await examine(here()), Code.CATALOGUE_MISSING).values == {"language": "de"}


# --- what went wrong lately -------------------------------------------------------------------------------------------


async def add_notice(database: Database, clock, **given: Any) -> None:
    usual = {
        "dedup_key": f"k{given}",
        "chat_id": 7_000_000_001,
        "kind": "meeting_announced",
        "subject_id": 1,
        "locale": "fr",
        "priority": 2,
        "not_before": clock.now(),
        "created_at": clock.now(),
    }
    async with database.write() as session:
        session.add(Notice(**{**usual, **given}))


async def add_mail(database: Database, clock, n: int, **given: Any) -> None:
    usual = {
        "dedup_key": f"k{n}",
        "kind": "support_redirected",
        "subject_id": n,
        "address": "prefet@exemple.fr",
        "subject": "Une demande",
        "body": "Bonjour",
        "message_header": f"m{n}",
        "not_before": clock.now(),
        "created_at": clock.now(),
    }
    async with database.write() as session:
        session.add(Mail(**{**usual, **given}))


async def test_failed_and_uncertain_notices_of_the_last_day_are_counted(here, programme, database: Database, clock):
    hour = timedelta(hours=1)
    for n, ago in enumerate((hour, 23 * hour, 25 * hour)):
        finished = clock.now() - ago
        await add_notice(database, clock, state=NoticeState.FAILED, finished_at=finished, subject_id=n)
    await add_notice(database, clock, state=NoticeState.UNCERTAIN, finished_at=clock.now() - hour)
    await add_notice(database, clock, state=NoticeState.SENT, finished_at=clock.now() - hour)

    findings = await examine(here(), clock)

    assert the(findings, Code.NOTICES_FAILED).values == {"n": 2}
    assert the(findings, Code.NOTICES_UNCERTAIN).values == {"n": 1}
    assert Code.OUTBOX_CALM not in codes(findings)


async def test_mails_of_the_last_day_that_did_not_leave_are_counted(here, programme, database: Database, clock):
    hour = timedelta(hours=1)
    ended = (
        (MailState.FAILED, hour),
        (MailState.REFUSED, 23 * hour),
        (MailState.UNCERTAIN, hour),
        (MailState.FAILED, 25 * hour),
        (MailState.SENT, hour),
    )
    for n, (state, ago) in enumerate(ended):
        await add_mail(database, clock, n, state=state, finished_at=clock.now() - ago)
    await add_mail(database, clock, len(ended), state=MailState.PENDING)

    findings = await examine(here(), clock)

    assert the(findings, Code.MAILS_UNSENT).values == {"n": 3}
    assert the(findings, Code.MAILS_UNSENT).level is Level.WARNING


async def test_somebody_who_blocked_the_bot_is_no_fault(here, programme, database: Database, clock):
    ana = await programme.person("Ana")
    async with database.write() as session:
        await session.exec(sa.text("UPDATE person SET unreachable_since = created_at"))
    await add_notice(database, clock, state=NoticeState.FAILED, finished_at=clock.now(), person_id=ana.person_id)
    assert Code.OUTBOX_CALM in codes(await examine(here(), clock))


@pytest.mark.parametrize(
    ("now", "quiet", "due", "late"),
    [
        (NOON, True, NOON - timedelta(minutes=45), 45),
        (NOON, True, NOON - timedelta(minutes=5), None),
        (NOON, True, NOON + timedelta(minutes=45), None),
        (NIGHT, True, NIGHT - timedelta(minutes=90), None),  # held until the morning, as it should be
        (NIGHT, False, NIGHT - timedelta(minutes=90), 90),
        (NIGHT.replace(day=3, hour=8, minute=5), True, NIGHT, None),  # free for five minutes only
        (NIGHT.replace(day=3, hour=9, minute=0), True, NIGHT, 60),
    ],
)
async def test_notices_that_should_have_left(
    here, programme, database: Database, clock, now: datetime, quiet: bool, due: datetime, late: int | None
):
    clock.set(now)
    await add_notice(database, clock, not_before=due.astimezone(UTC), quiet=quiet)

    findings = await examine(here(), clock)

    if late is None:
        assert Code.OUTBOX_CALM in codes(findings)
    else:
        assert the(findings, Code.NOTICES_LATE) == error(Code.NOTICES_LATE, minutes=late)


async def test_what_was_set_aside_is_found_by_its_latest_reference(here, programme, database: Database, clock):
    async with database.write() as session:
        for n in (1, 2):
            session.add(SetAsideUpdate(update_id=n, reference=f"R{n}", error="KeyError", payload={}, at=clock.now()))
    assert the(await examine(here()), Code.UPDATES_SET_ASIDE).values == {"n": 2, "reference": "R2"}


# --- sentences --------------------------------------------------------------------------------------------------------

EXAMPLES: dict[str, Any] = {
    "reason": "TimeoutError",
    "engine": "SQLite",
    "path": "data/portevoix.db",
    "found": "0001",
    "newest": "0002",
    "megabytes": 12_345,
    "name": "Toulouse",
    "languages": "fr, en",
    "language": "ar",
    "n": 3,
    "minutes": 45,
    "reference": "R7",
    "username": "voix_bot",
    "status": 502,
    "seconds": 90,
}


@pytest.fixture(params=available_languages())
def say(request: pytest.FixtureRequest) -> Iterator[Any]:
    return translator(request.param)


@pytest.mark.parametrize("code", list(Code))
def test_each_finding_is_one_line(code: Code, say):
    said = finding_sentence(Finding(Level.OK, code, EXAMPLES), say)
    assert said
    assert "\n" not in said
    assert not [name for _, name, _, _ in Formatter().parse(said) if name]


async def test_each_finding_brings_what_its_sentence_needs(here, programme, database: Database, clock, telegram):
    telegram.info = {"url": "https://autre.example", "pending_update_count": 500}
    await add_notice(database, clock, state=NoticeState.FAILED, finished_at=clock.now())
    findings = await examine(here(bot_api_url=telegram.url, redis_url="redis://127.0.0.1:9/0"), clock)
    findings += await examine(
        here(bot_api_url=NOBODY_LISTENS, bot_token="1:x", database_url="postgresql://127.0.0.1:9/portevoix")
    )
    for finding in findings:
        assert finding_sentence(finding, translator("fr"))


def test_the_exit_code_follows_the_worst():
    assert worst([]) is Level.OK
    assert worst([fine(Code.REDIS_ANSWERS), warning(Code.WAL_OFF)]) is Level.WARNING
    assert worst([warning(Code.WAL_OFF), error(Code.TOKEN_MISSING), fine(Code.REDIS_ANSWERS)]) is Level.ERROR


def test_it_starts_without_the_libraries_that_take_seconds():
    code = (
        "import sys, bot.operations.backup, bot.operations.backup_sentences, bot.operations.doctor, "
        "bot.operations.doctor_sentences; sys.exit(bool({'aiogram', 'telegram', 'matplotlib'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0
