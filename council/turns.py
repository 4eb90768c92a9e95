"""Rows of a sweep, each in a transaction of its own: one that fails keeps no other from its turn, run after run."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from storage.database import Database

Result = TypeVar("Result")
Turn = Callable[[AsyncSession, int], Awaitable[Result]]


class RowFailed(Exception):
    """The turn of a row has failed and is undone: it comes again with the next run. What went wrong is its cause."""

    def __init__(self, row_id: int) -> None:
        super().__init__(row_id)
        self.row_id = row_id


async def each_in_turn(database: Database, row_ids: Iterable[int], turn: Turn[Result]) -> list[Result]:
    """What each turn answered.

    Raises:
        ExceptionGroup: in the end, of a RowFailed for each row whose turn has failed.
    """
    turns = _Turns(database, turn)
    await turns.take(row_ids)
    return turns.ended()


async def each_due(database: Database, due: SelectOfScalar[int], turn: Turn[object], portion: int) -> int:
    """The first rows of `due`, a select of ids in their order, until `portion` have had their turn; how many.

    Rows that fail take no place in a portion: as many of them as may stand at the head, in each run come those behind.

    Raises:
        ExceptionGroup: in the end, of a RowFailed for each row whose turn has failed.
    """
    turns, seen = _Turns(database, turn), list[int]()
    row_id: Any = due.selected_columns[0]
    while (room := portion - len(turns.results)) > 0:
        others = due.where(row_id.not_in(seen)) if seen else due
        async with database.read() as session:
            ids = (await session.exec(others.limit(room))).all()
        await turns.take(ids)
        seen += ids
        if len(ids) < room:
            break
    return len(turns.ended())


@dataclass
class _Turns(Generic[Result]):
    """Those of one run, as far as they have come."""

    database: Database
    turn: Turn[Result]
    results: list[Result] = field(default_factory=list)
    failed: list[Exception] = field(default_factory=list)

    async def take(self, row_ids: Iterable[int]) -> None:
        for row_id in row_ids:
            try:
                async with self.database.write() as session:
                    result = await self.turn(session, row_id)
            except Exception as error:
                if _is_away(error):  # no row's fault, and none could have its turn
                    raise
                failure = RowFailed(row_id)
                failure.__cause__ = error
                self.failed.append(failure)
            else:
                self.results.append(result)

    def ended(self) -> list[Result]:
        if self.failed:
            raise ExceptionGroup("rows of a sweep failed", self.failed)
        return self.results


def _is_away(error: Exception) -> bool:
    """Whether the database itself does not answer."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated
    return isinstance(error, OSError | NoConnection)
