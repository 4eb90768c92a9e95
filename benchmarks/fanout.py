"""One announcement to 100,000 residents, against the same rows written by one bare INSERT … SELECT.

And on SQLite, where one writes at a time: how long somebody's tap waits in the middle of it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import count

from sqlalchemy import Boolean, bindparam, func, text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from benchmarks.figures import Aim, Figure, in_turns
from benchmarks.stores import COUNCIL, Store, engines, fill_people, filled, kind_of, opened
from bot.context import Context
from bot.gate.memory import MemoryGate
from bot.settings import Settings
from bot.sweeps.sweeps import ALL
from council.clock import SystemClock
from council.notices import Followers, NoticeKind, Word, tell_all
from council.programme import load_programme
from storage.database import Database, dialect_insert
from storage.meetings import Answer, Meeting, MeetingKind, MeetingState, Rsvp
from storage.outbox import Notice, NoticePriority

RESIDENTS = 100_000
TIMES = 5
BETWEEN_TAPS = 0.003  # seconds
QUIET_SPELL = 1.0  # seconds
MEETING = 1
NOBODYS = COUNCIL + 1
GO_ON = next(each for each in ALL if each.name == "fanouts")
SPEED = Aim(0.8, at_least=True)
WAIT = Aim(100, absolute=True)

CLOCK = SystemClock()
WORD = Word(NoticeKind.ANNOUNCEMENT, 1, NoticePriority.BROADCAST, news=True)

# As one would write it by hand: the same rows, no chunks, nothing that a crash could take up again.
BARE = text(
    """
    INSERT INTO outbox (dedup_key, person_id, chat_id, locale, kind, subject_id, revision, detail, priority, quiet,
                        not_before, state, attempts, claims, created_at)
    SELECT 'announcement:1:0::' || CAST(person.id AS VARCHAR), person.id, person.telegram_id, person.language,
           'announcement', 1, 0, '', 4, :quiet, :now, 'pending', 0, 0, :now
    FROM person JOIN follow ON follow.person_id = person.id
    WHERE follow.council_id = :council AND person.telegram_id IS NOT NULL AND person.unreachable_since IS NULL
          AND person.news = 'each'
    """
).bindparams(
    bindparam("now", type_=kind_of(Notice.created_at)),
    bindparam("quiet", True, type_=Boolean),
    bindparam("council", COUNCIL),
)


async def measure() -> list[Figure]:
    figures = []
    for engine in await engines():
        async with filled(engine, _fill) as store:
            pairs = await in_turns(TIMES, partial(_speed, store, _announce), partial(_speed, store, _insert_bare))
            name = f"fan-out to {RESIDENTS:,}, {engine}"
            figures.append(Figure(name, pairs, "rows/s", "one bare INSERT … SELECT", SPEED))
            if engine == "sqlite":
                figures.append(await _wait_of_a_tap(store))
    return figures


async def _fill(session: AsyncSession) -> None:
    await fill_people(session, RESIDENTS)
    now = CLOCK.now()
    meeting = Meeting(
        id=MEETING,
        kind=MeetingKind.PLENARY,
        state=MeetingState.ANNOUNCED,
        title="Plénière",
        starts_at=now,
        minutes=60,
        place="Salle 2",
        announce_at=now,
        created_at=now,
        request_key="benchmark",
    )
    session.add(meeting)


async def _announce(database: Database, council_id: int = COUNCIL) -> None:
    """As the program does it: the first chunk with the announcement, the rest by the sweep."""
    async with database.write() as session:
        await tell_all(session, CLOCK, Followers((council_id,)), WORD)
    context = await _context(database)
    while await GO_ON.run(context):
        pass


async def _context(database: Database) -> Context:
    async with database.read() as session:
        return Context(Settings(), database, CLOCK, MemoryGate(), await load_programme(session))


async def _insert_bare(database: Database) -> None:
    async with database.write() as session:
        await session.exec(BARE, params={"now": CLOCK.now()})  # type: ignore[call-overload]


async def _speed(store: Store, write: Callable[[Database], Awaitable[None]]) -> float:
    """Rows a second."""
    async with store.copy() as url, opened(url) as database:
        await _announce(database, NOBODYS)  # a program that runs has its connection and its statements ready
        started = time.perf_counter()
        await write(database)
        seconds = time.perf_counter() - started
        async with database.read() as session:
            written = (await session.exec(select(func.count()).select_from(Notice))).one()
    if written != RESIDENTS:
        raise AssertionError(f"{written} rows of {RESIDENTS}")
    return RESIDENTS / seconds


async def _wait_of_a_tap(store: Store) -> Figure:
    """The median of the runs' longest waits, against the longest when nothing else writes."""

    async def during() -> float:
        return await _longest_wait(store, _announce)

    async def alone() -> float:
        return await _longest_wait(store, lambda _database: asyncio.sleep(QUIET_SPELL))

    waits = await in_turns(TIMES, during, alone)
    return Figure("longest wait of a tap in it, sqlite", waits, "ms", "while nothing else writes", WAIT)


async def _longest_wait(store: Store, work: Callable[[Database], Awaitable[None]]) -> float:
    """In milliseconds, from asking for the transaction to its commit, while `work` goes on."""
    longest = 0.0
    async with store.copy() as url, opened(url) as database:
        await _tap(database, 1)
        working = asyncio.ensure_future(work(database))
        for person_id in count(1):
            asked = time.perf_counter()
            await _tap(database, person_id)
            longest = max(longest, time.perf_counter() - asked)
            if working.done():
                break
            await asyncio.sleep(BETWEEN_TAPS)
        await working
    return longest * 1000


async def _tap(database: Database, person_id: int) -> None:
    """What an answer to a meeting writes."""
    said = {"answer": Answer.YES, "answered_at": CLOCK.now()}
    async with database.write() as session:
        row = dialect_insert(session, Rsvp).values(meeting_id=MEETING, person_id=person_id, **said)
        await session.exec(row.on_conflict_do_update(index_elements=["meeting_id", "person_id"], set_=said))
