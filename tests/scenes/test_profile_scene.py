"""One's own choices: the name, the language, the councils, how news arrive."""

import re

import pytest
from sqlmodel import col, select

from storage.people import Person, Role
from tests.scenes.manners import check_manners, check_speaks_arabic
from tests.scenes.stage import Person as Somebody
from tests.scenes.stage import Stage

ARABIC = re.compile("[\u0600-\u06ff]{3}")


async def name_of(stage: Stage, person: Somebody) -> str:
    async with stage.database.read() as session:
        query = select(col(Person.first_name)).where(col(Person.telegram_id) == person.id)
        return (await session.exec(query)).one()


async def announces(person: Somebody, words: str) -> None:
    await person.sends("/annoncer")
    await person.sends(words)
    await person.taps("Envoyer")
    await person.sees("C’est envoyé")


async def chooses_news(person: Somebody, label: str) -> None:
    await person.sends("/profil")
    await person.taps("Nouvelles")
    await person.taps(label)
    assert f"✅ {label}" in person.buttons()


@pytest.mark.parametrize("taps", [(), ("D’accord",), ("D’accord", "15 ans ou plus")])
@pytest.mark.parametrize("way", ["/langue", "button"])
async def test_before_joining_the_language_is_changed_at_every_step_and_stays(stage: Stage, taps, way):
    rosa = stage.person("Rosa")
    await rosa.starts()
    for label in taps:
        await rosa.taps(label)
    if way == "/langue":
        await rosa.sends("/langue")
    await rosa.taps("العربية")
    question = rosa.messages()[-1]
    assert ARABIC.search(question.text)
    assert "Français" in rosa.buttons(question)
    for press in ("jyes", "jage:1", f"jco:{stage.councils['nord']}")[len(taps) :]:
        await rosa.forges(press, on=rosa.messages()[-1])
    assert ARABIC.search(rosa.texts()[-1])
    async with stage.database.read() as session:
        kept = (await session.exec(select(col(Person.language)).where(col(Person.telegram_id) == rosa.id))).one()
    assert kept == "ar"


async def test_a_stranger_chooses_a_language_before_anything_else(stage: Stage):
    rosa = stage.person("Rosa")
    await rosa.sends("/langue")
    await rosa.taps("English")
    await rosa.sees("Do you agree?")


async def test_a_name_is_changed_by_writing_it_and_nothing_else_becomes_a_name(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await rosa.sends("/profil")
    await rosa.sees("Prénom : Rosa", "Français", "Quartier Nord", "Une par une")
    for typed, kept in (
        ("  Rosalie  ", "Rosalie"),
        ("<3 & <b>Zoé</b>", "<3 & <b>Zoé</b>"),
        ("\u202eאבג", "אבג"),
        ("😀", "😀"),
    ):
        await rosa.taps("Prénom")
        await rosa.sends(typed)
        await rosa.sees(f"Prénom : {kept}")
        assert await name_of(stage, rosa) == kept
    await rosa.taps("Prénom")
    for typed, answer in (("x" * 65, "trop long"), ("\u200b\u2800", "rien reçu"), ("é" * 4096, "trop long")):
        await rosa.sends(typed)
        assert answer in rosa.texts()[-1]
        assert "Annuler" in rosa.buttons(), "still asked, and there is a way out"
    await rosa.taps("Annuler")
    await rosa.sends("Bonjour !")
    assert await name_of(stage, rosa) == "😀"

    # Whoever turns away from the question by another door is not renamed by what they write next.
    await rosa.sends("/profil")
    old = rosa.messages()[-1]
    await rosa.taps("Accueil")
    await rosa.sends("/profil")
    await rosa.taps("Prénom")
    await rosa.forges("home", on=old)
    await stage.advance(seconds=6)
    await rosa.sends("À quelle heure est la réunion ?")
    assert await name_of(stage, rosa) == "😀"
    await rosa.sends("/profil")
    await rosa.taps("Prénom")
    await rosa.taps("Rosa")  # as in Telegram, with one tap
    await rosa.sees("Prénom : Rosa")
    check_manners(stage, words_of_people=["<3 & <b>Zoé</b>"])


async def test_councils_are_followed_and_left_and_the_language_is_changed(stage: Stage):
    rosa, fatou = await stage.joined("Rosa", "nord"), await stage.joined("Fatou", "nord", role=Role.LEAD)
    sud = await stage.joined("Samir", "sud", role=Role.LEAD)
    await rosa.sends("/profil")
    await rosa.taps("Conseils")
    assert await rosa.taps("Quartier Sud")
    assert {"✅ Quartier Nord", "✅ Quartier Sud"} <= set(rosa.buttons())
    await rosa.taps("Quartier Nord")
    assert {"Quartier Nord", "✅ Quartier Sud"} <= set(rosa.buttons())
    await announces(fatou, "Fête au nord samedi")
    await announces(sud, "Fête au sud dimanche")
    await rosa.sees("Fête au sud dimanche")
    await rosa.never_sees("Fête au nord")
    await rosa.sends("/conseil")
    await rosa.sees("Quartier Sud", "Samir")
    await rosa.sends("/profil")
    await rosa.taps("Conseils")
    await rosa.taps("Quartier Sud")
    await announces(sud, "Encore une fête au sud")
    await rosa.never_sees("Encore une fête")
    await rosa.sees("Vous ne suivez pas encore de conseil")
    for command in ("/reunions", "/conseil"):  # each leads there by one button
        await rosa.sends(command)
        await rosa.taps("Choisir mes conseils")
        await rosa.sees("Quels conseils suivre ?")

    await rosa.sends("/langue")
    await rosa.taps("العربية")
    since = len(rosa.messages()) - 1
    await rosa.sends("/profil")
    await rosa.sends("/aide")
    await rosa.sends("/reunions")
    await rosa.sends("Bonjour")
    check_speaks_arabic(rosa, since)
    commands = next(
        each.commands
        for each in stage.playground.world.first_bot().commands.values()
        if each.scope.get("chat_id") == rosa.id
    )
    assert any("\u0600" <= letter <= "\u06ff" for letter in commands[0]["description"])
    await rosa.sends("/langue")
    await rosa.taps("English")
    await rosa.sees("First name")
    check_manners(stage)


async def test_news_arrive_one_by_one_once_a_day_or_not_at_all(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    each, digest, none = [await stage.joined(name, "nord") for name in ("Amina", "Bruno", "Chloé")]
    await chooses_news(digest, "Un message par jour")
    await chooses_news(none, "Aucune")
    await announces(fatou, "Le local ouvre & <b>demain</b>")
    await announces(fatou, "Il reste des <3 places")
    await each.sees("Le local ouvre & <b>demain</b>")
    await each.sees("Il reste des <3 places")
    await digest.never_sees("Le local")
    await stage.go_to_next(stage.now().weekday(), 18)
    await digest.sees("Les nouvelles du jour", "Le local ouvre & <b>demain</b>", "Il reste des <3 places")
    await stage.advance(minutes=30)
    assert len([text for text in digest.texts() if "Les nouvelles du jour" in text]) == 1
    await none.never_sees("Le local")
    await each.never_sees("Les nouvelles du jour")

    await chooses_news(none, "Une par une")
    await announces(fatou, "Nouvelle adresse")
    await none.sees("Nouvelle adresse")
    await stage.go_to_next((stage.now().weekday() + 1) % 7, 18)
    await digest.sees("Les nouvelles du jour", "Nouvelle adresse")
    await digest.never_sees("Nouvelle adresse", "Le local ouvre")  # yesterday's news are not said again
    check_manners(stage, words_of_people=["& <b>demain</b>", "<3"])
