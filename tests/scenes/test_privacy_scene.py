"""Everything held on somebody: read, taken away as files, erased; and what they left behind in nobody's name."""

import json

from sqlmodel import col, select

from playground.messages import Message
from storage.announcements import Announcement
from storage.meetings import Meeting, Rsvp
from storage.people import Person, Role
from tests.scenes.manners import check_manners, check_speaks_arabic
from tests.scenes.meeting_steps import at, meeting_of
from tests.scenes.stage import Person as Somebody
from tests.scenes.stage import Stage
from tests.scenes.traces import traces_of


def file_in(stage: Stage, message: Message) -> bytes:
    return stage.playground.world.files.get(message.body["document"]["file_id"]).data


async def last_files(stage: Stage, person: Somebody) -> tuple[str, dict[str, object]]:
    page, data = [each for each in person.messages() if "document" in each.body][-2:]
    assert page.body["document"]["file_name"].endswith(".html")
    assert data.body["document"]["file_name"].endswith(".json")
    return file_in(stage, page).decode(), json.loads(file_in(stage, data))


async def test_the_notice_is_read_by_anybody_in_their_language(stage: Stage):
    stranger, samir = stage.person("Paul"), await stage.joined("Samir", "nord", language="ar")
    await stranger.sends("/privacy")
    await stranger.sees("Association Essai", "dpo@essai.example")
    await stranger.taps("Lire tout")
    await stranger.sees("RGPD", "12 mois", "cnil.fr", "reçu dans Telegram par l’équipe y reste")
    await stranger.taps("Retour")
    await stranger.taps("Commencer")
    await stranger.sees("Êtes-vous d’accord")

    await samir.sends("/privacy")
    check_speaks_arabic(samir)
    await samir.forges("pvall:0", on=samir.messages()[-1])
    check_speaks_arabic(samir)
    await samir.taps("النص الفرنسي")  # the French text, which counts
    await samir.sees("RGPD", "Qui est responsable")
    check_manners(stage)


async def test_the_files_hold_what_the_person_did_and_nobody_elses_doings(stage: Stage):
    rosa, other = await stage.joined("Rosalinde", "nord"), await stage.joined("Voisine", "nord")
    fatou = await stage.joined("Fatoumata", "nord", role=Role.LEAD)
    await meeting_of(stage, fatou, title="Assemblée de quartier", starts_at=at(stage, 3, 18))
    for person in (rosa, other):
        await person.taps("Oui")
    await rosa.sends("/profil")
    await rosa.taps("Conseils")
    await rosa.taps("Quartier Sud")
    await rosa.sends("/langue")
    await rosa.taps("English")
    await rosa.sends("/mesdonnees")
    page, data = await last_files(stage, rosa)
    for words in ("Rosalinde", "Quartier Nord", "Quartier Sud", "Assemblée de quartier", "English"):
        assert words in page, words
    assert data["held"]["person.id"][0]["telegram_id"] == rosa.id
    assert [each["answer"] for each in data["held"]["rsvp.person_id"]] == ["yes"]
    assert len(data["held"]["follow.person_id"]) == 2
    everything = page + json.dumps(data, ensure_ascii=False)
    assert "Voisine" not in everything
    assert "Fatoumata" not in everything
    assert str(other.id) not in everything

    await fatou.sends("/mesdonnees")
    page, _ = await last_files(stage, fatou)
    assert "Rosalinde" not in page
    check_manners(stage)


async def test_who_erases_their_account_leaves_no_name_behind_and_may_come_back(stage: Stage):
    rosa, fatou = await stage.joined("Rosalinde", "nord"), await stage.joined("Fatoumata", "nord", role=Role.LEAD)
    coordinator = await stage.joined("Clémence", role=Role.COORDINATOR)
    waiting = await stage.joined("Bruno", "nord")
    await meeting_of(stage, fatou, title="Visite", starts_at=at(stage, 3, 18), capacity=1)
    await rosa.taps("Oui")
    await waiting.taps("Oui")
    await rosa.sends("/profil")
    await rosa.taps("Prénom")  # in the middle of a dialogue
    await rosa.sends("/supprimer")
    await rosa.taps("Non, je reste")
    await rosa.sends("/supprimer")
    question = rosa.messages()[-1]
    assert "réponses passées et vos actions, sans votre nom" in question.text, "what stays is said before"
    assert "compter les participants" in question.text, "and why"
    assert "sauf dans le Telegram de l’équipe" in question.text, "and what no bot can erase"
    first, second = rosa.phone.presses(question, row=0), rosa.phone.presses(question, row=0)
    await stage.until(lambda: first.answer and second.answer)
    await rosa.sees("Je ne sais plus qui vous êtes")
    await stage.all_delivered()
    assert await traces_of(stage, rosa) == []
    await waiting.sees("Visite", "place")
    said = len(rosa.messages())
    await fatou.sends("/annoncer")
    await fatou.sends("Une nouvelle que Rosalinde n’entend plus")
    await fatou.taps("Envoyer")
    await stage.advance(days=2)
    assert len(rosa.messages()) == said, "no word more, no reminder"

    # Old buttons know nobody; the menu leads to where one begins.
    invitation = next(each for each in rosa.messages() if "Visite" in each.text)
    toast = await rosa.taps("Peut-être", on=invitation)
    assert "ne nous connaissons pas" in toast
    await rosa.taps("Commencer")
    await rosa.taps("D’accord")
    await rosa.taps("15 ans ou plus")
    await rosa.taps("Les Izards")
    await rosa.sees("Bienvenue, Rosalinde")
    await rosa.sends("/mesdonnees")
    _, data = await last_files(stage, rosa)
    assert data["held"]["rsvp.person_id"] == [], "somebody new, not somebody found again"

    # A lead goes too: their meetings and words stay, nobody's any more; their menu is everybody's.
    await fatou.sends("/supprimer")
    await fatou.sees("Effacer votre compte", "Vos textes, vos réunions et vos annonces restent, sans votre nom")
    await fatou.taps("Oui, tout effacer")
    await stage.all_delivered()
    assert await traces_of(stage, fatou) == []
    async with stage.database.read() as session:
        assert len((await session.exec(select(Meeting))).all()) == 1
        assert len((await session.exec(select(Announcement))).all()) == 1
        assert len((await session.exec(select(Rsvp))).all()) == 1
    assert not any(
        each.scope.get("chat_id") == fatou.id for each in stage.playground.world.first_bot().commands.values()
    )
    await fatou.sends("/membres")
    await fatou.sees("Nous ne nous connaissons pas encore")

    # The last who coordinates may not: nobody could invite anybody any more.
    await coordinator.sends("/supprimer")
    toast = await coordinator.taps("Oui, tout effacer")
    assert "au moins une personne qui coordonne" in toast
    async with stage.database.read() as session:
        query = select(col(Person.first_name)).where(col(Person.telegram_id) == coordinator.id)
        assert (await session.exec(query)).one() == "Clémence"
    check_manners(stage, words_of_people=["Rosalinde"])
