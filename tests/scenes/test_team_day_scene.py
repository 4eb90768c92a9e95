"""The team's day: what the morning says, who has how much, a request that changes hands in two taps, the figures."""

import io
from datetime import date, datetime, time, timedelta

from openpyxl import load_workbook
from PIL import Image

from council.working_time import Why, calendar_of
from handlers.cards.request import CarryOutPress
from playground.messages import Message
from storage.people import Role
from storage.support import SupportRequest, SupportState, Verdict
from tests.scenes.manners import check_manners
from tests.scenes.stage import PARIS, Stage
from tests.scenes.support_steps import asks
from tests.scenes.talk_steps import replies
from tests.scenes.team_steps import holder, made

TUESDAY, WEDNESDAY, FRIDAY = 1, 2, 4


def sent_file(stage: Stage, message: Message, kind: str) -> bytes:
    """A document, or the largest size of a photo."""
    sent = message.body[kind]
    stored = stage.playground.world.files.get((sent[-1] if isinstance(sent, list) else sent)["file_id"])
    assert stored is not None
    return stored.data


async def test_on_monday_morning_each_hears_what_waits_and_opens_it(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    await stage.go_to_next(FRIDAY, 18)
    await julien.never_sees("ce matin")
    request = await made(stage, rosa, "Une salle", "nord")
    await stage.advance(hours=16)  # Saturday, 10:00
    await julien.never_sees("ce matin")
    await stage.go_to_next(0, 8, 55)
    await julien.never_sees("ce matin")
    await stage.go_to_next(0, 9)
    digest = await julien.sees("Vos demandes ce matin", "1 réponse promise aujourd’hui", "1 nouvelle demande")
    await claire.sees("L’équipe ce matin", "1 nouvelle demande")
    await amina.never_sees("ce matin")
    await stage.advance(minutes=30)
    assert len([each for each in julien.texts() if "ce matin" in each]) == 1
    await julien.taps("Ouvrir les demandes", on=digest)
    await julien.sees("Mes demandes à traiter")
    assert any(request.number in each for each in julien.buttons())
    check_manners(stage)


async def test_a_holiday_has_no_morning_and_the_day_after_tells_of_it_all(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    calendar = calendar_of(stage.settings)
    day = stage.now().astimezone(PARIS).date() + timedelta(days=2)
    while not ((why := calendar.why_closed(day)) and why.why is Why.HOLIDAY and day.weekday() < FRIDAY):
        day += timedelta(days=1)
    await stage.go_to(at(day - timedelta(days=1), 20))
    await made(stage, rosa, "Une salle", "nord")
    await stage.go_to(at(day, 9, 30))
    await julien.never_sees("ce matin")
    await stage.go_to(at(next_working_day(calendar, day), 9))
    await julien.sees("Vos demandes ce matin", "1 nouvelle demande")


async def test_the_coordinator_gives_a_request_to_somebody_else_in_two_taps(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    request = await made(stage, rosa, "Une salle", "nord")
    await claire.sends("/equipe")
    await claire.sees("L’équipe", "1 demande en cours, aucune en retard")
    await claire.taps("Julien : 1 sur 20")
    await claire.taps(request.number)
    asked = await claire.sees(
        f"Demande {request.number}", "Besoin : ", "Quartier Nord", "Rosa écrit", "Une salle", "À qui la confier ?"
    )
    assert not any("Julien" in each for each in claire.buttons(asked))
    toast = await claire.taps("Confier à Amina")
    assert f"La demande {request.number} est confiée" in toast
    await claire.sees("Julien", "Aucune demande en cours")
    assert await holder(stage, request) == "Amina"
    await amina.sees(f"Demande {request.number}", "vous prenez la suite")
    await julien.sees(request.number)

    # Who is no coordinator reads, and a forged button changes nothing.
    await amina.sends("/equipe")
    await amina.sees("L’équipe", "Amina : 1 sur 20")
    assert not any("Amina" in each for each in amina.buttons())
    last = amina.messages()[-1]
    person = (await stage.actor(julien)).person_id
    for forged in (f"tmx:{request.id}:{person}:", f"tmg:{request.id}:0", f"tmh:{person}:0", "tmx:99999:1:"):
        assert "Vous ne pouvez pas" in await amina.forges(forged, on=last), forged
    await rosa.sends("/menu")
    for forged in (
        "tml:0",
        "fig::",
        "figp",
        f"figf:sheet:{date(2026, 1, 1).toordinal()}:{date(2026, 2, 1).toordinal()}",
    ):
        assert "Vous ne pouvez pas" in await rosa.forges(forged, on=rosa.messages()[-1]), forged
    assert await holder(stage, request) == "Amina"

    # An old list: the request has ended meanwhile.
    await claire.taps("Retour")
    await claire.taps("Amina : 1 sur 20")
    await claire.taps(request.number)
    async with stage.database.write() as session:
        (await session.get_one(SupportRequest, request.id)).state = SupportState.WITHDRAWN
    assert "a changé" in await claire.taps("Confier à Julien")
    check_manners(stage)


async def test_figures_come_as_a_picture_and_a_workbook_without_who_asked(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    await stage.joined("=HYPERLINK(1)", "nord", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    requests = [await made(stage, rosa, "Une salle", "nord") for _ in range(6)]
    async with stage.database.write() as session:
        for place, each in enumerate(requests, 1):
            row = await session.get_one(SupportRequest, each.id)
            row.first_answer_minutes, row.completion_minutes = place * 60, place * 600
            row.verdict, row.face = (Verdict.SOLVED if place <= 3 else Verdict.NO), 5
    await claire.sends("/equipe")
    await claire.taps("Délais")
    await claire.sees("6 demandes", "Première réponse : une sur deux en 3 h 30, neuf sur dix en 6 h")
    await claire.sees("Résolues : 50 %, sur 6 avis")
    await claire.taps("Autre période")
    await claire.taps("Ce trimestre")
    await claire.sees("6 demandes")
    assert "instant" in await claire.taps("Tableau")
    await stage.all_delivered()
    sheet = next(each for each in reversed(claire.messages()) if "document" in each.body)
    book = load_workbook(io.BytesIO(sent_file(stage, sheet, "document")))
    assert book.sheetnames == ["Ensemble", "Par conseil", "Par genre", "Par personne"]
    for name in book.sheetnames:
        assert book[name].freeze_panes == "B2"
    council = [cell.value for cell in book["Par conseil"][2]]
    assert council[:8] == ["Quartier Nord", 6, 6, 3.5, 6, 6, 35, 60]
    assert council[8:13] == [6, 3, 0, 3, 0.5]
    assert book["Par conseil"]["M2"].number_format == "0%"
    name = book["Par personne"]["A2"]
    assert (name.value, name.data_type) == ("=HYPERLINK(1)", "s")
    cells = [str(cell.value) for each in book for row in each.iter_rows() for cell in row]
    assert not any("Rosa" in each or "Une salle" in each for each in cells)

    await claire.taps("Image", on=claire.messages()[-2] if "document" in claire.messages()[-1].body else None)
    await stage.all_delivered()
    picture = next(each for each in reversed(claire.messages()) if "photo" in each.body)
    drawn = Image.open(io.BytesIO(sent_file(stage, picture, "photo")))
    assert drawn.format == "PNG"
    assert drawn.width == 1080
    assert 400 < drawn.height < 2400
    check_manners(stage)


async def test_times_are_counted_from_what_was_really_said_and_done(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    rosa, samir, ali = [
        await stage.joined(name, council) for name, council in (("Rosa", "nord"), ("Samir", "nord"), ("Ali", "sud"))
    ]
    await stage.go_to_next(TUESDAY, 9)
    asked = [await asks(person, f"Une salle pour {person.phone.first_name}") for person in (rosa, rosa, rosa, samir)]
    asked += [await asks(samir, "Une affiche", "Autre chose"), await asks(ali, "Un budget")]
    await stage.all_delivered()
    # After one working hour, two, four with lunch between; and six in the other council.
    for hour, numbers in ((10, (0, 1)), (11, (2,)), (15, (3, 4)), (17, (5,))):
        await stage.go_to_next(TUESDAY, hour)
        for each in (asked[number] for number in numbers):
            holder = amina if each is asked[5] else julien
            await replies(holder, await holder.sees(f"Nouvelle demande {each.number}"), "Je m’en occupe.")
    await stage.go_to_next(WEDNESDAY, 10)
    for each in asked[:5]:
        await julien.forges(CarryOutPress(each.id).pack(), on=julien.messages()[-1])
        await julien.sends("C’est réservé.")
    await stage.all_delivered()

    await claire.sends("/equipe")
    await claire.taps("Délais")
    await claire.sees("6 demandes", "Première réponse : une sur deux en")
    await claire.taps("Tableau")
    await stage.all_delivered()
    sheet = next(each for each in reversed(claire.messages()) if "document" in each.body)
    book = load_workbook(io.BytesIO(sent_file(stage, sheet, "document")))
    shown = {
        name: {row[0].value: [about(cell.value) for cell in row[1:8]] for row in book[name].iter_rows(min_row=2)}
        for name in book.sheetnames
    }
    assert shown["Par conseil"]["Quartier Nord"] == [5, 5, 2, 4, 5, 8, 8]
    assert shown["Par conseil"]["Quartier Sud"] == [1, 1, "–", "–", 0, "–", "–"], "too few to be nobody's"
    assert shown["Par personne"]["Julien"] == [5, 5, 2, 4, 5, 8, 8]
    assert shown["Par personne"]["Amina"][:3] == [1, 1, "–"]
    assert shown["Par genre"]["Trouver une salle"][:3] == [5, 5, 2]
    assert shown["Par genre"]["Autre chose"][:3] == [1, 1, "–"]
    (everything,) = shown["Ensemble"].values()
    assert everything[:3] == [6, 6, 3]
    check_manners(stage)


def about(value: float | str) -> float | str:
    """Hours as a person reads them: people type, and a machine takes its time, between one minute and the next."""
    return round(value) if isinstance(value, float) else value


async def test_dates_are_chosen_on_a_calendar_that_ends_today(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    today = stage.now().astimezone(PARIS).date()
    await claire.sends("/equipe")
    await claire.taps("Délais")
    await claire.sees("0 demande", "Première réponse : –", "Résolues : personne n’a encore donné")
    assert not any("Image" in each for each in claire.buttons())
    await claire.taps("Autre période")
    await claire.taps("Choisir les dates")
    await claire.sees("Quel est le premier jour ?")
    if today.day > 1:
        days = claire.buttons()
        assert str(today.day) in days
        assert str(today.day + 1) not in days
    await claire.taps("◀")
    await claire.taps("15")
    await claire.sees("À partir du", "15", "Quel est le dernier jour ?")
    await claire.taps("17")
    await claire.sees("⏱ Du", "15", "17", "0 demande")
    last = claire.messages()[-1]
    assert "Le dernier jour vient avant" in await claire.forges("fig:738300:738200", on=last)
    check_manners(stage)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), PARIS)


def next_working_day(calendar, day: date) -> date:
    day += timedelta(days=1)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return day


async def test_the_help_tells_the_team_its_own_commands_and_nobody_else(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    await julien.sends("/aide")
    await julien.taps("Pour l’équipe")
    await julien.sees("/demandes", "/absence", "/equipe")
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    await fatou.sends("/aide")
    assert "Pour l’équipe" not in fatou.buttons()
