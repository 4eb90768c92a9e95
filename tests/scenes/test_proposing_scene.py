"""Proposing an idea, as people do: by voice, in a flood, with slips of the finger, and without losing a word."""

import pytest
from sqlmodel import col, select

from council.programme import apply_programme
from council.proposal_flags import Flag
from council.proposal_settings import ProposalSettings, ProposalTheme
from council.settings import PlaceEntry
from handlers.cards.proposal_asking import (
    Changed,
    ChangeIdeaPress,
    IdeaAgainPress,
    IdeaBackPress,
    IdeaCouncilPress,
    IdeaDonePress,
    IdeaNamePress,
    IdeaPlacePress,
    IdeaThemePress,
    MoreIdeaPress,
    OwnTitlePress,
    SendIdeaPress,
)
from handlers.cards.proposal_similar import DifferentPress, NoMorePress, SupportThisPress
from handlers.cards.unplaced import HeldProposePress
from playground.attachments import Attachment, sample
from storage.people import Role
from storage.proposals import ProposalFollower, ProposalState
from storage.support import ContentKind
from tests.scenes.interpellation_steps import StageClock
from tests.scenes.manners import check_manners
from tests.scenes.proposal_steps import again, begins, proposals, proposes, published, tells_where_and_who
from tests.scenes.stage import Stage

CONTACT = Attachment("contact", details={"phone_number": "+33600000000", "first_name": "Ami", "user_id": 5})
POINT = Attachment("location", details={"latitude": 43.6, "longitude": 1.4})


def photo() -> Attachment:
    return Attachment("photo", file=sample("photo"))


def voice() -> Attachment:
    return Attachment("voice", file=sample("voice"))


async def test_a_voice_without_a_written_word_becomes_a_proposal(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await rosa.sends("/menu")
    await rosa.taps("Proposer une idée")
    await rosa.sees("Quelle est votre idée", "Pas de nom de personne", "Rien sur la santé", "opinions")
    await rosa.sends(attachment=voice())
    await rosa.sees("J’ai gardé 1 message")
    await rosa.taps("C’est tout")
    await rosa.taps("Autre chose")
    await rosa.sees("À quel endroit", "dites-le")
    await rosa.sends(attachment=voice())
    await rosa.sees("l’animateur connaissent toujours votre prénom")
    await rosa.taps("Un habitant")
    preview = await rosa.sees(
        "votre message vocal", "2 messages vocaux", "Signé : Un habitant", "Voulez-vous l’envoyer"
    )
    await rosa.taps("Envoyer", on=preview)
    await rosa.sees("Votre numéro : P-", "Votre voix reste privée")
    await rosa.sees("Idée en vocal", "C’est votre proposition", "quelqu’un doit la relire")
    assert "plus ouvert" in await rosa.forges(SendIdeaPress(1, 1).pack(), on=preview)
    (proposal,) = await proposals(stage)
    assert (proposal.title, proposal.words, proposal.anonymous) == ("", "", True)
    assert [each["kind"] for each in proposal.originals] == [ContentKind.VOICE] * 2
    assert proposal.state is ProposalState.SUBMITTED
    check_manners(stage)


async def test_a_double_tap_on_send_proposes_once(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    await rosa.sends("Un banc")
    await rosa.taps("C’est tout")
    await tells_where_and_who(rosa)
    preview = rosa.messages()[-1]
    first, second = rosa.phone.presses(preview, row=0, column=0), rosa.phone.presses(preview, row=0, column=0)
    await stage.until(lambda: first.answer is not None and second.answer is not None)
    await stage.quiet_moment()
    assert len(await proposals(stage)) == 1
    await rosa.sees("C’est envoyé")


async def test_an_album_a_flood_and_a_place_are_kept_whole_and_answered_once(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    said = len(rosa.messages())
    rosa.phone.sends_album([(photo(), "Le parc"), (photo(), ""), (photo(), "")])
    for number in range(12):
        rosa.phone.sends(f"Message {number} <b>& {'é' * 10}")
    rosa.phone.sends(attachment=voice())
    rosa.phone.sends(attachment=POINT)
    await stage.quiet_moment()
    await stage.advance(seconds=8)
    await rosa.sees("J’ai gardé 17 messages")
    assert len(rosa.messages()) == said + 1
    await rosa.taps("C’est tout")
    await rosa.taps("Autre chose")
    await rosa.taps("Rosa")
    await rosa.sees("Votre proposition : Le parc", "3 photos et 1 message vocal", "Lieu : un point sur la carte")
    await rosa.taps("Envoyer")
    (proposal,) = await proposals(stage)
    assert len(proposal.originals) == 17
    assert proposal.words.splitlines()[:2] == ["Le parc", f"Message 0 <b>& {'é' * 10}"]
    assert (proposal.latitude, proposal.longitude) == (43.6, 1.4)
    assert proposal.photo_file_id == proposal.originals[0]["file_id"]
    check_manners(stage, words_of_people=(*(f"Message {number} <b>& {'é' * 10}\n" for number in range(12)), "<b>&"))


async def test_the_longest_message_fits_and_one_word_more_is_too_much(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    await rosa.sends("é" * 4096)
    await stage.advance(seconds=6)
    await rosa.sends("encore")
    await rosa.taps("C’est tout")
    await rosa.sees("C’est trop long", "4 096")
    await rosa.taps("Recommencer")
    await rosa.sees("Quelle est votre idée")
    await rosa.sends("é" * 4096)
    await rosa.taps("C’est tout")
    await tells_where_and_who(rosa)
    await rosa.taps("Envoyer")
    await rosa.sees("C’est envoyé")
    assert len((await proposals(stage))[0].words) == 4096
    check_manners(stage)


async def test_what_no_proposal_can_hold_is_refused_clearly_and_the_rest_stays(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    await rosa.taps("Annuler")
    await begins(rosa)
    for attachment in (CONTACT, Attachment("sticker", file=sample("sticker"))):
        await rosa.sends(attachment=attachment)
        await rosa.sees("Je ne peux pas garder cela ici")
    await rosa.sends(attachment=Attachment("dice"))
    await rosa.sees("Je ne sais pas transmettre cela")
    await rosa.sends(attachment=POINT)
    await rosa.taps("C’est tout")
    await rosa.sees("Je n’ai rien reçu à lire")
    await rosa.sends("🔥🔥")
    await rosa.taps("C’est tout")
    await rosa.taps("Autre chose")
    await rosa.taps("Rosa")
    await rosa.taps("Envoyer")
    (proposal,) = await proposals(stage)
    assert proposal.flags == [Flag.UNREADABLE]
    assert [each["kind"] for each in proposal.originals] == [ContentKind.LOCATION, ContentKind.TEXT]
    check_manners(stage)


async def test_a_proposal_left_open_comes_back_where_it_stood_and_every_step_leads_back(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    await rosa.sends("Un banc")
    await rosa.taps("C’est tout")
    await rosa.taps("Autre chose")
    await stage.stop_bot()
    await stage.start_bot()
    await stage.advance(hours=25)
    await rosa.sees("sans la finir")
    await rosa.taps("Continuer")
    await rosa.sees("À quel endroit")
    await rosa.sends("/proposer")
    await rosa.sees("À quel endroit", times=2)
    for question in ("De quoi parle votre idée", "J’ai gardé 1 message"):
        await rosa.taps("Retour")
        assert question in rosa.messages()[-1].text
    await rosa.taps("C’est tout")
    await rosa.sends("a" * 121)
    await rosa.sees("C’est trop long")
    await rosa.sends("Rue des Lilas")
    await rosa.sees("Quel nom")
    await rosa.taps("Rosa")
    await rosa.sees("Lieu : Rue des Lilas", "Signé : Rosa")
    await rosa.taps("Changer")
    await rosa.taps("Le titre")
    await rosa.sends(attachment=voice())
    await rosa.sees("des mots écrits")
    await rosa.sends("Des bancs\npour tous")
    await rosa.sees("Votre proposition : Des bancs pour tous")
    await rosa.taps("Changer")
    await rosa.taps("Le nom")
    await rosa.taps("Retour")
    await rosa.taps("Changer")
    await rosa.taps("Le lieu")
    await rosa.taps("Pas de lieu précis")
    await rosa.taps("Ajouter")
    await rosa.sends("Et un arbre")
    await rosa.taps("C’est tout")
    await rosa.taps("Envoyer")
    (proposal,) = await proposals(stage)
    assert (proposal.title, proposal.words, proposal.place) == ("Des bancs pour tous", "Un banc\nEt un arbre", "")
    check_manners(stage)


async def test_a_correction_while_writing_is_what_is_sent(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await begins(rosa)
    sent = await rosa.sends("Un ban")
    await stage.advance(seconds=6)
    rosa.phone.edits(sent, "Un banc")
    await rosa.sees("J’ai corrigé votre message")
    await rosa.taps("C’est tout")
    await tells_where_and_who(rosa)
    await stage.advance(seconds=6)
    rosa.phone.edits(sent, "Deux bancs")
    await rosa.sees("Votre proposition : Deux bancs")
    await rosa.taps("Envoyer")
    assert [each.words for each in await proposals(stage)] == ["Deux bancs"]


async def test_what_is_sent_out_of_any_dialogue_becomes_the_beginning_of_a_proposal(stage: Stage):
    rosa = await stage.joined("Rosa", "nord", "sud")
    rosa.phone.sends(attachment=photo())
    rosa.phone.sends(attachment=CONTACT)
    rosa.phone.sends(attachment=voice())
    await stage.quiet_moment()
    await stage.advance(seconds=8)
    await rosa.sees("J’ai gardé 3 messages", "Que voulez-vous en faire")
    await rosa.taps("Proposer une idée")
    await rosa.sees("J’ai gardé 2 messages", "quel quartier")
    await rosa.taps("Quartier Sud")
    await rosa.sees("J’ai gardé 2 messages", "Pas de nom de personne")
    await rosa.taps("C’est tout")
    await tells_where_and_who(rosa)
    await rosa.sees("Pour : Quartier Sud")
    await rosa.taps("Envoyer")
    (proposal,) = await proposals(stage)
    assert proposal.council_id == stage.councils["sud"]
    assert [each["kind"] for each in proposal.originals] == [ContentKind.PHOTO, ContentKind.VOICE]
    check_manners(stage)


async def test_themes_and_places_of_the_programme_are_buttons(stage: Stage):
    themes = (ProposalTheme(code="proprete", sign="🧹", name={"fr": "Propreté", "ar": "النظافة"}),)
    nord = stage.settings.councils[0].model_copy(update={"places": (PlaceEntry(name="Le gymnase"),)})
    changed = {"proposals": ProposalSettings(themes=themes), "councils": (nord, *stage.settings.councils[1:])}
    stage.settings = stage.settings.model_copy(update=changed)
    async with stage.database.write() as session:
        await apply_programme(session, StageClock(stage), stage.settings)
    await stage.all_delivered()
    rosa, sara = await stage.joined("Rosa", "nord"), await stage.joined("Sara", "nord", language="ar")
    await begins(rosa)
    await rosa.sends("Plus de poubelles")
    await rosa.taps("C’est tout")
    await rosa.taps("🧹 Propreté")
    await rosa.taps("Le gymnase")
    await rosa.taps("Rosa")
    await rosa.sees("Thème : Propreté", "Lieu : Le gymnase")
    await rosa.taps("Envoyer")
    (proposal,) = await proposals(stage)
    assert (proposal.theme, proposal.place) == ("proprete", "Le gymnase")
    await sara.sends("/proposer")
    await sara.sends("حديقة")
    await sara.forges(IdeaDonePress().pack(), on=sara.messages()[-1])
    assert "🧹 النظافة" in sara.buttons()


async def test_a_proposal_that_says_nearly_the_same_can_be_supported_instead(stage: Stage):
    fatou, tom = await stage.joined("Fatou", "nord", role=Role.LEAD), await stage.joined("Tom", "nord")
    rosa = await stage.joined("Rosa", "nord")
    first = await published(stage, fatou, await proposes(tom, "Des bancs au parc pour les anciens"))
    await begins(rosa)
    await rosa.sends("dé bancs dans le PARC svp")
    await rosa.taps("C’est tout")
    await tells_where_and_who(rosa)
    await rosa.sees("Une idée ressemble à la vôtre", first.number, "Des bancs au parc")
    await rosa.taps("Soutenir celle-ci")
    await rosa.sees(f"Vous soutenez la proposition {first.number}", "envoyer aussi la vôtre")
    async with stage.database.read() as session:
        standing = (await session.exec(select(col(ProposalFollower.supports)))).all()
    assert list(standing) == [True]
    await rosa.taps("Oui, elle est différente")
    await rosa.taps("Envoyer")
    await rosa.sees("C’est envoyé")

    await begins(tom)
    await tom.sends("Une fontaine")
    await tom.taps("C’est tout")
    await tells_where_and_who(tom)
    await tom.sees("Votre proposition : Une fontaine")
    await tom.taps("Annuler")
    sara = await stage.joined("Sara", "nord")
    await begins(sara)
    await sara.sends("Des bancs au parc")
    await sara.taps("C’est tout")
    await tells_where_and_who(sara)
    await sara.taps("Ma proposition est différente")
    await sara.sees("Voulez-vous l’envoyer")
    await sara.taps("Changer")
    await sara.taps("Tout redire")
    await sara.sends("bancs parc")
    await sara.taps("C’est tout")
    await sara.taps("Soutenir celle-ci")
    await sara.taps("c’est bien comme ça")
    await sara.sees("Votre idée n’est pas envoyée")
    assert len(await proposals(stage)) == 2
    check_manners(stage)


async def test_the_same_text_again_leads_to_the_proposal_that_is_there(stage: Stage):
    """Ten times over: tests/rules/test_proposals.py."""
    rosa = await stage.joined("Rosa", "nord")
    first = await proposes(rosa, "Un banc")
    await begins(rosa)
    await rosa.sends("UN BANC !")
    await rosa.taps("C’est tout")
    await tells_where_and_who(rosa)
    await rosa.taps("Envoyer")
    await rosa.sees("Vous avez déjà envoyé cette idée", first.number)
    await rosa.taps(f"Voir {first.number}")
    await rosa.sees("Un banc", "C’est votre proposition")
    assert len(await proposals(stage)) == 1
    check_manners(stage)


async def test_links_and_numbers_are_taken_and_shown_to_the_moderator_alone(stage: Stage):
    fatou, rosa = await stage.joined("Fatou", "nord", role=Role.LEAD), await stage.joined("Rosa", "nord")
    proposal = await proposes(rosa, "Un jardin, appelez le 06 12 34 56 78 ou www.jardin.fr, rosa@exemple.fr")
    assert set(proposal.flags) == {Flag.PHONE, Flag.LINK, Flag.MAIL}
    await stage.all_delivered()
    await fatou.sees("Une proposition attend votre avis", proposal.number)
    tom = await stage.joined("Tom", "nord")
    await tom.never_sees("jardin")


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_in_another_language_every_card_is_shown(stage: Stage, language: str):
    sara = await stage.joined("Sara", "nord", "sud", language=language)
    await sara.sends("/proposer")
    menu = sara.messages()[-1]
    await sara.forges(IdeaCouncilPress(stage.councils["nord"]).pack(), on=menu)
    await sara.sends("مقاعد في الحديقة")
    for press in (
        IdeaDonePress(),
        IdeaThemePress("autre"),
        IdeaPlacePress(None),
        IdeaNamePress(True),
        MoreIdeaPress(),
        IdeaDonePress(),
        ChangeIdeaPress(None),
        ChangeIdeaPress(Changed.TITLE),
        OwnTitlePress(),
    ):
        await sara.forges(press.pack(), on=menu)
    send = [
        button["callback_data"]
        for row in sara.messages()[-1].buttons + menu.buttons
        for button in row
        if button.get("callback_data", "").startswith("pqsend")
    ][-1]
    await sara.forges(send, on=menu)
    (proposal,) = await proposals(stage)
    assert proposal.title == "مقاعد في الحديقة"
    assert proposal.number in "".join(sara.texts())
    check_manners(stage)


async def test_forged_buttons_open_nothing_and_propose_nothing(stage: Stage):
    rosa, samir = await stage.joined("Rosa", "nord"), await stage.joined("Samir", "nord")
    waiting = await proposes(rosa, "Le secret de Rosa")
    await samir.sends("/menu")
    menu = samir.messages()[-1]
    for press in (
        IdeaCouncilPress(stage.councils["sud"]),
        IdeaDonePress(),
        IdeaAgainPress(),
        IdeaThemePress("x"),
        IdeaPlacePress("x"),
        IdeaNamePress(True),
        SupportThisPress(waiting.id),
        DifferentPress(),
        NoMorePress(),
        IdeaBackPress(),
        ChangeIdeaPress(Changed.WORDS),
        SendIdeaPress(1, 1),
        HeldProposePress(),
    ):
        assert await samir.forges(press.pack(), on=menu), press
    for data in ("pqchg:nothing", "pqsend:1", "pqs:x", "pqn:2"):
        assert await samir.forges(data, on=menu), data
    await samir.sends("/proposer")
    await samir.forges(IdeaCouncilPress(stage.councils["sud"]).pack(), on=samir.messages()[-1])
    await samir.never_sees("secret de Rosa")
    assert (await again(stage, waiting)).state is ProposalState.SUBMITTED
    assert len(await proposals(stage)) == 1
