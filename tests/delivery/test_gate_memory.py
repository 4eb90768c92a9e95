"""The gate in one process, on a clock of the test's: who waits, who passes, what a cancelled wait leaves behind."""

import asyncio
import heapq
import subprocess
import sys
from collections.abc import Callable
from itertools import count, pairwise

import pytest

from bot.gate import ChatId, Limits, Priority
from bot.gate.memory import MemoryGate

INTERACTIVE, RELAY, BROADCAST = Priority.INTERACTIVE, Priority.RELAY, Priority.BROADCAST


class FakeTimer:
    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class FakeClock:
    """Time stands still until the test moves it; whoever is due by then is called in order."""

    def __init__(self) -> None:
        self.moment = 0.0
        self.woken = 0
        self._timers: list[tuple[float, int, FakeTimer, Callable[[], None]]] = []
        self._numbers = count()

    def now(self) -> float:
        return self.moment

    def call_at(self, moment: float, callback: Callable[[], None]) -> FakeTimer:
        timer = FakeTimer()
        heapq.heappush(self._timers, (moment, next(self._numbers), timer, callback))
        return timer

    @property
    def pending(self) -> int:
        return sum(not timer.cancelled for _, _, timer, _ in self._timers)

    async def move_to(self, moment: float) -> None:
        await settle()
        while self._timers and self._timers[0][0] <= moment:
            due, _, timer, callback = heapq.heappop(self._timers)
            if not timer.cancelled:
                self.moment = max(self.moment, due)
                self.woken += 1
                callback()
                await settle()
        self.moment = moment


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


class Traffic:
    """Messages on their way through one gate, and when each passed."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.clock = FakeClock()
        self.gate = MemoryGate(limits or Limits(), clock=self.clock)
        self.passed: dict[str, float] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    def send(self, name: str, chat_id: ChatId, priority: Priority = BROADCAST, weight: int = 1) -> None:
        async def message() -> None:
            self.gate.answered(await self.gate.enter(chat_id, priority, weight))
            self.passed[name] = self.clock.now()

        self.tasks[name] = asyncio.create_task(message())

    async def at(self, moment: float) -> dict[str, float]:
        await self.clock.move_to(moment)
        return self.passed


async def test_the_first_message_leaves_at_once() -> None:
    traffic = Traffic()
    traffic.send("hello", 1)
    assert await traffic.at(0) == {"hello": 0}


async def test_a_broadcast_leaves_evenly_with_one_wake_up_a_message() -> None:
    traffic = Traffic()
    for number in range(300):
        traffic.send(str(number), number + 1)
    passed = list((await traffic.at(60)).values())
    assert all(later - sooner == pytest.approx(1.01 / 30) for sooner, later in pairwise(passed))
    assert traffic.clock.woken <= 2 * 300
    assert traffic.clock.pending == 0


async def test_a_reply_overtakes_the_broadcast_that_waits() -> None:
    traffic = Traffic()
    for number in range(100):
        traffic.send(str(number), number + 10)
    await traffic.at(2)
    traffic.send("reply", 5, INTERACTIVE)
    passed = await traffic.at(2.02)
    assert passed["reply"] - 2 <= 0.035
    assert len(passed) < 65


async def test_a_person_gets_three_replies_in_a_row_then_one_a_second() -> None:
    traffic = Traffic()
    for number in range(5):
        traffic.send(f"reply {number}", 5, INTERACTIVE)
    traffic.send("news", 5)
    traffic.send("news for another", 6)
    passed = await traffic.at(30)
    assert list(passed.values()) == pytest.approx([0, 0, 0, 0.101, 1.01, 2.02, 5.05])
    assert passed["news for another"] == pytest.approx(0.101)


async def test_a_group_gets_twenty_a_minute() -> None:
    traffic = Traffic()
    for number in range(21):
        traffic.send(str(number), -5, RELAY)
    passed = await traffic.at(100)
    assert passed["19"] < 1
    assert passed["20"] == pytest.approx(60.01)


async def test_an_album_counts_for_each_of_its_photos() -> None:
    traffic = Traffic(Limits(messages=10))
    traffic.send("album", 1, INTERACTIVE, weight=9)
    traffic.send("one", 2, INTERACTIVE)
    traffic.send("one too many", 3, INTERACTIVE)
    assert await traffic.at(5) == {"album": 0, "one": 0, "one too many": pytest.approx(1.01)}


async def test_a_paused_chat_waits_and_the_others_do_not() -> None:
    traffic = Traffic()
    await traffic.gate.pause(10, chat_id=1)
    await traffic.gate.pause(3, chat_id=1)
    traffic.send("held", 1, INTERACTIVE)
    traffic.send("free", 2)
    assert await traffic.at(20) == {"free": 0, "held": 10}


async def test_a_pause_for_all_holds_messages_and_other_calls() -> None:
    traffic = Traffic()
    await traffic.gate.pause(10)
    traffic.send("message", 1, INTERACTIVE)
    look_up = asyncio.create_task(traffic.gate.enter_uncounted())
    await traffic.at(9)
    await traffic.gate.pause(5)
    await traffic.at(13.9)
    assert not traffic.passed
    assert not look_up.done()
    await traffic.at(14)
    assert traffic.passed == {"message": 14}
    assert look_up.done()


async def test_other_calls_take_no_place() -> None:
    traffic = Traffic(Limits(messages=1))
    for _ in range(100):
        await traffic.gate.enter_uncounted()
    traffic.send("message", 1)
    assert await traffic.at(0) == {"message": 0}


async def test_two_chats_refused_together_pause_all() -> None:
    traffic = Traffic()
    await traffic.gate.refused(5, 1)
    traffic.send("other", 3, INTERACTIVE)
    await traffic.at(1)
    await traffic.gate.refused(5, 2)
    traffic.send("another", 4, INTERACTIVE)
    assert await traffic.at(10) == {"other": 0, "another": 6}


async def test_a_cancelled_wait_takes_no_place_and_holds_up_nobody() -> None:
    traffic = Traffic(Limits(messages=1))
    traffic.send("first", 1)
    traffic.send("gives up", 2, INTERACTIVE)
    traffic.send("next", 3)
    await traffic.at(0.5)
    assert traffic.gate.waiting == 2
    traffic.tasks["gives up"].cancel()
    await traffic.at(0.6)
    assert traffic.gate.waiting == 1
    assert await traffic.at(9) == {"first": 0, "next": pytest.approx(1.01)}
    assert traffic.clock.pending == 0


@pytest.mark.parametrize("opens_first", [True, False])
async def test_a_wait_cancelled_in_the_very_instant_the_gate_opens_gives_its_place_back(opens_first: bool) -> None:
    """The task cannot run between the two: it is let through and cancelled, in one order or the other."""
    traffic = Traffic(Limits(messages=1))
    traffic.send("first", 1)
    traffic.send("gives up", 2, INTERACTIVE)
    traffic.send("next", 3)
    await traffic.at(1)
    traffic.clock.moment = 1.01
    steps = [traffic.gate._let_through, traffic.tasks["gives up"].cancel]
    for step in steps if opens_first else reversed(steps):
        step()
    await settle()
    assert traffic.passed == {"first": 0, "next": 1.01}
    traffic.send("the same person, not spaced by what never left", 2)
    await traffic.at(2.02)
    assert list(traffic.passed.values()) == pytest.approx([0, 1.01, 2.02])


async def test_closing_leaves_no_timer() -> None:
    traffic = Traffic()
    for number in range(3):
        traffic.send(str(number), 1)
    await traffic.at(0)
    await traffic.gate.close()
    assert traffic.clock.pending == 0
    for task in traffic.tasks.values():
        task.cancel()
    await settle()


async def test_on_the_real_clock_it_wakes_by_itself() -> None:
    gate = MemoryGate(Limits(messages=1, window=0.02, margin=0))
    async with asyncio.timeout(10):
        for chat in range(3):
            gate.answered(await gate.enter(chat + 1, BROADCAST))
        await gate.pause(0.02)
        await gate.enter_uncounted()


@pytest.mark.parametrize("module", ["bot.gate", "bot.gate.memory", "bot.gate.redis", "bot.gate.calls"])
def test_the_gate_itself_costs_neither_library(module: str) -> None:
    code = f"import sys, {module}; print({{'aiogram', 'telegram'}} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("module", "other"), [("bot.sender.limiter", "aiogram"), ("bot.inbound.gate_middleware", "telegram")]
)
def test_each_way_in_imports_its_own_library_only(module: str, other: str) -> None:
    code = f"import sys, {module}; print({other!r} in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
