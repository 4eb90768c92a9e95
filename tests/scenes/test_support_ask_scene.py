"""Asking for support, as people do: by voice on a Friday evening, with an album, in a flood, in their language."""

import pytest

from handlers.cards.support import AddToRequestPress, MyRequestPress, VerdictPress, WithdrawnPress, WithdrawPress
from handlers.cards.support_asking import (
    AskBackPress,
    AskCouncilPress,
    Changed,
    ChangePress,
    ForWhomPress,
    KindGroup,
    KindGroupPress,
    KindPress,
    MoreWordsPress,
    SendRequestPress,
    ThemePress,
    WordsDonePress,
)
from handlers.cards.support_news import FacePress, NoMoreWordsPress
from handlers.cards.unplaced import HeldAskPress, HeldForPress, HeldNothingPress
from playground.attachments import Attachment, sample
from storage.people import Role
from storage.support import ContentKind, SupportKind, SupportState, Verdict
from tests.scenes.manners import check_manners
from tests.scenes.stage import Stage
from tests.scenes.support_steps import FRIDAY, asks, begins, requests, words_of


def photo() -> Attachment:
    return Attachment("photo", file=sample("photo"))


async def test_a_voice_on_a_friday_evening_gets_a_dated_promise_and_a_card_that_stays_true(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    await stage.go_to_next(FRIDAY, 18, 40)
    await rosa.sends("/menu")
    await rosa.taps("Demander un appui")
    await rosa.taps("Faire venir les gens")
    await rosa.taps("Faire venir des habitants")
    await rosa.sees("Pas de nom de famille")
    await rosa.sends(attachment=Attachment("voice", file=sample("voice")))
    await rosa.sees("J’ai gardé 1 message")
    await rosa.taps("C’est tout")
    await rosa.sees("1 message vocal", "Quartier Nord")
    preview = rosa.messages()[-1]
    await rosa.taps("Envoyer", on=preview)
    await rosa.sees("Nous sommes vendredi 18 h 40", "du lundi au vendredi", "Julien vous répondra avant lundi 12 h")
    card = await rosa.sees("Demande D-", "confiée à Julien")
    assert "plus ouvert" in await rosa.forges(SendRequestPress(1, 1).pack(), on=preview)
    (request,) = await requests(stage)
    assert [each.kind for each in await words_of(stage, request)] == [ContentKind.VOICE]

    await stage.go_to_next(0, 9, 30)
    await julien.sends("/demandes")
    await julien.taps(request.number)
    await rosa.taps("Retirer", on=card)
    await rosa.taps("Oui, retirer", on=card)
    await stage.all_delivered()
    await julien.sees("a retiré sa demande")
    assert (await requests(stage))[0].state is SupportState.WITHDRAWN
    check_manners(stage)


async def test_a_look_at_the_menu_in_the_midst_of_asking_loses_nothing(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    await rosa.sends("Une salle pour trente")
    await rosa.sends("/menu")
    await rosa.sees("Que voulez-vous faire")
    await rosa.taps("Reprendre où j’en étais")
    await rosa.sees("J’ai gardé 1 message")
    rosa.phone.blocks()
    await stage.quiet_moment()
    await rosa.starts()  # Telegram’s own button, for who comes back
    await rosa.taps("Reprendre où j’en étais", on=rosa.messages()[-1])
    await rosa.taps("C’est tout")
    await rosa.sees("Une salle pour trente")
    await rosa.taps("Envoyer")
    await rosa.sees("C’est envoyé")
    assert len(await requests(stage)) == 1
    await rosa.sends("/menu")
    assert not any("Reprendre" in label for label in rosa.buttons())


async def test_a_double_tap_on_send_asks_once(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    await rosa.sends("Une salle")
    await rosa.taps("C’est tout")
    preview = rosa.messages()[-1]
    first, second = rosa.phone.presses(preview, row=0, column=0), rosa.phone.presses(preview, row=0, column=0)
    await stage.until(lambda: first.answer is not None and second.answer is not None)
    await stage.quiet_moment()
    assert len(await requests(stage)) == 1
    await rosa.sees("C’est envoyé")


async def test_an_album_a_flood_a_long_text_markup_and_a_place_are_kept_whole_and_answered_once(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    said = len(rosa.messages())
    rosa.phone.sends_album([(photo(), "Le local"), (photo(), ""), (photo(), "")])
    for number in range(12):
        rosa.phone.sends(f"Message {number} <b>& {'é' * 10}")
    rosa.phone.sends("é" * 4096)
    rosa.phone.sends(attachment=Attachment("location", details={"latitude": 43.6, "longitude": 1.4}))
    await stage.quiet_moment()
    await stage.advance(seconds=8)
    await rosa.sees("J’ai gardé 17 messages")
    assert len(rosa.messages()) == said + 1
    await rosa.taps("C’est tout")
    await rosa.sees("3 photos et 1 lieu", "Voulez-vous l’envoyer")
    await rosa.taps("Envoyer")
    await rosa.sees("C’est envoyé")
    (request,) = await requests(stage)
    kept = await words_of(stage, request)
    assert [each.kind for each in kept[:3]] == [ContentKind.PHOTO] * 3
    assert len({each.album for each in kept[:3]}) == 1
    assert kept[3].parts == [f"Message 0 &lt;b&gt;&amp; {'é' * 10}"]
    assert sum(len(part) for part in kept[-2].parts) == 4096
    assert (kept[-1].latitude, kept[-1].longitude) == (43.6, 1.4)
    check_manners(stage, words_of_people=("<b>&",))


async def test_a_request_left_open_comes_back_where_it_stood(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    await rosa.sends("Ce que je voulais dire")
    await stage.stop_bot()
    await stage.start_bot()
    await stage.advance(hours=25)
    await rosa.sees("sans la finir")
    await rosa.taps("Continuer")
    await rosa.sees("J’ai gardé 1 message")
    await rosa.taps("C’est tout")
    await rosa.sees("Ce que je voulais dire")
    await rosa.taps("Changer")
    await rosa.taps("Le besoin")
    await rosa.taps("Autre chose")
    await rosa.taps("Envoyer")
    assert [each.kind for each in await requests(stage)] == [SupportKind.OTHER]


async def test_a_correction_while_writing_is_what_is_sent(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    sent = await rosa.sends("une sale")
    await stage.advance(seconds=6)
    rosa.phone.edits(sent, "une salle")
    await rosa.sees("J’ai corrigé votre message")
    await rosa.taps("C’est tout")
    await rosa.taps("Envoyer")
    (request,) = await requests(stage)
    assert [each.parts for each in await words_of(stage, request)] == [["une salle"]]


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_in_another_language_every_card_is_shown(stage: Stage, language: str):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord", role=Role.MEMBER, language=language)
    await rosa.sends("/demande")
    menu = rosa.messages()[-1]
    for press in (
        ForWhomPress(True),
        KindGroupPress(KindGroup.SOMEBODY),
        KindPress(SupportKind.EXPERTISE),
        ThemePress(""),
    ):
        await rosa.forges(press.pack(), on=menu)
    await rosa.sends("salut")
    for press in (WordsDonePress(), MoreWordsPress(), WordsDonePress(), ChangePress(None), AskBackPress()):
        await rosa.forges(press.pack(), on=menu)
    send = [
        button["callback_data"]
        for row in rosa.messages()[-1].buttons + menu.buttons
        for button in row
        if button.get("callback_data", "").startswith("sqsend")
    ][-1]
    await rosa.forges(send, on=menu)
    (request,) = await requests(stage)
    assert request.for_council
    assert request.number in "".join(rosa.texts())
    await stage.all_delivered()
    await julien.sends("/demandes")
    check_manners(stage)


async def test_what_is_sent_at_any_moment_is_held_and_finds_its_request(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    request = await asks(rosa)
    await stage.advance(seconds=10)
    said = len(rosa.messages())
    rosa.phone.sends_album([(photo(), "le devis"), (photo(), "")])
    await stage.quiet_moment()
    await stage.advance(seconds=8)
    await rosa.sees("J’ai gardé 2 messages", "Que voulez-vous en faire")
    assert len(rosa.messages()) == said + 1
    await rosa.taps(f"C’est pour ma demande {request.number}")
    await rosa.sees("C’est ajouté à la demande")
    assert len(await words_of(stage, request)) == 3

    await stage.advance(seconds=10)
    sent = await rosa.sends("Autre chose encor")
    await stage.advance(seconds=10)
    rosa.phone.edits(sent, "Autre chose encore")
    await rosa.sees("J’ai corrigé votre message")
    await rosa.taps("Demander un appui")
    await rosa.taps("Autre chose")
    await rosa.sees("Autre chose encore", "Voulez-vous l’envoyer")
    await rosa.taps("Envoyer")
    assert len(await requests(stage)) == 2
    check_manners(stage)


async def test_forged_buttons_open_nothing_of_somebody_elses(stage: Stage):
    rosa, samir = await stage.joined("Rosa", "nord"), await stage.joined("Samir", "nord")
    request = await asks(rosa, "Le secret de Rosa")
    await samir.sends("/menu")
    menu = samir.messages()[-1]
    for known in (request.id, 999_999, -1):
        for press in (
            MyRequestPress(known),
            AddToRequestPress(known),
            WithdrawPress(known),
            WithdrawnPress(known),
            VerdictPress(known, 1, Verdict.SOLVED),
            FacePress(known, 1, 5),
        ):
            assert "pouvez pas ouvrir" in await samir.forges(press.pack(), on=menu), press
    for press in (
        HeldAskPress(),
        HeldForPress(request.id),
        HeldNothingPress(),
        SendRequestPress(1, 1),
        WordsDonePress(),
        ThemePress("x"),
        AskCouncilPress(stage.councils["sud"]),
        ChangePress(Changed.WORDS),
    ):
        assert await samir.forges(press.pack(), on=menu), press
    await samir.forges(NoMoreWordsPress(request.id).pack(), on=menu)
    for data in ("sqv:1:1:maybe", "sqk:nothing", "sqg:", "sqsend:1", "sqone:x"):
        assert await samir.forges(data, on=menu), data
    await samir.sends("à moi")
    assert "pouvez pas ouvrir" in await samir.forges(HeldForPress(request.id).pack(), on=menu)
    await samir.never_sees("secret de Rosa")
    (kept,) = await requests(stage)
    assert kept.state is SupportState.RECEIVED
    assert len(await words_of(stage, kept)) == 1


async def test_taken_from_the_queue_and_answered_its_card_follows(stage: Stage):
    julien = await stage.joined("Julien", "sud", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    request = await asks(rosa)
    card = rosa.messages()[-1]
    assert "toute l’équipe voit votre demande" in card.text
    await stage.all_delivered()
    await julien.taps("Je prends")
    await stage.all_delivered()
    await rosa.sees("Julien a pris votre demande", "Julien vous répondra avant")
    await stage.advance(seconds=10)
    await stage.until(lambda: "Julien vous répondra avant" in card.text)
    await julien.sends("/demandes")
    await julien.taps(request.number)
    await julien.taps("Répondre")
    await julien.sends("La salle est libre")
    await stage.all_delivered()
    await rosa.sees("La salle est libre")
    await stage.advance(seconds=10)
    await stage.until(lambda: "en cours" in card.text and "Julien s’en occupe" in card.text)
    check_manners(stage)


async def test_asking_again_in_the_middle_of_a_request_loses_nothing(stage: Stage):
    await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    await rosa.sends("/demande")
    await rosa.taps("Autre chose")
    await rosa.sends("Il y a une fuite au numéro 4.")
    await rosa.sends("/menu")
    await rosa.sends("/demande")
    await rosa.sends("Il y a une fuite au numéro 6.")
    await rosa.sends("/demande")
    await rosa.taps("C’est tout")
    await rosa.sees("Il y a une fuite au numéro 4.", "Il y a une fuite au numéro 6.")
    await rosa.taps("Envoyer")
    await rosa.sees("C’est envoyé")
    assert len(await requests(stage)) == 1
