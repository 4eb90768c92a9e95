"""Rows for every table, and a look at all that a database holds."""

import json
import zipfile
from asyncio import run
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel.sql.sqltypes import UTCDateTime

from bot.operations import archive as archive_file
from storage.database import Database
from storage.people import Person
from storage.tables import Table

AWKWARD = "Aïcha <3 & « l’été » \\ \" ' \n\t\u2028\u202f 🏠 العربية"
BEYOND_32_BITS = 5_000_000_000
ENGINES = ("sqlite", "postgresql")
DOCUMENTS: tuple[Any, ...] = ({"mot": AWKWARD, "n": [1, 2.5, True, None, -(2**60)]}, {}, [], None, "mot", 0.1)

VALUES: tuple[tuple[type, Callable[[Any, int], Any]], ...] = (
    (sa.Enum, lambda kind, n: list(kind.enum_class)[n % len(kind.enum_class)]),
    (sa.JSON, lambda _kind, n: DOCUMENTS[n % len(DOCUMENTS)]),
    (UTCDateTime, lambda _kind, n: datetime(2026, 10, 25, 0, 59, 59, 123456, tzinfo=UTC) + timedelta(hours=n)),
    (sa.Date, lambda _kind, _n: date(2026, 2, 28)),
    (sa.Boolean, lambda _kind, n: n % 2 == 0),
    (sa.Float, lambda _kind, n: 43.604_652_123_456_789 / n),
    (sa.LargeBinary, lambda _kind, n: bytes(range(256)) + bytes([n % 256])),
    (sa.BigInteger, lambda _kind, n: BEYOND_32_BITS + n),
    (sa.Integer, lambda _kind, n: n),
    (object, lambda _kind, n: f"{n} {AWKWARD}"),  # strings
)


def value_for(column: sa.Column, n: int, *, sparse: bool) -> Any:
    """A valid value for any column of ours; sparse rows have none where none is allowed."""
    if sparse and column.nullable:
        return sa.null() if isinstance(column.type, sa.JSON) else None
    for reference in column.foreign_keys:
        if not FILLED[reference.column.table.name]:
            return None  # the first row of a table that refers to itself
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
                if FILLED[table.name] and _is_told_apart_by_others_alone(table):
                    continue  # one pair is enough
                await connection.execute(sa.insert(table).values(**row))
                FILLED[table.name].append(row)


def _is_told_apart_by_others_alone(table: sa.Table) -> bool:
    """Its key, or something else that stands once, is made of references: all rows here refer to the same."""
    unique = [each for each in table.constraints if isinstance(each, sa.UniqueConstraint | sa.PrimaryKeyConstraint)]
    return any(all(column.foreign_keys for column in each.columns) for each in unique)


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


async def add_council(database: Database) -> None:
    async with database.write() as session:
        connection = await session.connection()
        council = Table.metadata.tables["council"]
        await connection.execute(sa.insert(council).values(code="autre", name="Autre", regime="loi2014", position=0))


def rows_of(good: Path) -> dict[str, int]:
    return json.loads(zipfile.ZipFile(good).read(archive_file.MANIFEST))["rows"]
