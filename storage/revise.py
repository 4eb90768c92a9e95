"""For developers: `python -m storage.revise "why"` writes the migration from the newest revision to the models."""

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command

from storage.database import Database
from storage.migrate import alembic_config, migrate, newest_revision


async def _revise(message: str, directory: str) -> None:
    database = Database(f"sqlite:///{Path(directory) / 'revise.db'}")
    await migrate(database)
    number = f"{int(newest_revision()) + 1:04}"
    async with database.engine.connect() as connection:
        await connection.run_sync(
            lambda sync: command.revision(alembic_config(sync), message=message, autogenerate=True, rev_id=number)
        )
    await database.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        asyncio.run(_revise(sys.argv[1], scratch))
