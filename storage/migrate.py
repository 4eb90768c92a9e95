"""Brings the database to the newest tables, inside the process: `portevoix demo` needs no other command."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration without a file; `connection` is the one to migrate."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


async def migrate(database: Database, revision: str = "head") -> None:
    """Upgrades to `revision`. A database that is there already loses nothing."""
    await _with_connection(database, lambda config: command.upgrade(config, revision))


async def downgrade(database: Database, revision: str) -> None:
    """Goes back to `revision` ("base" empties the database)."""
    await _with_connection(database, lambda config: command.downgrade(config, revision))


async def current_revision(database: Database) -> str | None:
    """The revision that the database stands at; None when it has no tables of ours."""
    async with database.engine.connect() as connection:
        return await revision_on(connection)


async def revision_on(connection: AsyncConnection) -> str | None:
    """The same, as the transaction of this connection sees it."""
    return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())


def revisions_up_to(revision: str = "head") -> tuple[str, ...]:
    """The revisions that lead there, the newest first. Raises alembic.util.CommandError for one that is unknown."""
    script = ScriptDirectory.from_config(alembic_config())
    return tuple(each.revision for each in script.walk_revisions(head=revision))


@cache
def tables_at(revision: str) -> tuple[str, ...]:
    """The names of our tables at a revision, by going there with a database in memory; it blocks for some 0.2 s."""
    engine = create_engine("sqlite://")
    try:
        with engine.connect() as connection:
            command.upgrade(alembic_config(connection), revision)
            names = inspect(connection).get_table_names()
    finally:
        engine.dispose()
    return tuple(name for name in names if name != VERSION_TABLE)


def newest_revision() -> str | None:
    """The revision that this version of the program wants."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


async def _with_connection(database: Database, act: Callable[[Config], Any]) -> None:
    async with database.engine.connect() as connection:
        if database.is_sqlite:
            # Batch migrations rebuild tables: with foreign keys on, dropping the old one would cascade.
            await connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            await connection.commit()
        await connection.run_sync(lambda sync: act(alembic_config(sync)))
        await connection.commit()
        if database.is_sqlite:
            await connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            await connection.commit()
