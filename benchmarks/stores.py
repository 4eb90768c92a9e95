"""Databases to measure on: filled once by the engine itself, then copied for each run."""

import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Integer, String, cast, func, insert, literal, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.types import TypeEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from council.clock import SystemClock
from council.programme import apply_programme
from council.programme_file import programme_path, read_programme_file
from storage.columns import Table
from storage.database import Database, database_url
from storage.migrate import migrate
from storage.people import Follow, News, Person

POSTGRESQL = os.environ.get("PORTEVOIX_TEST_POSTGRESQL", "postgresql://127.0.0.1:5432/postgres")
FIRST_TELEGRAM_ID = 6_100_000_000
COUNCIL = 1
"""The first council of the programme: everybody of a benchmark follows it."""

Fill = Callable[[AsyncSession], Awaitable[None]]


async def engines() -> list[str]:
    """SQLite, and PostgreSQL when it answers."""
    if await _postgresql_answers():
        return ["sqlite", "postgresql"]
    print(f"PostgreSQL does not answer at {POSTGRESQL}: its figures are left out.")
    return ["sqlite"]


class Store:
    """A filled database, as a pattern of which each run has a copy of its own."""

    def __init__(self, engine: str, folder: Path) -> None:
        self.engine = engine
        self._folder = folder
        self._pattern = f"portevoix_bench_{uuid.uuid4().hex[:8]}"

    @asynccontextmanager
    async def copy(self) -> AsyncIterator[str]:
        """The URL of a copy that ends with the block."""
        name = f"{self._pattern}_{uuid.uuid4().hex[:6]}"
        if self.engine == "sqlite":
            shutil.copyfile(self._file(self._pattern), self._file(name))
            yield self._url(name)
            for each in self._folder.glob(f"{name}.db*"):
                each.unlink()
        else:
            await _administer(f'CREATE DATABASE "{name}" TEMPLATE "{self._pattern}"')
            # The first vacuum and its statistics would otherwise fall into one run and not into another.
            await _administer("VACUUM ANALYZE", database=name)
            try:
                yield self._url(name)
            finally:
                await _administer(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def make(self, fill: Fill) -> None:
        if self.engine != "sqlite":
            await _administer(f'CREATE DATABASE "{self._pattern}"')
        database = Database(self._url(self._pattern))
        await migrate(database)
        async with database.write() as session:
            await apply_programme(session, SystemClock(), read_programme_file(programme_path("toulouse")))
        async with database.write() as session:
            await fill(session)
        if database.is_sqlite:
            async with database.engine.connect() as connection:
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        await database.close()

    async def drop(self) -> None:
        if self.engine != "sqlite":
            await _administer(f'DROP DATABASE IF EXISTS "{self._pattern}" WITH (FORCE)')

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.db"

    def _url(self, name: str) -> str:
        if self.engine == "sqlite":
            return f"sqlite:///{self._file(name)}"
        return make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)


@asynccontextmanager
async def filled(engine: str, fill: Fill) -> AsyncIterator[Store]:
    """A migrated database with the Toulouse programme and what `fill` adds."""
    with tempfile.TemporaryDirectory(prefix="portevoix-bench-") as folder:
        store = Store(engine, Path(folder))
        try:
            await store.make(fill)
            yield store
        finally:
            await store.drop()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


async def fill_rows(session: AsyncSession, table: type[Table], count: int, columns: Any) -> None:
    """INSERT … SELECT of `count` rows; `columns` gives their values from the number of the row, 1 to `count`."""
    numbers = select(literal(1, Integer).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < count))
    values: dict[str, ColumnElement[Any]] = columns(numbers.c.n)
    await session.exec(insert(table).from_select(list(values), select(*values.values()).select_from(numbers)))


def kind_of(column: Any) -> TypeEngine[Any]:
    """The column's type, which knows how each engine keeps moments and words."""
    kind: TypeEngine[Any] = column.property.columns[0].type
    return kind


def constant(value: Any, column: Any) -> ColumnElement[Any]:
    return literal(value, kind_of(column))


async def fill_people(session: AsyncSession, count: int) -> None:
    """Residents 1 to `count`, who all follow the first council."""
    now = SystemClock().now()
    await fill_rows(
        session,
        Person,
        count,
        lambda n: {
            "id": n,
            "telegram_id": constant(FIRST_TELEGRAM_ID, Person.telegram_id) + n,
            "first_name": literal("Habitante ", String) + cast(n, String),
            "language": literal("fr"),
            "news": constant(News.EACH, Person.news),
            "created_at": constant(now, Person.created_at),
            "last_heard_at": constant(now, Person.created_at),
        },
    )
    await fill_rows(
        session,
        Follow,
        count,
        lambda n: {"council_id": literal(COUNCIL), "person_id": n, "since": constant(now, Person.created_at)},
    )
    if session.get_bind().dialect.name == "postgresql":
        await session.exec(select(func.setval("person_id_seq", count)))  # type: ignore[call-overload]


async def _postgresql_answers() -> bool:
    try:
        await _administer("SELECT 1")
    except Exception:
        return False
    return True


async def _administer(statement: str, database: str | None = None) -> None:
    url = database_url(POSTGRESQL)
    engine = create_async_engine(url.set(database=database) if database else url, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text(statement))
    finally:
        await engine.dispose()
