"""Promises: by when somebody answers, and what moves that moment."""

from datetime import date, timedelta

import pytest
from promise_scenes import (
    FRIDAY_EVENING,
    again,
    animator_of,
    asked,
    away,
    change,
    coordinator_of,
    paris,
    steps,
    told,
)

from council.notices import NoticeKind
from council.promises import is_outside_hours, moved_promise_of, promise_for, recompute_promises, renew_promise
from council.settings import Closure, Delays
from council.support_settings import SupportSettings
from council.working_time import NeverOpen, Skipped, Why, fingerprint
from storage.support import AlertLevel, SupportRequest, SupportState

MOVED = NoticeKind.SUPPORT_PROMISE_MOVED


def closed(first: date, last: date | None = None) -> Closure:
    return Closure(name="Pont", start=first, end=last or first)


def with_settings(programme, **changes) -> None:
    programme.settings = programme.settings.model_copy(update=changes)


async def promise(programme, at=FRIDAY_EVENING, animator=None):
    async with programme.database.read() as session:
        return await promise_for(session, programme.settings, at, animator.person_id if animator else None)


async def recompute(programme, portion: int = 200) -> bool:
    return await recompute_promises(programme.database, programme.clock, programme.settings, portion)


@pytest.fixture
async def resident(programme):
    return await programme.person("Rosa", follows=(programme.nord,))


async def test_friday_evening_is_answered_on_monday_before_noon(programme):
    made = await promise(programme)
    assert (made.due_at, made.warn_at) == (paris(2026, 3, 9, 12), paris(2026, 3, 9, 11))
    assert made.outside_hours
    assert made.skipped == (Skipped(date(2026, 3, 7), Why.WEEKDAY), Skipped(date(2026, 3, 8), Why.WEEKDAY))
    assert made.calendar == fingerprint(programme.settings)
    assert not (await promise(programme, paris(2026, 3, 6, 11))).outside_hours


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (paris(2026, 3, 27, 17), paris(2026, 3, 30, 11)),  # clocks go forward on Sunday
        (paris(2026, 10, 23, 17), paris(2026, 10, 26, 11)),  # and back
        (paris(2026, 4, 3, 18, 40), paris(2026, 4, 7, 12)),  # Easter Monday
    ],
)
async def test_a_promise_is_kept_to_the_clock_of_the_wall(programme, at, due):
    assert (await promise(programme, at)).due_at == due


async def test_an_animator_s_absence_puts_off_what_they_promise_and_no_one_else_s(programme):
    julien = await animator_of(programme, programme.nord)
    amina = await animator_of(programme, programme.nord, name="Amina")
    await away(programme, julien, date(2026, 3, 9), date(2026, 3, 9))
    assert (await promise(programme, animator=julien)).due_at == paris(2026, 3, 10, 12)
    assert (await promise(programme, animator=amina)).due_at == paris(2026, 3, 9, 12)
    assert (await promise(programme)).due_at == paris(2026, 3, 9, 12)


async def test_a_day_on_which_every_animator_is_away_is_no_working_day(programme):
    for name in ("Julien", "Amina"):
        animator = await animator_of(programme, programme.nord, name=name)
        await away(programme, animator, date(2026, 3, 9), date(2026, 3, 10 if name == "Julien" else 9))
    made = await promise(programme)
    assert made.due_at == paris(2026, 3, 10, 12)
    async with programme.database.read() as session:
        outside = [await is_outside_hours(session, programme.settings, paris(2026, 3, day, 10)) for day in (9, 10)]
    assert outside == [True, False]


async def test_an_absence_that_is_called_off_or_not_yet_declared_does_not_count(programme):
    julien = await animator_of(programme, programme.nord)
    programme.clock.set(FRIDAY_EVENING + timedelta(hours=1))
    await away(programme, julien, date(2026, 3, 9), date(2026, 3, 9))
    assert (await promise(programme, animator=julien)).due_at == paris(2026, 3, 9, 12)
    later = FRIDAY_EVENING + timedelta(hours=2)
    assert (await promise(programme, later, julien)).due_at == paris(2026, 3, 10, 12)


async def test_whoever_is_away_for_years_promises_as_the_team_does(programme):
    julien = await animator_of(programme, programme.nord)
    await animator_of(programme, programme.nord, name="Amina")
    await away(programme, julien, date(2026, 3, 1), date(2030, 1, 1))
    assert (await promise(programme, animator=julien)).due_at == paris(2026, 3, 9, 12)


async def test_a_team_that_is_closed_for_ever_promises_nothing(programme):
    with_settings(programme, closures=(closed(date(2026, 1, 1), date(2099, 1, 1)),))
    with pytest.raises(NeverOpen):
        await promise(programme)


async def test_no_warning_comes_before_the_question(programme):
    with_settings(programme, support=SupportSettings(warn_minutes=600))
    made = await promise(programme, paris(2026, 3, 4, 10))
    assert made.warn_at == paris(2026, 3, 4, 10)


async def test_a_holiday_added_later_moves_the_promise_and_is_told_once(programme, resident):
    await animator_of(programme, programme.nord)
    request = await asked(programme, resident)
    assert not await recompute(programme)
    assert await told(programme, MOVED) == []
    programme.clock.set(paris(2026, 3, 8, 20))
    with_settings(programme, closures=(closed(date(2026, 3, 9)),))
    await recompute(programme)
    await recompute(programme)
    moved = await again(programme, request)
    assert (moved.promised_at, moved.next_alert_at) == (paris(2026, 3, 10, 12), paris(2026, 3, 10, 11))
    assert moved.asked_at == request.asked_at
    (word,) = await told(programme, MOVED)
    assert word.person_id == resident.person_id
    assert (await steps(programme, request))[-1] == ("promise_moved", "2026-03-10T11:00:00+00:00")


async def test_a_closure_that_does_not_move_the_promise_is_not_told(programme, resident):
    request = await asked(programme, resident)
    with_settings(programme, closures=(closed(date(2026, 3, 12)),))
    await recompute(programme)
    after = await again(programme, request)
    assert after.promised_at == request.promised_at
    assert after.calendar == fingerprint(programme.settings) != request.calendar
    assert await told(programme, MOVED) == []


async def test_a_later_absence_moves_no_promise_even_when_the_calendar_changes(programme, resident):
    julien = await animator_of(programme, programme.nord)
    request = await asked(programme, resident)
    programme.clock.advance(hours=1)
    await away(programme, julien, date(2026, 3, 9), date(2026, 3, 9))
    with_settings(programme, closures=(closed(date(2026, 3, 12)),))
    await recompute(programme)
    assert (await again(programme, request)).promised_at == request.promised_at
    assert await told(programme, MOVED) == []


async def test_a_transfer_keeps_the_promise_of_who_had_it_first(programme, resident):
    julien = await animator_of(programme, programme.nord)
    request = await asked(programme, resident)
    assert request.animator_id == julien.person_id
    amina = await animator_of(programme, programme.nord, name="Amina")
    programme.clock.set(paris(2026, 3, 1, 10))
    await away(programme, amina, date(2026, 3, 9), date(2026, 3, 9))
    programme.clock.set(FRIDAY_EVENING)
    await change(programme, request, animator_id=amina.person_id)
    with_settings(programme, closures=(closed(date(2026, 3, 12)),))
    await recompute(programme)
    assert (await again(programme, request)).promised_at == request.promised_at


async def test_moved_away_and_back_is_told_both_times(programme, resident):
    request = await asked(programme, resident)
    for closures in ((closed(date(2026, 3, 9)),), (), (closed(date(2026, 3, 9)),)):
        programme.clock.advance(hours=1)
        with_settings(programme, closures=closures)
        await recompute(programme)
    assert (await again(programme, request)).promised_at == paris(2026, 3, 10, 12)
    words = await told(programme, MOVED)
    assert len(words) == 3
    async with programme.database.read() as session:
        said = [await moved_promise_of(session, programme.clock, programme.settings, word) for word in words]
    assert said[0].days_off == (Skipped(date(2026, 3, 9), Why.CLOSURE, "Pont"),)
    assert [each.promised_at if each else None for each in said] == [
        paris(2026, 3, 10, 12),
        None,
        paris(2026, 3, 10, 12),
    ]


async def test_nobody_is_promised_what_is_over(programme, resident):
    request = await asked(programme, resident, at=paris(2026, 3, 2, 9))
    assert request.promised_at == paris(2026, 3, 2, 12)
    programme.clock.set(paris(2026, 3, 2, 11, 30))
    with_settings(programme, delays=Delays(first_answer_hours=1))
    await recompute(programme)
    assert (await again(programme, request)).promised_at == request.promised_at
    assert await told(programme, MOVED) == []


@pytest.mark.parametrize(
    "values",
    [
        {"first_answer_at": FRIDAY_EVENING},
        {"state": SupportState.CLOSED},
        {"state": SupportState.WITHDRAWN},
        {"state": SupportState.CARRIED_OUT},
    ],
)
async def test_what_is_answered_or_over_moves_no_more(programme, resident, values):
    request = await asked(programme, resident)
    await change(programme, request, **values)
    with_settings(programme, closures=(closed(date(2026, 3, 9)),))
    await recompute(programme)
    assert (await again(programme, request)).promised_at == request.promised_at
    assert await told(programme, MOVED) == []


async def test_an_answer_before_the_word_leaves_makes_it_untrue(programme, resident):
    request = await asked(programme, resident)
    with_settings(programme, closures=(closed(date(2026, 3, 9)),))
    await recompute(programme)
    (word,) = await told(programme, MOVED)
    await change(programme, request, first_answer_at=programme.clock.now())
    async with programme.database.read() as session:
        assert await moved_promise_of(session, programme.clock, programme.settings, word) is None


async def test_another_warning_time_moves_the_warning_alone(programme, resident):
    request = await asked(programme, resident)
    with_settings(programme, support=SupportSettings(warn_minutes=30))
    await recompute(programme)
    after = await again(programme, request)
    assert (after.promised_at, after.next_alert_at) == (request.promised_at, paris(2026, 3, 9, 11, 30))
    assert await told(programme, MOVED) == []


async def test_a_moved_promise_has_its_own_alerts(programme, resident):
    request = await asked(programme, resident)
    await change(programme, request, alert_level=AlertLevel.ANIMATOR, next_alert_at=request.promised_at)
    programme.clock.set(paris(2026, 3, 9, 11, 10))
    with_settings(programme, closures=(closed(date(2026, 3, 9)),))
    await recompute(programme)
    after = await again(programme, request)
    assert (after.alert_level, after.next_alert_at) == (AlertLevel.NOBODY, paris(2026, 3, 10, 11))


async def test_portions_come_to_an_end(programme, resident):
    for n in range(5):
        await asked(programme, resident, key=f"update:{n}")
    with_settings(programme, closures=(closed(date(2026, 3, 9)),))
    runs = 1
    while await recompute(programme, portion=2):
        runs += 1
    assert runs == 3
    assert len(await told(programme, MOVED)) == 5


async def test_a_team_that_closes_for_ever_leaves_what_was_said(programme, resident):
    request = await asked(programme, resident)
    with_settings(programme, closures=(closed(date(2026, 3, 7), date(2099, 1, 1)),))
    assert not await recompute(programme)
    assert (await again(programme, request)).promised_at == request.promised_at


async def test_a_reopened_request_has_a_fresh_promise(programme, resident):
    request = await asked(programme, resident)
    await change(
        programme, request, first_answer_at=FRIDAY_EVENING, first_answer_minutes=3, alert_level=AlertLevel.COORDINATOR
    )
    programme.clock.set(paris(2026, 3, 12, 10))
    async with programme.database.write() as session:
        there = await session.get(SupportRequest, request.id)
        await renew_promise(session, programme.clock, programme.settings, there)
    after = await again(programme, request)
    assert (after.asked_at, after.promised_at) == (paris(2026, 3, 12, 10), paris(2026, 3, 12, 15))
    assert (after.alert_level, after.next_alert_at) == (AlertLevel.NOBODY, paris(2026, 3, 12, 14))
    assert after.first_answer_at is after.first_answer_minutes is None


async def test_a_programme_without_animators_promises_by_its_own_hours(programme):
    await coordinator_of(programme)
    assert (await promise(programme)).due_at == paris(2026, 3, 9, 12)
