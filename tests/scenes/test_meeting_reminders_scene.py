"""Time passes: reminders to whom they are for, quiet nights, and both clock changes."""

from datetime import timedelta

import pytest

from storage.people import Role
from tests.scenes.meeting_steps import (
    at,
    count,
    diary,
    fills_in,
    in_french,
    meeting_of,
    next_change,
    on,
    opens_managed,
)
from tests.scenes.stage import PARIS, Stage

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


async def test_each_is_reminded_of_what_they_answered_and_of_the_new_time_after_a_move(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    emma = await stage.joined("Emma", "nord", language="en")
    tom = await stage.joined("Tom", "nord")
    nina = await stage.joined("Nina", "nord")
    people = (rosa, emma, tom, nina)
    first = at(stage, 20, 18, 30)
    await meeting_of(stage, fatou, title="Budget", starts_at=first)
    await rosa.taps("Oui")
    await emma.taps("Maybe")
    await tom.taps("Non")

    def heard() -> dict[str, int]:
        return {each.phone.first_name: len(each.messages()) for each in people}

    start = heard()
    await stage.go_to(first - 7 * DAY - MINUTE)
    assert heard() == start
    await stage.go_to(first - 7 * DAY + MINUTE)
    assert heard() == {**start, "Nina": start["Nina"] + 1}
    reminder = await nina.sees("Budget", "Dans 7 jours", "Viendrez-vous")
    # She answers below the reminder itself, then there are two cards and one answer.
    await nina.taps("Peut-être", on=reminder)
    assert "peut-être" in reminder.text.casefold()

    # Moved two days before: what was planned is dropped, the new time is reminded of.
    await stage.go_to(first - 2 * DAY)
    await opens_managed(fatou, "Budget")
    await fatou.taps("Déplacer")
    second = first + 3 * DAY
    await fatou.sends(f"{second.astimezone(PARIS):%d/%m} à 18h30")
    await fatou.taps("Enregistrer")
    await stage.all_delivered()
    for each in (rosa, tom, nina):
        await each.sees("Une réunion a changé")
    before = heard()
    await stage.go_to(first + HOUR)
    assert heard() == before
    await stage.go_to(second - DAY - MINUTE)
    assert heard() == before
    await stage.go_to(second - DAY + MINUTE)
    await rosa.sees("Budget", "Demain à 18 h 30", "Si vous ne venez plus")
    await emma.sees("Budget", "Tomorrow")
    await nina.sees("Budget", "Demain à 18 h 30")
    assert heard()["Tom"] == before["Tom"]
    # Somebody changes their mind on the reminder: the last one is no more for them.
    await nina.taps("Non", on=await nina.sees("Demain à 18 h 30"))
    await stage.go_to(second - 2 * HOUR + MINUTE)
    await rosa.sees("Budget", "Dans 2 heures")
    await emma.sees("Budget", "2 hours")
    await nina.never_sees("Dans 2 heures")
    after = heard()
    await stage.advance(days=2)
    assert heard() == after  # never after the start, never twice
    assert count(rosa, "Demain à") == count(rosa, "Dans 2 heures") == 1


async def test_nobody_is_written_to_at_night_but_for_a_closed_door(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    # A meeting at 8:30: the last reminder is the evening before.
    morning = at(stage, 3, 8, 30)
    await meeting_of(stage, fatou, title="Petit déjeuner", starts_at=morning)
    await rosa.taps("Oui")
    await stage.go_to(morning - DAY + MINUTE)
    await rosa.sees("Petit déjeuner", "Demain à 8 h 30")
    await stage.go_to(at(stage, 0, 19, 59))
    assert count(rosa, "Petit déjeuner", "Demain") == 1
    await stage.go_to(at(stage, 0, 20, 1))
    assert count(rosa, "Petit déjeuner", "Demain") == 2
    await stage.go_to(morning + MINUTE)
    assert count(rosa, "Petit déjeuner", "Demain") == 2
    assert not count(rosa, "Dans 2 heures")

    # Announced at 22:00: the lead reads when people will hear, and they hear at 8:00.
    await stage.go_to(at(stage, 0, 22))
    await fills_in(fatou, "dans 9 jours à 18h", title="Soirée jeux")
    tomorrow = at(stage, 1, 8)
    await fatou.sees(
        "2 personnes recevront l’annonce", "après la nuit", in_french(tomorrow.astimezone(PARIS).date()), "8 h"
    )
    assert "partira" in await fatou.taps("✅ Annoncer")
    await stage.all_delivered()
    await rosa.never_sees("Soirée jeux")
    # A meeting that would begin before anybody hears of it is asked back; a moment at night means the morning.
    await fills_in(fatou, "demain 7h30", title="Trop tôt")
    await fatou.sees("La nuit, je n’écris à personne", "Quel jour aura lieu")
    await fatou.sends("dans 9 jours à 7h30")
    await fatou.taps("Changer quelque chose")
    await fatou.taps("Moment de l’annonce")
    await fatou.sends("demain 23h30")
    second_morning = at(stage, 2, 8)
    await fatou.sees("L’annonce partira après la nuit", in_french(second_morning.astimezone(PARIS).date()))
    await fatou.taps("Annoncer plus tard")
    await fatou.sees("Trop tôt", "Elle sera annoncée le", in_french(second_morning.astimezone(PARIS).date()))
    # Of a draft the moment can be changed too.
    await fatou.taps("Modifier")
    await fatou.taps("Moment de l’annonce")
    await fatou.sends("dans 4 jours à 9h")
    fourth = at(stage, 4, 9)
    await fatou.sees("L’annonce partira le", in_french(fourth.astimezone(PARIS).date()), "9 h")
    await fatou.taps("Enregistrer")
    await fatou.sees("Trop tôt", "Elle sera annoncée le", in_french(fourth.astimezone(PARIS).date()))
    await stage.go_to(tomorrow - MINUTE)
    await rosa.never_sees("Soirée jeux")
    await stage.go_to(tomorrow + MINUTE)
    await rosa.sees("Soirée jeux", "Viendrez-vous")

    # Called off at 23:00: of a meeting at 7:30 at once, of a later one in the morning.
    early, late = at(stage, 1, 7, 30), at(stage, 5, 18)
    await meeting_of(stage, fatou, title="Départ tôt", starts_at=early)
    await meeting_of(stage, fatou, title="Départ tard", starts_at=late)
    await stage.go_to(at(stage, 0, 23))
    for title in ("Départ tard", "Départ tôt"):
        await opens_managed(fatou, title)
        await fatou.taps("Annuler la réunion")
        await fatou.taps("Le lieu n’est plus libre")
        await fatou.taps("Oui, elle n’aura pas lieu")
    await stage.all_delivered()
    await rosa.sees("Une réunion est annulée", "Départ tôt")
    await rosa.never_sees("Une réunion est annulée", "Départ tard")
    await stage.go_to(at(stage, 1, 8, 1))
    await rosa.sees("Une réunion est annulée", "Départ tard")
    assert count(rosa, "Une réunion est annulée") == 2
    await rosa.never_sees("Trop tôt")
    await stage.go_to(fourth + MINUTE)
    await rosa.sees("Trop tôt", "Viendrez-vous")


@pytest.mark.parametrize("month", [3, 10])
async def test_reminders_keep_the_clock_on_the_wall_when_it_changes(stage: Stage, month: int):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    nina = await stage.joined("Nina", "nord")
    sunday = next_change(stage, month)
    starts_at = on(sunday, 9, 30)
    assert starts_at - on(sunday - DAY, 9, 30) == timedelta(hours=23 if month == 3 else 25)
    await fills_in(fatou, f"{sunday:%d/%m/%Y} à 9h30", title="Vide-grenier")
    await fatou.sees("Vide-grenier", in_french(sunday), "de 9 h 30 à 11 h 30")
    await fatou.taps("✅ Annoncer")
    await stage.all_delivered()
    card = await rosa.sees("Vide-grenier", in_french(sunday), "de 9 h 30")
    await rosa.taps("Oui", on=card)
    await rosa.taps("Ajouter à mon agenda", on=card)
    _, event = diary(rosa, await rosa.sees("Ouvrez ce fichier"))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (starts_at, starts_at + 2 * HOUR)
    # A week before, at the same hour of the clock.
    await stage.go_to(on(sunday - 7 * DAY, 9, 29))
    await nina.never_sees("Dans 7 jours")
    await stage.go_to(on(sunday - 7 * DAY, 9, 31))
    await nina.sees("Vide-grenier", "Dans 7 jours")
    # The day before at the same hour; two hours before falls into the night, so the evening before.
    await stage.go_to(on(sunday - DAY, 9, 29))
    await rosa.never_sees("Demain")
    await stage.go_to(on(sunday - DAY, 9, 31))
    await rosa.sees("Vide-grenier", "Demain à 9 h 30")
    await stage.go_to(on(sunday, 7, 59))
    assert count(rosa, "Vide-grenier", "Dans ") == 0
    await stage.go_to(on(sunday, 8, 1))
    await rosa.sees("Vide-grenier", "Dans 1 heure 30")
    assert count(rosa, "Vide-grenier", "Demain") == 1
    await stage.go_to(starts_at + MINUTE)
    assert (await rosa.taps("Non", on=card)).count("commencé")
