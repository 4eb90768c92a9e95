"""The gate's rules under random traffic: what must hold whoever writes to whom, whenever."""

import heapq
import math
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gate import Limits, Priority
from bot.gate.line import Line, Waiter, admit
from bot.gate.rules import ChatId, Passage, Refusal, Rules, is_group

LIMITS = Limits(messages=5, window=1.0, group_messages=3, group_window=10.0, margin=0.05)


@dataclass(order=True)
class Message:
    at: float
    number: int
    chat_id: ChatId = field(compare=False)
    priority: Priority = field(compare=False)
    weight: int = field(default=1, compare=False)


@dataclass(frozen=True)
class Pause:
    at: float
    seconds: float
    chat_id: ChatId


@dataclass(frozen=True)
class Passed:
    at: float
    message: Message


def carry(messages: list[Message], pauses: list[Pause] = [], limits: Limits = LIMITS) -> list[Passed]:  # noqa: B006
    """Play the traffic against the rules, moment by moment, until all has passed."""
    rules, line, passed = Rules(limits), Line(), []
    coming, to_pause = sorted(messages), sorted(pauses, key=lambda pause: pause.at)
    known: dict[Waiter, Message] = {}
    now, wake_at = 0.0, math.inf
    while coming or to_pause or len(line):
        moments = [wake_at, *(message.at for message in coming[:1]), *(pause.at for pause in to_pause[:1])]
        now = max(now, min(moments))
        assert now < math.inf, "somebody waits and nobody will wake"
        while to_pause and to_pause[0].at <= now:
            pause = to_pause.pop(0)
            rules.pause(now, pause.seconds, pause.chat_id)
        while coming and coming[0].at <= now:
            message = coming.pop(0)
            known[line.join(message.chat_id, message.priority, message.weight)] = message
        while isinstance(answer := admit(line, rules, now), tuple):
            passed.append(Passed(now, known[answer[0]]))
            rules.answered(now, answer[1])
        wake_at = answer
    return passed


moments = st.floats(0, 20, allow_nan=False).map(lambda moment: round(moment, 3))
chats = st.sampled_from([1, 2, 3, 4, 5, 6, -1, -2, "@canal", None])


one_message = st.just(1)
delays = st.floats(0, 3).map(lambda seconds: round(seconds, 3))


@st.composite
def traffic(draw: st.DrawFn, weights: st.SearchStrategy[int] = one_message) -> list[Message]:
    drawn = draw(st.lists(st.tuples(moments, chats, st.sampled_from(Priority), weights), max_size=60))
    return [Message(at, number, *rest) for number, (at, *rest) in enumerate(drawn)]


pauses = st.lists(st.builds(Pause, moments, st.floats(0.1, 10).map(lambda s: round(s, 2)), chats), max_size=5)


def at_most(limit: int, span: float, moments: list[float]) -> None:
    for first, one_too_many in zip(moments, moments[limit:], strict=False):
        assert one_too_many >= first + span


def expanded(passed: list[Passed], most: int) -> list[float]:
    return [passing.at for passing in passed for _ in range(min(passing.message.weight, most))]


def by_chat(passed: list[Passed]) -> dict[ChatId, list[Passed]]:
    chats: dict[ChatId, list[Passed]] = defaultdict(list)
    for passing in passed:
        chats[passing.message.chat_id].append(passing)
    return chats


@given(traffic(weights=st.integers(1, 10)), pauses)
def test_no_window_is_ever_exceeded(messages: list[Message], pauses: list[Pause]) -> None:
    passed = carry(messages, pauses)
    at_most(LIMITS.messages, LIMITS.span, expanded(passed, LIMITS.messages))
    for chat_id, of_chat in by_chat(passed).items():
        if is_group(chat_id):
            at_most(LIMITS.group_messages, LIMITS.group_span, expanded(of_chat, LIMITS.group_messages))


@given(traffic(), pauses)
def test_everybody_passes_once_and_in_bounded_time(messages: list[Message], pauses: list[Pause]) -> None:
    passed = carry(messages, pauses)
    assert sorted(passing.message.number for passing in passed) == [message.number for message in messages]
    last_call = max((message.at for message in messages), default=0)
    longest_pause = max((pause.at + pause.seconds for pause in pauses), default=0)
    through = max(last_call, longest_pause) + LIMITS.group_span * math.ceil(len(messages) / LIMITS.group_messages)
    assert all(passing.at <= through + LIMITS.spacing * len(messages) for passing in passed)


@given(traffic(weights=st.integers(1, 4)))
def test_a_person_gets_notices_a_second_apart_and_replies_in_short_bursts(messages: list[Message]) -> None:
    for chat_id, passed in by_chat(carry(messages)).items():
        if chat_id is None or is_group(chat_id):
            continue
        for before, after in pairwise(passed):
            if after.message.priority is not Priority.INTERACTIVE:
                assert after.at >= before.at + LIMITS.spacing
        single = [passing.at for passing in passed if passing.message.weight == 1]
        for first, one_too_many in zip(single, single[LIMITS.private_burst :], strict=False):
            assert one_too_many >= first + LIMITS.spacing - 1e-9


@given(traffic(weights=st.integers(1, 3)), pauses)
def test_a_pause_is_obeyed(messages: list[Message], pauses: list[Pause]) -> None:
    for passing in carry(messages, pauses):
        for pause in pauses:
            if pause.chat_id in {None, passing.message.chat_id}:
                assert not pause.at <= passing.at < pause.at + pause.seconds


@given(st.lists(st.sampled_from(Priority), min_size=1, max_size=40))
def test_of_those_that_wait_together_the_best_go_first_and_the_first_come_inside_a_priority(
    priorities: list[Priority],
) -> None:
    messages = [Message(0, number, 100 + number, priority) for number, priority in enumerate(priorities)]
    order = [passing.message.number for passing in carry(messages)]
    assert order == sorted(range(len(priorities)), key=lambda number: (priorities[number], number))


@given(traffic())
def test_nobody_overtakes_a_better_one_whose_chat_is_free(messages: list[Message]) -> None:
    """Each in a chat of its own: then only the whole bot's limit makes anybody wait."""
    alone = [Message(message.at, message.number, 1000 + message.number, message.priority) for message in messages]
    passed_at = {passing.message.number: passing.at for passing in carry(alone)}
    for better in alone:
        for worse in alone:
            if (better.priority, better.at, better.number) < (worse.priority, worse.at, worse.number):
                assert not better.at <= passed_at[worse.number] < passed_at[better.number]


@given(st.lists(st.floats(0.2, 3), max_size=15))
def test_a_reply_in_a_full_broadcast_waits_two_slots_at_most(gaps: list[float]) -> None:
    limits = Limits()
    broadcast = [Message(0, number, 10_000 + number, Priority.BROADCAST) for number in range(600)]
    asked = [Message(at, 1000 + number, 5 + number, Priority.INTERACTIVE) for number, at in enumerate(accumulate(gaps))]
    for passing in carry(broadcast + asked, limits=limits):
        if passing.message.priority is Priority.INTERACTIVE:
            assert passing.at - passing.message.at <= 2 * limits.slot + 1e-9


def test_a_long_broadcast_is_even_and_reaches_nearly_the_whole_rate() -> None:
    passed = carry([Message(0, number, number + 1, Priority.BROADCAST) for number in range(900)], limits=Limits())
    gaps = [after.at - before.at for before, after in pairwise(passed)]
    assert max(gaps) == pytest.approx(min(gaps)) == pytest.approx(1.01 / 30)
    assert len(passed) / passed[-1].at >= 0.95 * 30


def test_late_timers_do_not_slow_a_broadcast_and_do_not_fill_a_window() -> None:
    """Each wake-up comes 0-15 ms late, as on a busy machine."""
    limits, rules = Limits(), Rules(Limits())
    now, left = 0.0, []
    for number in range(900):
        while isinstance(answer := rules.ask(now, number + 1, Priority.BROADCAST), Refusal):
            now = answer.until + (number * 7 % 16) / 1000
        left.append(now)
        rules.answered(now, answer)
    at_most(limits.messages, limits.span, left)
    assert len(left) / left[-1] >= 0.93 * 30


@settings(max_examples=300)
@given(
    st.lists(st.tuples(st.sampled_from([1, 2, -1, None]), st.sampled_from(Priority), delays, delays), max_size=60),
)
def test_however_late_messages_arrive_no_server_sees_more_than_the_limits(
    messages: list[tuple[ChatId, Priority, float, float]],
) -> None:
    """Each leaves as soon as the rules let it, arrives after one delay and is answered after another."""
    rules, now, answers = Rules(LIMITS), 0.0, []
    arrived: dict[ChatId, list[float]] = defaultdict(list)
    for number, (chat_id, priority, out, back) in enumerate(messages):
        while isinstance(answer := rules.ask(now, chat_id, priority), Refusal):
            now = min([answer.until, *(due for due, _, _ in answers[:1])])
            while answers and answers[0][0] <= now:
                rules.answered(now, heapq.heappop(answers)[2])
        arrived[chat_id].append(now + out)
        heapq.heappush(answers, (now + out + back, number, answer))
    at_most(LIMITS.messages, LIMITS.window, sorted(moment for each in arrived.values() for moment in each))
    at_most(LIMITS.group_messages, LIMITS.group_window, sorted(arrived[-1]))
    for chat_id in (1, 2):
        # A short burst, then one a second: as a bucket that fills with one token a second.
        full_at = 0.0
        for moment in sorted(arrived[chat_id]):
            full_at = max(full_at, moment) + LIMITS.private_spacing
            assert full_at - moment <= LIMITS.private_burst * LIMITS.private_spacing + 1e-9


def test_one_slow_group_holds_up_nobody() -> None:
    crowd = [Message(0, number, -5, Priority.RELAY) for number in range(10)]
    passed = carry([*crowd, Message(0.0, 99, 7, Priority.BROADCAST)])
    assert next(passing.at for passing in passed if passing.message.number == 99) < 1
    assert passed[-1].at >= 3 * LIMITS.group_span


def test_an_album_is_not_overtaken_for_ever_by_single_messages() -> None:
    album = Message(0.5, 0, 1, Priority.REMINDER, weight=5)
    singles = [Message(number / 20, number, 100 + number, Priority.REMINDER) for number in range(1, 200)]
    passed = carry([album, *singles])
    assert next(passing.at for passing in passed if passing.message is album) <= 4


def test_an_album_larger_than_the_window_takes_all_of_it() -> None:
    passed = carry([Message(0, 0, 1, Priority.RELAY, weight=10), Message(0, 1, 2, Priority.INTERACTIVE)])
    assert [passing.at for passing in passed] == [0, pytest.approx(LIMITS.span)]


def test_a_passage_given_back_leaves_no_trace() -> None:
    rules = Rules(LIMITS)
    for number in range(50):
        passage = rules.ask(float(number) / 1000, -7 if number % 2 else 8, Priority.BROADCAST, 3)
        assert isinstance(passage, Passage)
        rules.give_back(passage)


def test_a_pause_only_lengthens() -> None:
    rules = Rules(LIMITS)
    rules.pause(0, 10)
    rules.pause(1, 2)
    assert rules.ask(5, 1, Priority.INTERACTIVE) == Refusal(10, by_chat=False)
    rules.pause(5, 20, 1)
    rules.pause(6, 1, 1)
    assert rules.ask(12, 1, Priority.INTERACTIVE) == Refusal(25, by_chat=True)
    assert isinstance(rules.ask(12, 2, Priority.INTERACTIVE), Passage)


def test_a_429_pauses_its_chat_and_a_second_chats_pauses_all() -> None:
    rules = Rules(LIMITS)
    rules.refused(0, 4, 1)
    rules.refused(1, 4, 1)
    assert rules.ask(2, 1, Priority.INTERACTIVE) == Refusal(5, by_chat=True)
    assert isinstance(rules.ask(2, 2, Priority.INTERACTIVE), Passage)
    rules.refused(3, 6, 2)
    assert rules.ask(4, 3, Priority.INTERACTIVE) == Refusal(9, by_chat=False)


def test_a_second_chats_429_after_the_first_is_over_is_its_own() -> None:
    rules = Rules(LIMITS)
    rules.refused(0, 4, 1)
    rules.refused(4, 4, 2)
    assert isinstance(rules.ask(5, 3, Priority.INTERACTIVE), Passage)


def test_a_429_without_a_chat_pauses_all() -> None:
    rules = Rules(LIMITS)
    rules.refused(0, 4, None)
    assert rules.ask(1, 3, Priority.INTERACTIVE) == Refusal(4, by_chat=False)


def test_a_broadcast_to_very_many_chats_is_not_remembered_for_ever() -> None:
    rules = Rules(Limits(messages=10**6))
    for number in range(1, 20_000):
        rules.answered(number / 100, rules.count(number / 100, number))
    assert rules._size() < 3_000


def test_a_line_of_a_hundred_thousand_is_served_without_looking_at_all_of_them() -> None:
    line = Line()
    held = [line.join(1, Priority.RELAY) for _ in range(100_000)]
    for waiter in held:
        waiter.held_until = 60.0
    free = line.join(2, Priority.BROADCAST)
    assert line.best(0.0) is free
    assert line.next_release() == 60.0
    for waiter in held:
        line.leave(waiter)
    assert len(line) == 1
    assert line.next_release() == math.inf


@pytest.mark.parametrize("wrong", [{"messages": 0}, {"window": 0}, {"margin": -1}, {"private_burst": 0}])
def test_impossible_limits_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Limits(**wrong)
