"""Finding, reading and hearing of proposals where people would else stand before a wall."""

import pytest

from playground.attachments import Attachment, sample
from playground.messages import Message
from storage.people import Role
from tests.scenes.manners import check_manners
from tests.scenes.moderation_steps import menu, opens, public, reports, supports
from tests.scenes.proposal_steps import proposals, proposes, published, tells_where_and_who
from tests.scenes.stage import Person, Stage

SURE = "Oui, c’est bien cela"


async def cast(stage: Stage) -> tuple[Person, Person, Person]:
    """An author, a lead, a resident."""
    return (
        await stage.joined("Rosa", "nord"),
        await stage.joined("Fatou", "nord", role=Role.LEAD),
        await stage.joined("Tom", "nord"),
    )


async def comes_near(person: Person, words: str) -> None:
    """To the step that shows what others have proposed."""
    await person.sends("/proposer")
    await person.taps("Quartier Nord")
    await person.sends(words)
    await person.taps("C’est tout")
    await tells_where_and_who(person)
    await person.sees("Une idée ressemble à la vôtre")


async def test_a_number_typed_into_the_search_opens_what_it_names(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    proposal = await public(rosa, fatou)
    for written in (proposal.number, proposal.number.lower(), "p 2026 1"):
        await tom.sends("/propositions")
        await tom.taps("🔎 Chercher")
        await tom.sends(written)
        assert proposal.number in tom.texts()[-1]
        await tom.sees("Un banc devant l’école", "Les parents attendent debout")
    await tom.sends("/propositions")
    await tom.taps("🔎 Chercher")
    await tom.sends("banc")
    await tom.sees("Vous cherchez : banc", "Appuyez sur une proposition")
    check_manners(stage)


async def test_who_follows_no_council_supports_the_same_idea_by_taps_and_keeps_their_draft(stage: Stage):
    rosa, fatou, _ = await cast(stage)
    proposal = await public(rosa, fatou, "Des bancs au parc pour les anciens. Ils attendent le bus debout.")
    nadia = await stage.joined("Nadia")
    await comes_near(nadia, "des bancs au parc")
    await nadia.taps("📖 Lire")
    await nadia.sees("Des bancs au parc pour les anciens", "Ils attendent le bus debout")
    await nadia.taps("Reprendre")
    await nadia.sees("Une idée ressemble à la vôtre")
    await nadia.taps("Soutenir celle-ci")
    await nadia.sees("suivez d’abord le conseil", "Quartier Nord", "Votre idée est gardée")
    await nadia.taps("Retour")
    await nadia.sees("Une idée ressemble à la vôtre")
    await nadia.taps("Soutenir celle-ci")
    await nadia.taps("Suivre ce conseil et soutenir")
    await nadia.sees(f"Vous soutenez la proposition {proposal.number}")
    await nadia.taps("Oui, elle est différente")
    await nadia.taps("Envoyer")
    await nadia.sees("C’est envoyé")
    assert (await proposals(stage))[-1].words == "des bancs au parc"
    await stage.all_delivered()
    await nadia.sends(proposal.number)
    await nadia.sees("1 soutien", "Vous la soutenez")
    check_manners(stage)


async def test_supporters_read_why_the_council_sets_one_aside_and_nothing_of_a_text_that_was_hidden(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    open_one = await public(rosa, fatou)
    hidden = await public(rosa, fatou, "Mon voisin Durand fait du bruit")
    for each in (open_one, hidden):
        await supports(tom, each)
    await menu(fatou, open_one)
    await fatou.taps("Écarter")
    await fatou.taps("Cela existe déjà")
    await fatou.taps(SURE)
    await stage.all_delivered()
    await tom.sees(
        open_one.number, "Un banc devant l’école", "Cette proposition est écartée. Voici", "Cela existe déjà"
    )
    for name in ("Ana", "Bea", "Cid"):
        await reports(await stage.joined(name, "nord"), hidden)
    await opens(fatou, hidden)
    await fatou.taps("Écarter")
    await fatou.taps("Le texte parle d’une personne")
    await fatou.taps(SURE)
    await stage.all_delivered()
    told = await tom.sees(hidden.number, "Cette proposition est écartée.")
    assert "Durand" not in told.text
    assert "parle d’une personne" not in told.text
    check_manners(stage)


async def test_a_picture_sent_as_a_file_is_asked_for_as_a_photo(stage: Stage):
    rosa, fatou, _ = await cast(stage)
    proposal = await public(rosa, fatou)
    await menu(fatou, proposal)
    await fatou.taps("Réalisée")
    await fatou.taps("C’est en place")
    await fatou.sends(attachment=Attachment("document", file=sample("photo")))
    await fatou.sees("comme photo et pas comme fichier", "Avez-vous une photo")
    await fatou.sends(attachment=Attachment("photo", file=sample("photo")))
    await fatou.sees("Je note : réalisée")
    check_manners(stage)


@pytest.mark.parametrize(
    ("label", "words", "state"),
    [("Refusée", "Cela existe déjà", "refusée"), ("Discutée", "Ne rien ajouter", "discutée")],
)
async def test_a_list_says_how_far_each_is(stage: Stage, label: str, words: str, state: str):
    rosa, fatou, tom = await cast(stage)
    proposal = await public(rosa, fatou)
    await menu(fatou, proposal)
    await fatou.taps(label)
    await fatou.taps(words)
    await fatou.taps(SURE)
    await public(rosa, fatou, "Un arbre sur la place")
    await tom.sends("/propositions")
    assert tom.buttons()[:2] == ["Un arbre sur la place (0 soutien)", f"Un banc devant l’école ({state}, 0 soutien)"]
    check_manners(stage)


async def test_a_hidden_picture_leaves_every_chat_and_comes_back_with_its_text(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    made = await proposes(rosa, "Un banc devant l’école", Attachment("photo", file=sample("photo")))
    proposal = await published(stage, fatou, made)
    await stage.all_delivered()
    await tom.sends(proposal.number)
    card = await tom.sees("Un banc devant l’école", "0 soutien")
    shown = file_of(tom, card)
    assert shown == proposal.photo_file_id
    for name in ("Ana", "Bea", "Cid"):
        await reports(await stage.joined(name, "nord"), proposal)
    await stage.advance(minutes=1)
    await tom.sees("Ce texte n’est plus visible")
    assert file_of(tom, card) not in (None, shown)
    await opens(fatou, proposal)
    await fatou.taps("Montrer de nouveau")
    await stage.advance(minutes=1)
    assert "Un banc devant l’école" in tom.phone.chat().messages[card.id].text
    assert file_of(tom, card) == shown
    check_manners(stage)


def file_of(person: Person, message: Message) -> str | None:
    """The largest size of the picture that stands there now."""
    sizes = person.phone.chat().messages[message.id].body.get("photo")
    return sizes[-1]["file_id"] if sizes else None


async def test_a_moderator_publishes_a_text_without_its_picture(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    proposal = await proposes(rosa, "Un banc devant l’école", Attachment("photo", file=sample("photo")))
    await opens(fatou, proposal)
    assert "ne sera pas publiée" in await fatou.taps("Enlever l’image")
    assert not [each for each in fatou.buttons() if "image" in each]
    await fatou.taps("✅ Publier")
    await stage.all_delivered()
    await tom.sends(proposal.number)
    card = await tom.sees("Un banc devant l’école", "0 soutien")
    assert file_of(tom, card) is None
    check_manners(stage)
