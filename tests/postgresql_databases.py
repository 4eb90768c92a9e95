"""PostgreSQL databases for tests: made from a migrated template, emptied after each test and used again.

To drop a database costs the server a checkpoint, a second or two; to empty it, some hundredths. One whose shape a test
has changed is not used again.
"""

import uuid

import asyncpg
from sqlalchemy.engine import URL

from storage import tables

SHAPE = """
SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
    SELECT format('%s.%s %s %s', n.nspname, c.relname, a.attname, a.atttypid) AS line
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND a.attnum > 0 AND c.relkind IN ('r', 'i', 'v')
    UNION ALL SELECT format('trigger %s', tgname) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT format('rule %s', rulename) FROM pg_rules WHERE schemaname = 'public'
    UNION ALL SELECT format('constraint %s', conname) FROM pg_constraint
    UNION ALL SELECT format('function %s', proname) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT format('revision %s', version_num) FROM alembic_version
) AS shape
"""
TURN_OUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
RESTART = "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences"


class PostgresqlDatabases:
    """`server` is the address of any database of the server; `template` the name of a migrated, empty one."""

    def __init__(self, server: URL, template: str) -> None:
        self._server = server.set(drivername="postgresql")
        self._template = template
        self._shape: str | None = None
        self._made: list[str] = []
        self._free: list[str] = []

    async def take(self) -> str:
        """The name of an empty database that nobody else has."""
        if self._free:
            return self._free.pop()
        name = f"portevoix_{uuid.uuid4().hex[:10]}"
        await self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}"')
        # No test stops the server itself: what was committed need not be on the disk before the next line.
        await self._administer(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        self._made.append(name)
        return name

    async def give_back(self, name: str) -> None:
        """Empties it, so that the next test may have it; whoever is still connected is turned out."""
        if self._shape is None:
            template = await self._connect(self._template)
            self._shape = await _shape(template)
            await template.close()
        connection = await self._connect(name)
        await connection.execute(TURN_OUT)
        if await _shape(connection) == self._shape:
            await _empty(connection)
            self._free.append(name)
        await connection.close()

    async def close(self) -> None:
        """Drops all that were made."""
        for name in self._made:
            await self._administer(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def _administer(self, statement: str) -> None:
        connection = await asyncpg.connect(self._server.render_as_string(hide_password=False))
        await connection.execute(statement)
        await connection.close()

    async def _connect(self, name: str) -> asyncpg.Connection:
        return await asyncpg.connect(self._server.set(database=name).render_as_string(hide_password=False))


async def _shape(connection: asyncpg.Connection) -> str | None:
    try:
        shape: str | None = await connection.fetchval(SHAPE)
    except asyncpg.PostgresError:  # without its tables
        return None
    return shape


async def _empty(connection: asyncpg.Connection) -> None:
    emptying = [f'DELETE FROM "{table.name}"' for table in reversed(tables.Table.metadata.sorted_tables)]
    await connection.execute(";".join(emptying))
    await connection.execute(RESTART)
