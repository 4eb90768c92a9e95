"""Writing to an institution as residents do: by voice, with photos, in a flood, with help, over several days."""

import pytest

from council.interpellation_drafts import Question
from council.people import unfollow
from handlers.cards.interpellation import (
    GoOnPress,
    HearPress,
    OpenInterpellationPress,
    OpenToSignPress,
    SendBackPress,
    WriteTextPress,
)
from handlers.cards.interpellation_asking import (
    AnonymousPress,
    ChangeWritingPress,
    HelpWritingPress,
    LaterPress,
    NextPress,
    PartnerPress,
    SendWritingPress,
    Step,
    WhatPress,
    WritingBackPress,
    WritingCouncilPress,
)
from handlers.cards.interpellation_menu import InterpellationsPress, NewInterpellationPress
from handlers.cards.interpellation_more import WriteAnswerPress
from playground.attachments import Attachment, sample
from storage.interpellations import InterpellationKind, InterpellationState
from storage.people import Role
from storage.support import SupportKind
from tests.scenes.interpellation_steps import StageClock, again, interpellations, opened, submitted, with_partners
from tests.scenes.manners import check_manners
from tests.scenes.stage import Person, Stage
from tests.scenes.support_steps import requests, words_of


def photo() -> Attachment:
    return Attachment("photo", file=sample("photo"))


def voice() -> Attachment:
    return Attachment("voice", file=sample("voice"))


async def begins(person: Person, partner: str = "La mairie") -> None:
    await person.sends("/interpeller")
    await person.taps("Écrire")
    await person.taps("À une institution")
    await person.taps(partner)
    await person.sees("Question 1 sur 6", "Que se passe-t-il")


async def answers(person: Person, *words: str) -> None:
    """One after the other; "" passes over the question."""
    for each in words:
        if each:
            await person.sends(each)
            await person.stage.advance(seconds=6)
            await person.taps("Suite")
        else:
            await person.taps("Passer")


async def test_written_in_small_questions_it_is_read_by_a_lead_before_anybody_signs(stage: Stage):
    await with_partners(stage)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    rosa, ben = await stage.joined("Rosa", "nord"), await stage.joined("Ben", "nord")
    await rosa.sends("/menu")
    await rosa.taps("Interroger une institution")
    await rosa.taps("Écrire")
    await rosa.sees("Le préfet", "pour un problème grave, que personne ne règle")
    await rosa.taps("À une institution")
    await rosa.sees("Qui doit répondre")
    await rosa.taps("Le bailleur – Habitat Nord")
    await rosa.sees("Que se passe-t-il", "Pas de nom. Rien sur la santé, ni l’avis des autres")
    await answers(rosa, "L’ascenseur est en panne.", "12 rue Haute", "", "", "", "Réparer vite.")
    await rosa.sees("Avez-vous des photos")
    rosa.phone.sends_album([(photo(), ""), (photo(), "")])
    await rosa.sees("J’ai gardé 1 fichier")
    await rosa.taps("Suite")
    await rosa.taps("Un habitant")
    addressed = "Voici votre lettre pour : Habitat Nord"
    preview = await rosa.sees(addressed, "L’ascenseur est en panne.", "Signé : Un habitant")
    assert "Avec 2 photos" in preview.text
    await rosa.taps("Envoyer au conseil")
    await rosa.sees("C’est envoyé au conseil", "Un référent ou un animateur la lit d’abord")
    (sent,) = await interpellations(stage)
    assert (sent.state, sent.anonymous) == (InterpellationState.SUBMITTED, True)
    assert (sent.facts, sent.place, sent.asked) == ("L’ascenseur est en panne.", "12 rue Haute", "Réparer vite.")
    await stage.all_delivered()
    await ben.never_sees(sent.number)
    await lea.sees("Rosa a écrit cette question", "À vous de la lire")
    await lea.taps("Voir la question")
    await lea.taps("Tout lire")
    await lea.sees("Toute la question", "12 rue Haute")
    await lea.taps("Retour")
    await lea.taps("Ouvrir aux signatures")
    await lea.sees("On peut signer jusqu’au", "1 signature sur 2")
    await stage.all_delivered()
    await rosa.sees("La question est publique")
    await ben.sends("/interpeller")
    await ben.taps("À signer (1)")
    await ben.taps(sent.number)
    seen = len(ben.messages())
    await ben.taps("Voir les photos")
    assert [each.text for each in ben.messages()[seen:]] == ["Une photo ou un papier"] * 2
    check_manners(stage)


async def test_a_double_tap_on_send_writes_one(stage: Stage):
    await with_partners(stage)
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    await answers(rosa, "Il fait noir.", "", "", "", "", "Des lampes.")
    await rosa.taps("Passer")
    await rosa.taps("Rosa")
    preview = rosa.messages()[-1]
    first, second = rosa.phone.presses(preview, row=0, column=0), rosa.phone.presses(preview, row=0, column=0)
    await stage.until(lambda: first.answer is not None and second.answer is not None)
    await stage.quiet_moment()
    assert len(await interpellations(stage)) == 1
    assert "plus ouvert" in await rosa.forges(SendWritingPress(1, 1).pack(), on=preview)


async def test_the_same_text_again_and_again_is_one_question(stage: Stage):
    await with_partners(stage)
    rosa = await stage.joined("Rosa", "nord")
    for attempt in range(4):
        await begins(rosa)
        await answers(rosa, "Il fait noir.", "", "", "", "", "Des lampes.")
        await rosa.taps("Passer")
        await rosa.taps("Rosa")
        toast = await rosa.taps("Envoyer au conseil")
        if attempt:
            assert "Vous avez déjà envoyé ce texte" in toast
            await rosa.taps("Annuler")
    assert len(await interpellations(stage)) == 1
    check_manners(stage)


async def test_a_voice_stays_a_voice_until_an_animator_has_written_it(stage: Stage):
    await with_partners(stage)
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa, ben = await stage.joined("Rosa", "nord"), await stage.joined("Ben", "nord")
    await begins(rosa)
    await rosa.sends(attachment=voice())
    await rosa.sees("J’ai gardé 1 message vocal")
    await rosa.taps("Suite")
    for _ in range(4):
        await rosa.taps("Passer")
    await rosa.sends(attachment=voice())
    await rosa.taps("Suite")
    await rosa.taps("Passer")
    await rosa.taps("Rosa")
    await rosa.sees("Le conseil écrira ce que vous avez dit")
    await rosa.taps("Envoyer au conseil")
    await rosa.sees("Votre voix reste privée")
    (sent,) = await interpellations(stage)
    await stage.all_delivered()
    await julien.sees("Il y a un message vocal à écrire")
    await julien.taps("Voir la question")
    card = julien.messages()[-1]
    assert "message vocal" in await julien.forges(OpenToSignPress(sent.id, sent.revision).pack(), on=card)
    heard = len(julien.messages())
    await julien.taps("Écouter et voir")
    assert [each.text for each in julien.messages()[heard:]] == ["Ce qui se passe", "Ma demande"]
    for label, words in (("Ce qui se passe", "La rue est noire."), ("Ma demande", "Des lampes.")):
        await julien.taps("Écrire le texte")
        await julien.taps(label)
        await julien.sends(words)
        await stage.advance(seconds=6)
    kept = await again(stage, sent)
    assert (kept.facts, kept.asked, kept.title) == ("La rue est noire.", "Des lampes.", "La rue est noire.")
    await julien.taps("Ouvrir aux signatures")
    await stage.all_delivered()
    await rosa.sees("Quelqu’un du conseil a complété le texte")
    assert (await again(stage, sent)).state is InterpellationState.COSIGNING
    await ben.sends("/menu")
    assert "pouvez pas ouvrir" in await ben.forges(HearPress(sent.id).pack(), on=ben.messages()[-1])
    check_manners(stage)


async def test_a_draft_waits_for_another_day_and_an_animator_helps_with_it(stage: Stage):
    await with_partners(stage)
    await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    await answers(rosa, "Les rats sont là.")
    await rosa.taps("Plus tard")
    await rosa.sees("C’est gardé : I-")
    await stage.advance(hours=50)
    await rosa.sends("/interpeller")
    await rosa.taps("Mes questions")
    await rosa.taps("Les rats sont là")
    await rosa.taps("Continuer à écrire")
    await rosa.sees("Question 2 sur 6")
    await rosa.taps("Être aidé")
    await rosa.sees("C’est demandé : D-", "Votre texte est gardé")
    (asked,) = await requests(stage)
    assert (asked.kind, asked.council_id) == (SupportKind.CONTACT, stage.councils["nord"])
    (words,) = await words_of(stage, asked)
    assert "Les rats sont là." in words.parts[0]
    await rosa.taps("Continuer à écrire")
    await rosa.taps("Être aidé")
    assert len(await requests(stage)) == 1
    await rosa.taps("Continuer à écrire")
    await answers(rosa, "", "", "", "", "Venez.")
    await rosa.taps("Passer")
    await rosa.taps("Rosa")
    await rosa.taps("Envoyer au conseil")
    (sent,) = await interpellations(stage)
    assert (sent.state, sent.facts, sent.asked) == (InterpellationState.SUBMITTED, "Les rats sont là.", "Venez.")
    check_manners(stage)


async def test_help_before_anything_was_said(stage: Stage):
    await with_partners(stage)
    rosa = await stage.joined("Rosa", "nord")
    await rosa.sends("/interpeller")
    await rosa.taps("Écrire")
    await rosa.taps("Être aidé")
    await rosa.sees("C’est demandé : D-")
    assert len(await requests(stage)) == 1
    await rosa.taps("Continuer à écrire")
    await rosa.sees("À qui voulez-vous écrire")


async def test_the_prefect_has_a_path_of_his_own(stage: Stage):
    await with_partners(stage)
    rosa = await stage.joined("Rosa", "nord")
    await rosa.sends("/interpeller")
    await rosa.taps("Écrire")
    await rosa.taps("Au préfet")
    await answers(rosa, "Plus d’eau.", "Tour B", "Lundi", "40 familles", "Trois lettres", "De l’eau.")
    await rosa.taps("Passer")
    await rosa.taps("Rosa")
    await rosa.sees("Voici votre lettre au préfet", "40 familles", "Signé : Rosa")
    await rosa.taps("Envoyer au conseil")
    (sent,) = await interpellations(stage)
    assert (sent.kind, sent.partner_code) == (InterpellationKind.SAISINE, "prefecture")
    assert (sent.people, sent.tried, sent.since) == ("40 familles", "Trois lettres", "Lundi")


async def test_without_partners_in_the_file_an_animator_may_be_asked_and_nothing_is_sent(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await rosa.sends("/interpeller")
    await rosa.taps("Écrire")
    await rosa.taps("À une institution")
    await rosa.sees("Je n’ai pas encore d’adresse", "Un animateur peut la trouver")
    await rosa.taps("Suite")
    await answers(rosa, "Il fait noir.", "", "", "", "", "Des lampes.")
    await rosa.taps("Passer")
    await rosa.taps("Rosa")
    await rosa.sees("Voici votre lettre")
    assert not [each for each in rosa.buttons() if "Envoyer" in each]
    await rosa.taps("Être aidé")
    await rosa.sees("Votre texte est gardé")
    assert [each.state for each in await interpellations(stage)] == [InterpellationState.DRAFT]
    check_manners(stage)


async def test_bad_input_gets_its_sentence_and_the_question_stays(stage: Stage):
    await with_partners(stage)
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    await rosa.sends("🤷🤷🤷")
    await rosa.sees("Je n’ai rien reçu à lire", "Que se passe-t-il")
    await stage.advance(seconds=6)
    await rosa.sends("é" * 4096)
    await stage.advance(seconds=6)
    await rosa.sends("à" * 4096)
    await rosa.sees("C’est trop long", "8 000")
    await stage.advance(seconds=6)
    await rosa.sends(attachment=Attachment("sticker", file=sample("sticker")))
    await rosa.sees("Je ne sais pas transmettre cela")
    await rosa.taps("Suite")
    await rosa.sees("Question 2 sur 6")
    await rosa.forges(NextPress().pack(), on=rosa.messages()[-1])
    await answers(rosa, "", "", "")
    await rosa.sees("Que demandez-vous")
    assert not [each for each in rosa.buttons() if "Passer" in each]
    await rosa.forges(NextPress().pack(), on=rosa.messages()[-1])
    await rosa.sees("Question 6 sur 6")
    await rosa.sends("appelez le 06 12 34 56 78, voyez www.exemple.fr")
    await stage.advance(seconds=6)
    await rosa.taps("Suite")
    await rosa.sends("un mot")
    await rosa.sees("Envoyez une image ou un document")
    await rosa.taps("Passer")
    await stage.advance(seconds=6)
    await rosa.sends("Rosa")
    await rosa.sees("Répondez avec les boutons")
    await rosa.taps("Rosa")
    await rosa.taps("Envoyer au conseil")
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    await lea.sends("/interpeller")
    await lea.taps("À relire (1)")
    await lea.taps("I-")
    await lea.taps("Tout lire")
    await lea.sees("À regarder : ", "un numéro de téléphone", "un lien")
    await lea.taps("Suite")
    (sent,) = await interpellations(stage)
    assert sent.facts == "é" * 4096
    check_manners(stage, words_of_people=("é" * 300,))


async def test_a_correction_a_change_and_the_way_back(stage: Stage):
    await with_partners(stage)
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    sent = await rosa.sends("l’assanseur")
    await stage.advance(seconds=6)
    rosa.phone.edits(sent, "l’ascenseur")
    await rosa.sees("l’ascenseur", "Question 1")
    await rosa.taps("Suite")
    await rosa.taps("Retour")
    await rosa.sees("l’ascenseur", "Question 1")
    await answers(rosa, "du 12", "", "", "", "", "Réparer")
    await rosa.taps("Passer")
    await rosa.taps("Rosa")
    await rosa.sees("Voici votre lettre pour : Ville d’Essai")
    await rosa.taps("Changer")
    await rosa.taps("L’institution")
    await rosa.taps("Le bailleur")
    await rosa.sees("Voici votre lettre pour : Habitat Nord", "l’ascenseur")
    await rosa.taps("Changer")
    await rosa.taps("À qui j’écris")
    await rosa.taps("Au préfet")
    await rosa.sees("Voici votre lettre au préfet")
    await rosa.taps("Changer")
    await rosa.taps("Ma demande")
    await rosa.taps("Recommencer")
    await answers(rosa, "Un ascenseur neuf")
    await rosa.taps("Envoyer au conseil")
    (made,) = await interpellations(stage)
    assert (made.facts, made.asked) == ("l’ascenseur\ndu 12", "Un ascenseur neuf")
    assert made.kind is InterpellationKind.SAISINE


async def test_an_open_letter_comes_back_after_a_stop(stage: Stage):
    await with_partners(stage)
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    await rosa.sends("Il fait noir.")
    await stage.stop_bot()
    await stage.start_bot()
    await stage.advance(hours=25)
    await rosa.taps("Continuer")
    await rosa.sees("Il fait noir.", "Question 1 sur 6")
    await rosa.sends("/interpeller")
    await rosa.taps("Écrire")
    await rosa.sees("Il fait noir.", "Question 1 sur 6")
    await rosa.taps("Annuler")
    assert await interpellations(stage) == []


async def test_sent_back_with_a_reason_it_is_corrected_and_sent_again(stage: Stage):
    await with_partners(stage)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    sent = await submitted(stage, rosa)
    await stage.all_delivered()
    await lea.taps("Voir la question")
    await lea.taps("Renvoyer à l’auteur")
    await lea.taps("Dites où c’est")
    await stage.all_delivered()
    await rosa.sees("Le texte vous revient", "Dites où c’est, s’il vous plaît")
    await rosa.taps("Voir la question")
    await rosa.taps("Continuer à écrire")
    await rosa.taps("Changer")
    await rosa.taps("Le lieu")
    await answers(rosa, "Au 12")
    await rosa.taps("Envoyer au conseil")
    kept = await again(stage, sent)
    assert (kept.state, kept.place) == (InterpellationState.SUBMITTED, "Rue Haute\nAu 12")
    await stage.all_delivered()
    await lea.sees("À vous de la lire")
    await lea.taps("Voir la question")
    await lea.taps("Renvoyer à l’auteur")
    await lea.sends("Pas de nom de famille")
    await stage.all_delivered()
    await rosa.sees("Pas de nom de famille")
    await rosa.taps("Voir la question")
    await rosa.taps("Retirer la question")
    await rosa.taps("Oui, retirer")
    assert (await again(stage, sent)).state is InterpellationState.WITHDRAWN
    check_manners(stage)


async def test_two_leads_at_once_open_it_once_and_an_old_card_opens_nothing(stage: Stage):
    await with_partners(stage)
    lea, tom = await stage.joined("Léa", "nord", role=Role.LEAD), await stage.joined("Tom", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    sent = await submitted(stage, rosa)
    await stage.all_delivered()
    for each in (lea, tom):
        await each.taps("Voir la question")
    first = lea.phone.presses(lea.messages()[-1], row=0, column=0)
    second = tom.phone.presses(tom.messages()[-1], row=0, column=0)
    await stage.until(lambda: first.answer is not None and second.answer is not None)
    await stage.all_delivered()
    toasts = {each.answer.text for each in (first, second) if each.answer is not None}
    assert len(toasts) == 2
    assert any("a changé" in each for each in toasts)
    assert len([each for each in rosa.texts() if "est publique" in each]) == 1
    assert (await again(stage, sent)).state is InterpellationState.COSIGNING


async def test_forged_buttons_open_nothing_of_somebody_elses(stage: Stage):
    await with_partners(stage)
    rosa, samir = await stage.joined("Rosa", "nord"), await stage.joined("Samir", "nord")
    sent = await submitted(stage, rosa)
    await samir.sends("/menu")
    menu = samir.messages()[-1]
    for known in (sent.id, 999_999, -1):
        for press in (
            OpenInterpellationPress(known),
            OpenToSignPress(known, 1),
            SendBackPress(known),
            WriteTextPress(known),
            WriteAnswerPress(known, Question.FACTS),
            HearPress(known),
            GoOnPress(known),
        ):
            assert "pouvez pas ouvrir" in await samir.forges(press.pack(), on=menu), press
    for press in (
        NextPress(),
        LaterPress(),
        HelpWritingPress(),
        WritingBackPress(),
        AnonymousPress(False),
        PartnerPress("x"),
        ChangeWritingPress(Step.FACTS),
        WritingCouncilPress(stage.councils["sud"]),
        SendWritingPress(1, 1),
    ):
        assert await samir.forges(press.pack(), on=menu), press
    for data in ("ipk:nobody", "ipsend:1", "ipw:1:2", "ipvote:1:maybe", "ipo:x"):
        assert await samir.forges(data, on=menu), data
    assert (await again(stage, sent)).state is InterpellationState.SUBMITTED


async def test_who_follows_no_council_is_led_to_one_and_who_follows_two_chooses(stage: Stage):
    await with_partners(stage)
    nobody, both = await stage.joined("Ana"), await stage.joined("Bo", "nord", "sud")
    await nobody.sends("/interpeller")
    await nobody.taps("Écrire")
    await nobody.sees("Choisissez d’abord votre conseil")
    await both.sends("/interpeller")
    await both.taps("Écrire")
    await both.taps("À une institution")
    await both.taps("Quartier Sud")
    await both.sees("Qui doit répondre")
    assert not [each for each in both.buttons() if "bailleur" in each]
    await both.taps("La mairie")
    await answers(both, "Il fait noir.", "", "", "", "", "Des lampes.")
    await both.taps("Passer")
    await both.taps("Bo")
    await both.taps("Envoyer au conseil")
    assert [each.council_id for each in await interpellations(stage)] == [stage.councils["sud"]]


async def test_who_has_left_the_council_meanwhile_is_told_and_loses_nothing(stage: Stage):
    await with_partners(stage)
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    await answers(rosa, "Il fait noir.", "", "", "", "", "Des lampes.")
    await rosa.taps("Passer")
    await rosa.taps("Rosa")
    preview = await rosa.sees("Voici votre lettre")
    for label in ("Envoyer au conseil", "Être aidé"):
        await leaves(stage, rosa)
        await rosa.taps(label, on=preview)
        await rosa.sees("Vous ne suivez plus le conseil Quartier Nord.", "Votre texte est gardé.")
        assert await interpellations(stage) == []
        await rosa.taps("Suivre ce conseil")
        preview = await rosa.sees("Voici votre lettre", "Il fait noir.", "Des lampes.")
    await rosa.taps("Être aidé", on=preview)
    await rosa.taps("Continuer à écrire")  # it has a row of its own now, and is kept there as well
    await leaves(stage, rosa)
    await rosa.taps("Envoyer au conseil")
    await rosa.sees("Vous ne suivez plus le conseil Quartier Nord.", times=1)
    (kept,) = await interpellations(stage)
    assert (kept.state, kept.facts) == (InterpellationState.DRAFT, "Il fait noir.")
    await rosa.taps("Suivre ce conseil")
    await rosa.taps("Envoyer au conseil")
    await rosa.sees("C’est envoyé au conseil")
    check_manners(stage)


async def leaves(stage: Stage, person: Person, council: str = "nord") -> None:
    actor = await stage.actor(person)
    async with stage.database.write() as session:
        await unfollow(session, StageClock(stage), actor, stage.councils[council])


async def test_an_author_who_reads_arabic_comes_to_the_end_by_the_same_buttons(stage: Stage):
    await with_partners(stage)
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    amina = await stage.joined("أمينة", "nord", language="ar")
    await amina.sends("/interpeller")
    menu = amina.messages()[-1]
    await amina.forges(InterpellationsPress().pack(), on=menu)
    await amina.forges(NewInterpellationPress().pack(), on=menu)
    await amina.forges(WhatPress(InterpellationKind.INTERPELLATION).pack(), on=menu)
    await amina.forges(PartnerPress("mairie").pack(), on=menu)
    for words in ("المصعد معطل", "", "", "", "", "إصلاحه"):
        if words:
            await amina.sends(words)
            await stage.advance(seconds=6)
        await amina.forges(NextPress().pack(), on=menu)
    await amina.forges(NextPress().pack(), on=menu)
    await amina.forges(AnonymousPress(False).pack(), on=menu)
    assert "المصعد معطل" in menu.text
    send = next(
        button["callback_data"]
        for row in menu.buttons
        for button in row
        if button["callback_data"].startswith("ipsend")
    )
    await amina.forges(send, on=menu)
    (sent,) = await interpellations(stage)
    assert (sent.facts, sent.state) == ("المصعد معطل", InterpellationState.SUBMITTED)
    await stage.all_delivered()
    await lea.sees("المصعد معطل", sent.number)
    told = len(amina.messages())
    await lea.taps("Voir la question")
    await lea.taps("Ouvrir aux signatures")
    await stage.all_delivered()
    assert any(sent.number in each for each in amina.texts()[told:])
    check_manners(stage)


@pytest.mark.parametrize("council", ["sud"])
async def test_what_is_open_elsewhere_is_not_on_my_shelf(stage: Stage, council: str):
    await with_partners(stage)
    lea, rosa = await stage.joined("Léa", council, role=Role.LEAD), await stage.joined("Rosa", council)
    samir = await stage.joined("Samir", "nord")
    await opened(stage, rosa, lea, council)
    await samir.sends("/interpeller")
    assert not [each for each in samir.buttons() if "À signer" in each]
    noor = await stage.joined("Noor", council)
    await noor.sends("/interpeller")
    await noor.taps("À signer (1)")
    await noor.sees("À signer")


async def test_what_was_sent_out_of_any_dialogue_begins_a_letter(stage: Stage):
    await with_partners(stage)
    rosa = await stage.joined("Rosa", "nord")
    await rosa.sends("La cave est inondée.")
    await rosa.taps("Interroger une institution")
    await rosa.taps("À une institution")
    await rosa.taps("La mairie")
    await rosa.sees("La cave est inondée.", "Question 1 sur 6")
    await rosa.taps("Suite")
    await answers(rosa, "", "", "", "", "Pomper l’eau.")
    await rosa.taps("Passer")
    await rosa.taps("Rosa")
    await rosa.taps("Envoyer au conseil")
    assert [each.facts for each in await interpellations(stage)] == ["La cave est inondée."]
    check_manners(stage)
