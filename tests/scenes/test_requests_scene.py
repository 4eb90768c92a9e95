"""The team at work: an animator's Monday morning, a coordinator's look at what is late, and what nobody may do."""

import asyncio

import pytest
from sqlmodel import col, select

from council.roles import revoke
from council.support_settings import ReadyAnswer, SupportSettings
from handlers.cards.request import (
    AttachPress,
    CarryOutPress,
    ChangeReadyPress,
    CouncilChosenPress,
    GivenPress,
    GivePress,
    HistoryPress,
    KindChosenPress,
    LinkPress,
    MeetingChosenPress,
    MergePress,
    MoreRequestPress,
    NewMeetingForPress,
    NotePress,
    OpenRequestPress,
    OtherChosenPress,
    ReadyAnswerPress,
    ReadyAnswersPress,
    RelatePress,
    ReleasePress,
    ReplayPress,
    ResultPress,
    SendReadyPress,
    SortCouncilPress,
    SortKindPress,
    WaitPress,
)
from playground.attachments import Attachment, sample
from playground.server import Playground
from storage.database import Database
from storage.meetings import Meeting
from storage.people import Role
from storage.support import SupportKind, SupportMessage, SupportRequest, SupportSide, SupportState
from tests.conftest import small_settings
from tests.scenes.manners import check_manners
from tests.scenes.stage import Person, Stage
from tests.scenes.support_steps import again
from tests.scenes.talk_steps import StageClock, asked

ANSWERS = (
    ReadyAnswer(
        code="recu",
        title="Bien reçu",
        text={
            "fr": "Bonjour {prenom}, j’ai bien reçu la demande {numero} pour {conseil}. {animateur}",
            "ar": "مرحباً {prenom}، وصلني طلبكم {numero} من أجل {conseil}. {animateur}",
        },
    ),
    ReadyAnswer(code="regles", title="Des règles", kinds=(SupportKind.RULES,), text={"fr": "Voici."}),
)


@pytest.fixture
async def stage(database_url_fixture: str):
    """As in the other scenes, with answers kept ready."""
    database = Database(database_url_fixture)
    settings = small_settings().model_copy(update={"support": SupportSettings(answers=ANSWERS)})
    async with Playground(port=0) as playground:
        made = Stage(playground, database, database_url_fixture, settings)
        await made.raise_curtain()
        yield made
        if made.app is not None:
            await made.stop_bot()
    await database.close()


async def said(stage: Stage, request: SupportRequest, side: SupportSide) -> list[str]:
    query = select(SupportMessage).where(col(SupportMessage.request_id) == request.id, col(SupportMessage.side) == side)
    async with stage.database.read() as session:
        found = (await session.exec(query.order_by(col(SupportMessage.id)))).all()
    return ["".join(each.parts) or each.kind.value for each in found]


async def loses_role(stage: Stage, coordinator: Person, animator: Person) -> None:
    """As the coordinator's button does it."""
    actor, other = await stage.actor(coordinator), await stage.actor(animator)
    async with stage.database.write() as session:
        await revoke(session, StageClock(stage), actor, other.person_id, Role.ANIMATOR, stage.councils["nord"])
    await stage.all_delivered()


async def opens_queue(person: Person, *parts: str):
    await person.sends("/demandes")
    return await person.sees(*parts)


async def test_an_animator_on_monday_morning(stage: Stage):
    rosa = await stage.joined("Rosa", "nord", language="ar")
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    await opens_queue(julien, "Mes demandes à traiter", "Rien ne vous attend")
    await stage.joined("Claire", role=Role.COORDINATOR)
    request = await asked(stage, rosa, "Il nous faut une salle &lt;b&gt;&amp;")
    await stage.all_delivered()
    # It came to Julien by itself; he puts it back, and takes it from the queue.
    await opens_queue(julien, "Mes demandes à traiter")
    await julien.taps(request.number)
    card = await julien.sees(f"Demande {request.number}", "De : Rosa, Quartier Nord", "Elle vous est confiée")
    assert "Réponse promise avant" in card.text
    assert "Rosa : Il nous faut une salle <b>&" in card.text
    await julien.taps("Plus", on=card)
    await julien.taps("Remettre dans la file")
    await julien.sees("Personne ne l’a encore prise")
    await julien.taps("📥 Demandes", on=card)
    await julien.taps("À prendre (1)", on=card)
    await julien.taps(request.number, on=card)
    assert "est à vous" in await julien.taps("Je prends", on=card)
    assert "Elle vous est confiée" in card.text

    # A ready answer, as Rosa will read it; changed before it goes.
    await julien.taps("Réponse toute prête", on=card)
    assert "Des règles" not in julien.buttons(card), "it is for another kind"
    await julien.taps("Bien reçu", on=card)
    assert "مرحباً" in card.text
    assert f"Bonjour Rosa, j’ai bien reçu la demande {request.number} pour Quartier Nord. Julien" in card.text
    await julien.taps("Retour", on=card)
    await julien.taps("Bien reçu", on=card)
    await julien.taps("Modifier", on=card)
    copyable = await julien.sees("مرحباً")
    assert {"code"} == {each["type"] for each in copyable.body["entities"]}
    await julien.sees("Il part à Rosa")
    await julien.sends("مرحباً روزا، أبحث عن قاعة.")
    await stage.all_delivered()
    await rosa.sees("أبحث عن قاعة")
    assert (await again(stage, request)).state is SupportState.IN_PROGRESS
    card = await julien.sees(f"Demande {request.number}", "Julien : مرحباً")
    assert "Réponse promise" not in card.text

    # He waits for her; she answers with a voice message; he notes, and carries it out.
    await julien.taps("Plus", on=card)
    await julien.taps("J’attends sa réponse", on=card)
    assert "en attente" in card.text
    assert (await again(stage, request)).state is SupportState.WAITING
    heard = await rosa.sees("أبحث عن قاعة")
    rosa.phone.sends(attachment=Attachment("voice", file=sample("voice")), reply_to=heard.id)
    await stage.quiet_moment()
    await stage.advance(seconds=10)
    assert (await again(stage, request)).state is SupportState.IN_PROGRESS
    assert "un message vocal" in card.text
    await julien.taps("Plus", on=card)
    await julien.taps("Note", on=card)
    await julien.sees("Seule l’équipe la lira")
    await julien.sends("Voir avec la mairie <i>vite</i>")
    card = await julien.sees("Note de Julien : Voir avec la mairie <i>vite</i>")
    await julien.taps("C’est fait", on=card)
    await julien.sees("Qu’est-ce qui a été fait ?")
    await julien.sends(attachment=Attachment("photo", file=sample("photo")))
    await julien.sees("que des mots écrits", "Qu’est-ce qui a été fait ?")
    await julien.sends("La salle est réservée.")
    card = await julien.sees("La salle est réservée.", "pas encore dit si c’est résolu")
    await stage.all_delivered()
    await rosa.sees("La salle est réservée.")
    assert (await again(stage, request)).state is SupportState.CARRIED_OUT
    await rosa.never_sees("Voir avec la mairie")
    check_manners(stage, words_of_people=("<b>&", "<i>vite</i>"))

    # Everything can be read again; what was corrected says what it said before.
    note = next(each for each in julien.phone.chat().messages.values() if each.text.startswith("Voir avec"))
    julien.phone.edits(note, "Vu avec la mairie")
    await julien.sees("Votre note est corrigée.")
    await stage.all_delivered()
    await rosa.never_sees("mairie")
    await rosa.never_sees("corri")
    await julien.taps("Tout revoir", on=card)
    pages = [card.text]
    while "Suite ▶" in julien.buttons(card):
        await julien.taps("Suite", on=card)
        pages.append(card.text)
    whole = "\n".join(pages)
    for part in (
        "Rosa a demandé",
        "Julien a pris la demande",
        "revenue dans la file",
        "Vu avec la mairie",
        "Avant : Voir",
    ):
        assert part in whole, part
    await julien.taps("Revoir les messages et fichiers", on=card)
    await stage.all_delivered()
    assert [each for each in julien.messages()[-5:] if "voice" in each.body]


async def test_a_ready_answer_is_sent_once_as_it_was_shown(stage: Stage):
    rosa = await stage.joined("Rosa <3", "nord")
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    request = await asked(stage, rosa)
    await stage.all_delivered()
    await julien.sends(request.number)
    card = await julien.sees(f"Demande {request.number}")
    await julien.taps("Réponse toute prête", on=card)
    await julien.taps("Bien reçu", on=card)
    shown = card.text
    send = SendReadyPress(request.id, "recu").pack()
    presses = [julien.phone.presses(card, data=send) for _ in range(2)]
    await stage.until(lambda: all(each.answer is not None for each in presses))
    await stage.all_delivered()
    words = f"Bonjour Rosa <3, j’ai bien reçu la demande {request.number} pour Quartier Nord. Julien"
    assert words in shown
    heard = await rosa.sees(words)
    await julien.sees("Remis à Rosa")
    assert await said(stage, request, SupportSide.TEAM) == [words.replace("<", "&lt;")]
    rosa.phone.sends("Merci", reply_to=heard.id)
    await stage.quiet_moment()
    await stage.all_delivered()
    await julien.sees("Rosa", "Merci")
    check_manners(stage, words_of_people=("Rosa <3", words))
    assert (await again(stage, request)).first_answer_at is not None


async def test_a_coordinator_filters_what_is_late_and_gives_it_to_somebody(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    rosa, ali = await stage.joined("Rosa", "nord"), await stage.joined("Ali", "sud")
    late = await asked(stage, rosa, "Vite")
    await stage.go_to_next(1, 9, 30)
    fresh = await asked(stage, ali, "Plus tard", "sud")
    await stage.all_delivered()
    queue = await opens_queue(claire, "Mes demandes à traiter", "Rien ne vous attend")
    await claire.taps("Équipe (2)", on=queue)
    assert "1 demande est en retard" in queue.text
    first, second = claire.buttons(queue)[:2]
    assert late.number in first
    assert "en retard" in first
    assert fresh.number in second
    await claire.taps("⏰ En retard", on=queue)
    assert "Seulement : en retard" in queue.text
    assert not any(fresh.number in each for each in claire.buttons(queue))
    await claire.taps("Filtrer", on=queue)
    await claire.taps("Conseil", on=queue)
    await claire.taps("Quartier Sud", on=queue)
    assert "Seulement : en retard et Quartier Sud" in queue.text
    assert "Aucune demande ne correspond" in queue.text
    await claire.taps("✅ En retard", on=queue)
    await claire.taps("Filtrer", on=queue)
    await claire.taps("Genre", on=queue)
    await claire.taps("Suite", on=queue)
    await claire.taps("Trouver une salle", on=queue)
    await claire.taps("Filtrer", on=queue)
    await claire.taps("Étape", on=queue)
    await claire.taps("confiée à quelqu’un", on=queue)
    assert fresh.number in claire.buttons(queue)[0]
    await claire.taps("Filtrer", on=queue)
    await claire.taps("Étape", on=queue)
    await claire.taps("en cours", on=queue)
    assert "Aucune demande ne correspond" in queue.text
    await claire.taps("Filtrer", on=queue)
    await claire.taps("Tout voir", on=queue)
    await claire.taps(late.number, on=queue)
    assert "En retard depuis" in queue.text
    await claire.taps("Plus", on=queue)
    await claire.taps("Confier à quelqu’un", on=queue)
    assert any("Amina – 1 demande" in each for each in claire.buttons(queue))
    assert not any("Julien" in each for each in claire.buttons(queue))
    assert "C’est confié" in await claire.taps("Amina", on=queue)
    await stage.all_delivered()
    assert "Elle est confiée à Amina" in queue.text
    await amina.sees(late.number)
    await julien.sees(late.number, "Amina prend la suite")
    check_manners(stage)


async def test_two_requests_that_are_the_same_become_one(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa, ali = await stage.joined("Rosa", "nord"), await stage.joined("Ali", "nord")
    one, two = await asked(stage, rosa, "Une salle samedi"), await asked(stage, ali, "La même salle")
    await stage.all_delivered()
    await julien.sends(one.number.lower().replace("-", " "))
    card = await julien.sees(f"Demande {one.number}")
    await julien.taps("Plus", on=card)
    await julien.taps("Autre demande", on=card)
    assert any(two.number in each for each in julien.buttons(card)), "it is offered"
    await julien.sends("D-2026-999")
    await julien.sees("Je ne trouve pas cette demande")
    await julien.sends(one.number)
    await julien.sees("C’est la même. Choisissez-en une autre.")
    await julien.sends(f"c’est {two.number} !")
    await julien.sees("Est-ce la même demande ?", two.number)
    assert "réunies" in await julien.taps("Oui, les réunir")
    await stage.all_delivered()
    shown = await julien.sees(f"Demande {two.number}", f"Avec : {one.number}")
    assert (await again(stage, one)).state is SupportState.MERGED
    await rosa.sees(one.number, "la même chose")
    await ali.sees(two.number, "la même chose")
    await julien.taps("Plus", on=shown)
    await julien.taps(f"Même demande : {one.number}", on=shown)
    assert "Une salle samedi" in shown.text
    assert f"La suite est dans la demande {two.number}" in shown.text
    await julien.taps("Tout revoir", on=shown)
    assert "Une salle samedi" in shown.text
    # Both hear the end of it, and the words for one are not read by the other.
    await julien.sends(two.number)
    await julien.taps("C’est fait")
    await julien.sends("La salle est pour vous, Ali.")
    await stage.all_delivered()
    await ali.sees("La salle est pour vous, Ali.")
    await rosa.sees(one.number, "Le travail est terminé")
    await rosa.never_sees("pour vous, Ali")
    # A second time: what is true now.
    assert "terminée" in await julien.forges(MergePress(one.id, two.id).pack(), on=shown)
    check_manners(stage)


async def test_a_request_is_sorted_and_gets_a_meeting(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    request = await asked(stage, rosa)
    await stage.all_delivered()
    await julien.sends(f"où en est {request.number}")
    card = await julien.sees(f"Demande {request.number}")
    await julien.taps("Plus", on=card)
    await julien.taps("Genre", on=card)
    await julien.taps("Préparer une réunion", on=card)
    assert "Préparer une réunion" in card.text
    await julien.taps("Plus", on=card)
    await julien.taps("Réunion", on=card)
    assert "Ce conseil n’a pas de réunion" in card.text
    await julien.taps("Créer une réunion", on=card)
    await julien.taps("Réunion plénière", on=card)
    await julien.taps("Assemblée des habitants")
    await julien.sends("dans 9 jours à 18h")
    await julien.taps("1 heure")
    await julien.sends("Salle des fêtes")
    await julien.taps("Pas d’ordre du jour")
    await julien.taps("Autant que l’on veut")
    await julien.taps("Pas de fichier")
    await julien.taps("Tout de suite")
    await julien.taps("✅ Annoncer")
    await stage.all_delivered()
    async with stage.database.read() as session:
        meeting = (await session.exec(select(Meeting))).one()
    assert (await again(stage, request)).meeting_id == meeting.id
    await julien.sends(request.number)
    card = await julien.sees(f"Demande {request.number}", "Réunion : Assemblée des habitants")
    await julien.taps("Plus", on=card)
    await julien.taps("Conseil", on=card)
    await julien.taps("Quartier Sud", on=card)
    assert "Quartier Sud" in card.text


async def test_numbers_open_what_one_may_see_and_nothing_else(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa, ali = await stage.joined("Rosa", "nord"), await stage.joined("Ali", "nord")
    request = await asked(stage, rosa)
    await stage.all_delivered()
    for written in (request.number, request.number.lower(), request.number.replace("-", "")):
        await rosa.sends(written)
        await rosa.sees(f"Demande {request.number}", "En ce moment")
    await julien.sends(f"({request.number})")
    await julien.sees(f"Demande {request.number}", "De : Rosa")
    await ali.sends(request.number)
    refused = await ali.sees("Vous ne pouvez pas ouvrir cela")
    await ali.sends("D-2026-999")
    assert (await ali.sees("Vous ne pouvez pas ouvrir cela", times=2)).text == refused.text
    await ali.sends("/demandes")
    await ali.sees("Vous ne pouvez pas ouvrir cela", times=3)


def every_press(request: int, other: int, person: int, council: int) -> list[str]:
    return [
        each.pack()
        for each in (
            OpenRequestPress(request),
            MoreRequestPress(request),
            WaitPress(request),
            ReleasePress(request),
            NotePress(request),
            CarryOutPress(request),
            ResultPress(request, 0),
            GivePress(request, 0),
            GivenPress(request, person),
            SortKindPress(request, 0),
            KindChosenPress(request, SupportKind.RULES),
            SortCouncilPress(request, 0),
            CouncilChosenPress(request, council),
            AttachPress(request),
            MeetingChosenPress(request, 1),
            NewMeetingForPress(request),
            RelatePress(request),
            OtherChosenPress(request, other),
            MergePress(request, other),
            LinkPress(request, other),
            HistoryPress(request, 0),
            ReplayPress(request),
            ReadyAnswersPress(request, 0),
            ReadyAnswerPress(request, "recu"),
            SendReadyPress(request, "recu"),
            ChangeReadyPress(request, "recu"),
        )
    ]


async def test_nobody_else_opens_or_does_anything_whatever_they_press(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa, ali = await stage.joined("Rosa", "nord"), await stage.joined("Ali", "nord")
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    request, other = await asked(stage, rosa, "Secret"), await asked(stage, rosa, "Autre")
    await stage.all_delivered()
    before = await again(stage, request)
    ids = (await stage.actor(julien)).person_id, stage.councils["sud"]
    for person in (ali, fatou):
        await person.sends("/menu")
        menu = person.messages()[-1]
        for known in (request.id, 999_999, -1):
            for data in every_press(known, other.id, *ids):
                assert "pouvez pas ouvrir" in await person.forges(data, on=menu), data
    await rosa.sends("/menu")
    menu = rosa.messages()[-1]
    for data in every_press(request.id, other.id, *ids)[1:]:
        assert "pouvez pas ouvrir" in await rosa.forges(data, on=menu), data
    for data in ("req", "req:x", "reqkc:1:nothing", "rqs:mine::::0:0", "rqs:x::::0:0", "reqas:1:" + "x" * 40):
        assert await ali.forges(data, on=ali.messages()[-1]), data
    for person in (ali, fatou):
        assert not any("Secret" in each for each in person.texts())
    assert await again(stage, request) == before

    # Julien is of the team no more: what he has open does nothing.
    await julien.sends(request.number)
    card = await julien.sees(f"Demande {request.number}")
    await loses_role(stage, claire, julien)
    assert (await again(stage, request)).state is SupportState.RECEIVED
    shown = card.text
    for data in every_press(request.id, other.id, *ids):
        assert "pouvez pas ouvrir" in await julien.forges(data, on=card), data
    await stage.advance(seconds=10)
    assert card.text == shown, "his old card tells him nothing new"
    await julien.sends("/demandes")
    await julien.sees("Vous ne pouvez pas ouvrir cela")


async def test_a_dialogue_ends_with_the_role_that_it_needs(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    request = await asked(stage, rosa)
    await stage.all_delivered()
    await julien.sends(request.number)
    await julien.taps("C’est fait")
    await loses_role(stage, claire, julien)
    await julien.sends("Tout est fait.")
    await julien.sees("Vous ne pouvez pas ouvrir cela")
    assert (await again(stage, request)).result is None


async def test_of_two_who_act_at_the_same_moment_the_second_sees_what_is_true(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    request = await asked(stage, rosa)
    await stage.all_delivered()
    for person in (claire, julien):
        await person.sends(request.number)
        await person.sees(f"Demande {request.number}")
    to = (await stage.actor(amina)).person_id
    done = ResultPress(request.id, 0).pack()
    toasts = await asyncio.gather(
        julien.forges(done, on=julien.messages()[-1]), claire.forges(done, on=claire.messages()[-1])
    )
    assert sorted("envoyé" in each for each in toasts) == [False, True]
    assert any("changé depuis" in each for each in toasts)
    for person in (claire, julien):
        await person.sees(f"Demande {request.number}", "C’est fait.", "pas encore dit")
    assert "changé depuis" in await claire.forges(GivenPress(request.id, to).pack(), on=claire.messages()[-1])


async def test_an_album_as_a_note_is_kept_whole(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    request = await asked(stage, rosa)
    await stage.all_delivered()
    await julien.sends(request.number)
    await julien.taps("Plus")
    await julien.taps("Note")
    julien.phone.sends_album([(Attachment("photo", file=sample("photo")), "") for _ in range(3)])
    await stage.quiet_moment()
    await stage.all_delivered()
    assert await said(stage, request, SupportSide.NOTE) == ["photo"] * 3
    await rosa.never_sees("Note")
