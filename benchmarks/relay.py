"""A resident's words on their way to the animator's chat, alone and in a broadcast to 20,000, against a copying bot.

The copying bot is aiogram and one line; it keeps nothing. Ours writes the words down, answers their author, and sends
them through the outbox. The server enforces 30 messages a second in all three runs.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import count, cycle

from sqlmodel.ext.asyncio.session import AsyncSession

from benchmarks.broadcast import LIMIT, announce_to_all, next_morning
from benchmarks.figures import Aim, Figure, Pair, quantile
from benchmarks.programs import COPY, RUN, first_call, playing, running, watch_calls
from benchmarks.stores import COUNCIL, FIRST_TELEGRAM_ID, engines, fill_people, filled, opened
from council.clock import SystemClock
from playground.calls import CallRecord
from playground.phones import Phone
from playground.server import Playground
from storage.people import Follow, Person, Role, RoleGrant
from storage.support import SupportKind, SupportRequest, SupportState

READERS = 20_000
PAIRS = 60
"""Residents, each with an animator of their own: no chat is near the one message a second that it may be sent, and
nobody writes more than leaves at once."""
RATE = 2.0  # messages a second
WARM_UP, MEASURED = 20, 120
LONG_AGO = timedelta(days=20)
"""When all was asked: so that no animator has a morning digest to read."""
BEFORE = 3.0  # seconds from the announcement until the broadcast is under way
PATIENCE = 60.0  # seconds
BARE = "aiogram copy_message"
ALONE = Aim(10)
IN_BROADCAST = Aim(1000, absolute=True)

CLOCK = SystemClock()


async def measure() -> list[Figure]:
    figures = []
    for engine in await engines():
        async with filled(engine, _fill) as store, store.copy() as url:
            bare = await _copied()
            alone, during = await _relayed(url)
        half, most = (partial(quantile, share=share) for share in (0.5, 0.99))
        against = [
            (f"relay p50, {engine}", half(alone), half(bare), BARE, None),
            (f"relay p99, {engine}", most(alone), most(bare), BARE, ALONE),
            (f"relay p50 in a broadcast, {engine}", half(during), half(alone), "relay alone", None),
            (f"relay p99 in a broadcast, {engine}", most(during), most(alone), "relay alone", IN_BROADCAST),
        ]
        for name, ours, other, which, aim in against:
            figures.append(Figure(name, (Pair(ours * 1000, other * 1000),), "ms", which, aim))
    return figures


async def _fill(session: AsyncSession) -> None:
    """Readers of the news come first, then those who talk, who take the news as well; then the animators."""
    await fill_people(session, READERS)
    now = CLOCK.now()
    for number in range(1, 2 * PAIRS + 1):
        person_id = READERS + number
        session.add(
            Person(
                id=person_id,
                telegram_id=FIRST_TELEGRAM_ID + person_id,
                first_name=f"Voix {number}",
                language="fr",
                created_at=now,
                last_heard_at=now,
            )
        )
    await session.flush()
    for number in range(1, PAIRS + 1):
        resident_id, animator_id = READERS + number, READERS + PAIRS + number
        session.add(Follow(council_id=COUNCIL, person_id=resident_id, since=now))
        session.add(RoleGrant(person_id=animator_id, role=Role.ANIMATOR, council_id=COUNCIL, granted_at=now))
        session.add(_request(number, resident_id, animator_id, now - LONG_AGO))


def _request(number: int, resident_id: int, animator_id: int, now: datetime) -> SupportRequest:
    return SupportRequest(
        id=number,
        number=f"D-{number}",
        person_id=resident_id,
        council_id=COUNCIL,
        kind=SupportKind.OTHER,
        state=SupportState.IN_PROGRESS,
        animator_id=animator_id,
        created_at=now,
        changed_at=now,
        asked_at=now,
        promised_at=now,
        first_answer_at=now,
        first_answer_minutes=1,
        calendar="",
        request_key=f"benchmark:{number}",
    )


async def _copied() -> list[float]:
    async with _stage() as (playground, pairs), running(COPY, playground, ("BENCHMARK_ACROSS", str(PAIRS))):
        await first_call(playground, "getUpdates")
        return await pairs.talk()


async def _relayed(url: str) -> tuple[list[float], list[float]]:
    """Seconds of each message, alone and in the broadcast."""
    async with _stage() as (playground, pairs), opened(url) as database:
        clock_url = f"{playground.url}/playground/clock"
        async with running(RUN, playground, database_url=url, clock_url=clock_url):
            await first_call(playground, "getUpdates")
            await pairs.open_talks()
            alone = await pairs.talk()
            async with database.write() as session:
                await announce_to_all(session, playground.world.clock)
            await asyncio.sleep(BEFORE)
            told = pairs.others_told
            during = await pairs.talk()
            if pairs.others_told == told or pairs.others_told >= READERS:
                raise AssertionError("there was no broadcast meanwhile")
    return alone, during


@asynccontextmanager
async def _stage() -> AsyncIterator[tuple[Playground, "_Pairs"]]:
    async with playing() as playground:
        world = playground.world
        world.flood.configure(on=True, per_second=LIMIT)
        world.clock.move_to(next_morning(world.clock.now(), working=True))
        for number in range(1, READERS + 1):
            world.add_phone(FIRST_TELEGRAM_ID + number, f"Habitante {number}")
        yield playground, _Pairs(playground)


class _Pairs:
    """Residents who write, and animators whose chats are watched."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        first = FIRST_TELEGRAM_ID + READERS
        self._residents = [playground.world.add_phone(first + n, f"Voix {n}") for n in range(1, PAIRS + 1)]
        for number in range(PAIRS + 1, 2 * PAIRS + 1):
            playground.world.add_phone(first + number, f"Voix {number}")
        self._across = {phone.id: phone.id + PAIRS for phone in self._residents}
        self._awaited: dict[int, tuple[str, asyncio.Future[float]]] = {}
        self._numbers = count(1)
        self.others_told = 0
        watch_calls(playground, self._note)

    async def open_talks(self) -> None:
        """Each goes on writing to their animator, as by the button under their request."""
        for request_id, phone in enumerate(self._residents, 1):
            phone.sends("/menu")
            await self._until(partial(_has_answer, phone))
            shown = phone.chat().last()
            phone.presses(shown, data=f"talk:{request_id}:")
            await self._until(partial(_shows_another, phone, shown.id))
            await asyncio.sleep(1 / RATE)

    async def _until(self, seen: Callable[[], bool]) -> None:
        await self._playground.world.wait_for(seen, timeout=PATIENCE)

    async def talk(self) -> list[float]:
        """Messages by chance at RATE; the seconds until each was in the other chat."""
        people = cycle(self._residents)
        await self._some(WARM_UP, people)
        return await self._some(MEASURED, people)

    async def _some(self, messages: int, people: "cycle[Phone]") -> list[float]:
        draws = random.Random(7)
        sent = []
        for _ in range(messages):
            sent.append(asyncio.create_task(self._say(next(people))))
            await asyncio.sleep(draws.expovariate(RATE))
        return await asyncio.gather(*sent)

    async def _say(self, phone: Phone) -> float:
        words = f"Message {next(self._numbers)}."
        arrived: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._awaited[self._across[phone.id]] = words, arrived
        said = time.monotonic()
        phone.sends(words)
        async with asyncio.timeout(PATIENCE):
            return await arrived - said

    def _note(self, call: CallRecord) -> None:
        if call.status != 200 or call.chat_id is None:
            return
        words, arrived = self._awaited.get(call.chat_id, ("", None))
        if arrived is not None and (call.method == "copyMessage" or words in str(call.params.get("text"))):
            del self._awaited[call.chat_id]
            arrived.set_result(time.monotonic())
        elif call.method == "sendMessage" and call.chat_id <= FIRST_TELEGRAM_ID + READERS:
            self.others_told += 1


def _has_answer(phone: Phone) -> bool:
    return phone.chat().last().sender_id != phone.id


def _shows_another(phone: Phone, message_id: int) -> bool:
    return phone.chat().last().id != message_id
