"""Several processes at one gate: two gates on one Redis, which sometimes goes away."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from secrets import token_hex
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError
from structlog.testing import capture_logs

from bot.gate import ChatId, Limits, Priority
from bot.gate.redis import RedisGate
from tests.delivery.test_gate_memory import FakeClock

HOST, PORT, DATABASE = "127.0.0.1", 6379, 15
LIMITS = Limits(messages=10, window=0.5, group_messages=3, group_window=1, private_spacing=0.3)
TOLERANCE = 0.06
INTERACTIVE, RELAY, REMINDER, BROADCAST = Priority.INTERACTIVE, Priority.RELAY, Priority.REMINDER, Priority.BROADCAST


@pytest.fixture
async def redis() -> AsyncIterator[Redis]:
    client = Redis(host=HOST, port=PORT, db=DATABASE, decode_responses=True)
    try:
        await client.ping()
    except (RedisError, OSError):
        await client.aclose()
        if os.environ.get("PORTEVOIX_REQUIRE_SERVICES") == "1":
            pytest.fail(f"no Redis on {HOST}:{PORT}, and PORTEVOIX_REQUIRE_SERVICES=1")
        pytest.skip(f"no Redis on {HOST}:{PORT}")
    yield client
    await client.aclose()


@pytest.fixture
async def prefix(redis: Redis) -> AsyncIterator[str]:
    prefix = f"{{portevoix:test:{token_hex(6)}}}:"
    yield prefix
    async for key in redis.scan_iter(f"{prefix}*"):
        await redis.delete(key)


class Road:
    """The way to Redis, which the test can close and open again."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._carry, HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            for writer in list(self._writers):
                writer.transport.abort()
            await asyncio.sleep(0.01)
            self._server = None

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        redis_reader, redis_writer = await asyncio.open_connection(HOST, PORT)
        await asyncio.gather(self._copy(reader, redis_writer), self._copy(redis_reader, writer))

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with contextlib.suppress(OSError):
            while piece := await reader.read(65536):
                writer.write(piece)
                await writer.drain()
        writer.close()
        self._writers.discard(writer)


@pytest.fixture
async def road(redis: Redis) -> AsyncIterator[Road]:
    road = Road()
    await road.open()
    yield road
    await road.close()


Open = Callable[..., RedisGate]


@pytest.fixture
async def process(prefix: str) -> AsyncIterator[Open]:
    """Call it for each process of the bot."""
    gates: list[RedisGate] = []

    def start(port: int = PORT, limits: Limits = LIMITS, clock: FakeClock | None = None) -> RedisGate:
        gates.append(RedisGate(f"redis://{HOST}:{port}/{DATABASE}", limits, prefix=prefix, clock=clock))
        return gates[-1]

    yield start
    for gate in gates:
        await gate.close()


async def pass_all(gate: RedisGate, chats: list[ChatId], priority: Priority, weight: int = 1) -> list[float]:
    async def one(chat_id: ChatId) -> float:
        gate.answered(await gate.enter(chat_id, priority, weight))
        return time.monotonic()

    async with asyncio.timeout(30):
        return list(await asyncio.gather(*(one(chat) for chat in chats)))


def at_most(limit: int, span: float, moments: list[float]) -> None:
    for first, one_too_many in zip(sorted(moments), sorted(moments)[limit:], strict=False):
        assert one_too_many - first >= span - TOLERANCE


@pytest.mark.parametrize("priority", [INTERACTIVE, BROADCAST])
async def test_two_processes_together_keep_the_bots_limit(process: Open, priority: Priority) -> None:
    first, second = await asyncio.gather(
        pass_all(process(), list(range(1, 16)), priority), pass_all(process(), list(range(101, 116)), priority)
    )
    at_most(10, LIMITS.span, first + second)
    assert min(max(first), max(second)) > max(min(first), min(second))


async def test_a_shared_broadcast_is_even_and_reaches_nearly_the_whole_rate(process: Open) -> None:
    limits = Limits()
    first, second = process(limits=limits), process(limits=limits)
    await asyncio.gather(pass_all(first, [900], INTERACTIVE), pass_all(second, [901], INTERACTIVE))
    moments = await asyncio.gather(
        pass_all(first, list(range(1, 31)), BROADCAST), pass_all(second, list(range(101, 131)), BROADCAST)
    )
    passed = sorted(moments[0] + moments[1])
    at_most(30, 1, passed)
    assert passed[-1] - passed[0] >= 59 * limits.slot * 0.99  # sixty take 59 slots


async def test_a_reply_in_one_process_overtakes_the_broadcast_of_the_other(process: Open) -> None:
    broadcaster, answerer = process(), process()
    broadcast = asyncio.create_task(pass_all(broadcaster, list(range(1, 41)), BROADCAST))
    await asyncio.sleep(0.7)
    asked = time.monotonic()
    replies = await pass_all(answerer, [100, 101], INTERACTIVE)
    assert max(replies) - asked <= 4 * LIMITS.slot + TOLERANCE
    assert max(replies) < max(await broadcast)


async def test_of_two_processes_the_one_with_the_better_priority_is_served_first(process: Open) -> None:
    relays, reminders = process(), process()
    await pass_all(relays, list(range(1, 11)), INTERACTIVE)
    late = asyncio.create_task(pass_all(reminders, list(range(20, 25)), REMINDER))
    await asyncio.sleep(0.05)
    soon = await pass_all(relays, list(range(30, 35)), RELAY)
    assert max(soon) < sorted(await late)[1]


async def test_an_album_of_one_process_is_not_overtaken_for_ever_by_the_other(process: Open) -> None:
    singles, albums = process(), process()
    await pass_all(singles, [500], INTERACTIVE)
    broadcast = asyncio.create_task(pass_all(singles, list(range(1, 41)), BROADCAST))
    await asyncio.sleep(0.2)
    album = await pass_all(albums, [100], BROADCAST, weight=8)
    assert album[0] < max(await broadcast) - 5 * LIMITS.slot


async def test_a_person_is_spaced_across_processes(process: Open) -> None:
    first, second = process(), process()
    replies = sorted((await pass_all(first, [7, 7], INTERACTIVE)) + (await pass_all(second, [7, 7], INTERACTIVE)))
    assert replies[3] - replies[0] >= LIMITS.spacing - TOLERANCE
    assert replies[2] - replies[0] < LIMITS.spacing
    notices = await asyncio.gather(pass_all(first, [8], RELAY), pass_all(second, [8], RELAY))
    assert abs(notices[0][0] - notices[1][0]) >= LIMITS.spacing - TOLERANCE


async def test_a_group_has_one_window_for_all_processes(process: Open) -> None:
    first, second = process(), process()
    passed = await asyncio.gather(pass_all(first, [-7, -7], RELAY), pass_all(second, [-7, -7], INTERACTIVE))
    at_most(3, LIMITS.group_span, passed[0] + passed[1])


class LongCall:
    """A call of one process that takes minutes: its clock, and Redis's as if as much time had passed there."""

    def __init__(self, process: Open, redis: Redis, prefix: str, limits: Limits = LIMITS) -> None:
        self.clock, self._redis, self._prefix = FakeClock(), redis, prefix
        self.gate = process(limits=limits, clock=self.clock)

    async def lasts(self, seconds: float) -> None:
        async for key in self._redis.scan_iter(f"{self._prefix}*", _type="ZSET"):
            for member, _ in await self._redis.zrange(key, 0, -1, withscores=True):
                await self._redis.zincrby(key, -seconds * 1e6, member)
        await self.clock.move_to(self.clock.now() + seconds)
        async with asyncio.timeout(10):
            while self.gate._doorkeeper is not None:
                await asyncio.sleep(0.01)

    async def places(self, window: str) -> list[float]:
        """Seconds from now that each of its places is held for; behind us: since its answer."""
        seconds, microseconds = await self._redis.time()
        held = await self._redis.zrange(f"{self._prefix}{window}", 0, -1, withscores=True)
        return [moment / 1e6 - seconds - microseconds / 1e6 for _, moment in held]


@pytest.mark.parametrize(("chat_id", "windows"), [(-7, ("all", "chat:-7")), (7, ("all", "way:7")), (None, ("all",))])
async def test_a_call_that_takes_minutes_keeps_its_place_until_its_answer(
    process: Open, redis: Redis, prefix: str, chat_id: ChatId, windows: tuple[str, ...]
) -> None:
    call = LongCall(process, redis, prefix)
    passage = await call.gate.enter(chat_id, RELAY, weight=2)
    for _ in range(30):
        await call.lasts(6)
        for window in windows:
            places = await call.places(window)
            assert len(places) >= 2
            assert all(10 < each <= 20 for each in places)
    call.gate.answered(passage)
    await call.lasts(0)
    assert all(each <= 0 for each in await call.places("all"))
    assert await redis.zcard(f"{prefix}way:7") == 0
    assert call.clock.pending <= 1
    await call.lasts(6)
    assert call.clock.pending == 0


async def test_others_wait_for_a_call_that_takes_minutes_unless_its_process_has_died(
    process: Open, redis: Redis, prefix: str
) -> None:
    limits = Limits(messages=1, window=0.1)
    call, other = LongCall(process, redis, prefix, limits), process(limits=limits)
    await call.gate.enter(-7, RELAY)
    for _ in range(10):
        await call.lasts(6)
    waits = asyncio.create_task(other.enter(8, INTERACTIVE))
    await asyncio.sleep(0.3)
    assert not waits.done()
    await call.gate.close()
    for _ in range(4):
        await call.lasts(6)
    async with asyncio.timeout(5):
        await waits


async def test_one_person_gets_nothing_more_while_a_message_is_on_its_way_to_them_but_replies(process: Open) -> None:
    limits = Limits(private_spacing=0.01)
    first, second = process(limits=limits), process(limits=limits)
    upload = await first.enter(7, RELAY)
    notice = asyncio.create_task(second.enter(7, RELAY))
    async with asyncio.timeout(5):
        await second.enter(7, INTERACTIVE)
    await asyncio.sleep(0.2)
    assert not notice.done()
    first.answered(upload)
    await asyncio.sleep(0.2)
    assert not notice.done()  # the reply is on its way still


async def test_a_pause_holds_every_process_and_only_lengthens(process: Open) -> None:
    first, second = process(), process()
    start = time.monotonic()
    await first.pause(0.4, 7)
    await second.pause(0.1, 7)
    await pass_all(first, [8], INTERACTIVE)
    assert time.monotonic() - start < 0.3
    assert (await pass_all(second, [7], INTERACTIVE))[0] - start >= 0.4
    start = time.monotonic()
    await second.pause(0.4)
    await first.pause(0.1)
    await first.enter_uncounted()
    assert time.monotonic() - start >= 0.39
    assert (await pass_all(first, [9], INTERACTIVE))[0] - start >= 0.39


async def test_429s_of_two_chats_seen_by_two_processes_pause_all(process: Open) -> None:
    first, second = process(), process()
    start = time.monotonic()
    await first.refused(0.5, 7)
    await first.refused(0.5, 7)
    await pass_all(second, [9], INTERACTIVE)
    assert time.monotonic() - start < 0.4
    await second.refused(0.5, 8)
    assert (await pass_all(first, [10], INTERACTIVE))[0] - start >= 0.5


async def test_a_cancelled_wait_leaves_nobody_in_the_line(process: Open, redis: Redis, prefix: str) -> None:
    gate = process()
    await gate.pause(1000)
    task = asyncio.create_task(gate.enter(6, INTERACTIVE))
    await asyncio.sleep(0.05)
    assert gate.waiting == 1
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(5):
        while gate._doorkeeper is not None:
            await asyncio.sleep(0.01)
    assert gate.waiting == 0
    assert await redis.zcard(f"{prefix}all") == 0


@pytest.mark.parametrize("opens_first", [True, False])
async def test_a_wait_cancelled_as_redis_lets_it_through_gives_its_place_back(
    process: Open, redis: Redis, prefix: str, monkeypatch: pytest.MonkeyPatch, opens_first: bool
) -> None:
    gate = process()
    leaves = asyncio.create_task(gate.enter(7, RELAY))
    await leaves
    task = asyncio.create_task(gate.enter(6, INTERACTIVE))
    opens = gate._open

    def open_and_cancel(*arguments: Any) -> None:
        steps = [lambda: opens(*arguments), task.cancel]
        for step in steps if opens_first else reversed(steps):
            step()

    monkeypatch.setattr(gate, "_open", open_and_cancel)
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5):
        while gate._doorkeeper is not None:
            await asyncio.sleep(0.01)
    assert await redis.zcard(f"{prefix}all") == 1
    assert await redis.pttl(f"{prefix}chat:6") <= 1


async def test_a_process_that_dies_in_the_line_stops_the_others_for_a_moment_only(
    process: Open, redis: Redis, prefix: str
) -> None:
    now = int((await redis.time())[0]) * 1_000_000
    await redis.hset(f"{prefix}waiting", "dead", f"0:1:{now - 1}")
    await redis.hset(f"{prefix}waiting", "dying", f"0:1:{now + 1_300_000}")
    start = time.monotonic()
    passed = await pass_all(process(), [1], BROADCAST)
    assert passed[0] - start < 1.6
    assert not await redis.hgetall(f"{prefix}waiting")


async def test_nothing_is_left_in_redis_for_ever(process: Open, redis: Redis, prefix: str) -> None:
    gate = process()
    await pass_all(gate, [1, -2, "@canal", None], RELAY, weight=2)
    await gate.refused(0.2, 5)
    await gate.refused(0.2, 6)
    waiting = asyncio.create_task(gate.enter(9, INTERACTIVE))
    await asyncio.sleep(0.05)
    keys = [key async for key in redis.scan_iter(f"{prefix}*")]
    assert len(keys) >= 8
    assert all([0 < await redis.pttl(key) <= 22_000 for key in keys])
    await waiting


async def test_without_redis_it_goes_on_alone_with_its_share_and_comes_back(process: Open, road: Road) -> None:
    gate, other = process(road.port), process()
    await pass_all(gate, [1], BROADCAST)
    with capture_logs() as logs:
        await road.close()
        alone = await pass_all(gate, list(range(2, 14)), BROADCAST)
        at_most(5, LIMITS.span, alone)
        await gate.pause(3.5, 99)
        await road.open()
        async with asyncio.timeout(20):
            while gate._away:
                await asyncio.sleep(0.05)
        await asyncio.gather(pass_all(gate, [20, 21], BROADCAST), pass_all(other, [22], BROADCAST))
    assert [entry["event"] for entry in logs] == ["gate_redis_away", "gate_redis_back"]
    held = asyncio.create_task(other.enter(99, INTERACTIVE))
    await asyncio.sleep(0.05)
    assert not held.done()
    await held


async def test_a_pause_and_other_calls_do_not_need_redis(process: Open, road: Road) -> None:
    gate = process(road.port)
    await road.close()
    start = time.monotonic()
    await gate.refused(0.3)
    await gate.enter_uncounted()
    assert time.monotonic() - start >= 0.3
    await pass_all(gate, [1], RELAY)


async def test_an_unexpected_error_reaches_those_who_wait(process: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = process()
    monkeypatch.setattr(gate, "_arguments", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await gate.enter(1, RELAY)
    assert gate.waiting == 0
    monkeypatch.undo()
    await pass_all(gate, [1], RELAY)


async def test_closing_lets_go_of_those_who_still_wait(process: Open) -> None:
    gate = process()
    await gate.pause(1000)
    task = asyncio.create_task(gate.enter(6, INTERACTIVE))
    await asyncio.sleep(0.05)
    await gate.close()
    await asyncio.wait([task], timeout=5)
    assert task.cancelled()


async def test_gaps_of_one_process_are_even(process: Open) -> None:
    passed = await pass_all(process(), list(range(1, 21)), BROADCAST)
    assert sorted(passed) == passed
    gaps = sorted(later - sooner for sooner, later in pairwise(passed))
    assert gaps[len(gaps) // 2] == pytest.approx(LIMITS.slot, abs=0.015)
