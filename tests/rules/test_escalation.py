"""Alerts of promises in danger: in their order, each once, in working time, and never of what is no longer true."""

import asyncio
from datetime import date, timedelta

import pytest
from promise_scenes import again, animator_of, asked, away, change, paris, steps, told
from sqlmodel import col, select, update

from council import escalation
from council.escalation import alert_of, awaited_request_of, escalate_due
from council.notices import NoticeKind
from council.promises import recompute_promises
from council.settings import Closure
from storage.outbox import Notice
from storage.people import Person, Role, RoleGrant
from storage.support import AlertLevel, SupportState

ALERT = NoticeKind.SUPPORT_ALERT
ANIMATOR, DEPUTY, COORDINATOR = AlertLevel.ANIMATOR, AlertLevel.DEPUTY, AlertLevel.COORDINATOR


async def sweep(programme, at=None) -> bool:
    if at is not None:
        programme.clock.set(at)
    return await escalate_due(programme.database, programme.clock, programme.settings)


async def alerts(programme) -> list[tuple[int, AlertLevel]]:
    return [(each.person_id, AlertLevel(int(each.detail))) for each in await told(programme, ALERT)]


async def through(programme, first, last, minutes: int = 15) -> list[tuple]:
    """Sweeps again and again; who was alerted, of what, when."""
    seen, found = 0, []
    while first <= last:
        await sweep(programme, first)
        now = await alerts(programme)
        found += [(*each, first) for each in now[seen:]]
        seen, first = len(now), first + timedelta(minutes=minutes)
    return found


@pytest.fixture
async def resident(programme):
    return await programme.person("Rosa", follows=(programme.nord,))


async def test_a_friday_evening_is_alerted_on_monday_in_order_and_never_at_night(
    programme, resident, julien, amina, claire
):
    request = await asked(programme, resident)
    assert await through(programme, paris(2026, 3, 6, 18, 40), paris(2026, 3, 11, 9), 10) == [
        (julien.person_id, ANIMATOR, paris(2026, 3, 9, 11)),
        (amina.person_id, DEPUTY, paris(2026, 3, 9, 12)),
        (claire.person_id, COORDINATOR, paris(2026, 3, 9, 15)),
    ]
    after = await again(programme, request)
    assert (after.alert_level, after.next_alert_at) == (COORDINATOR, None)
    alerted = [detail for act, detail in await steps(programme, request) if act == "alerted"]
    assert alerted == ["animator", "deputy", "coordinator"]


async def test_without_a_deputy_the_coordinator_hears_at_the_promise(programme, resident, julien, claire):
    await asked(programme, resident)
    assert await through(programme, paris(2026, 3, 9, 9), paris(2026, 3, 9, 18)) == [
        (julien.person_id, ANIMATOR, paris(2026, 3, 9, 11)),
        (claire.person_id, COORDINATOR, paris(2026, 3, 9, 12)),
    ]


async def test_who_asked_hears_once_that_the_promise_is_broken_and_never_before(programme, resident, julien, claire):
    request = await asked(programme, resident)
    await sweep(programme, paris(2026, 3, 9, 11, 59))
    assert await told(programme, NoticeKind.SUPPORT_LATE) == []
    await through(programme, paris(2026, 3, 9, 12), paris(2026, 3, 10, 12))
    (late,) = await told(programme, NoticeKind.SUPPORT_LATE)
    assert late.person_id == resident.person_id
    async with programme.database.read() as session:
        assert (await awaited_request_of(session, late)).id == request.id
    await change(programme, request, first_answer_at=programme.clock.now())
    async with programme.database.read() as session:
        assert await awaited_request_of(session, late) is None


async def test_a_deputy_who_is_away_or_has_left_the_team_is_passed_over(programme, resident, julien, amina, claire):
    await asked(programme, resident)
    await away(programme, amina, date(2026, 3, 9), date(2026, 3, 9))
    await sweep(programme, paris(2026, 3, 9, 12))
    assert (await alerts(programme))[1:] == [(claire.person_id, COORDINATOR)]
    await asked(programme, resident, key="update:2", at=paris(2026, 3, 10, 9))
    async with programme.database.write() as session:
        hers = col(RoleGrant.person_id) == amina.person_id
        await session.exec(update(RoleGrant).where(hers).values(revoked_at=programme.clock.now()))
    await sweep(programme, paris(2026, 3, 10, 12))
    assert (await alerts(programme))[3:] == [(claire.person_id, COORDINATOR)]


async def test_of_a_request_in_the_queue_all_hear_who_may_take_it(programme, resident, julien, claire):
    other = await animator_of(programme, programme.nord, name="Nadia")
    elsewhere = await animator_of(programme, programme.sud, name="Sud")
    request = await asked(programme, resident)
    await change(programme, request, animator_id=None, state=SupportState.RECEIVED)
    await sweep(programme, paris(2026, 3, 9, 11))
    assert await alerts(programme) == [(julien.person_id, ANIMATOR), (other.person_id, ANIMATOR)]
    await sweep(programme, paris(2026, 3, 9, 12))
    assert (await alerts(programme))[2:] == [(claire.person_id, COORDINATOR)]
    assert elsewhere.person_id not in dict(await alerts(programme))


async def test_a_programme_with_nobody_but_a_coordinator_alerts_the_coordinator(programme, resident, claire):
    await asked(programme, resident)
    assert await through(programme, paris(2026, 3, 9, 9), paris(2026, 3, 10, 18)) == [
        (claire.person_id, ANIMATOR, paris(2026, 3, 9, 11)),
        (claire.person_id, COORDINATOR, paris(2026, 3, 9, 12)),
    ]


async def test_an_animator_who_fell_away_meanwhile_leaves_the_warning_to_the_deputy(
    programme, resident, julien, amina, claire
):
    await asked(programme, resident)
    programme.clock.advance(hours=1)
    await away(programme, julien, date(2026, 3, 9), date(2026, 3, 13))
    await sweep(programme, paris(2026, 3, 9, 11))
    assert await alerts(programme) == [(amina.person_id, ANIMATOR)]


async def test_nobody_is_alerted_of_their_own_request(programme, julien, claire):
    asking = await programme.person(
        "Sami", follows=(programme.nord,), roles=((Role.COORDINATOR, None), (Role.ANIMATOR, programme.nord))
    )
    await asked(programme, asking)
    await sweep(programme, paris(2026, 3, 9, 12))
    assert asking.person_id not in dict(await alerts(programme))
    assert await alerts(programme) == [(julien.person_id, ANIMATOR), (claire.person_id, COORDINATOR)]


async def test_what_was_missed_waits_for_the_next_opening(programme, resident, julien, amina, claire):
    request = await asked(programme, resident, at=paris(2026, 3, 6, 9))
    assert request.promised_at == paris(2026, 3, 6, 12)
    await sweep(programme, paris(2026, 3, 6, 22))
    assert await alerts(programme) == []
    assert (await again(programme, request)).next_alert_at == paris(2026, 3, 9, 9)
    assert await through(programme, paris(2026, 3, 6, 22, 15), paris(2026, 3, 9, 12)) == [
        (julien.person_id, ANIMATOR, paris(2026, 3, 9, 9)),
        (amina.person_id, DEPUTY, paris(2026, 3, 9, 9)),
        (claire.person_id, COORDINATOR, paris(2026, 3, 9, 10)),
    ]


async def test_a_holiday_waits_too(programme, resident, julien, claire):
    request = await asked(programme, resident, at=paris(2026, 4, 3, 15))
    assert request.promised_at == paris(2026, 4, 3, 18)
    assert await through(programme, paris(2026, 4, 3, 19), paris(2026, 4, 7, 9)) == [
        (julien.person_id, ANIMATOR, paris(2026, 4, 7, 9)),
        (claire.person_id, COORDINATOR, paris(2026, 4, 7, 9)),
    ]


async def test_a_promise_that_ends_with_the_day_is_alerted_at_its_end_though_a_sweep_comes_late(
    programme, resident, julien, claire
):
    await asked(programme, resident, at=paris(2026, 3, 6, 15))
    await sweep(programme, paris(2026, 3, 6, 17))
    await sweep(programme, paris(2026, 3, 6, 18) + timedelta(seconds=40))
    assert await alerts(programme) == [(julien.person_id, ANIMATOR), (claire.person_id, COORDINATOR)]


async def test_the_coordinator_s_hour_runs_on_the_clock_of_the_wall_across_a_change(
    programme, resident, julien, amina, claire
):
    request = await asked(programme, resident, at=paris(2026, 3, 27, 14, 30))
    assert request.promised_at == paris(2026, 3, 27, 17, 30)
    assert (await through(programme, paris(2026, 3, 27, 16), paris(2026, 3, 30, 18)))[1:] == [
        (amina.person_id, DEPUTY, paris(2026, 3, 27, 17, 30)),
        (claire.person_id, COORDINATOR, paris(2026, 3, 30, 9, 30)),
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"first_answer_at": paris(2026, 3, 9, 9, 30), "state": SupportState.IN_PROGRESS},
        {"state": SupportState.CARRIED_OUT},
        {"state": SupportState.CLOSED},
        {"state": SupportState.WITHDRAWN},
    ],
)
async def test_what_is_answered_or_over_alerts_nobody(programme, resident, julien, claire, values):
    request = await asked(programme, resident)
    await change(programme, request, **values)
    await sweep(programme, paris(2026, 3, 9, 11))
    assert await alerts(programme) == []
    assert (await again(programme, request)).next_alert_at is None


async def test_an_alert_that_is_no_longer_true_is_not_said(programme, resident, julien, claire):
    request = await asked(programme, resident)
    await sweep(programme, paris(2026, 3, 9, 11))
    (word,) = await told(programme, ALERT)

    async def said():
        async with programme.database.read() as session:
            return await alert_of(session, programme.clock, word)

    alert = await said()
    assert (alert.number, alert.level, alert.holder, alert.is_late) == (request.number, ANIMATOR, "Julien", False)
    programme.clock.set(paris(2026, 3, 9, 12))
    assert (await said()).is_late
    await change(programme, request, promised_at=paris(2026, 3, 10, 12))
    assert await said() is None
    await change(programme, request, promised_at=request.promised_at, first_answer_at=programme.clock.now())
    assert await said() is None
    await change(programme, request, first_answer_at=None)
    async with programme.database.write() as session:
        await session.exec(update(RoleGrant).values(revoked_at=programme.clock.now()))
    assert await said() is None


async def test_two_sweeps_at_once_alert_once(programme, resident, julien, amina, claire):
    for n in range(3):
        await asked(programme, resident, key=f"update:{n}")
    programme.clock.set(paris(2026, 3, 9, 12))
    await asyncio.gather(*(sweep(programme) for _ in range(4)))
    found = await alerts(programme)
    # All three were given to Julien, whose deputy hears with him.
    assert sorted(found) == sorted([(julien.person_id, ANIMATOR), (amina.person_id, DEPUTY)] * 3)
    async with programme.database.read() as session:
        keys = (await session.exec(select(col(Notice.dedup_key)).where(col(Notice.kind) == ALERT))).all()
    assert len(set(keys)) == 6


class PowerCut(BaseException):
    """Nothing is done after it, not for the other rows either."""


async def test_a_crash_in_between_leaves_each_request_whole(programme, resident, julien, claire, monkeypatch):
    first = await asked(programme, resident, key="update:1")
    second = await asked(programme, resident, key="update:2")
    tell_each, calls = escalation.notices.tell_each, []

    async def crash_at_second(*args, **rest):
        await tell_each(*args, **rest)
        calls.append(1)
        if len(calls) == 2:
            raise PowerCut

    monkeypatch.setattr(escalation.notices, "tell_each", crash_at_second)
    with pytest.raises(PowerCut):
        await sweep(programme, paris(2026, 3, 9, 11))
    assert [(await again(programme, each)).alert_level for each in (first, second)] == [ANIMATOR, AlertLevel.NOBODY]
    assert len(await alerts(programme)) == 1
    await sweep(programme)
    await sweep(programme)
    assert await alerts(programme) == [(julien.person_id, ANIMATOR)] * 2


async def test_a_promise_that_moves_is_alerted_anew(programme, resident, julien, claire):
    await asked(programme, resident)
    await sweep(programme, paris(2026, 3, 9, 11))
    programme.settings = programme.settings.model_copy(
        update={"closures": (Closure(name="Neige", start=date(2026, 3, 9), end=date(2026, 3, 9)),)}
    )
    await recompute_promises(programme.database, programme.clock, programme.settings)
    assert (await through(programme, paris(2026, 3, 9, 11, 15), paris(2026, 3, 11, 9)))[1:] == [
        (julien.person_id, ANIMATOR, paris(2026, 3, 10, 11)),
        (claire.person_id, COORDINATOR, paris(2026, 3, 10, 12)),
    ]


async def test_who_has_blocked_the_bot_is_passed_over(programme, resident, julien, claire):
    await asked(programme, resident)
    async with programme.database.write() as session:
        him = col(Person.id) == julien.person_id
        await session.exec(update(Person).where(him).values(unreachable_since=programme.clock.now()))
    await sweep(programme, paris(2026, 3, 9, 11))
    assert await alerts(programme) == [(claire.person_id, ANIMATOR)]


async def test_a_team_that_closes_for_ever_is_not_swept_for_ever(programme, resident, julien, claire):
    request = await asked(programme, resident)
    programme.settings = programme.settings.model_copy(
        update={"closures": (Closure(name="Fin", start=date(2026, 3, 7), end=date(2099, 1, 1)),)}
    )
    assert not await sweep(programme, paris(2026, 3, 9, 12))
    assert await alerts(programme) == []
    assert (await again(programme, request)).next_alert_at > paris(2027, 3, 1, 9)


async def test_portions_come_to_an_end(programme, resident, julien, claire):
    for n in range(5):
        await asked(programme, resident, key=f"update:{n}")
    programme.clock.set(paris(2026, 3, 9, 11))
    runs = 1
    while await escalate_due(programme.database, programme.clock, programme.settings, portion=2):
        runs += 1
    assert runs == 3
    assert len(await alerts(programme)) == 5
