"""Absences: which days, whose, made one where they touch, called off; and what they leave to others."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from promise_scenes import again, animator_of, paris, told
from sqlmodel import col, select
from team_scenes import ask, together

from council import absences, animator_posts
from council.absence_offers import offer_begun, offered_view, take_offered
from council.absences import (
    AbsenceOver,
    AbsenceTooLong,
    AbsenceUpsideDown,
    AwayAlready,
    cancel_absence,
    check_days,
    declare_absence,
)
from council.actors import Actor
from council.animator_posts import CapacityOutOfReach, set_capacity, set_deputy, set_skill
from council.errors import NotAllowed, OutOfDate
from council.local_time import TooFarAway
from council.notices import NoticeKind
from storage import duty
from storage.animators import Absence
from storage.people import Role
from storage.support import SupportKind
from tests.conftest import small_settings

TODAY = date(2026, 3, 2)
OFFERED, DECLARED = NoticeKind.SUPPORT_OFFERED, NoticeKind.ABSENCE_DECLARED


def march(day: int) -> date:
    return date(2026, 3, day)


async def declares(programme, actor: Actor, first: date, last: date, of: Actor | None = None) -> Absence:
    person_id = (of or actor).person_id
    async with programme.database.write() as session:
        return await declare_absence(session, programme.clock, programme.settings, actor, person_id, first, last)


async def calls_off(programme, actor: Actor, absence_id: int) -> None:
    async with programme.database.write() as session:
        await cancel_absence(session, programme.clock, programme.settings, actor, absence_id)


async def noted(programme, person: Actor) -> list[tuple[date, date]]:
    query = select(Absence).where(col(Absence.person_id) == person.person_id, col(Absence.cancelled_at).is_(None))
    async with programme.database.read() as session:
        rows = (await session.exec(query.order_by(col(Absence.starts_on)))).all()
    return [(each.starts_on, each.ends_on) for each in rows]


async def away_on(programme, person: Actor, day: date) -> bool:
    async with programme.database.read() as session:
        return bool(await duty.away_on(session, (person.person_id,), day))


async def heard(programme, kind: NoticeKind) -> list[int]:
    return sorted(each.person_id for each in await told(programme, kind))


async def sweep(programme) -> int:
    return await offer_begun(programme.database, programme.clock, programme.settings)


@given(st.dates(date(2025, 1, 1), date(2029, 1, 1)), st.dates(date(2025, 1, 1), date(2029, 1, 1)))
def test_days_that_can_be_are_ahead_in_order_and_a_year_at_most(first, last):
    settings, now = small_settings(), paris(2026, 3, 2, 10)
    try:
        check_days(first, last, now, settings)
    except AbsenceOver:
        assert first < TODAY
    except AbsenceUpsideDown:
        assert last < first
    except AbsenceTooLong:
        assert (last - first).days >= 366
    except TooFarAway:
        assert first > TODAY + timedelta(days=547)
    else:
        assert TODAY <= first <= last < first + timedelta(days=366)


async def test_first_and_last_day_are_in_it_and_the_days_around_are_not(programme, julien):
    await declares(programme, julien, march(3), march(5))
    assert [await away_on(programme, julien, march(day)) for day in range(2, 7)] == [False, True, True, True, False]


async def test_absences_that_touch_become_one(programme, julien):
    await declares(programme, julien, march(3), march(5))
    await declares(programme, julien, march(10), march(12))
    await declares(programme, julien, march(20), march(20))
    assert await noted(programme, julien) == [(march(3), march(5)), (march(10), march(12)), (march(20), march(20))]
    await declares(programme, julien, march(6), march(10))
    assert await noted(programme, julien) == [(march(3), march(12)), (march(20), march(20))]
    with pytest.raises(AwayAlready):
        await declares(programme, julien, march(4), march(11))
    with pytest.raises(AbsenceTooLong):
        await declares(programme, julien, march(13), march(13) + timedelta(days=360))
    assert len(await noted(programme, julien)) == 2


async def test_two_that_are_declared_at_once_become_one(programme, julien):
    await together(declares(programme, julien, march(3), march(5)), declares(programme, julien, march(5), march(9)))
    assert await noted(programme, julien) == [(march(3), march(9))]


async def test_who_may_note_an_absence(programme, julien, claire, rosa):
    fatou = await programme.person("Fatou", roles=((Role.LEAD, programme.nord),))
    for actor, of in ((rosa, rosa), (fatou, fatou), (julien, claire), (rosa, julien), (claire, rosa)):
        with pytest.raises(NotAllowed):
            await declares(programme, actor, march(3), march(5), of)
    await declares(programme, claire, march(3), march(5), julien)
    await declares(programme, claire, march(3), march(5))
    assert await heard(programme, DECLARED) == [julien.person_id], "who noted it knows"


async def test_who_coordinates_and_who_stands_in_hear_of_it(programme, julien, amina, claire):
    await declares(programme, julien, march(3), march(5))
    assert await heard(programme, DECLARED) == sorted((amina.person_id, claire.person_id))
    assert await heard(programme, OFFERED) == [], "it has not begun"


async def test_called_off_it_never_was_and_once_begun_what_was_stays(programme, julien, claire, amina):
    coming = await declares(programme, julien, march(3), march(12))
    with pytest.raises(NotAllowed):
        await calls_off(programme, amina, coming.id)
    programme.clock.set(paris(2026, 3, 6, 9))
    await calls_off(programme, claire, coming.id)
    assert await noted(programme, julien) == [(march(3), march(5))]
    assert not await away_on(programme, julien, march(6))
    with pytest.raises(OutOfDate):
        await calls_off(programme, julien, coming.id)
    later = await declares(programme, julien, march(20), march(22))
    await calls_off(programme, julien, later.id)
    assert await noted(programme, julien) == [(march(3), march(5))]
    with pytest.raises(NotAllowed):
        await calls_off(programme, julien, 999_999)


async def test_what_they_hold_is_offered_at_once_when_it_begins_today(programme, julien, amina, claire, rosa):
    await ask(programme, rosa)
    absence = await declares(programme, julien, TODAY, march(5))
    assert await heard(programme, OFFERED) == sorted((amina.person_id, claire.person_id))
    await sweep(programme)
    assert len(await told(programme, OFFERED)) == 2, "once"
    async with programme.database.read() as session:
        view = await offered_view(session, amina, absence.id, TODAY)
    assert [each.number for each in view.requests] == ["D-2026-001"]
    assert (view.deputy, view.first_name) == ("Amina", "Julien")


async def test_what_they_hold_is_offered_on_the_first_working_morning_once(programme, julien, amina, claire, rosa):
    await ask(programme, rosa)
    await declares(programme, julien, march(7), march(12))  # a Saturday
    for moment in (paris(2026, 3, 6, 23), paris(2026, 3, 7, 9), paris(2026, 3, 8, 12), paris(2026, 3, 9, 8, 59)):
        programme.clock.set(moment)
        assert await sweep(programme) == 0
    programme.clock.set(paris(2026, 3, 9, 9))
    assert await sweep(programme) == 1
    assert await sweep(programme) == 0
    assert await heard(programme, OFFERED) == sorted((amina.person_id, claire.person_id))


async def test_an_absence_of_today_that_leaves_nothing_is_told_all_the_same(programme, julien, amina, claire):
    await declares(programme, julien, TODAY, march(5))
    assert await heard(programme, DECLARED) == sorted((amina.person_id, claire.person_id))
    await sweep(programme)


async def test_an_absence_that_was_called_off_offers_nothing(programme, julien, amina, rosa):
    await ask(programme, rosa)
    absence = await declares(programme, julien, march(4), march(5))
    await calls_off(programme, julien, absence.id)
    programme.clock.set(paris(2026, 3, 4, 9, 30))
    assert await sweep(programme) == 0


async def test_who_stands_in_takes_over_one_or_all(programme, julien, amina, claire, rosa):
    one, two, three = [await ask(programme, rosa) for _ in range(3)]
    absence = await declares(programme, julien, TODAY, march(5))

    async def takes_over(actor: Actor, request_id: int | None = None) -> int:
        async with programme.database.write() as session:
            return await take_offered(session, programme.clock, programme.settings, actor, absence.id, request_id)

    denis = await animator_of(programme, programme.sud, name="Denis")
    for stranger in (rosa, denis):
        with pytest.raises(NotAllowed):
            await takes_over(stranger)
    assert await takes_over(amina, two.id) == 1
    assert await takes_over(claire, two.id) == 0, "she has it"
    assert await takes_over(claire) == 2
    holders = [(await again(programme, each)).animator_id for each in (one, two, three)]
    assert holders == [claire.person_id, amina.person_id, claire.person_id]
    assert await takes_over(amina) == 0
    await calls_off(programme, julien, absence.id)
    with pytest.raises(OutOfDate):
        await takes_over(amina)


async def test_new_requests_go_to_the_deputy_meanwhile(programme, julien, amina, rosa):
    absence = await declares(programme, julien, TODAY, march(5))
    assert (await ask(programme, rosa)).animator_id == amina.person_id
    await calls_off(programme, julien, absence.id)
    assert (await ask(programme, rosa)).animator_id == julien.person_id


async def test_a_deputy_is_of_the_team_and_not_oneself(programme, julien, amina, claire, rosa):
    async def says(actor: Actor, of: Actor, deputy: Actor | None) -> None:
        async with programme.database.write() as session:
            await set_deputy(session, programme.clock, actor, of.person_id, deputy.person_id if deputy else None)

    for actor, of, deputy in (
        (julien, julien, julien),
        (julien, julien, rosa),
        (julien, amina, julien),
        (rosa, julien, amina),
    ):
        with pytest.raises(NotAllowed):
            await says(actor, of, deputy)
    await says(claire, julien, claire)
    async with programme.database.read() as session:
        assert (await animator_posts.post_of(session, programme.settings, julien, julien.person_id)).deputy == "Claire"
    await says(julien, julien, None)
    async with programme.database.read() as session:
        post = await animator_posts.post_of(session, programme.settings, claire, julien.person_id)
        with pytest.raises(NotAllowed):
            await animator_posts.post_of(session, programme.settings, amina, julien.person_id)
        with pytest.raises(NotAllowed):
            await absences.absences_of(session, amina, julien.person_id, TODAY)
    assert (post.deputy, post.capacity, post.usual) == (None, None, 20)


async def test_capacity_and_skills_are_kept_and_checked(programme, julien):
    async with programme.database.write() as session:
        for wrong in (0, -1, 201):
            with pytest.raises(CapacityOutOfReach):
                await set_capacity(session, programme.clock, julien, julien.person_id, wrong)
        await set_capacity(session, programme.clock, julien, julien.person_id, 5)
        for has in (True, True):
            await set_skill(session, programme.clock, julien, julien.person_id, SupportKind.BUDGET, has)
        await set_skill(session, programme.clock, julien, julien.person_id, SupportKind.ROOM, has=False)
    async with programme.database.read() as session:
        post = await animator_posts.post_of(session, programme.settings, julien, julien.person_id)
    assert (post.capacity, post.skills) == (5, {SupportKind.BUDGET})
