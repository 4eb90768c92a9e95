"""The gate of a bot that runs as one process."""

import asyncio
import math

from bot.gate.clock import Clock, LoopClock, Timer, sleep_until
from bot.gate.line import Line, Waiter, admit
from bot.gate.rules import ChatId, Limits, Passage, Priority, Rules


class MemoryGate:
    """Counts in this process's memory; wakes at the next moment when somebody may pass, and only then."""

    def __init__(self, limits: Limits | None = None, *, clock: Clock | None = None) -> None:
        self._rules = Rules(limits or Limits())
        self._clock = clock or LoopClock()
        self._line = Line()
        self._doors: dict[Waiter, asyncio.Future[Passage]] = {}
        self._wake_up: Timer | None = None

    @property
    def waiting(self) -> int:
        return len(self._line)

    async def enter(self, chat_id: ChatId, priority: Priority, weight: int = 1) -> Passage:
        waiter = self._line.join(chat_id, priority, weight)
        door: asyncio.Future[Passage] = asyncio.get_running_loop().create_future()
        self._doors[waiter] = door
        self._let_through()
        try:
            return await door
        except asyncio.CancelledError:
            self._give_up(waiter, door)
            raise
        finally:
            self._doors.pop(waiter, None)

    def give_back(self, passage: Passage) -> None:
        self._rules.give_back(passage)
        self._let_through()

    def answered(self, passage: Passage) -> None:
        self._rules.answered(self._clock.now(), passage)
        self._let_through()

    async def enter_uncounted(self) -> None:
        while (until := self._rules.paused_until()) > self._clock.now():
            await sleep_until(self._clock, until)

    async def pause(self, seconds: float, chat_id: ChatId = None) -> None:
        self._rules.pause(self._clock.now(), seconds, chat_id)

    async def refused(self, seconds: float, chat_id: ChatId = None) -> None:
        self._rules.refused(self._clock.now(), seconds, chat_id)

    async def close(self) -> None:
        if self._wake_up is not None:
            self._wake_up.cancel()

    def _let_through(self) -> None:
        while isinstance(answer := admit(self._line, self._rules, self._clock.now()), tuple):
            waiter, passage = answer
            door = self._doors[waiter]
            if door.cancelled():
                # Its task is cancelled and has not run since: it could not leave the line yet.
                self._rules.give_back(passage)
            else:
                door.set_result(passage)
        self._wake_at(answer)

    def _give_up(self, waiter: Waiter, door: asyncio.Future[Passage]) -> None:
        self._line.leave(waiter)
        if door.done() and not door.cancelled():
            # Cancelled between being let through and running again: the message will not leave.
            self._rules.give_back(door.result())
        self._let_through()

    def _wake_at(self, moment: float) -> None:
        if self._wake_up is not None:
            self._wake_up.cancel()
            self._wake_up = None
        if moment < math.inf:
            self._wake_up = self._clock.call_at(moment, self._let_through)
