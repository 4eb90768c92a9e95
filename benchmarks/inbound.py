"""A resident's /reunions and answers to a meeting through the real program, against a bare aiogram echo bot.

Both are processes of their own and hear the same updates from the same playground, which runs in this process: how busy
it is while the echo bot runs is shown, since a server at its limit would make the echo bot look slow.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import chain, count, cycle

from sqlmodel.ext.asyncio.session import AsyncSession

from benchmarks.figures import Aim, Figure, Pair, quantile
from benchmarks.programs import ECHO, RUN, first_call, playing, running
from benchmarks.residents import Residents
from benchmarks.stores import COUNCIL, engines, fill_people, filled
from council.clock import SystemClock
from storage.meetings import Meeting, MeetingCouncil, MeetingKind, MeetingState

PEOPLE = 3_000
MEETINGS = 3
AT_ONCE = 40
"""Residents who wait for their answer at any moment while the rate is measured."""
MEASURED = 1_500  # updates
TIMES = 3
MODERATE = 0.4
"""Of our own greatest rate: what both are offered while the time to an answer is measured."""
RATE = Aim(0.25, at_least=True)
LATENCY = Aim(10)
BUSY = Aim(0.9, absolute=True)
WITHOUT_LIMITS = "1000000"
BARE = "bare aiogram echo"

People = Iterator[int]
"""Who acts next, by their number."""

CLOCK = SystemClock()


async def measure() -> list[Figure]:
    figures = []
    for engine in await engines():
        rates, waits, busy = [], [], []
        async with filled(engine, _fill) as store:
            for _ in range(TIMES):
                async with store.copy() as url, _ours(url) as residents:
                    people = await _warmed_up(residents)
                    rate, _ = await _greatest_rate(residents, people)
                    wait = await _wait_at(rate * MODERATE, residents, people)
                async with _echo() as residents:
                    people = await _warmed_up(residents)
                    bare_rate, share = await _greatest_rate(residents, people)
                    bare_wait = await _wait_at(rate * MODERATE, residents, people)
                rates.append(Pair(rate, bare_rate))
                waits.append(Pair(wait, bare_wait))
                busy.append(Pair(share, 1.0))
        figures.append(Figure(f"updates of residents, {engine}", tuple(rates), "/s", BARE, RATE))
        figures.append(Figure(f"p99 at {MODERATE:g} of that rate, {engine}", tuple(waits), "ms", BARE, LATENCY))
        figures.append(Figure("playground busy beside the echo", tuple(busy), "core", "one core", BUSY))
    return figures


async def _fill(session: AsyncSession) -> None:
    await fill_people(session, PEOPLE)
    await fill_meetings(session)


async def fill_meetings(session: AsyncSession) -> None:
    """Announced, and some days ahead."""
    now = CLOCK.now()
    for number in range(1, MEETINGS + 1):
        session.add(
            Meeting(
                id=number,
                kind=MeetingKind.PLENARY,
                state=MeetingState.ANNOUNCED,
                title=f"Réunion plénière {number}",
                agenda="Le budget de l’année. La propreté des rues. Vos idées.",
                starts_at=now + timedelta(days=number + 2),
                minutes=120,
                place="Maison de quartier, salle 2",
                announce_at=now,
                announced_at=now,
                created_at=now,
                request_key=f"benchmark:{number}",
            )
        )
        await session.flush()
        session.add(MeetingCouncil(meeting_id=number, council_id=COUNCIL))


@asynccontextmanager
async def _ours(url: str) -> AsyncIterator[Residents]:
    async with playing() as playground, running(RUN, playground, database_url=url, rate_global=WITHOUT_LIMITS):
        await first_call(playground, "getUpdates")
        yield Residents(playground, PEOPLE, last_call_of_a_press="editMessageText")


@asynccontextmanager
async def _echo() -> AsyncIterator[Residents]:
    async with playing() as playground, running(ECHO, playground):
        await first_call(playground, "getUpdates")
        yield Residents(playground, PEOPLE, last_call_of_a_press="answerCallbackQuery")


async def _greatest_rate(residents: Residents, people: People) -> tuple[float, float]:
    """Updates a second, and the share of one core that this process used meanwhile."""
    numbers = count()

    async def act_until_the_end() -> None:
        while next(numbers) < MEASURED:
            await residents.act(next(people))

    started, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(act_until_the_end() for _ in range(AT_ONCE)))
    seconds = time.perf_counter() - started
    return MEASURED / seconds, (time.process_time() - used) / seconds


async def _wait_at(rate: float, residents: Residents, people: People) -> float:
    """The time that 99 of 100 answers keep below, in milliseconds, when updates come by chance at this rate."""
    draws = random.Random(7)
    acts = []
    for _ in range(MEASURED):
        acts.append(asyncio.create_task(residents.act(next(people))))
        await asyncio.sleep(draws.expovariate(rate))
    return 1000 * quantile(await asyncio.gather(*acts), 0.99)


async def _warmed_up(residents: Residents) -> People:
    """In turn somebody who has the meetings before them, and taps, and somebody who has yet to ask for them."""
    half = PEOPLE // 2
    waiting = iter(range(half))

    async def ask() -> None:
        for number in waiting:
            await residents.act(number)

    await asyncio.gather(*(ask() for _ in range(AT_ONCE)))
    return cycle(chain.from_iterable(zip(range(half), range(half, PEOPLE), strict=True)))
