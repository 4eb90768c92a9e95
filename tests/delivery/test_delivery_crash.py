"""The real program, stopped and killed at many points of a delivery to 300 people (design.md, section 3)."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.engine import make_url
from sqlmodel import col, select

from bot.sender.sender import SLOTS
from council import notices
from playground.server import Playground
from storage.outbox import Fanout, Notice, NoticeState
from tests.conftest import SmallProgramme
from tests.delivery.post_office import TOKEN, PostOffice, both

PEOPLE = 300
CHUNK = 6  # people copied in one transaction, so that a fan-out has many moments at which it can be cut
KILLS = 8
STOPS = 3
GRACE = 25  # seconds that an orderly stop may take
LEASE = 61  # seconds after which a lease is over

# `portevoix run` each time a line comes, in a process of its own that has all imports behind it: they cost seconds, and
# the program starts here some thirty times. Its fan-out goes in small steps: at the real size of one, 300 people would
# be copied in a single transaction.
STARTER = f"""
import asyncio, os, sys
import bot.app, bot.cli, bot.cli.running, bot.sender.post, bot.sender.sender, council.notices
import bot.sweeps.sweeps as sweeps

copy_chunk = council.notices.copy_chunk

async def in_small_steps(session, clock, fanout):
    await copy_chunk(session, clock, fanout, {CHUNK})
    await asyncio.sleep(0.01)

sweeps.copy_chunk = in_small_steps
for _ in sys.stdin:
    child = os.fork()
    if child == 0:
        os.dup2(2, 1)
        sys.argv = ["portevoix", "run"]
        bot.cli.main()
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@dataclass
class Program:
    """`portevoix run`, started and ended as often as the test likes."""

    log: Path
    _starter: asyncio.subprocess.Process
    _child: int = 0
    _end: asyncio.Task[bytes] | None = None

    @classmethod
    async def with_settings(cls, log: Path, **settings: str) -> "Program":
        with log.open("ab") as errors:
            starter = await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                STARTER,
                env={**os.environ, **{f"PORTEVOIX_{name}": value for name, value in settings.items()}},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
            )
        return cls(log, starter)

    @property
    def has_ended(self) -> bool:
        return self._end is None or self._end.done()

    async def start(self) -> None:
        assert self._starter.stdin is not None
        assert self._starter.stdout is not None
        self._starter.stdin.write(b"start\n")
        self._child = int(await self._starter.stdout.readline())
        self._end = asyncio.create_task(self._starter.stdout.readline())

    async def end(self, number: signal.Signals) -> int:
        """Sends the signal; the exit code."""
        assert self._end is not None
        os.kill(self._child, number)
        async with asyncio.timeout(GRACE):
            return int(await self._end)

    async def clear(self) -> None:
        if not self.has_ended:
            await self.end(signal.SIGKILL)
        assert self._starter.stdin is not None
        self._starter.stdin.close()
        await self._starter.wait()


@dataclass
class Theatre:
    """The office without its own sender, and the program in its place."""

    office: PostOffice
    program: Program

    def sent(self) -> int:
        """Messages that have begun to arrive at the server."""
        return len(self.office.sends())

    async def until(self, what: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not what():
                assert not self.program.has_ended, self.program.log.read_text()
                await asyncio.sleep(0.001)

    async def until_sent(self, more: int) -> None:
        """Until so many more have."""
        count = min(self.sent() + more, PEOPLE)
        await self.until(lambda: self.sent() >= count)

    async def until_finished(self) -> None:
        """Until all are copied and nothing waits or is on its way."""
        async with asyncio.timeout(60):
            while await self._unfinished():
                await asyncio.sleep(0.05)

    async def finish(self) -> None:
        """The program once more, undisturbed, until there is nothing left to do."""
        await self.program.start()
        await self.until_finished()
        assert await self.program.end(signal.SIGTERM) == 0, self.program.log.read_text()

    async def _unfinished(self) -> bool:
        states = await self.office.states()
        waiting = {NoticeState.PENDING, NoticeState.LEASED} & set(states)
        return bool(waiting) or not await self.fanout_is_finished()

    async def fanout_is_finished(self) -> bool:
        async with self.office.database.read() as session:
            return (await session.exec(select(col(Fanout.finished_at)))).one() is not None

    async def rows(self) -> list[Notice]:
        async with self.office.database.read() as session:
            return list((await session.exec(select(Notice))).all())

    def heard(self) -> Counter[int]:
        """Messages on each phone."""
        return Counter(each.chat_id for each in self.office.sends() if each.message_id is not None)


def _as_people_write_it(url: str) -> str:
    made = make_url(url)
    return made.set(drivername=made.get_backend_name()).render_as_string(hide_password=False)


@pytest.fixture
def roles() -> str:
    return "sender,sweeps"


@pytest.fixture
async def theatre(
    programme: SmallProgramme,
    database_url_fixture: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    roles: str,
) -> AsyncIterator[Theatre]:
    """300 residents, and news for them of which the first few rows are written; the program does not run yet."""
    monkeypatch.setattr(notices.copy_chunk, "__defaults__", (CHUNK,))
    async with Playground() as playground:
        playground.world.add_bot(TOKEN, username="porte_voix_bot")
        playground.world.clock.move_to(datetime(2027, 3, 1, 10, 0, tzinfo=ZoneInfo("Europe/Paris")))
        programme.clock.set(playground.world.clock.now())
        office = PostOffice(playground, programme)
        await office.crowd(PEOPLE)
        await office.announce("Une nouvelle pour tout le quartier")
        # Answers take a while, as Telegram's do: half of them after the message has been delivered.
        for late in (True, False):
            playground.world.faults.add("hang", method="sendMessage", times=PEOPLE // 2, seconds=0.03, after=late)
        program = await Program.with_settings(
            tmp_path / "program.log",
            BOT_TOKEN=TOKEN,
            BOT_API_URL=playground.url,
            DATABASE_URL=_as_people_write_it(database_url_fixture),
            LISTEN="127.0.0.1:0",
            CLOCK_URL=f"{playground.url}/playground/clock",
            ROLES=roles,
            RATE_GLOBAL="1000",
        )
        yield Theatre(office, program)
        await program.clear()


@both
async def test_killed_at_many_points_it_reaches_everybody_once(theatre: Theatre):
    draws = random.Random(20260302)
    for kill in range(KILLS):
        await theatre.program.start()
        await theatre.until_sent(draws.randint(1, PEOPLE // KILLS))
        await asyncio.sleep(draws.uniform(0, 0.03))
        assert await theatre.program.end(signal.SIGKILL) == -signal.SIGKILL
        if kill == 0:
            assert not await theatre.fanout_is_finished()
        theatre.office.playground.world.clock.advance(LEASE)
    await theatre.finish()

    heard, rows = theatre.heard(), await theatre.rows()
    assert len(rows) == PEOPLE
    assert {row.state for row in rows} <= {NoticeState.SENT, NoticeState.UNCERTAIN}
    for row in rows:
        assert heard[row.chat_id] == 1 if row.state == NoticeState.SENT else heard[row.chat_id] <= 1
    # A kill leaves in doubt at most what was on the wire at that moment.
    assert len([row for row in rows if row.state == NoticeState.UNCERTAIN]) <= KILLS * SLOTS


@both
async def test_stopped_at_many_points_it_leaves_nothing_in_doubt(theatre: Theatre):
    draws = random.Random(20260303)
    for stop in range(STOPS):
        await theatre.program.start()
        await theatre.until_sent(draws.randint(1, PEOPLE // (STOPS + 1)))
        await asyncio.sleep(draws.uniform(0, 0.03))
        assert await theatre.program.end(signal.SIGTERM) == 0, theatre.program.log.read_text()
        assert {row.state for row in await theatre.rows()} <= {NoticeState.SENT, NoticeState.PENDING}
        if stop == 0:
            assert not await theatre.fanout_is_finished()
    await theatre.finish()

    assert {row.state for row in await theatre.rows()} == {NoticeState.SENT}
    assert len(theatre.heard()) == PEOPLE
    assert set(theatre.heard().values()) == {1}


@pytest.mark.parametrize("roles", ["inbound,sender,sweeps"])
async def test_the_whole_program_stopped_in_a_broadcast_ends_in_order(theatre: Theatre):
    await theatre.program.start()
    await theatre.until_sent(PEOPLE // 3)
    assert await theatre.program.end(signal.SIGTERM) == 0, theatre.program.log.read_text()
    assert {row.state for row in await theatre.rows()} == {NoticeState.SENT, NoticeState.PENDING}
    assert set(theatre.heard().values()) == {1}


async def test_a_stop_while_telegram_holds_the_bot_back_is_in_order_too(theatre: Theatre):
    """In a pause of ten minutes, what waits at the gate goes back in line."""
    faults = theatre.office.playground.world.faults
    faults.clear()
    for _ in range(2):  # a second chat refused: the whole bot is meant
        faults.add("429", method="sendMessage", retry_after=600, skip=20)
    await theatre.program.start()
    await theatre.until(lambda: len([each for each in theatre.office.sends() if each.status == 429]) >= 2)
    assert await theatre.program.end(signal.SIGTERM) == 0, theatre.program.log.read_text()
    assert {row.state for row in await theatre.rows()} == {NoticeState.SENT, NoticeState.PENDING}
