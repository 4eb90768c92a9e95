"""A broadcast against a server that enforces 30 messages a second, while other residents keep tapping.

The rate counts every message that the server let through between the first of the broadcast and its last, replies among
them: a broadcast gets what they leave.
"""

import asyncio
import random
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import cycle
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from benchmarks.figures import Aim, Figure, Pair, quantile
from benchmarks.inbound import fill_meetings
from benchmarks.programs import RUN, first_call, playing, running, watch_calls
from benchmarks.residents import Residents
from benchmarks.stores import COUNCIL, FIRST_TELEGRAM_ID, engines, fill_people, filled, opened
from bot.gate.calls import is_message
from council.actors import Actor, Held
from council.announcements import announce
from playground.calls import CallRecord
from playground.clock import Clock
from storage.people import News, Person, Role

READERS, ALL_READERS = 600, 3_000
TAPPING = 120
"""Residents who take no news and tap in turn: each far below the one message a second that they may be sent."""
TAPS = 3.0
"""A second."""
SPELL = 15.0  # seconds of taps before the broadcast
LIMIT = 30
PATIENCE = 300.0  # seconds
PARIS = ZoneInfo("Europe/Paris")
FRIDAY = 4
RATE = Aim(0.9, at_least=True)
REFUSED = Aim(0, absolute=True)
ANSWERED = Aim(1, absolute=True)


async def measure(full: bool = False) -> list[Figure]:
    readers = ALL_READERS if full else READERS
    figures = []
    for engine in await engines():
        async with filled(engine, partial(_fill, readers)) as store, store.copy() as url:
            figures += await _broadcast(engine, url, readers)
    return figures


async def _fill(readers: int, session: AsyncSession) -> None:
    await fill_people(session, readers + TAPPING)
    await session.exec(update(Person).where(col(Person.id) > readers).values(news=News.NONE))
    await fill_meetings(session)


async def _broadcast(engine: str, url: str, readers: int) -> list[Figure]:
    async with playing() as playground, opened(url) as database:
        world = playground.world
        world.flood.configure(on=True, per_second=LIMIT)
        world.clock.move_to(next_morning(world.clock.now()))  # nobody is written to at night
        clock_url = f"{playground.url}/playground/clock"
        async with running(RUN, playground, database_url=url, clock_url=clock_url):
            await first_call(playground, "getUpdates")
            residents = Residents(playground, readers + TAPPING, last_call_of_a_press="editMessageText")
            tally = _Tally(readers)
            watch_calls(playground, tally.note)
            async with asyncio.timeout(PATIENCE):
                before = await _tap(residents, readers, asyncio.create_task(asyncio.sleep(SPELL)))
                async with database.write() as session:
                    await announce_to_all(session, world.clock)
                during = await _tap(residents, readers, asyncio.create_task(tally.all_heard.wait()))
    name = f"broadcast to {readers:,}, {engine}"
    return [
        Figure(name, (Pair(tally.rate, LIMIT),), "/s", "what the server allows", RATE),
        Figure(f"429s in it, {engine}", (Pair(tally.refused, tally.passed),), "", "messages that passed", REFUSED),
        Figure(
            f"p99 of answers in it, {engine}",
            (Pair(quantile(during, 0.99), quantile(before, 0.99)),),
            "s",
            "before the broadcast",
            ANSWERED,
        ),
    ]


class _Tally:
    """What the server saw of a broadcast to the first `readers` people."""

    def __init__(self, readers: int) -> None:
        self._readers = readers
        self._heard: set[int] = set()
        self._moments: list[float] = []
        self._first: float | None = None
        self.all_heard = asyncio.Event()
        self.refused = 0

    def note(self, call: CallRecord) -> None:
        if call.status == 429:
            self.refused += 1
        if call.status != 200 or not is_message(call.method) or self.all_heard.is_set():
            return
        number = (call.chat_id or 0) - FIRST_TELEGRAM_ID
        if number <= self._readers:
            self._heard.add(number)
            self._first = self._first or call.monotonic
        self._moments.append(call.monotonic)
        if len(self._heard) == self._readers:
            self.all_heard.set()

    @property
    def passed(self) -> int:
        return len(self._moments)

    @property
    def rate(self) -> float:
        """Messages a second, from the first of the broadcast to its last."""
        inside = sorted(moment for moment in self._moments if moment >= (self._first or 0))
        return (len(inside) - 1) / (inside[-1] - inside[0])


async def announce_to_all(session: AsyncSession, clock: Clock) -> None:
    coordinator = Actor(1, FIRST_TELEGRAM_ID + 1, "Habitante 1", "fr", (Held(Role.COORDINATOR, None),))
    words = "La maison de quartier rouvre lundi. Venez nombreux."
    await announce(session, clock, coordinator, frozenset({COUNCIL}), words, None, "benchmark")


async def _tap(residents: Residents, first: int, end: asyncio.Task[object]) -> list[float]:
    """Until `end`: residents act by chance at the rate TAPS; the seconds until each was answered."""
    draws, people = random.Random(7), cycle(range(first, first + TAPPING))
    acts = []
    while not end.done():
        acts.append(asyncio.create_task(residents.act(next(people))))
        await asyncio.wait({end}, timeout=draws.expovariate(TAPS))
    return await asyncio.gather(*acts)


def next_morning(now: datetime, *, working: bool = False) -> datetime:
    """Ten o'clock in Paris; `working`: from Monday to Friday."""
    local = now.astimezone(PARIS)
    day = local.date() + timedelta(days=local.time() >= time(10))
    while working and day.weekday() > FRIDAY:
        day += timedelta(days=1)
    return datetime.combine(day, time(10), PARIS).astimezone(UTC)
