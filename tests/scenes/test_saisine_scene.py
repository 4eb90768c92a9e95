"""The path of a saisine after its letter: each step noted by buttons, told to those whom it concerns; then the end."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from playground.attachments import Attachment
from storage.interpellations import InterpellationEvent, InterpellationKind, InterpellationState
from storage.meetings import Meeting, MeetingCouncil, MeetingKind, MeetingState
from storage.people import Role
from tests.scenes.letter_steps import PDF, Partner, answers, case_of, events, files, sent_letter, with_pages
from tests.scenes.stage import Person, Stage

S = InterpellationState


@pytest.fixture
async def people(stage: Stage) -> dict[str, Person]:
    return {
        "rosa": await stage.joined("Rosa", "nord"),
        "karim": await stage.joined("Karim", "nord"),
        "lena": await stage.joined("Léna", "nord", role=Role.LEAD),
        "fatou": await stage.joined("Fatou", "nord"),
    }


async def carries(person: Person, label: str) -> None:
    """From the number to a row of the menu of who carries a case."""
    await person.sends("I-2026-001")
    await person.taps("Faire avancer")
    await person.taps(label)


async def notes(lena: Person, step: str, *more: str) -> None:
    """A step of today, without words and document, or with these taps."""
    await carries(lena, "Noter une étape")
    await lena.taps(step)
    await lena.taps("Aujourd’hui")
    for label in more or ("Rien à ajouter", "Sans document"):
        await lena.taps(label)
    await lena.taps("Enregistrer")
    await lena.sees("L’étape est notée.")


async def saisine(stage: Stage, people: dict[str, Person]) -> int:
    case_id, _ = await sent_letter(stage, people["rosa"], people["karim"], kind=InterpellationKind.SAISINE)
    return case_id


async def test_the_whole_path_is_noted_told_and_closed(stage: Stage, people):
    case_id = await saisine(stage, people)
    lena, rosa = people["lena"], people["rosa"]
    for step, told, state in (
        ("Transmise aux signataires", "Le préfet a transmis la demande aux signataires du contrat.", S.FORWARDED),
        ("Retenue par le préfet", "Le préfet a retenu la demande.", S.RETAINED),
        ("Diagnostic fait", "Le diagnostic est fait.", S.DIAGNOSED),
        ("Vue en comité de pilotage", "Le comité de pilotage a parlé de la demande.", S.IN_STEERING),
        ("Vue en conseil municipal", "Le conseil municipal a parlé de la demande.", S.IN_MUNICIPAL_COUNCIL),
        ("Suivie d’actions", "La demande a été suivie d’actions.", S.FOLLOWED_UP),
    ):
        await notes(lena, step)
        await stage.all_delivered()
        await rosa.sees(told)
        await people["karim"].sees(told)
        assert (await case_of(stage, case_id)).state is state
    assert all(each.on is not None for each in await events(stage, case_id))
    await carries(lena, "C’est raconté en réunion")
    await lena.taps("Autrement")
    await lena.taps("Terminer")
    await lena.taps("Terminer")
    await stage.all_delivered()
    await rosa.sees("C’est terminé.")
    assert (await case_of(stage, case_id)).state is S.CLOSED
    await people["fatou"].never_sees("Le diagnostic est fait.")


async def test_what_is_not_retained_has_a_reason(stage: Stage, people):
    case_id = await saisine(stage, people)
    lena = people["lena"]
    await notes(lena, "Non retenue", "une solution existe déjà", "Sans document")
    await stage.all_delivered()
    await people["rosa"].sees("Le préfet n’a pas retenu la demande.", "une solution existe déjà")
    assert (await case_of(stage, case_id)).state is S.NOT_RETAINED


async def test_a_step_has_its_words_and_its_document(stage: Stage, people):
    await saisine(stage, people)
    lena, rosa = people["lena"], people["rosa"]
    await carries(lena, "Noter une étape")
    await lena.taps("Transmise aux signataires")
    await lena.taps("Aujourd’hui")
    await lena.sends("Six signataires l’ont reçue.")
    await lena.sees("Envoyez le document")
    await lena.sends(attachment=Attachment("document", file=b"MZ", file_name="outil.exe"))
    await lena.sees("« outil.exe » n’est pas d’une sorte acceptée.")
    for content, name, told in (
        (b"MZ\x90\x00 outil", "Transmission.pdf", "« Transmission.pdf » n’est pas d’une sorte acceptée."),
        (PDF, "photo.jpg", "« photo.jpg » n’est pas ce que dit son nom."),
        (b"", "vide.pdf", "« vide.pdf » est vide."),
        (PDF + bytes(11 * 2**20), "lourd.pdf", "Ce fichier est trop lourd. Il faut moins de 10 Mo."),
    ):
        await stage.advance(seconds=10)
        await lena.sends(attachment=Attachment("document", file=content, file_name=name))
        await lena.sees(told)
    await stage.advance(seconds=10)
    await lena.sends(attachment=Attachment("document", file=PDF, file_name="Transmission.pdf"))
    await lena.sees("Avec un document")
    await lena.taps("Enregistrer")
    await stage.all_delivered()
    await rosa.sees("Six signataires l’ont reçue.")
    [kept] = await files(stage)
    assert (kept.file_name, kept.event_id is not None) == ("Transmission.pdf", True)
    await rosa.sends("I-2026-001")
    await rosa.taps("Documents")
    await rosa.taps("le préfet a transmis la demande.")
    assert rosa.messages()[-1].body["document"]["file_name"] == "Transmission.pdf"


async def test_days_ahead_and_before_the_letter_cannot_be_chosen(stage: Stage, people):
    await saisine(stage, people)
    lena = people["lena"]
    await stage.advance(days=3)
    await carries(lena, "Noter une étape")
    await lena.taps("Transmise aux signataires")
    card = await lena.sees("Quel jour était-ce ?")
    today = stage.now().date()
    toast = await lena.forges(f"day:{(today + timedelta(days=1)).toordinal()}", card)
    assert toast == ""
    card = await lena.sees("Ce jour n’est pas encore venu.")
    await lena.forges(f"day:{(today - timedelta(days=9)).toordinal()}", card)
    await lena.sees("La lettre n’était pas encore partie ce jour-là.")
    await lena.taps("Hier")
    await lena.taps("Rien à ajouter")
    await lena.taps("Sans document")
    await lena.taps("Enregistrer")
    async with stage.database.read() as session:
        [event] = (
            await session.exec(select(InterpellationEvent).where(col(InterpellationEvent.act) == "forwarded"))
        ).all()
    assert event.on == today - timedelta(days=1)
    await carries(lena, "Noter une étape")
    await lena.taps("Retenue par le préfet")
    card = await lena.sees("Quel jour était-ce ?")
    await lena.forges(f"day:{(today - timedelta(days=2)).toordinal()}", card)
    await lena.sees("Ce jour vient avant l’étape d’avant.")


async def test_back_cancel_and_a_second_tap(stage: Stage, people):
    case_id = await saisine(stage, people)
    lena = people["lena"]
    await carries(lena, "Noter une étape")
    await lena.taps("Retenue par le préfet")
    await lena.taps("Retour")
    await lena.sees("Quelle étape notez-vous ?")
    await lena.taps("Transmise aux signataires")
    await lena.sends("Bonjour")
    await lena.sees("Répondez avec les boutons")
    await lena.taps("Aujourd’hui")
    await lena.taps("Rien à ajouter")
    await lena.taps("Sans document")
    note = lena.messages()[-1].buttons[0][0]["callback_data"]
    await lena.taps("Enregistrer")
    toast = await lena.forges(note, lena.messages()[-1])
    assert "Quelque chose a changé depuis." in toast
    assert [each.act for each in await events(stage, case_id)] == ["forwarded"]


async def test_only_who_carries_it_notes_a_step(stage: Stage, people):
    case_id = await saisine(stage, people)
    rosa = people["rosa"]
    await rosa.sends("I-2026-001")
    card = rosa.messages()[-1]
    assert "Faire avancer" not in " ".join(rosa.buttons(card))
    assert "Vous ne pouvez pas ouvrir cela." in await rosa.forges(f"iss:{case_id}", card)
    assert "Vous ne pouvez pas ouvrir cela." in await rosa.forges(f"ien:{case_id}", card)
    assert "Vous ne pouvez pas ouvrir cela." in await rosa.forges(f"iex:{case_id}:", card)
    assert "Vous ne pouvez pas ouvrir cela." in await rosa.forges(f"iey:{case_id}", card)


async def test_an_answer_of_the_prefect_is_no_decision(stage: Stage, people):
    address = await with_pages(stage)
    case_id, token = await sent_letter(stage, people["rosa"], kind=InterpellationKind.SAISINE)
    await Partner(address, token).answers("Nous étudions votre demande.")
    await stage.all_delivered()
    await people["rosa"].sees("Nous étudions votre demande.", "Est-ce que cela répond ?")
    assert (await case_of(stage, case_id)).state is S.ACKNOWLEDGED
    await notes(people["lena"], "Retenue par le préfet")


async def test_an_answer_on_paper_is_written_down_with_its_scan(stage: Stage, people):
    case_id, _ = await sent_letter(stage, people["rosa"], people["karim"])
    lena = people["lena"]
    await carries(lena, "Noter une réponse reçue")
    await lena.taps("Par lettre")
    await lena.taps("La mairie")
    await lena.taps("Aujourd’hui")
    await lena.taps("Tout est sur le papier")
    await lena.sees("Envoyez une photo ou un document de la réponse.")
    assert not [each for each in lena.buttons() if "Sans fichier" in each]
    await lena.sends(attachment=Attachment("document", file=b"#!/bin/sh\n", file_name="reponse.pdf"))
    await lena.sees("« reponse.pdf » n’est pas d’une sorte acceptée.")
    await stage.advance(seconds=10)
    await lena.sends(attachment=Attachment("photo"))
    await lena.sees("1 fichier est gardé.")
    await lena.taps("C’est tout")
    await lena.taps("Enregistrer")
    await stage.all_delivered()
    rosa = people["rosa"]
    await rosa.sees("La mairie a répondu par lettre", "Est-ce que cela répond ?")
    await rosa.taps("Voir le fichier")
    assert "photo" in rosa.messages()[-1].body
    [kept] = await answers(stage, case_id)
    assert (kept.way, kept.words, kept.entered_by) == ("paper", "", (await stage.actor(lena)).person_id)
    assert (await case_of(stage, case_id)).state is S.ANSWERED


async def test_an_answer_by_telephone_needs_no_typing(stage: Stage, people):
    case_id, _ = await sent_letter(stage, people["rosa"])
    lena = people["lena"]
    await carries(lena, "Noter une réponse reçue")
    await lena.taps("De vive voix")
    await lena.sends("Madame Petit, service des écoles")
    await lena.taps("Aujourd’hui")
    await lena.taps("Répondu de vive voix")
    await lena.taps("Sans fichier")
    await lena.taps("Enregistrer")
    await stage.all_delivered()
    await people["rosa"].sees("Madame Petit, service des écoles a répondu de vive voix", "Répondu de vive voix.")
    [kept] = await answers(stage, case_id)
    assert kept.way == "telephone"


async def test_it_is_told_in_a_meeting_of_the_council(stage: Stage, people):
    address = await with_pages(stage)
    case_id, token = await sent_letter(stage, people["rosa"], people["karim"])
    partner = Partner(address, token)
    await partner.answers("Lundi.")
    async with stage.database.write() as session:
        held = stage.now() - timedelta(days=2)
        meeting = Meeting(
            kind=MeetingKind.PLENARY,
            state=MeetingState.ANNOUNCED,
            title="Plénière de mars",
            minutes=90,
            place="Maison de quartier",
            starts_at=held,
            announce_at=held,
            created_at=datetime.now(UTC),
            request_key="test:meeting",
        )
        session.add(meeting)
        await session.flush()
        session.add(MeetingCouncil(meeting_id=meeting.id, council_id=stage.councils["nord"]))
        meeting_id = meeting.id
    lena = people["lena"]
    await carries(lena, "C’est raconté en réunion")
    await lena.taps("Plénière de mars")
    await stage.all_delivered()
    await people["rosa"].sees("Le résultat a été dit en réunion.", "Plénière de mars")
    found = await case_of(stage, case_id)
    assert (found.state, found.meeting_id) == (S.REPORTED_BACK, meeting_id)
    await lena.taps("Terminer")
    await lena.sees("Voulez-vous terminer cette question ?")
    await lena.taps("Terminer")
    await stage.all_delivered()
    for name in ("rosa", "karim"):
        await people[name].sees("C’est terminé.")
    page = await partner.answers("Encore un mot.")
    assert page.status == 409
