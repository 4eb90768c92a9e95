"""Whether what the program stands on is there."""

from storage.database import Database
from storage.migrate import current_revision, newest_revision


class NotReady(Exception):
    """It is not; `code` says what: "database", "nothing" (no file), "migrate" (no tables, or old ones) or "listen"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def check_database(database: Database, *, tables: bool = True) -> None:
    """Raises NotReady when it does not answer, or when it lacks the `tables` of this version."""
    try:
        revision = await current_revision(database)
    except Exception as error:  # each driver has its own
        raise NotReady("database") from error
    if tables and revision != newest_revision():
        raise NotReady("migrate")
