"""What every test may use: both databases, a clock that it moves, a small programme and its people."""

import asyncio
import gc
import os
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import text
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

import storage.database
from council.actors import Actor, load_actor
from council.settings import Controller, CouncilEntry, NeighbourhoodEntry, Period, ProgrammeSettings
from storage.database import Database, database_url
from storage.migrate import migrate
from storage.people import Consent, Follow, Person, Role, RoleGrant
from storage.programme import Council, CouncilNeighbourhood, Neighbourhood, Programme, Regime
from tests.postgresql_databases import PostgresqlDatabases

# A busy machine must not fail a rule by its slowness.
settings.register_profile("house", deadline=None, max_examples=50)
settings.load_profile("house")

POSTGRESQL = os.environ.get("PORTEVOIX_TEST_POSTGRESQL", "postgresql://127.0.0.1:5432/postgres")
REQUIRED = os.environ.get("PORTEVOIX_REQUIRE_SERVICES") == "1"


def pytest_collection_finish() -> None:
    """What is imported stays: to look for garbage among all objects of the libraries takes longer than many a test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def compiled_statements() -> Iterator[None]:
    """Kept from test to test, as one engine keeps them for as long as a program runs: each test has engines of its own.

    SQLAlchemy keeps them for each dialect object; those of one driver, made with the same options, write the same SQL.
    """
    kept: dict[Any, Any] = {}

    def make(*of: Any, **options: Any) -> AsyncEngine:
        engine = create_async_engine(*of, **options)
        engine.update_execution_options(compiled_cache=kept)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        for dialect in (SQLiteDialect_aiosqlite, PGDialect_asyncpg):
            patch.setattr(dialect, "__eq__", lambda one, other: type(one) is type(other))
            patch.setattr(dialect, "__hash__", lambda one: hash(type(one)))
        patch.setattr(storage.database, "create_async_engine", make)
        yield


def apart(work: Coroutine[object, object, object]) -> object:
    """Runs `work` on a loop of its own: fixtures of the session may not touch the loop of a test."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


class FakeClock:
    """A clock that stands still until the test moves it; begins on Monday 2 March 2026, 10:00 in Paris."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        self._now = moment.astimezone(UTC)

    def advance(self, **span: float) -> None:
        self._now += timedelta(**span)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def postgresql_template() -> Iterator[str]:
    """The name of a migrated, empty PostgreSQL database that tests copy."""
    if not apart(_postgresql_answers()):
        reason = "PostgreSQL does not answer at PORTEVOIX_TEST_POSTGRESQL"
        if REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    template = f"portevoix_template_{uuid.uuid4().hex[:8]}"
    apart(_make_template(template))
    yield template
    apart(_administer(f'DROP DATABASE "{template}" WITH (FORCE)'))


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_template: str) -> Iterator[PostgresqlDatabases]:
    databases = PostgresqlDatabases(database_url(POSTGRESQL), postgresql_template)
    yield databases
    apart(databases.close())


async def _postgresql_answers() -> bool:
    engine = create_async_engine(database_url(POSTGRESQL))
    try:
        async with engine.connect():
            return True
    except Exception:  # any reason is a reason to skip
        return False
    finally:
        await engine.dispose()


async def _administer(*statements: str) -> None:
    engine = create_async_engine(database_url(POSTGRESQL), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


async def _make_template(name: str) -> None:
    await _administer(f'CREATE DATABASE "{name}"')
    database = Database(_url_of(name))
    await migrate(database)
    await database.close()


def _url_of(name: str) -> str:
    return database_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated SQLite file, as bytes."""
    path = tmp_path_factory.mktemp("template") / "portevoix.db"

    async def make() -> None:
        database = Database(f"sqlite:///{path}")
        await migrate(database)
        async with database.engine.connect() as connection:
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        await database.close()

    apart(make())
    return path.read_bytes()


@pytest.fixture
def fresh_url(request: pytest.FixtureRequest, tmp_path) -> Iterator[Callable[[str], str]]:
    """Makes databases, migrated and empty: `fresh_url("sqlite")`, `fresh_url("postgresql")`."""
    made: list[str] = []

    def make(engine: str) -> str:
        if engine == "sqlite":
            path = tmp_path / f"portevoix-{uuid.uuid4().hex[:10]}.db"
            path.write_bytes(request.getfixturevalue("sqlite_template"))
            return f"sqlite:///{path}"
        name = str(apart(request.getfixturevalue("postgresql_databases").take()))
        made.append(name)
        return _url_of(name)

    yield make
    for name in made:
        apart(request.getfixturevalue("postgresql_databases").give_back(name))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url_fixture(request: pytest.FixtureRequest, fresh_url: Callable[[str], str]) -> str:
    return fresh_url(request.param)


@pytest.fixture
async def database(database_url_fixture: str) -> AsyncIterator[Database]:
    """The migrated, empty database, once on SQLite and once on PostgreSQL."""
    made = Database(database_url_fixture)
    yield made
    await made.close()


def small_settings() -> ProgrammeSettings:
    return ProgrammeSettings(
        name="Essai",
        period=Period(start=date(2025, 1, 1), end=date(2028, 12, 31)),
        controller=Controller(name="Association Essai", contact="dpo@essai.example"),
        councils=(
            CouncilEntry(
                code="nord",
                name="Quartier Nord",
                regime=Regime.LOI2014,
                neighbourhoods=(NeighbourhoodEntry(code="QN1", name="Les Izards", population=100, vintage="2013"),),
            ),
            CouncilEntry(
                code="sud",
                name="Quartier Sud",
                regime=Regime.LOI2014,
                neighbourhoods=(NeighbourhoodEntry(code="QS1", name="Empalot", population=200, vintage="2013"),),
            ),
        ),
    )


@dataclass
class SmallProgramme:
    """Two councils, "nord" and "sud", in the database."""

    database: Database
    clock: FakeClock
    settings: ProgrammeSettings
    nord: int
    sud: int
    _next_telegram_id: int = 7_000_000_000

    async def person(
        self,
        first_name: str,
        *,
        follows: tuple[int, ...] = (),
        roles: tuple[tuple[Role, int | None], ...] = (),
        language: str = "fr",
    ) -> Actor:
        """Somebody who joined, read back as the program reads them."""
        self._next_telegram_id += 1
        telegram_id = self._next_telegram_id
        async with self.database.write() as session:
            now = self.clock.now()
            person = Person(
                telegram_id=telegram_id, first_name=first_name, language=language, created_at=now, last_heard_at=now
            )
            session.add(person)
            await session.flush()
            session.add(Consent(person_id=person.id, version="1", given_at=now, fifteen_or_over=True))
            session.add_all(Follow(council_id=each, person_id=person.id, since=now) for each in follows)
            session.add_all(
                RoleGrant(person_id=person.id, role=role, council_id=council_id, granted_at=now)
                for role, council_id in roles
            )
        return await self.again(telegram_id)

    async def again(self, telegram_id: int) -> Actor:
        """The person as they are now."""
        async with self.database.read() as session:
            actor = await load_actor(session, telegram_id)
        assert actor is not None
        return actor


@pytest.fixture
async def programme(database: Database, clock: FakeClock) -> SmallProgramme:
    settings = small_settings()
    async with database.write() as session:
        session.add(
            Programme(
                name=settings.name,
                period_start=settings.period.start,
                period_end=settings.period.end,
                settings=settings.model_dump(mode="json"),
                updated_at=clock.now(),
            )
        )
        councils = []
        for position, entry in enumerate(settings.councils):
            council = Council(code=entry.code, name=entry.name, regime=entry.regime, position=position)
            session.add(council)
            councils.append(council)
            for each in entry.neighbourhoods:
                session.add(
                    Neighbourhood(code=each.code, name=each.name, population=each.population, vintage=each.vintage)
                )
        await session.flush()
        for council, entry in zip(councils, settings.councils, strict=True):
            session.add_all(
                CouncilNeighbourhood(council_id=council.id, neighbourhood_code=each.code)
                for each in entry.neighbourhoods
            )
        ids = [council.id for council in councils]
    return SmallProgramme(database, clock, settings, *ids)
