"""What a council has asked, for everybody: the list, one opened by tap, number or link, and the register as files."""

import csv
import io
import json
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col

from council.interpellation_drafts import Question
from handlers.cards.interpellation_list import RegisterFilesPress, RegisterPress
from playground.messages import Message
from storage.interpellations import Interpellation, InterpellationState
from storage.people import Role
from tests.scenes.interpellation_steps import ASKED, FACTS, opened, submitted, with_partners
from tests.scenes.manners import check_manners
from tests.scenes.stage import Person, Stage

HEATING = {Question.FACTS: "Le chauffage est coupé.", Question.ASKED: "Le rallumer."}
LIGHT = {Question.FACTS: "La rue est noire.", Question.ASKED: "De la lumière."}


async def stands(stage: Stage, interpellation: Interpellation, state: InterpellationState, **values) -> None:
    """As if it had come that far."""
    async with stage.database.write() as session:
        moving = update(Interpellation).where(col(Interpellation.id) == interpellation.id)
        await session.exec(moving.values(state=state, **values))


def content_of(person: Person, message: Message) -> bytes:
    stored = person.stage.playground.world.files.get(message.body["document"]["file_id"])
    assert stored is not None
    return stored.data


def files_of(person: Person) -> list[Message]:
    return [each for each in person.messages() if "document" in each.body]


async def test_everybody_reads_what_a_council_has_asked_and_how_far_it_is(stage: Stage):
    await with_partners(stage)
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa, ali = await stage.joined("Rosa", "nord"), await stage.joined("Ali", "nord")
    awaited, done = await opened(stage, rosa, fatou), await opened(stage, rosa, fatou, words=HEATING)
    draft = await submitted(stage, rosa, words=LIGHT)
    due = stage.now() + timedelta(days=30)
    await stands(stage, awaited, InterpellationState.SENT, sent_at=stage.now(), due_at=due)
    await stands(stage, done, InterpellationState.ANSWERED, answered_at=stage.now(), due_at=due)
    await ali.sends("/conseil")
    await ali.taps("📨 Questions du conseil")
    card = await ali.sees("Questions du conseil : Quartier Nord", f"{awaited.number}, Ville d’Essai : envoyée")
    lines = card.text.splitlines()
    assert any(awaited.number in each and "Réponse attendue avant le" in each for each in lines)
    assert any(done.number in each and "Réponse du" in each for each in lines)
    assert draft.number not in card.text
    await ali.taps(awaited.number, on=card)
    await ali.sees(f"Question {awaited.number} – Ville d’Essai")
    for written in (awaited.number, f"et {awaited.number.lower()} ?", awaited.number.replace("-", " ")):
        await ali.sends(written)
    await ali.sees(f"Question {awaited.number}", times=4)
    await ali.sends(draft.number)
    await ali.sees("Vous ne pouvez pas ouvrir cela")
    await fatou.sends(draft.number)
    await fatou.sees(draft.number)
    nadia = stage.person("Nadia")
    await nadia.starts(awaited.number)
    await nadia.taps("D’accord")
    await nadia.taps("15 ans")
    await nadia.taps("Les Izards")
    await nadia.sees(f"Question {awaited.number}")
    check_manners(stage, words_of_people=(FACTS, ASKED))


async def test_who_follows_gets_the_register_as_two_files_without_a_name(stage: Stage):
    await with_partners(stage)
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa, ali = await stage.joined("Rosa", "nord"), await stage.joined("Ali", "nord", "sud", language="ar")
    asked = await opened(stage, rosa, fatou)
    await submitted(stage, rosa, words=LIGHT)
    await stands(stage, asked, InterpellationState.SENT, sent_at=stage.now(), due_at=stage.now() + timedelta(days=30))
    await ali.sends("/propositions")
    await ali.forges(RegisterPress(None).pack(), on=ali.messages()[-1])
    assert "Quartier Sud" in ali.buttons(ali.messages()[-1]), "which of my councils"
    await ali.taps("Quartier Nord")
    await ali.forges(RegisterFilesPress(stage.councils["nord"]).pack(), on=ali.messages()[-1])
    await stage.until(lambda: len(files_of(ali)) == 2)
    sheet, data = files_of(ali)
    lines = list(csv.DictReader(io.StringIO(content_of(ali, sheet).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [each["Numéro"] for each in lines] == [asked.number]
    assert lines[0]["État"] == "envoyée", "in French, whoever asks"
    assert lines[0]["À qui"] == "Ville d’Essai"
    read = json.loads(content_of(ali, data))
    assert [each["identifier"] for each in read["motions"]] == [asked.number]
    assert read["organization"]["name"] == "Quartier Nord"
    for each in (sheet, data):
        assert b"Rosa" not in content_of(ali, each)
    check_manners(stage, words_of_people=(FACTS, ASKED))


async def test_the_files_are_not_for_who_does_not_follow(stage: Stage):
    await with_partners(stage)
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa, sami = await stage.joined("Rosa", "nord"), await stage.joined("Sami")
    await opened(stage, rosa, fatou)
    await sami.sends("/propositions")
    await sami.taps("📨 Questions du conseil")
    card = await sami.sees("Vous ne suivez pas encore de conseil")
    assert "Choisir mes conseils" in sami.buttons(card)
    await sami.forges(RegisterPress(stage.councils["nord"]).pack(), on=card)
    assert "Questions du conseil : Quartier Nord" in card.text
    assert "📄 Registre public" not in sami.buttons(card)
    menu = sami.messages()[-1]
    assert "pouvez pas ouvrir" in await sami.forges(RegisterFilesPress(stage.councils["nord"]).pack(), on=menu)
    assert "pouvez pas ouvrir" in await sami.forges(RegisterPress(999_999).pack(), on=menu)
    assert files_of(sami) == []
