"""The team's queue over 100,000 requests, a twentieth of them open, against the bare query of a page by its index."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, literal, text
from sqlmodel.ext.asyncio.session import AsyncSession

from benchmarks.figures import Aim, Figure, in_turns
from benchmarks.stores import COUNCIL, FIRST_TELEGRAM_ID, constant, engines, fill_people, fill_rows, filled, opened
from council.actors import Actor, Held
from council.clock import SystemClock
from council.support_views import QueueFilter, Shelf, queue_page
from storage.database import Database
from storage.people import Role
from storage.support import SupportKind, SupportRequest, SupportState

REQUESTS, OPEN_OF = 100_000, 20
ANIMATORS, RESIDENTS = 10, 2_000
A_PAGE = 6
ONCE, TIMES = 20, 7
AIM = Aim(5)

CLOCK = SystemClock()
ACTOR = Actor(1, FIRST_TELEGRAM_ID + 1, "Habitante 1", "fr", (Held(Role.ANIMATOR, COUNCIL),))
_OPEN = "state NOT IN ('closed', 'redirected', 'withdrawn', 'merged')"
# The page alone, as one would write it by hand: no names, no tabs, no word of what is late.
BARE = {
    Shelf.MINE: text(
        f"SELECT * FROM support_request WHERE {_OPEN} AND animator_id = 1 ORDER BY promised_at LIMIT {A_PAGE + 1}"
    ),
    Shelf.TEAM: text(f"SELECT * FROM support_request WHERE {_OPEN} ORDER BY promised_at LIMIT {A_PAGE + 1}"),
}


async def measure() -> list[Figure]:
    figures = []
    for engine in await engines():
        async with filled(engine, _fill) as store, store.copy() as url, opened(url) as database:
            for shelf, name in ((Shelf.MINE, "mine"), (Shelf.TEAM, "the team's")):
                ours, bare = partial(_view, shelf), partial(_bare, shelf)
                pairs = await in_turns(TIMES, partial(_time, database, ours), partial(_time, database, bare))
                figures.append(Figure(f"queue of {REQUESTS:,}, {name}, {engine}", pairs, "ms", "bare query", AIM))
    return figures


async def _time(database: Database, look: Callable[[AsyncSession], Awaitable[int]]) -> float:
    """Milliseconds, the median of some."""
    seconds = []
    for _ in range(ONCE):
        async with database.read() as session:
            started = time.perf_counter()
            rows = await look(session)
            seconds.append(time.perf_counter() - started)
        if rows < A_PAGE:
            raise AssertionError(f"{rows} rows")
    return 1000 * median(seconds)


async def _view(shelf: Shelf, session: AsyncSession) -> int:
    return len((await queue_page(session, CLOCK, ACTOR, QueueFilter(shelf), 0, A_PAGE)).rows)


async def _bare(shelf: Shelf, session: AsyncSession) -> int:
    return len((await session.exec(BARE[shelf])).all())  # type: ignore[call-overload]


async def _fill(session: AsyncSession) -> None:
    await fill_people(session, RESIDENTS)
    await fill_rows(session, SupportRequest, REQUESTS, partial(_request, CLOCK.now()))


def _request(now: datetime, n: ColumnElement[int]) -> dict[str, Any]:
    """One in twenty is open, in the hands of each animator in turn; of these every second waits for an answer."""
    is_open: Any = n % OPEN_OF == 0
    which: Any = n / OPEN_OF
    moment = constant(now, SupportRequest.created_at)
    minutes = [
        constant(now + timedelta(minutes=each * 37 % 5_000 - 500), SupportRequest.promised_at) for each in range(97)
    ]
    return {
        "id": n,
        "number": literal("D-", String) + cast(n, String),
        "person_id": n % RESIDENTS + 1,
        "council_id": literal(COUNCIL),
        "for_council": literal(False),
        "kind": constant(SupportKind.OTHER, SupportRequest.kind),
        "state": case(
            (is_open, constant(SupportState.IN_PROGRESS, SupportRequest.state)),
            else_=constant(SupportState.CLOSED, SupportRequest.state),
        ),
        "animator_id": which % ANIMATORS + 1,
        "created_at": moment,
        "changed_at": moment,
        "asked_at": moment,
        "rounds": literal(1),
        "promised_at": case(*((n % 97 == place, value) for place, value in enumerate(minutes)), else_=moment),
        "calendar": literal("", String),
        "alert_level": literal(0),
        "first_answer_at": case((which % 2 == 0, moment), else_=None),
        "feedback_asked": literal(0),
        "request_key": literal("benchmark:", String) + cast(n, String),
    }
