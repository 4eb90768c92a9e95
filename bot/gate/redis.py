"""The gate that several processes share, on Redis."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from secrets import token_hex
from typing import TypeVar

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bot.gate.clock import Clock, LoopClock, Timer, sleep_until
from bot.gate.line import Line, Waiter
from bot.gate.rules import ChatId, Limits, Passage, Priority, Refusal, Rules, is_group
from bot.gate.scripts import ANSWERED, GIVE_BACK, HOLD, PASS, PAUSE, REFUSED

log = structlog.get_logger("portevoix.gate")

Answer = TypeVar("Answer")

_AWAY_SECONDS = 1.0
"""How long Redis may be silent before it counts as gone, and how often it is looked for then."""

_ON_ITS_WAY_SECONDS = 20.0
"""How long a message keeps its place when nothing is heard of it: its process may have died."""

_HELD_EVERY_SECONDS = _ON_ITS_WAY_SECONDS / 4
"""How often a process that lives says that its longer calls are still under way: an upload may take minutes."""

_GRACE_SECONDS = 0.05
"""How long after its moment a waiting process keeps its turn before the others: a round trip and a late timer."""


@dataclass(frozen=True, slots=True)
class SharedPassage(Passage):
    """A message counted in Redis too, with what to undo there if it does not leave."""

    undo: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its own among all processes."""
        return self.undo[0]


class RedisGate:
    """One count for all processes. In each, the best waiter alone asks Redis, and waits as long as it is told.

    Across processes a better priority goes first, then who has waited longer at the head of its process. Inside one
    process the order is that of `MemoryGate`. While Redis cannot be reached, each process goes on alone with its share
    of the limits.
    """

    def __init__(
        self,
        url: str,
        limits: Limits | None = None,
        *,
        processes: int = 2,
        prefix: str = "{portevoix:gate}:",
        clock: Clock | None = None,
    ) -> None:
        """Open nothing yet; connections come with the first message.

        Args:
            url: As redis-py reads it: redis://host:port/db.
            limits: The same in every process.
            processes: How many share the limits, for the time when Redis is away.
            prefix: Of every key; the braces keep them on one node of a cluster.
            clock: This process's; Redis's own decides when a message may pass.
        """
        self._redis = Redis.from_pool(
            BlockingConnectionPool.from_url(
                url,
                max_connections=8,
                timeout=_AWAY_SECONDS,
                socket_timeout=_AWAY_SECONDS,
                socket_connect_timeout=_AWAY_SECONDS,
                decode_responses=True,
                # One more attempt, for a connection that Redis had closed while it was idle.
                retry=Retry(NoBackoff(), 1),
            )
        )
        self._pass = self._redis.register_script(PASS)
        self._give_back = self._redis.register_script(GIVE_BACK)
        self._answered = self._redis.register_script(ANSWERED)
        self._hold = self._redis.register_script(HOLD)
        self._pause = self._redis.register_script(PAUSE)
        self._refused = self._redis.register_script(REFUSED)
        self._limits = limits or Limits()
        self._alone = Rules(self._limits.shared_by(processes))
        self._prefix = prefix
        self._clock = clock or LoopClock()
        self._process = token_hex(8)
        self._passages = count()
        self._line = Line()
        self._doors: dict[Waiter, asyncio.Future[Passage]] = {}
        self._since: dict[Waiter, str] = {}
        self._to_give_back: list[SharedPassage] = []
        self._to_answer: list[SharedPassage] = []
        self._on_their_way: dict[str, SharedPassage] = {}
        self._to_hold = False
        self._next_hold: Timer | None = None
        self._news = asyncio.Event()
        self._doorkeeper: asyncio.Task[None] | None = None
        self._look_out: asyncio.Task[None] | None = None
        self._not_before = -math.inf

    @property
    def waiting(self) -> int:
        return len(self._line)

    async def enter(self, chat_id: ChatId, priority: Priority, weight: int = 1) -> Passage:
        waiter = self._line.join(chat_id, priority, weight)
        door: asyncio.Future[Passage] = asyncio.get_running_loop().create_future()
        self._doors[waiter] = door
        self._call_doorkeeper()
        try:
            return await door
        except asyncio.CancelledError:
            self._news.set()
            if door.done() and not door.cancelled() and door.exception() is None:
                self.give_back(door.result())
            raise
        finally:
            self._line.leave(waiter)
            self._doors.pop(waiter, None)
            self._since.pop(waiter, None)

    def give_back(self, passage: Passage) -> None:
        self._alone.give_back(passage)
        if isinstance(passage, SharedPassage):
            self._on_their_way.pop(passage.name, None)
            self._to_give_back.append(passage)
        self._call_doorkeeper()

    def answered(self, passage: Passage) -> None:
        self._alone.answered(self._clock.now(), passage)
        if isinstance(passage, SharedPassage):
            self._on_their_way.pop(passage.name, None)
            self._to_answer.append(passage)
        self._call_doorkeeper()

    async def enter_uncounted(self) -> None:
        while (until := await self._paused_until()) > self._clock.now():
            await sleep_until(self._clock, until)

    async def pause(self, seconds: float, chat_id: ChatId = None) -> None:
        self._alone.pause(self._clock.now(), seconds, chat_id)
        await self._try(lambda: self._pause(keys=[self._pause_key(chat_id)], args=[_microseconds(seconds)]))

    async def refused(self, seconds: float, chat_id: ChatId = None) -> None:
        self._alone.refused(self._clock.now(), seconds, chat_id)
        keys = [self._pause_key(None), self._pause_key(chat_id), f"{self._prefix}refused"]
        args: list[int | str] = [_microseconds(seconds), "" if chat_id is None else str(chat_id)]
        await self._try(lambda: self._refused(keys=keys, args=args))

    async def close(self) -> None:
        if self._next_hold is not None:
            self._next_hold.cancel()
        running = [task for task in (self._doorkeeper, self._look_out) if task is not None]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._redis.aclose()

    @property
    def _away(self) -> bool:
        return self._look_out is not None

    def _call_doorkeeper(self) -> None:
        self._news.set()
        if self._doorkeeper is None:
            self._doorkeeper = asyncio.create_task(self._keep_door(), name="gate doorkeeper")
            self._doorkeeper.add_done_callback(self._doorkeeper_left)

    def _doorkeeper_left(self, doorkeeper: asyncio.Task[None]) -> None:
        if doorkeeper.cancelled():
            for door in self._doors.values():
                door.cancel()
        elif (error := doorkeeper.exception()) is not None:
            for door in self._doors.values():
                if not door.done():
                    door.set_exception(error)

    async def _keep_door(self) -> None:
        """Ask for the best waiter, again and again, while anybody waits; rest while nobody may pass."""
        try:
            while self._line or self._to_give_back or self._to_answer or self._to_hold:
                self._news.clear()
                await self._tell_holds()
                await self._tell_ends()
                if self._line:
                    await self._attend()
        finally:
            # At once, not in a callback: somebody may come before that, and would find a doorkeeper who has left.
            self._doorkeeper = None

    async def _attend(self) -> None:
        waiter = self._line.best(self._clock.now())
        if waiter is None:
            await self._rest(self._line.next_release())
            return
        answer = await self._ask(waiter)
        if not isinstance(answer, Refusal):
            self._open(waiter, answer)
        elif answer.by_chat:
            waiter.held_until = answer.until
        else:
            await self._rest(min(answer.until, self._line.next_release()))

    async def _rest(self, until: float) -> None:
        """Until then, or until somebody comes or goes."""
        if until == math.inf:
            await self._news.wait()
            return
        timer = self._clock.call_at(until, self._news.set)
        try:
            await self._news.wait()
        finally:
            timer.cancel()

    def _open(self, waiter: Waiter, passage: Passage) -> None:
        self._line.leave(waiter)
        door = self._doors.get(waiter)
        if door is None or door.done():
            self.give_back(passage)
        else:
            door.set_result(passage)

    def _hold_later(self) -> None:
        if self._next_hold is None and self._on_their_way:
            self._next_hold = self._clock.call_at(self._clock.now() + _HELD_EVERY_SECONDS, self._hold_now)

    def _hold_now(self) -> None:
        self._next_hold, self._to_hold = None, True
        self._call_doorkeeper()
        self._hold_later()

    async def _tell_holds(self) -> None:
        """What has been under way for long; before the ends are told, so that an answer has the last word."""
        if not self._to_hold:
            return
        self._to_hold = False
        left_before, limits = self._clock.now() - _HELD_EVERY_SECONDS, self._limits
        for passage in [each for each in self._on_their_way.values() if each.at <= left_before]:
            all_, _, chat, way = self._counted_keys(passage.chat_id)
            args: list[str | int] = [
                passage.name,
                _kind(passage.chat_id),
                passage.weight,
                limits.messages,
                _microseconds(limits.span),
                limits.group_messages,
                _microseconds(limits.group_span),
                limits.private_burst,
                _microseconds(_ON_ITS_WAY_SECONDS),
            ]
            await self._try(partial(self._hold, keys=[all_, chat, way], args=args))

    async def _tell_ends(self) -> None:
        """What has not left, and what has been answered, since Redis was last told."""
        while self._to_give_back:
            passage = self._to_give_back.pop()
            args: list[str | int] = [_kind(passage.chat_id), passage.weight, *passage.undo]
            await self._try(partial(self._give_back, keys=self._counted_keys(passage.chat_id), args=args))
        burst = _microseconds(self._limits.spacing_of(self._limits.private_burst))
        while self._to_answer:
            passage = self._to_answer.pop(0)
            args = [_kind(passage.chat_id), passage.weight, burst, *passage.undo]
            await self._try(partial(self._answered, keys=self._counted_keys(passage.chat_id), args=args))

    async def _ask(self, waiter: Waiter) -> Passage | Refusal:
        if self._clock.now() < self._not_before and not self._away:
            return Refusal(self._not_before, by_chat=False)
        keys, args = self._keys(waiter.chat_id), self._arguments(waiter)
        answer = await self._try(lambda: self._pass(keys=keys, args=args))
        if answer is not None:
            return self._read(waiter, answer)
        return self._alone.ask(self._clock.now(), waiter.chat_id, waiter.priority, waiter.weight)

    def _read(self, waiter: Waiter, answer: list[str]) -> SharedPassage | Refusal:
        now = self._clock.now()
        verdict, *rest = answer
        if verdict == "pass":
            # Counted here too, so that this process knows its own traffic when Redis goes.
            local = self._alone.count(now, waiter.chat_id, waiter.weight)
            passage = SharedPassage(local.chat_id, local.weight, local.at, local.pace, local.spaced, tuple(rest))
            self._on_their_way[passage.name] = passage
            self._hold_later()
            return passage
        wait, since = rest
        if waiter in self._doors:
            self._since[waiter] = since
        return Refusal(now + int(wait) / 1e6, by_chat=verdict == "chat")

    def _arguments(self, waiter: Waiter) -> list[str | int]:
        limits = self._limits
        return [
            self._process,
            f"{self._process}:{next(self._passages)}",
            int(waiter.priority),
            self._since.get(waiter, "0"),
            waiter.weight,
            _kind(waiter.chat_id),
            limits.messages,
            _microseconds(limits.span),
            limits.group_messages,
            _microseconds(limits.group_span),
            _microseconds(limits.burst_slack(waiter.priority)),
            _microseconds(limits.spacing_of(waiter.weight)),
            _microseconds(limits.spacing),
            limits.private_burst,
            _microseconds(limits.slot),
            _microseconds(_GRACE_SECONDS),
            _microseconds(_ON_ITS_WAY_SECONDS),
        ]

    def _counted_keys(self, chat_id: ChatId) -> list[str]:
        keys = ("all", "pace", f"chat:{chat_id}", f"way:{chat_id}")
        return [f"{self._prefix}{each}" for each in keys]

    def _keys(self, chat_id: ChatId) -> list[str]:
        chat_pause = f"{self._prefix}pause:none" if chat_id is None else self._pause_key(chat_id)
        return [*self._counted_keys(chat_id), self._pause_key(None), chat_pause, f"{self._prefix}waiting"]

    def _pause_key(self, chat_id: ChatId) -> str:
        return f"{self._prefix}pause" if chat_id is None else f"{self._prefix}pause:{chat_id}"

    async def _paused_until(self) -> float:
        milliseconds = await self._try(lambda: self._redis.pttl(self._pause_key(None)))
        if milliseconds is None:
            return self._alone.paused_until()
        return max(self._alone.paused_until(), self._clock.now() + max(0, milliseconds) / 1000)

    async def _try(self, call: Callable[[], Awaitable[Answer]]) -> Answer | None:
        """Redis's answer; None when it gave none, and then it is away and not asked until it answers the look-out."""
        if self._away:
            return None
        try:
            return await call()
        except (RedisError, OSError) as error:
            if not self._away:
                log.warning("gate_redis_away", error=type(error).__name__)
                self._look_out = asyncio.create_task(self._wait_for_redis(), name="gate look-out")
            return None

    async def _wait_for_redis(self) -> None:
        while True:
            await sleep_until(self._clock, self._clock.now() + _AWAY_SECONDS)
            try:
                await self._tell_pauses()
            except (RedisError, OSError):
                continue
            break
        # What the processes sent meanwhile is in nobody's count but their own: let it leave the window first.
        self._not_before = self._clock.now() + self._limits.span
        self._look_out = None
        self._news.set()
        log.info("gate_redis_back")

    async def _tell_pauses(self) -> None:
        # A write, since a Redis that loads its data or has become a replica answers a ping and counts nothing.
        await self._pause(keys=[f"{self._prefix}pause:none"], args=[1])
        for chat_id, seconds in list(self._alone.pauses(self._clock.now())):
            await self._pause(keys=[self._pause_key(chat_id)], args=[_microseconds(seconds)])


def _kind(chat_id: ChatId) -> str:
    if chat_id is None:
        return "none"
    return "group" if is_group(chat_id) else "private"


def _microseconds(seconds: float) -> int:
    return math.ceil(seconds * 1e6)
