"""Promises around a public holiday: nobody is alerted on it, and one that was added later is told where it matters."""

from datetime import date, timedelta

from council.working_time import WorkingCalendar, calendar_of, public_holidays
from storage.people import Role
from tests.scenes.manners import check_manners, check_speaks_arabic
from tests.scenes.meeting_steps import WEEKDAYS, on
from tests.scenes.stage import PARIS, Stage
from tests.scenes.support_steps import alerts, asks
from tests.scenes.talk_steps import asked
from tests.scenes.team_steps import is_replaced_by, programme_says

DAY = timedelta(days=1)
REGIONS = ("57", "971", "972", "973", "974", "976")
"""Parts of France with holidays of their own."""


def around(calendar: WorkingCalendar, day: date) -> tuple[date, date]:
    """The last working day before, and the first after."""
    before, after = day - DAY, day + DAY
    while not calendar.is_working_day(before):
        before -= DAY
    while not calendar.is_working_day(after):
        after += DAY
    return before, after


def next_holiday(stage: Stage) -> date:
    """On a day on which the team would work: a 1 May that is a Friday."""
    day = stage.now().astimezone(PARIS).date() + 3 * DAY
    while day.weekday() > 4 or day not in public_holidays(None, day.year):
        day += DAY
    return day


def next_local_holiday(stage: Stage) -> tuple[str, date]:
    """A working day of most, with the part of France whose holiday it is; the working day before is one there too."""
    usual = calendar_of(stage.settings)
    day = stage.now().astimezone(PARIS).date() + 3 * DAY
    while True:
        for region in REGIONS:
            there = calendar_of(stage.settings.model_copy(update={"holidays_region": region}))
            before = around(usual, day)[0]
            if usual.is_working_day(day) and not there.is_working_day(day) and there.is_working_day(before):
                return region, day
        day += DAY


async def test_a_request_on_the_eve_of_a_holiday_is_alerted_in_working_time_alone(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    rosa, samir = await stage.joined("Rosa", "nord"), await stage.joined("Samir", "nord")
    await is_replaced_by(claire, "Julien", "Amina")
    holiday = next_holiday(stage)
    eve, after = around(calendar_of(stage.settings), holiday)

    await stage.go_to(on(eve, 14, 35))
    first = (await asks(rosa, "Une salle pour ce soir")).number
    await rosa.sees(f"Julien vous répondra avant {WEEKDAYS[eve.weekday()]} 17 h")
    await stage.go_to(on(eve, 17, 30))
    second = (await asks(samir, "Une affiche pour la fête")).number
    await samir.sees(
        f"Nous sommes {WEEKDAYS[eve.weekday()]} 17 h",
        f"Julien vous répondra avant {WEEKDAYS[after.weekday()]} 11 h",
    )
    heard = [("Julien", "🟠")]
    assert alerts(julien, amina, claire) == heard
    await julien.sees("🟠", first)
    await stage.go_to(on(eve, 17, 50))
    await amina.sees("🔴", first, "Vous remplacez Julien")
    await rosa.sees(first, "nous n’avons pas répondu à temps")
    heard = [("Julien", "🟠"), ("Amina", "🔴")]
    assert alerts(julien, amina, claire) == heard

    # At night, on the holiday at the hours of a working day, before the doors open.
    nights = [on(eve, 22), on(holiday, 3)]
    hours = [on(holiday, 9, 30), on(holiday, 11, 30), on(holiday, 14, 30), on(holiday, 17, 30)]
    for moment in (*nights, *hours, on(after, 8, 59), on(after, 9, 45)):
        await stage.go_to(moment)
        assert alerts(julien, amina, claire) == heard, moment
    await samir.never_sees("pas répondu à temps")

    await stage.go_to(on(after, 9, 55))
    await claire.sees("🔴", first, "Julien n’a pas encore répondu")
    await stage.go_to(on(after, 10, 45))
    await julien.sees("🟠", second, f"avant {WEEKDAYS[after.weekday()]} 11 h")
    await stage.go_to(on(after, 11, 45))
    await amina.sees("🔴", second, "Vous remplacez Julien")
    await samir.sees(second, "nous n’avons pas répondu à temps")
    await stage.go_to(on(after, 13, 30))
    await claire.never_sees("🔴", second)  # lunch is no work
    await stage.go_to(on(after, 14, 50))
    await claire.sees("🔴", second)
    everything = [
        ("Julien", "🟠"),
        ("Julien", "🟠"),
        ("Amina", "🔴"),
        ("Amina", "🔴"),
        ("Claire", "🔴"),
        ("Claire", "🔴"),
    ]
    assert alerts(julien, amina, claire) == everything
    for hours_later in (1, 24, 72):
        await stage.advance(hours=hours_later)
        assert alerts(julien, amina, claire) == everything
    check_manners(stage)


async def test_a_holiday_that_the_programme_had_forgotten_is_told_to_whom_it_concerns(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    rosa = await stage.joined("Rosa", "nord")
    samira = await stage.joined("سميرة", "nord", language="ar")
    ali = await stage.joined("Ali", "nord")
    region, holiday = next_local_holiday(stage)
    eve, _ = around(calendar_of(stage.settings), holiday)

    await stage.go_to(on(eve, 14, 30))
    kept = (await asks(ali, "Une salle")).number
    await ali.sees(f"Julien vous répondra avant {WEEKDAYS[eve.weekday()]} 17 h")
    await stage.go_to(on(eve, 16))
    moved = (await asks(rosa, "Une affiche")).number
    await rosa.sees(f"Julien vous répondra avant {WEEKDAYS[holiday.weekday()]} 10 h")
    hers = await asked(stage, samira, "قاعة")
    await programme_says(stage, holidays_region=region)
    after = around(calendar_of(stage.settings), holiday)[1]
    told = await rosa.sees("📅", f"Demande {moved}", f"Julien vous répondra avant {WEEKDAYS[after.weekday()]} 10 h")
    assert "L’équipe ne travaille pas" in told.text
    await rosa.taps("Voir ma demande", on=told)
    await rosa.sees(f"Demande {moved}", "la date promise a changé")
    await samira.sees("📅", hers.number)
    await ali.never_sees("📅")

    await stage.go_to(on(eve, 16, 45))
    await julien.sees("🟠", kept)
    await stage.go_to(on(eve, 17, 45))
    await claire.sees("🔴", kept)
    before = alerts(julien, claire)
    assert before == [("Julien", "🟠"), ("Claire", "🔴")]
    for moment in (on(holiday, 9, 5), on(holiday, 10, 5), on(holiday, 15), on(after, 8, 55)):
        await stage.go_to(moment)
        assert alerts(julien, claire) == before, moment
    await stage.go_to(on(after, 9, 20))
    await julien.sees("🟠", moved)
    await julien.sees("🟠", hers.number)
    await stage.go_to(on(after, 10, 20))
    await claire.sees("🔴", moved)
    await claire.sees("🔴", hers.number)
    assert [sum(text.startswith("📅") for text in each.texts()) for each in (samira, ali)] == [1, 0]
    await rosa.never_sees("📅")  # the word itself became the card, and there is no second
    check_manners(stage)
    check_speaks_arabic(samira)
