"""Rows as JSON that says the same on both engines: moments in UTC, documents as they are, absent values left out."""

import base64
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    Text,
    Time,
    cast,
    insert,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

CHUNK = 500
"""Rows that are in memory at once."""

Line = dict[str, Any]
Change = Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _moment(value: datetime) -> str:
    """SQLite keeps UTC without saying so."""
    return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()


def _document(value: Any) -> Any:
    return JSON.NULL if value is None else value


# For each kind of column: how its value is written, how it is read. Enums are words, so strings.
_KINDS: tuple[tuple[type[TypeEngine[Any]], Change, Change], ...] = (
    (DateTime, _moment, datetime.fromisoformat),
    (Date, date.isoformat, date.fromisoformat),
    (Time, time.isoformat, time.fromisoformat),
    (JSON, json.loads, _document),
    (Float, _same, float),
    (Numeric, str, Decimal),
    (LargeBinary, lambda value: base64.b64encode(value).decode(), base64.b64decode),
    (Boolean, _same, _same),
    (Integer, _same, _same),
    (String, _same, _same),
)


async def read_rows(connection: AsyncConnection, table: Table) -> AsyncIterator[list[Line]]:
    """All rows in the order of their keys, chunk by chunk."""
    columns = list(table.columns)
    writers = [_kind_of(column)[1] for column in columns]
    # A document is read as the text that it is: that tells the absence of one from the document `null`.
    asked = [cast(each, Text).label(each.name) if isinstance(each.type, JSON) else each for each in columns]
    query = select(*asked).order_by(*table.primary_key)
    result = await connection.stream(query, execution_options={"yield_per": CHUNK})
    async for rows in result.partitions():
        yield [
            {
                column.name: write(value)
                for column, write, value in zip(columns, writers, row, strict=True)
                if value is not None
            }
            for row in rows
        ]


async def write_rows(connection: AsyncConnection, table: Table, lines: Sequence[Line]) -> None:
    """Raises ValueError, TypeError or KeyError for a line that is not one of this table."""
    readers = {column.name: _kind_of(column)[2] for column in table.columns}
    await connection.execute(insert(table), [_row(readers, line) for line in lines])


def _row(readers: Mapping[str, Change], line: Line) -> Line:
    if unknown := line.keys() - readers.keys():
        raise KeyError(min(unknown))
    return {name: read(line[name]) if name in line else None for name, read in readers.items()}


def _kind_of(column: Column[Any]) -> tuple[type[TypeEngine[Any]], Change, Change]:
    for kind in _KINDS:
        if isinstance(column.type, kind[0]):
            return kind
    raise NotImplementedError(f"{column}: {column.type!r} has no form in a backup yet")
