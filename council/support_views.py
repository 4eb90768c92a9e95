"""The team's queue of support requests: whose, filtered, sorted by promise, a page at a time, in two statements."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Integer, and_, bindparam, func, literal, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

from council.actors import Actor
from council.clock import Clock
from council.council_choice import council_names
from council.errors import NotAllowed
from storage.duty import TEAM, is_open
from storage.people import Person
from storage.programme import Council
from storage.support import SupportKind, SupportRequest, SupportState

COUNTED = 1000
"""No tab counts further: what matters is that there are many, and counting all would cost more than the page."""
LAST_PAGE = 200
"""Nobody turns so many pages; a filter finds the rest."""
NO_COUNCIL = 0
"""The value of `QueueFilter.council` for requests of people who know no council."""


class Shelf(StrEnum):
    """Whose requests are looked at: my own, the whole team's, those that nobody has taken."""

    MINE = "mine"
    TEAM = "team"
    QUEUE = "queue"


@dataclass(frozen=True)
class QueueFilter:
    """What is looked for among the open requests; None: any. `late`: only those whose promise is over."""

    shelf: Shelf = Shelf.MINE
    council: int | None = None
    kind: SupportKind | None = None
    state: SupportState | None = None
    late: bool = False


@dataclass(frozen=True)
class QueueRow:
    """One request on a page of the queue.

    `first_name` is None once the person is erased, `animator` while nobody holds it. `late`: the promise is over and
    nobody has answered.
    """

    id: int
    number: str
    kind: SupportKind
    state: SupportState
    council: str | None
    first_name: str | None
    animator: str | None
    promised_at: datetime
    answered: bool
    late: bool


@dataclass(frozen=True)
class QueueCounts:
    """Open requests on each shelf, and how many of the shown shelf are late with the filter; each up to COUNTED."""

    mine: int = 0
    team: int = 0
    queue: int = 0
    late: int = 0


@dataclass(frozen=True)
class QueuePage:
    """A page, with what its tabs say. `more`: another page follows. `as_of`: when it was read."""

    filter: QueueFilter
    rows: tuple[QueueRow, ...]
    counts: QueueCounts
    page: int
    more: bool
    as_of: datetime


def check_on_team(actor: Actor) -> None:
    """Animators and coordinators see the queue. Raises NotAllowed."""
    if not actor.holds_anywhere(*TEAM):
        raise NotAllowed


async def queue_page(
    session: AsyncSession, clock: Clock, actor: Actor, sought: QueueFilter, page: int, size: int
) -> QueuePage:
    """One page of the open requests: those that wait for a first answer, oldest promise first; then the others.

    `page` from 0; in place of one that is not there any more, the first.

    Raises:
        NotAllowed: not of the team.
    """
    check_on_team(actor)
    now = clock.now()
    page = min(max(page, 0), LAST_PAGE)
    rows = await _rows(session, actor, sought, now, size + 1, page * size)
    if not rows and page:
        page = 0
        rows = await _rows(session, actor, sought, now, size + 1, 0)
    counts = await _counts(session, actor, sought, now)
    more = len(rows) > size and page < LAST_PAGE
    return QueuePage(sought, tuple(rows[:size]), counts, page, more, now)


async def councils_sought(session: AsyncSession, actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of every council, in the order of the programme. Raises NotAllowed."""
    check_on_team(actor)
    return list((await council_names(session)).items())


_READ: tuple[Any, ...] = (
    col(SupportRequest.id),
    col(SupportRequest.number),
    col(SupportRequest.kind),
    col(SupportRequest.state),
    col(SupportRequest.council_id),
    col(SupportRequest.person_id),
    col(SupportRequest.animator_id),
    col(SupportRequest.promised_at),
)


async def _rows(
    session: AsyncSession, actor: Actor, sought: QueueFilter, now: datetime, limit: int, offset: int
) -> list[QueueRow]:
    values = {"me": actor.person_id, "now": now, "size": limit, "skipped": offset, "read": limit + offset}
    rows = (await session.exec(_page(sought), params=values)).all()
    return [
        QueueRow(
            id=request_id,
            number=number,
            kind=SupportKind(kind),
            state=SupportState(state),
            council=council,
            first_name=None if erased_at else first_name,
            animator=animator,
            promised_at=promised_at,
            answered=bool(half),
            late=not half and promised_at < now,
        )
        for (
            request_id,
            number,
            kind,
            state,
            promised_at,
            half,
            council,
            first_name,
            erased_at,
            animator,
        ) in rows
    ]


# Statements of the filters in use, built once: to build one takes longer than either engine needs to answer it.
_ME: Any = bindparam("me", type_=BigInteger)
_NOW: Any = bindparam("now", type_=UTCDateTime)


@lru_cache(maxsize=256)
def _page(sought: QueueFilter) -> Any:
    """Each half is read in the order of an index and no further than needed, then both are laid together."""
    conditions = _conditions(sought)
    unanswered = _first(conditions, col(SupportRequest.first_answer_at).is_(None), 0)
    answered = _first(conditions, col(SupportRequest.first_answer_at).is_not(None), 1)
    halves = [each.subquery() for each in ((unanswered,) if sought.late else (unanswered, answered))]
    found: Any = union_all(*(halved.select() for halved in halves)).subquery()
    asker: Any = aliased(Person)
    holder: Any = aliased(Person)
    in_order = found.c.half, found.c.promised_at, found.c.id
    on_page = found.select().order_by(*in_order).limit(bindparam("size", type_=Integer))
    chosen: Any = on_page.offset(bindparam("skipped", type_=Integer)).subquery()
    own = (chosen.c.id, chosen.c.number, chosen.c.kind, chosen.c.state, chosen.c.promised_at, chosen.c.half)
    shown: tuple[Any, ...] = (*own, col(Council.name), asker.first_name, asker.erased_at, holder.first_name)
    return (
        select(*shown)
        .select_from(chosen)
        .join(asker, asker.id == chosen.c.person_id)
        .outerjoin(holder, holder.id == chosen.c.animator_id)
        .outerjoin(Council, col(Council.id) == chosen.c.council_id)
        .order_by(chosen.c.half, chosen.c.promised_at, chosen.c.id)
    )


def _first(conditions: list[Any], which: Any, half: int) -> Any:
    read = (*_READ, literal(half).label("half"))
    return (
        select(*read)
        .where(*conditions, which)
        .order_by(col(SupportRequest.promised_at), col(SupportRequest.id))
        .limit(bindparam("read", type_=Integer))
    )


def _conditions(sought: QueueFilter) -> list[Any]:
    conditions = [is_open(), *_on_shelf(sought.shelf)]
    if sought.council is not None:
        council = col(SupportRequest.council_id)
        conditions.append(council.is_(None) if sought.council == NO_COUNCIL else council == sought.council)
    if sought.kind is not None:
        conditions.append(col(SupportRequest.kind) == sought.kind)
    if sought.state is not None:
        conditions.append(col(SupportRequest.state) == sought.state)
    if sought.late:
        conditions.append(_late())
    return conditions


def _on_shelf(shelf: Shelf) -> tuple[Any, ...]:
    holder = col(SupportRequest.animator_id)
    match shelf:
        case Shelf.MINE:
            return (holder == _ME,)
        case Shelf.QUEUE:
            return (holder.is_(None),)
        case Shelf.TEAM:
            return ()


def _late() -> Any:
    return and_(col(SupportRequest.first_answer_at).is_(None), col(SupportRequest.promised_at) < _NOW)


async def _counts(session: AsyncSession, actor: Actor, sought: QueueFilter, now: datetime) -> QueueCounts:
    values = {"me": actor.person_id, "now": now}
    mine, team, queue, behind = (await session.exec(_tabs(sought), params=values)).one()
    return QueueCounts(mine, team, queue, behind)


@lru_cache(maxsize=256)
def _tabs(sought: QueueFilter) -> Any:
    late = _count(*_conditions(sought), _late())
    every: tuple[Any, ...] = (*(_count(is_open(), *_on_shelf(shelf)) for shelf in Shelf), late)
    return select(*every)


def _count(*conditions: Any) -> Any:
    """How many there are, up to COUNTED."""
    some = select(col(SupportRequest.id)).where(*conditions).limit(COUNTED).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
