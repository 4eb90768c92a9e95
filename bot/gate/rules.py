"""When a message may leave. Pure: every moment is given by the caller, in seconds of one monotonic clock.

Figures: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this (about 30 a second in all, 1 a
second to a chat with short bursts, 20 a minute to a group). They are not a contract, so they are settings.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

ChatId = int | str | None
"""A user (positive), a group or channel (negative, or "@name"); None where a call has no chat."""

_PRUNE_FROM = 1024


class Priority(IntEnum):
    """Who goes first when not all can: the lower the sooner."""

    INTERACTIVE = 0
    RELAY = 1
    TRANSACTIONAL = 2
    REMINDER = 3
    BROADCAST = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may leave.

    Attributes:
        messages: Messages of the whole bot in any `window` seconds.
        group_messages: Messages to one group in any `group_window` seconds.
        private_spacing: Seconds between two messages to one person.
        private_burst: Replies that one person may get in a row before they are spaced; they are repaid by silence.
        margin: Seconds added to each of these spans, for clocks that do not run quite alike. Delays on the way need
            none: a message counts until a span after its answer (see `Gate.answered`).
    """

    messages: int = 30
    window: float = 1.0
    group_messages: int = 20
    group_window: float = 60.0
    private_spacing: float = 1.0
    private_burst: int = 3
    margin: float = 0.01

    def __post_init__(self) -> None:
        if min(self.messages, self.group_messages, self.private_burst) < 1:
            raise ValueError("messages, group_messages and private_burst must be at least 1")
        if min(self.window, self.group_window) <= 0 or min(self.private_spacing, self.margin) < 0:
            raise ValueError("windows must be positive, spacing and margin not negative")

    @property
    def span(self) -> float:
        return self.window + self.margin

    @property
    def group_span(self) -> float:
        return self.group_window + self.margin

    @property
    def spacing(self) -> float:
        return self.private_spacing + self.margin

    @property
    def slot(self) -> float:
        """Seconds between two messages when they leave evenly at the full rate."""
        return self.span / self.messages

    def burst_slack(self, priority: Priority) -> float:
        """Seconds by which a message may run ahead of its chat's spacing: a reply may, nothing else."""
        return (self.private_burst - 1) * self.spacing if priority is Priority.INTERACTIVE else 0.0

    def spacing_of(self, weight: int) -> float:
        """Seconds of a private chat's spacing that a call uses up: an album no more than a burst, whatever its size."""
        return min(weight, self.private_burst) * self.spacing

    def shared_by(self, processes: int) -> "Limits":
        """One process's share when each counts alone."""
        return replace(
            self,
            messages=max(1, self.messages // processes),
            group_messages=max(1, self.group_messages // processes),
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """A message that may leave now; kept so that it can be given back."""

    chat_id: ChatId
    weight: int
    at: float
    pace: tuple[float, float]
    spaced: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing may leave before `until`: for the chat's sake, so that others may go, or for the whole bot's."""

    until: float
    by_chat: bool


def is_group(chat_id: ChatId) -> bool:
    return isinstance(chat_id, str) or (chat_id is not None and chat_id < 0)


class Window:
    """At most `limit` messages in any `span` seconds, of those on their way and those answered."""

    __slots__ = ("_answered", "_on_their_way", "limit", "span")

    def __init__(self, limit: int, span: float) -> None:
        self.limit = limit
        self.span = span
        self._on_their_way = 0
        self._answered: deque[float] = deque()

    def free_at(self, now: float, weight: int) -> float:
        """The soonest moment: of what is on its way it is only known that it is not answered yet."""
        self.forget(now)
        surplus = len(self._answered) + self._on_their_way + self._places(weight) - self.limit
        if surplus <= 0:
            return now
        return (self._answered[surplus - 1] if surplus <= len(self._answered) else now) + self.span

    def leave(self, weight: int) -> None:
        self._on_their_way += self._places(weight)

    def stay(self, weight: int) -> None:
        """It has not left after all."""
        self._on_their_way -= self._places(weight)

    def answer(self, now: float, weight: int) -> None:
        self._on_their_way -= self._places(weight)
        self._answered.extend([now] * self._places(weight))

    def forget(self, now: float) -> bool:
        """Drop what has left the window; True when nothing remains."""
        while self._answered and self._answered[0] + self.span <= now:
            self._answered.popleft()
        return not self._answered and not self._on_their_way

    def _places(self, weight: int) -> int:
        # An album larger than the whole window could never pass: it takes all of it.
        return min(weight, self.limit)


class Rules:
    """What has passed lately, what is paused, and so what may pass now."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._all = Window(limits.messages, limits.span)
        self._groups: dict[ChatId, Window] = {}
        self._on_their_way: dict[ChatId, int] = {}
        self._spaced_until: dict[ChatId, float] = {}
        self._paced_until = float("-inf")
        self._paused_until: dict[ChatId, float] = {}
        self._last_refused: ChatId = None
        self._prune_at = _PRUNE_FROM

    def ask(self, now: float, chat_id: ChatId, priority: Priority, weight: int = 1) -> Passage | Refusal:
        """Let a message pass and count it, or say when it may be asked again."""
        chat_free_at = self._chat_free_at(now, chat_id, priority, weight)
        if chat_free_at > now:
            return Refusal(chat_free_at, by_chat=True)
        bot_free_at = self._bot_free_at(now, priority, weight)
        if bot_free_at > now:
            return Refusal(bot_free_at, by_chat=False)
        return self.count(now, chat_id, weight)

    def count(self, now: float, chat_id: ChatId, weight: int = 1) -> Passage:
        """Count a message that leaves now, allowed or not; it is on its way until it is `answered`."""
        self._prune(now)
        pace_before, spaced_before = self._paced_until, self._spaced_until.get(chat_id, now)
        self._all.leave(weight)
        self._paced_until = self._pace_after(now, weight)
        spaced_after = spaced_before
        if is_group(chat_id):
            self._group(chat_id).leave(weight)
        elif chat_id is not None:
            spaced_after = max(spaced_before, now) + self.limits.spacing_of(weight)
            self._spaced_until[chat_id] = spaced_after
            on_their_way = self._on_their_way.get(chat_id, 0)
            self._on_their_way[chat_id] = on_their_way + min(weight, self.limits.private_burst)
        return Passage(chat_id, weight, now, (pace_before, self._paced_until), (spaced_before, spaced_after))

    def give_back(self, passage: Passage) -> None:
        """Forget a passage whose message was not sent; pace and spacing stay where another message built on them."""
        self._all.stay(passage.weight)
        if self._paced_until == passage.pace[1]:
            self._paced_until = passage.pace[0]
        if is_group(passage.chat_id):
            self._group(passage.chat_id).stay(passage.weight)
        elif passage.chat_id is not None:
            self._no_longer_on_its_way(passage)
            if self._spaced_until.get(passage.chat_id) == passage.spaced[1]:
                self._spaced_until[passage.chat_id] = passage.spaced[0]

    def answered(self, now: float, passage: Passage) -> None:
        """The message has arrived, now at the latest: its spans begin."""
        self._all.answer(now, passage.weight)
        if is_group(passage.chat_id):
            self._group(passage.chat_id).answer(now, passage.weight)
        elif passage.chat_id is not None:
            self._no_longer_on_its_way(passage)
            until = self._spaced_until.get(passage.chat_id, passage.spaced[1])
            # No later than a whole burst from now, which is the most that a server can hold against this chat.
            late = min(until + now - passage.at, now + self.limits.spacing_of(self.limits.private_burst))
            self._spaced_until[passage.chat_id] = max(until, late)

    def pause(self, now: float, seconds: float, chat_id: ChatId = None) -> None:
        """Hold a chat, or all when None. Only ever lengthens."""
        until = now + seconds
        self._paused_until[chat_id] = max(until, self._paused_until.get(chat_id, until))

    def refused(self, now: float, seconds: float, chat_id: ChatId) -> None:
        """A 429 of `seconds`: the chat is meant, or all if another chat's 429 is in force (see `Gate.refused`)."""
        other = self._last_refused
        if chat_id is None or (other not in {None, chat_id} and self.paused_until(other) > now):
            self.pause(now, seconds)
        if chat_id is not None:
            self.pause(now, seconds, chat_id)
            if other is None or self.paused_until(chat_id) >= self.paused_until(other):
                self._last_refused = chat_id

    def paused_until(self, chat_id: ChatId = None) -> float:
        return self._paused_until.get(chat_id, float("-inf"))

    def pauses(self, now: float) -> Iterator[tuple[ChatId, float]]:
        """Each pause in force with the seconds it still has."""
        for chat_id, until in self._paused_until.items():
            if until > now:
                yield chat_id, until - now

    def _chat_free_at(self, now: float, chat_id: ChatId, priority: Priority, weight: int) -> float:
        if chat_id is None:
            return now
        free_at = max(now, self.paused_until(chat_id))
        if is_group(chat_id):
            return max(free_at, self._group(chat_id).free_at(now, weight))
        on_their_way = self._on_their_way.get(chat_id, 0)
        most = self.limits.private_burst if priority is Priority.INTERACTIVE else 1
        if on_their_way and on_their_way + min(weight, most) > most:
            free_at = max(free_at, now + self.limits.spacing)
        return max(free_at, self._spaced_until.get(chat_id, now) - self.limits.burst_slack(priority))

    def _bot_free_at(self, now: float, priority: Priority, weight: int) -> float:
        free_at = max(now, self.paused_until(), self._all.free_at(now, weight))
        # Replies may use what the window has left at once. All else leaves evenly, so that the window's places come
        # free one by one and a reply waits for the next of them, not for the end of a burst.
        return free_at if priority is Priority.INTERACTIVE else max(free_at, self._paced_until)

    def _pace_after(self, now: float, weight: int) -> float:
        # A slot taken late, by less than its length, does not put off the next: timers are always a little late.
        lateness = now - self._paced_until
        start = self._paced_until if lateness < self.limits.slot else now
        return start + self.limits.slot * weight

    def _no_longer_on_its_way(self, passage: Passage) -> None:
        left = self._on_their_way.pop(passage.chat_id) - min(passage.weight, self.limits.private_burst)
        if left:
            self._on_their_way[passage.chat_id] = left

    def _group(self, chat_id: ChatId) -> Window:
        return self._groups.setdefault(chat_id, Window(self.limits.group_messages, self.limits.group_span))

    def _prune(self, now: float) -> None:
        """Forget chats at rest, once in a while: a broadcast passes through hundreds of thousands of them."""
        if self._size() < self._prune_at:
            return
        self._spaced_until = {chat: until for chat, until in self._spaced_until.items() if until > now}
        self._paused_until = {chat: until for chat, until in self._paused_until.items() if until > now}
        self._groups = {chat: window for chat, window in self._groups.items() if not window.forget(now)}
        self._prune_at = max(_PRUNE_FROM, 2 * self._size())

    def _size(self) -> int:
        return len(self._spaced_until) + len(self._paused_until) + len(self._groups)
