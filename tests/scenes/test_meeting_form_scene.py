"""A lead creates a meeting: by buttons alone, in words, with slips, across stops, at night and when clocks change."""

from datetime import timedelta

import pytest

from playground.attachments import Attachment
from storage.meetings import MeetingState
from storage.people import Role
from tests.scenes.meeting_steps import (
    QUESTIONS,
    at,
    count,
    fills_in,
    in_french,
    meeting_of,
    meetings,
    next_change,
    notices,
    on,
)
from tests.scenes.stage import PARIS, Stage


async def test_by_buttons_alone_what_is_previewed_is_what_residents_get_once(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    samir = await stage.joined("Samir", "nord", language="ar")
    emma = await stage.joined("Emma", "nord", "sud", language="en")
    other = await stage.joined("Paul", "sud")
    await meeting_of(stage, fatou, title="La première", place="Maison de quartier", latitude=43.63, longitude=1.45)

    await fatou.sends("/menu")
    await fatou.taps("Créer une réunion")
    # Each step leads back, and back again loses nothing.
    await fatou.taps("Réunion plénière")
    await fatou.taps("Retour")
    await fatou.sees("Quel genre de réunion")
    await fatou.taps("Commission")
    await fatou.taps("Atelier propreté")
    await fatou.taps("▶")
    await fatou.taps("Retour")
    await fatou.sees("Quel est le titre")
    await fatou.taps("Garder : Atelier propreté")
    when = at(stage, 40, 18, 30).astimezone(PARIS)
    pages = (when.year - stage.now().year) * 12 + when.month - stage.now().astimezone(PARIS).month
    for _ in range(pages):
        await fatou.taps("▶")
    day = next(each for each in fatou.buttons() if each == str(when.day))
    await _taps_exactly(fatou, day)
    await fatou.taps("Retour")
    await fatou.sees("Quel jour aura lieu")
    await _taps_exactly(fatou, day)
    await _taps_exactly(fatou, "18 h")
    await fatou.taps("18 h 30")
    await fatou.taps("1 heure 30")
    await fatou.taps("Maison de quartier")
    await fatou.taps("Pas d’ordre du jour")
    await _taps_exactly(fatou, "20")
    await fatou.taps("Pas de fichier")
    await fatou.taps("Tout de suite")
    preview = await fatou.sees("Atelier propreté", in_french(when.date()), "de 18 h 30 à 20 h", "Maison de quartier")
    question = await fatou.sees("4 personnes recevront l’annonce")
    assert len(question.text.splitlines()) <= 5
    place_shown = fatou.messages()[-2]
    assert place_shown.body["location"]["latitude"] == 43.63
    assert "aperçu" in await fatou.taps("Oui", on=preview)
    assert [each.title for each in await meetings(stage)] == ["La première"]

    # A double tap on the confirmation makes one meeting.
    row = next(n for n, row in enumerate(question.buttons) if "Annoncer" in row[0]["text"])
    presses = [fatou.phone.presses(question, row=row) for _ in range(2)]
    await stage.until(lambda: all(each.answer is not None for each in presses))
    assert "annoncé" in presses[0].answer.text
    assert "n’est plus ouvert" in presses[1].answer.text
    await stage.all_delivered()
    assert [each.title for each in await meetings(stage)] == ["La première", "Atelier propreté"]
    card = await fatou.sees("Atelier propreté", "0 inscrit", "20 places en tout")
    assert card.id == question.id

    got = await rosa.sees("Atelier propreté")
    assert got.text == preview.text
    assert [len(each) for each in got.buttons] == [len(each) for each in preview.buttons]
    assert count(rosa, "Atelier propreté") == 1
    assert "location" in rosa.messages()[-1].body
    # Each in their language, the lead's place as written.
    english = await emma.sees("Maison de quartier", str(when.year), "18:30")
    assert emma.buttons(english)[:3] == ["Yes", "Maybe", "No"]
    assert count(emma, "Maison de quartier", "18:30") == 2
    arabic = await samir.sees("Maison de quartier", "Atelier propreté")
    assert "نعم" in samir.buttons(arabic)[0]
    await other.never_sees("Atelier")


async def test_in_words_at_a_chosen_time_changed_and_cancelled_before(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    today = stage.now().astimezone(PARIS).date()
    in_march = on(_next_day(today, 3, 12), 18)
    await fills_in(
        fatou,
        "mardi 18h30",
        kind="tap:Formation",
        title="Lire un budget <b>& débattre</b>",
        length="1h45",
        place="3 rue du Nord",
        agenda="1. Bilan\n2. Questions & réponses",
        capacity="25 places",
        announce="demain 9h",
    )
    tuesday = today + timedelta(days=1)
    await fatou.sees("Lire un budget <b>& débattre</b>", in_french(tuesday), "de 18 h 30 à 20 h 15", "3 rue du Nord")
    await fatou.sees("L’annonce partira le", in_french(tuesday), "9 h")
    # Before it is even kept: another day, from the preview.
    await fatou.taps("Changer quelque chose")
    await fatou.taps("Jour et heure")
    await fatou.sends("12/03 à 18h")
    await fatou.sees("Lire un budget", in_french(in_march.astimezone(PARIS).date()), "de 18 h à 19 h 45")
    assert "partira" in await fatou.taps("Annoncer plus tard")
    await fatou.sees("Lire un budget", "Elle sera annoncée le", in_french(tuesday))
    (draft,) = await meetings(stage)
    assert (draft.state, draft.starts_at, draft.minutes, draft.capacity) == (MeetingState.DRAFT, in_march, 105, 25)

    # The draft is changed without anybody hearing of it, then leaves by itself as it is by then.
    await fatou.taps("Modifier")
    await fatou.taps("Titre")
    await fatou.sends("Lire le budget")
    await fatou.sees("vos changements", "L’annonce partira le", in_french(tuesday))
    await fatou.taps("Enregistrer")
    await fatou.sees("Lire le budget", "Elle sera annoncée le")
    await stage.go_to(at(stage, 1, 8, 59))
    await rosa.never_sees("budget")
    await stage.go_to(at(stage, 0, 9, 1))
    got = await rosa.sees("Lire le budget", "1. Bilan\n2. Questions & réponses", "Il reste 25 places")
    assert got.body["entities"]
    await stage.advance(seconds=10)
    await fatou.sees("Lire le budget", "0 inscrit", "25 places en tout")
    assert not [each for each in fatou.texts() if "Elle sera annoncée" in each and "Lire le" in each]

    # Another draft is called off before its time: nobody ever hears of it.
    await fills_in(fatou, "mercredi 18h", title="Jamais", announce="demain 9h")
    await fatou.taps("Annoncer plus tard")
    await fatou.taps("Annuler la réunion")
    await fatou.taps("La date ne convient plus")
    await fatou.sees("0 personne sera prévenue")
    await fatou.taps("Oui, elle n’aura pas lieu")
    await stage.advance(days=2)
    await rosa.never_sees("Jamais")
    assert len(await notices(stage, "meeting_announced")) == 2


async def test_a_place_of_the_map_gives_its_name_and_its_point(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    await fills_in(fatou, "dans 9 jours à 18h", until="place")
    details = {"latitude": 43.63, "longitude": 1.45, "title": "Maison <3", "address": "3 rue du Nord"}
    await fatou.sends(attachment=Attachment("venue", details=details))
    await fatou.taps("Pas d’ordre du jour")
    await fatou.taps("Autant que l’on veut")
    await fatou.taps("Pas de fichier")
    await fatou.taps("Tout de suite")
    await fatou.taps("✅ Annoncer")
    (meeting,) = await meetings(stage)
    assert (meeting.place, meeting.latitude, meeting.longitude) == ("Maison <3, 3 rue du Nord", 43.63, 1.45)


SLIPS = (
    ("start", "31/02", "n’existe pas"),
    ("start", "demain 25h", "n’existe pas"),
    ("start", "hier à 18h", "déjà passé"),
    ("start", "quand vous voulez", "pas compris"),
    ("start", "12/03/2099 à 18h", "trop loin"),
    ("start", "x" * 4096, "pas compris"),
    ("length", "longtemps", "pas compris la durée"),
    ("length", "40 h", "12 heures"),
    ("title", "\u200b", "Il faut un titre"),
    ("title", "\u202e\u2066", "Il faut un titre"),
    ("place", "L" * 201, "trop long"),
    ("place", "\u2800", "Il faut un lieu"),
    ("agenda", "A" * 4096, "trop long"),
    ("capacity", "beaucoup", "pas trouvé de nombre"),
    ("capacity", "999999", "5 000 places"),
    ("capacity", "1 000 000 places", "5 000 places"),
    ("capacity", "20-30", "plusieurs nombres"),
    ("capacity", "entre 20 et 30", "plusieurs nombres"),
)


@pytest.mark.parametrize(("written", "seats"), [("1 000 places", 1000), ("1.200", 1200), ("30 places", 30)])
async def test_seats_are_read_as_people_write_them_and_a_title_turns_no_words_around(stage: Stage, written, seats):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    await fills_in(fatou, "dans 9 jours à 18h", title="\u202eFête \u200bdu quartier", capacity=written)
    await fatou.taps("✅ Annoncer")
    (meeting,) = await meetings(stage)
    assert (meeting.title, meeting.capacity) == ("Fête du quartier", seats)


async def test_whatever_is_sent_at_each_step_a_sentence_comes_back_and_the_dialogue_stays(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    await fatou.sends("/reunion")
    said = {
        "start": "dans 9 jours à 18h",
        "title": "שלום <b>& co</b> مرحبا 🎉",
        "place": "Salle <b>&",
        "agenda": "جدول الأعمال <i>&",
    }
    for step, question, _, usual in QUESTIONS:
        await fatou.sends(attachment=Attachment("voice" if step != "media" else "contact"))
        await fatou.sees(question, times=1)
        asked = fatou.messages()[-1]
        assert question in asked.text
        assert len(asked.text.splitlines()) <= 5
        assert {"Annuler"} <= set(fatou.buttons(asked))
        for slip_step, slip, told in SLIPS:
            if slip_step == step:
                await fatou.sends(slip)
                answered = fatou.messages()[-1]
                assert told in answered.text.replace("\u202f", " "), (slip, answered.text)
                assert question in answered.text, slip
        if step in ("kind", "announce"):
            await fatou.sends(attachment=Attachment("sticker"))
            assert "boutons" in fatou.texts()[-1]
        if step in said:
            await fatou.sends(said[step])
        else:
            await fatou.taps(usual)
    await fatou.sends(attachment=Attachment("sticker"))
    await fatou.sees("2 personnes recevront l’annonce", times=2)
    await fatou.taps("✅ Annoncer")
    await rosa.sees("שלום <b>& co</b> مرحبا 🎉")
    refused = [each.error for each in stage.playground.world.calls if each.status == 400]
    assert refused == []


async def test_the_form_survives_a_stop_and_a_day_and_ends_by_cancelling_at_any_step(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    await fills_in(fatou, "dans 9 jours à 18h", until="place")
    await fatou.sees("Où est la réunion")
    await stage.stop_bot()
    fatou.phone.sends("Salle des fêtes")  # while nobody listens
    await stage.start_bot()
    await stage.quiet_moment()
    await fatou.sees("De quoi parlerez-vous")
    # A day later it is paused with a word, and goes on where it stood.
    await stage.advance(hours=24, minutes=5)
    told = await fatou.sees("sans la finir", "continuer")
    await fatou.taps("Continuer", on=told)
    assert (await fatou.sees("De quoi parlerez-vous")).id == told.id
    await fatou.taps("Pas d’ordre du jour")
    await fatou.taps("Retour")
    await fatou.sees("De quoi parlerez-vous")
    await fatou.taps("Pas d’ordre du jour")
    await fatou.sees("Combien de personnes")
    await fatou.taps("Annuler")
    await fatou.sees("Que voulez-vous faire")
    await fatou.sends("20")
    await fatou.sees("Que voulez-vous en faire")
    await fatou.taps("Rien")
    # Cancelled at each step, and nothing stays behind.
    for step in ("kind", "title", "start", "length", "place", "agenda", "media", "announce", "preview"):
        await fills_in(fatou, "dans 9 jours à 18h", until=step)
        assert "Annulé" in await fatou.taps("Annuler")
    # Left at the preview until the moment of the announcement has gone by: that moment is asked again.
    await fills_in(fatou, "dans 9 jours à 18h", announce="demain 9h")
    await fatou.sees("L’annonce partira le")
    await stage.advance(hours=24, minutes=5)
    await fatou.taps("Continuer")
    await fatou.sees("déjà passé", "Quand faut-il annoncer")
    await fatou.taps("Annuler")
    # Left alone and let go.
    await fills_in(fatou, "", until="title")
    await stage.advance(hours=24, minutes=5)
    await fatou.taps("Laisser tomber")
    await fatou.sees("C’est oublié")
    assert await meetings(stage) == []


async def test_the_hour_that_spring_skips_and_the_one_that_autumn_repeats_are_asked_back(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    spring, autumn = next_change(stage, 3), next_change(stage, 10)
    for day, question, offered in (
        (spring, "n’existe pas", ["1 h 30", "3 h 30"]),
        (autumn, "arrive deux fois", ["2 h 30, avant le changement", "2 h 30, après le changement"]),
    ):
        await fills_in(fatou, f"{day.day}/{day.month}/{day.year} à 2h30", until="length", title=f"Nuit {day.month}")
        asked = await fatou.sees(in_french(day), "2 h 30", question, "Quelle heure voulez-vous")
        assert [each.replace("\u00a0", " ") for each in fatou.buttons(asked)][:2] == offered
        await fatou.taps(offered[1])
        await fills_in_rest(fatou)
        await fatou.taps("✅ Annoncer")
        await fatou.sees(f"Nuit {day.month}", "0 inscrit")
    starts = [each.starts_at for each in await meetings(stage)]
    assert starts == [on(spring, 3, 30), on(autumn, 2, 30, fold=1)]


async def fills_in_rest(fatou) -> None:
    await fatou.taps("2 heures")
    await fatou.sends("Salle des fêtes")
    for label in ("Pas d’ordre du jour", "Autant que l’on veut", "Pas de fichier", "Tout de suite"):
        await fatou.taps(label)


async def _taps_exactly(person, label: str) -> None:
    """The button that says just this: « 1 » is in « 12 » too."""
    shown = person.messages()[-1]
    wanted = [
        (row, column)
        for row, buttons in enumerate(shown.buttons)
        for column, button in enumerate(buttons)
        if " ".join(button["text"].split()) == label
    ]
    press = person.phone.presses(shown, row=wanted[0][0], column=wanted[0][1])
    await person.stage.until(lambda: press.answer is not None)
    await person.stage.quiet_moment()


def _next_day(today, month: int, day: int):
    this_year = today.replace(month=month, day=day)
    return this_year if this_year >= today else this_year.replace(year=today.year + 1)
