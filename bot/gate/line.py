"""Who goes first among those that wait: the best priority whose chat is free, and the first come inside a priority."""

import heapq
from dataclasses import dataclass
from itertools import count

from bot.gate.rules import ChatId, Passage, Priority, Rules


@dataclass(eq=False, slots=True)
class Waiter:
    chat_id: ChatId
    priority: Priority
    weight: int
    turn: int
    held_until: float = float("-inf")
    gone: bool = False


class Line:
    """Waiters in order. One held for its chat's sake stands aside until then, and holds up nobody."""

    def __init__(self) -> None:
        self._ready: list[tuple[Priority, int, Waiter]] = []
        self._held: list[tuple[float, int, Waiter]] = []
        self._turns = count()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def join(self, chat_id: ChatId, priority: Priority, weight: int = 1) -> Waiter:
        waiter = Waiter(chat_id, priority, weight, next(self._turns))
        heapq.heappush(self._ready, (priority, waiter.turn, waiter))
        self._length += 1
        return waiter

    def leave(self, waiter: Waiter) -> None:
        """The waiter passed, or gave up. It is taken out when its turn is looked at."""
        if not waiter.gone:
            waiter.gone = True
            self._length -= 1

    def best(self, now: float) -> Waiter | None:
        """The first of those that are not held at this moment."""
        self._release(now)
        while self._ready:
            waiter = self._ready[0][-1]
            if not waiter.gone and waiter.held_until <= now:
                return waiter
            heapq.heappop(self._ready)
            if not waiter.gone:
                heapq.heappush(self._held, (waiter.held_until, waiter.turn, waiter))
        return None

    def next_release(self) -> float:
        """When the first of the held may be asked for again; infinity when none is held."""
        while self._held and self._held[0][-1].gone:
            heapq.heappop(self._held)
        return self._held[0][0] if self._held else float("inf")

    def _release(self, now: float) -> None:
        while self._held and self._held[0][0] <= now:
            _, turn, waiter = heapq.heappop(self._held)
            if not waiter.gone:
                heapq.heappush(self._ready, (waiter.priority, turn, waiter))


def admit(line: Line, rules: Rules, now: float) -> tuple[Waiter, Passage] | float:
    """Let the first that may pass through, or say when to look again (infinity: when somebody comes).

    When the best must wait for the whole bot's sake, so do all after it: else an album would wait for ever for its ten
    places while single messages take them one by one.
    """
    while (waiter := line.best(now)) is not None:
        answer = rules.ask(now, waiter.chat_id, waiter.priority, waiter.weight)
        if isinstance(answer, Passage):
            line.leave(waiter)
            return waiter, answer
        if not answer.by_chat:
            return min(answer.until, line.next_release())
        # Spacing and pauses only ever move on, so it need not be looked at before then.
        waiter.held_until = answer.until
    return line.next_release()
