"""Brings the database to the newest tables, inside the process: `portevoix demo` needs no other command.

Alembic is imported by what migrates: a bot at work only asks where its database stands, and does not pay for it.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"


def alembic_config(connection: Connection | None = None) -> "Config":
    """Alembic's configuration without a file; `connection` is the one to migrate."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


async def migrate(database: Database, revision: str = "head") -> None:
    """Upgrades to `revision`. A database that is there already loses nothing."""
    from alembic import command

    await _with_connection(database, lambda config: command.upgrade(config, revision))


async def downgrade(database: Database, revision: str) -> None:
    """Goes back to `revision` ("base" empties the database)."""
    from alembic import command

    await _with_connection(database, lambda config: command.downgrade(config, revision))


async def current_revision(database: Database) -> str | None:
    """The revision that the database stands at; None when it has no tables of ours."""
    async with database.engine.connect() as connection:
        return await revision_on(connection)


async def revision_on(connection: AsyncConnection) -> str | None:
    """The same, as the transaction of this connection sees it."""
    if not await connection.run_sync(lambda sync: inspect(sync).has_table(VERSION_TABLE)):
        return None
    return (await connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}"))).scalar()  # noqa: S608


def revisions_up_to(revision: str = "head") -> tuple[str, ...]:
    """The revisions that lead there, the newest first. Raises alembic.util.CommandError for one that is unknown."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(alembic_config())
    return tuple(each.revision for each in script.walk_revisions(head=revision))


@cache
def tables_at(revision: str) -> tuple[str, ...]:
    """The names of our tables at a revision, by going there with a database in memory; it blocks for some 0.2 s."""
    from alembic import command

    engine = create_engine("sqlite://")
    try:
        with engine.connect() as connection:
            command.upgrade(alembic_config(connection), revision)
            names = inspect(connection).get_table_names()
    finally:
        engine.dispose()
    return tuple(name for name in names if name != VERSION_TABLE)


def newest_revision() -> str:
    """The revision that this version of the program wants: files are named by their numbers, which only grow."""
    return max(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


async def _with_connection(database: Database, act: Callable[["Config"], Any]) -> None:
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
