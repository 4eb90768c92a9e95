"""The tables of a revision, read from the database itself: a backup may be older than the models of this version."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKeyConstraint,
    MetaData,
    Table,
    cast,
    event,
    exists,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import sort_tables_and_constraints

from bot.operations.errors import UnknownRevision
from storage.migrate import revisions_up_to, tables_at


@dataclass(frozen=True)
class Schema:
    """Tables in an order in which rows may be written.

    `loose` are the references that no order satisfies: of a table to itself, or around a circle of tables.
    """

    tables: tuple[Table, ...]
    loose: tuple[ForeignKeyConstraint, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(table.name for table in self.tables)


async def read_schema(connection: AsyncConnection, revision: str) -> Schema:
    """What our migrations have made in this database, and nothing else that may stand beside it.

    Raises:
        UnknownRevision: no migration of this version leads to `revision`.
    """
    check_known(revision)
    found = MetaData()
    event.listen(found, "column_reflect", _tell_null_from_json_null)
    await connection.run_sync(found.reflect, only=tables_at(revision))
    return in_order(found.tables.values())


def in_order(tables: Iterable[Table]) -> Schema:
    """Referred tables before those that refer to them; equal tables always come out in the same order."""
    ordered: list[Table] = []
    loose: list[ForeignKeyConstraint] = []
    for table, constraints in _sorted(tables):
        if table is None:
            loose += constraints
        else:
            ordered.append(table)
            loose += [each for each in constraints if each.referred_table is table]
    return Schema(tuple(ordered), tuple(loose))


def check_known(revision: str) -> None:
    """Raises UnknownRevision when no migration of this version leads there."""
    if revision not in revisions_up_to():
        raise UnknownRevision(revision)


async def count_rows(connection: AsyncConnection, table: Table, *where: ColumnElement[bool]) -> int:
    return (await connection.execute(select(func.count()).select_from(table).where(*where))).scalar_one()


async def has_rows(connection: AsyncConnection, tables: Sequence[Table]) -> bool:
    """Whether there is anything at all in any of them."""
    for table in tables:
        if (await connection.execute(select(exists(select(literal(1)).select_from(table))))).scalar_one():
            return True
    return False


async def keep_others_out(connection: AsyncConnection, schema: Schema) -> None:
    """Until the end of the transaction nobody else writes; on SQLite that is so since it began."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(_quoted(connection, table) for table in schema.tables)
        await connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


async def defer_references(connection: AsyncConnection, schema: Schema) -> None:
    """Rows may refer to rows that come later in this transaction."""
    if connection.dialect.name == "sqlite":
        await connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        return
    for constraint in schema.loose:
        await _alter(connection, constraint, "DEFERRABLE INITIALLY DEFERRED")


async def broken_reference(connection: AsyncConnection, schema: Schema) -> str | None:
    """Ends what `defer_references` began; the table of a row that refers to nothing, on SQLite.

    Raises:
        sqlalchemy.exc.IntegrityError: the same, on PostgreSQL.
    """
    if connection.dialect.name == "sqlite":
        row = (await connection.execute(text("PRAGMA foreign_key_check"))).first()
        return None if row is None else str(row[0])
    await connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for constraint in schema.loose:
        await _alter(connection, constraint, "NOT DEFERRABLE")
    return None


async def reset_sequences(connection: AsyncConnection, schema: Schema) -> None:
    """New rows get numbers after those that are there; SQLite sees to that by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in schema.tables:
        for column in table.primary_key:
            name = func.pg_get_serial_sequence(_quoted(connection, table), column.name)
            sequence = (await connection.execute(select(name))).scalar_one()
            if sequence is not None:
                last = func.max(column)
                position = func.setval(cast(literal(sequence), REGCLASS), func.coalesce(last, 1), last.is_not(None))
                await connection.execute(select(position))


def _sorted(tables: Iterable[Table]) -> Iterable[tuple[Table | None, list[ForeignKeyConstraint]]]:
    by_name = sorted(tables, key=lambda each: each.name)
    return sort_tables_and_constraints(by_name)  # type: ignore[no-untyped-call, no-any-return]


def _tell_null_from_json_null(_inspector: Any, _table: Table, column: dict[str, Any]) -> None:
    """The ORM may write None as the JSON document `null`, which is not the absence of one."""
    if isinstance(column["type"], JSON):
        column["type"] = JSON(none_as_null=True)


async def _alter(connection: AsyncConnection, constraint: ForeignKeyConstraint, how: str) -> None:
    table = _quoted(connection, constraint.table)
    name = connection.dialect.identifier_preparer.quote(str(constraint.name))
    await connection.execute(text(f"ALTER TABLE {table} ALTER CONSTRAINT {name} {how}"))


def _quoted(connection: AsyncConnection, table: Table) -> str:
    return connection.dialect.identifier_preparer.format_table(table)
