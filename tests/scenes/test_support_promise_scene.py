"""A promise and those who keep it: asked on a Friday evening, alerted on Monday, each once, nobody at night."""

from datetime import date, datetime, time, timedelta

import pytest

from council.settings import Closure
from council.working_time import calendar_of, public_holidays
from storage.animators import AnimatorPost
from storage.people import Role
from tests.scenes.meeting_steps import WEEKDAYS, next_change, on
from tests.scenes.stage import PARIS, Person, Stage
from tests.scenes.support_steps import alerts, asks
from tests.scenes.team_steps import programme_says

FRIDAY = 4
DAY = timedelta(days=1)


async def stands_in(stage: Stage, animator: Person, deputy: Person) -> None:
    posts = AnimatorPost(
        person_id=(await stage.actor(animator)).person_id, deputy_id=(await stage.actor(deputy)).person_id
    )
    async with stage.database.write() as session:
        await session.merge(posts)


async def closes_on(stage: Stage, day: date) -> None:
    await programme_says(stage, closures=(Closure(name="Pont", start=day, end=day),))


async def ordinary_friday_evening(stage: Stage) -> datetime:
    """To a Friday at 18:40 before a week without a holiday, whatever day it is today. The Monday after it, at 0:00."""
    day = stage.now().astimezone(PARIS).date()
    while day.weekday() != FRIDAY or any(
        day + n * DAY in public_holidays(None, (day + n * DAY).year) for n in range(8)
    ):
        day += DAY
    await stage.go_to(datetime.combine(day, time(18, 40), PARIS))
    return datetime.combine(day + 3 * DAY, time(), PARIS)


async def test_a_friday_evening_is_alerted_on_monday_to_each_once_and_to_nobody_at_night(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    rosa = await stage.joined("Rosa", "nord")
    await stands_in(stage, julien, amina)
    team = (julien, amina, claire)

    monday = await ordinary_friday_evening(stage)
    number = (await asks(rosa, "Nous cherchons une salle")).number
    await rosa.sees("Nous sommes vendredi 18 h 40", "du lundi au vendredi", "Julien vous répondra avant lundi 12 h")
    for moment in (
        monday - timedelta(days=1, hours=13),
        monday - timedelta(hours=13),
        monday + timedelta(hours=3),
        monday + timedelta(hours=9, minutes=30),
        monday + timedelta(hours=10, minutes=59),
    ):
        await stage.go_to(moment)
        assert alerts(*team) == []

    await stage.go_to(monday + timedelta(hours=11))
    alert = await julien.sees("🟠", number, "attend une réponse avant lundi 12 h", "Trouver une salle")
    assert julien.buttons(alert) == ["Ouvrir la demande"]
    assert alerts(*team) == [("Julien", "🟠")]

    await stage.go_to(monday + timedelta(hours=12))
    await amina.sees("🔴", number, "attendait une réponse avant lundi 12 h", "Vous remplacez Julien")
    assert alerts(*team) == [("Julien", "🟠"), ("Amina", "🔴")]
    await stage.go_to(monday + timedelta(hours=14, minutes=30))
    assert alerts(claire) == []

    await stage.go_to(monday + timedelta(hours=15))
    await claire.sees("🔴", number, "Julien n’a pas encore répondu")
    everybody = [("Julien", "🟠"), ("Amina", "🔴"), ("Claire", "🔴")]
    assert alerts(*team) == everybody
    for hours in (1, 10, 24, 72):
        await stage.advance(hours=hours)
        assert alerts(*team) == everybody
    assert alerts(rosa) == []


async def test_a_closure_added_on_the_weekend_moves_the_promise_and_one_on_thursday_is_not_told(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    rosa = await stage.joined("Rosa", "nord")
    monday = await ordinary_friday_evening(stage)
    number = (await asks(rosa, "Nous cherchons une salle")).number

    await stage.go_to(monday - timedelta(hours=14))
    await closes_on(stage, monday.date() + timedelta(days=3))
    await rosa.never_sees("📅")
    await closes_on(stage, monday.date())
    await stage.all_delivered()
    told = await rosa.sees(
        "📅", f"Demande {number}", "Julien vous répondra avant mardi 12 h", "ne travaille pas : lun."
    )
    assert "Voir ma demande" in rosa.buttons(told)

    await stage.go_to(monday + timedelta(hours=14))
    assert alerts(julien, claire) == []
    await stage.go_to(monday + timedelta(days=1, hours=11))
    await julien.sees("🟠", number, "avant mardi 12 h")
    await stage.advance(days=1)
    assert alerts(julien, claire) == [("Julien", "🟠"), ("Claire", "🔴")]
    assert sum(text.startswith("📅") for text in rosa.texts()) == 1


@pytest.mark.parametrize("month", [3, 10])
async def test_a_promise_is_kept_by_the_clock_on_the_wall_when_it_changes(stage: Stage, month: int):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    rosa = await stage.joined("Rosa", "nord")
    sunday = next_change(stage, month)
    day = sunday + DAY  # of the first answer, unless it is Easter Monday
    while not calendar_of(stage.settings).is_working_day(day):
        day += DAY
    friday = sunday - 2 * DAY
    on_the_wall = datetime.combine(day, time(12)) - datetime.combine(friday, time(18, 40))
    assert on(day, 12) - on(friday, 18, 40) == on_the_wall - timedelta(hours=1 if month == 3 else -1)
    await stage.go_to(on(friday, 18, 40))
    number = (await asks(rosa, "Nous cherchons une salle")).number
    await rosa.sees("Nous sommes vendredi 18 h 40", f"Julien vous répondra avant {WEEKDAYS[day.weekday()]} 12 h")
    for hour, minute, heard in (
        (10, 59, []),
        (11, 0, [("Julien", "🟠")]),
        (11, 59, [("Julien", "🟠")]),
        (12, 0, [("Julien", "🟠"), ("Claire", "🔴")]),
    ):
        await stage.go_to(on(day, hour, minute))
        assert alerts(julien, claire) == heard, (hour, minute)
    await julien.sees("🟠", number, "12 h")


async def test_who_is_warned_opens_the_request_answers_and_nobody_else_is_disturbed(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    rosa = await stage.joined("Rosa", "nord")
    await stands_in(stage, julien, amina)
    monday = await ordinary_friday_evening(stage)
    number = (await asks(rosa, "Nous cherchons une salle")).number
    await stage.go_to(monday + timedelta(hours=11))
    await julien.taps("Ouvrir la demande", on=await julien.sees("🟠", number))
    await julien.taps("Répondre")
    await julien.sends("La salle des fêtes est libre.")
    await stage.all_delivered()
    await rosa.sees("La salle des fêtes est libre.")
    for hours in (1, 4, 24):
        await stage.go_to(monday + timedelta(hours=11 + hours))
        assert alerts(amina, claire) == []
