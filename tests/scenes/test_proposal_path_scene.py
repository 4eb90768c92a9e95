"""The long way of a proposal: what a later step keeps of an earlier one, and what is never at a dead end."""

import pytest

from handlers.cards.moderation import PublishPress
from playground.attachments import Attachment, sample
from storage.people import Role
from storage.proposals import ProposalState
from tests.scenes.manners import check_manners
from tests.scenes.meeting_steps import at, count, meeting_of
from tests.scenes.moderation_steps import corrects, in_queue, menu, opens, public, publishes, reports, supports
from tests.scenes.proposal_steps import again, begins, proposals, proposes, published, tells_where_and_who
from tests.scenes.stage import Person, Stage

PHOTO, VOICE = Attachment("photo", file=sample("photo")), Attachment("voice", file=sample("voice"))


async def cast(stage: Stage) -> tuple[Person, Person, Person]:
    """An author, a lead, a neighbour who follows the council."""
    return (
        await stage.joined("Rosa", "nord"),
        await stage.joined("Fatou", "nord", role=Role.LEAD),
        await stage.joined("Tom", "nord"),
    )


async def notes(lead: Person, step: str, words: str) -> None:
    """One step of the menu, with a usual answer."""
    await lead.taps(step)
    await lead.taps(words)
    await lead.taps("Oui, c’est bien cela")


async def test_a_reported_text_is_gone_although_the_council_has_passed_it_on_already(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    proposal = await public(rosa, fatou, "Mon voisin Durand fait du bruit.")
    await menu(fatou, proposal)
    await notes(fatou, "Transmise", "À la mairie")
    for name in ("Ana", "Bea", "Cid"):
        await reports(await stage.joined(name, "nord"), proposal)
    await opens(fatou, proposal)
    assert "🔗 Réunir" not in fatou.buttons()
    await notes(fatou, "Écarter", "Le texte parle d’une personne")
    await fatou.sees(proposal.number, "État : écartée")
    await stage.all_delivered()
    await rosa.sees("est écartée", "Le texte parle d’une personne")
    assert (await again(stage, proposal)).state is ProposalState.SET_ASIDE
    await tom.sends(proposal.number)
    await tom.sees("Vous ne pouvez pas ouvrir cela")
    check_manners(stage)


@pytest.mark.parametrize(
    ("step", "words", "told", "stands"),
    [
        ("Refusée", "Ce n’est pas possible ici", "pourquoi elle est refusée", "Elle est refusée"),
        ("Réponse reçue", "C’est à l’étude", "quelle est la réponse", "Une réponse est arrivée"),
        ("Réalisée", "Les travaux sont finis", "ce qui a été fait", "C’est fait"),
    ],
)
async def test_told_in_a_meeting_what_came_of_it_stands_there_still(
    stage: Stage, step: str, words: str, told: str, stands: str
):
    rosa, fatou, tom = await cast(stage)
    proposal = await public(rosa, fatou)
    await supports(tom, proposal)
    await menu(fatou, proposal)
    await fatou.taps(step)
    await fatou.taps(words)
    if step == "Réalisée":
        await fatou.taps("Sans photo")
    await fatou.taps("Oui, c’est bien cela")
    await notes(fatou, "Dite en réunion", "Nous en avons parlé à la réunion")
    await stage.all_delivered()
    for each in (rosa, tom):
        await each.sees(proposal.number, f"Le conseil a dit en réunion {told}", "Nous en avons parlé")
    await tom.sends(proposal.number)
    await tom.sees(proposal.number, f"{stands}. Le conseil l’a dit en réunion", words, "Nous en avons parlé")
    check_manners(stage)


async def test_the_council_talks_of_it_in_a_second_meeting_and_that_is_seen_noted_and_told(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    await meeting_of(stage, fatou, title="Conseil de mars", starts_at=at(stage, 3, 18))
    await meeting_of(stage, fatou, title="Conseil d’avril", starts_at=at(stage, 30, 18))
    proposal = await public(rosa, fatou)
    await menu(fatou, proposal)
    await fatou.taps("Mettre à l’ordre du jour")
    await fatou.taps("Conseil de mars")
    await stage.advance(days=4)
    await menu(fatou, proposal)
    await notes(fatou, "Discutée", "Le conseil en parlera encore")
    await fatou.taps("réunion")
    await fatou.taps("Conseil d’avril")
    await stage.all_delivered()
    await tom.sends(proposal.number)
    await tom.sees("Le conseil en parle le", "Conseil d’avril", "Le conseil en parlera encore")
    await stage.advance(days=28)
    await menu(fatou, proposal)
    await notes(fatou, "Discutée", "Le conseil est d’accord")
    await fatou.sees("Fatou a noté : discutée")
    await stage.all_delivered()
    await rosa.sees("Le conseil en a parlé", "Le conseil est d’accord")
    await tom.sends(proposal.number)
    await tom.sees("Le conseil en a parlé en réunion", "Le conseil est d’accord")
    # What was reached is not lost by one meeting more.
    await menu(fatou, proposal)
    await notes(fatou, "Retenue", "Le conseil va s’en occuper")
    await notes(fatou, "Discutée", "Le conseil cherche plus d’informations")
    assert (await again(stage, proposal)).state is ProposalState.RETAINED
    check_manners(stage)


async def test_what_its_author_never_corrects_is_listed_set_aside_and_the_author_reminded_once(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    proposal = await in_queue(rosa)
    other = await in_queue(tom, "Une fontaine sur la place.")
    for each in (proposal, other):
        await opens(fatou, each)
        await notes(fatou, "Demander à l’auteur", "Dites où c’est")
    await corrects(tom, other, "Une fontaine sur la grande place.")
    await publishes(fatou, other)
    await menu(fatou, other)
    await notes(fatou, "Refusée", "C’est trop cher")
    await stage.advance(weeks=6, days=1)
    await fatou.sees("Quartier Nord", "1 proposition n’avance pas")
    await rosa.sees(proposal.number, "attend votre correction", "Dites où c’est")
    await tom.never_sees("attend votre correction")
    await stage.advance(days=2)
    assert count(rosa, "attend votre correction") == 1
    assert "✏️ Corriger et renvoyer" in rosa.buttons()
    await fatou.sends("/moderation")
    await fatou.taps("n’avancent pas")
    listed = await fatou.sees("1 proposition n’avance pas", "Des habitants attendent")
    assert any(proposal.number in each and "à corriger" in each for each in fatou.buttons(listed))
    await fatou.taps(proposal.number)
    await fatou.sees(proposal.number, "Il était demandé : « Dites où c’est")
    await notes(fatou, "Écarter", "Ce n’est pas une idée pour le quartier")
    await stage.all_delivered()
    await rosa.sees("est écartée", "Ce n’est pas une idée")
    assert (await again(stage, proposal)).state is ProposalState.SET_ASIDE
    check_manners(stage)


async def test_a_place_that_was_spoken_is_written_by_a_moderator(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    await begins(rosa)
    await rosa.sends("Un banc pour les parents")
    await rosa.taps("C’est tout")
    await rosa.taps("Autre chose")
    await rosa.sends(attachment=VOICE)
    await rosa.taps("Rosa")
    await rosa.taps("Envoyer")
    await stage.all_delivered()
    (proposal,) = await proposals(stage)
    await opens(fatou, proposal)
    await fatou.taps("Écrire le lieu")
    await fatou.sees("Quel lieu dit l’auteur")
    await fatou.sends(attachment=VOICE)
    await fatou.sees("mots écrits", "Quel lieu dit l’auteur")
    await fatou.sends("x" * 121)
    await fatou.sees("trop long", "Quel lieu dit l’auteur")
    await fatou.sends("Devant l’école, appelez le 06 12 34 56 78")
    await fatou.sees("Lieu : Devant l’école", "un numéro de téléphone")
    await fatou.taps("Écrire le lieu")
    await fatou.sends("Devant l’école")
    desk = await fatou.sees(proposal.number, "Lieu : Devant l’école")
    assert "téléphone" not in desk.text
    await fatou.taps("Publier")
    await stage.all_delivered()
    await tom.sends(proposal.number)
    await tom.sees("Lieu : Devant l’école")
    check_manners(stage)


async def test_of_two_who_write_the_text_at_once_the_second_sees_the_first_and_overwrites_nothing(stage: Stage):
    rosa, fatou, _ = await cast(stage)
    karim = await stage.joined("Karim", "nord", role=Role.ANIMATOR)
    proposal = await proposes(rosa, "", VOICE)
    await stage.all_delivered()
    for each in (fatou, karim):
        await opens(each, proposal)
        await each.taps("Écrire le texte")
    await fatou.sends("Un banc devant l’école. Pour les parents.")
    await fatou.sees("Pour les parents")
    await karim.sends("Une table.")
    await karim.sees("Fatou a corrigé le texte")
    await karim.sees(proposal.number, "Un banc devant l’école", "Pour les parents")
    assert (await again(stage, proposal)).words == "Un banc devant l’école. Pour les parents."
    # Seen, it may be written anew.
    await karim.taps("Écrire le texte")
    await karim.sends("Un banc devant l’école. Pour attendre.")
    await karim.sees(proposal.number, "Pour attendre")
    check_manners(stage)


async def test_an_author_overwrites_nothing_that_a_moderator_wrote_meanwhile_and_is_told(stage: Stage):
    rosa, fatou, _ = await cast(stage)
    proposal = await proposes(rosa, "", VOICE)
    await stage.all_delivered()
    await rosa.sends(proposal.number)
    await rosa.taps("Écrire le texte")
    await opens(fatou, proposal)
    await fatou.taps("Écrire le texte")
    await fatou.sends("Un banc devant l’école. Pour les parents.")
    await fatou.sees("Pour les parents")
    await rosa.sends("Une table.")
    await rosa.sees("Cela a changé. Voici votre proposition.")
    await rosa.sees(proposal.number, "Un banc devant l’école", "Pour les parents")
    assert (await again(stage, proposal)).words == "Un banc devant l’école. Pour les parents."
    check_manners(stage)


async def test_ones_own_older_button_says_done_already_only_of_what_is_done(stage: Stage):
    rosa, fatou, _ = await cast(stage)
    proposal = await in_queue(rosa)
    await opens(fatou, proposal)
    await fatou.taps("Changer le titre")
    await fatou.sends("Un banc ici")
    desk = await fatou.sees(f"{proposal.number} : Un banc ici")
    older = PublishPress(proposal.id, proposal.revision).pack()
    assert "Quelque chose a changé" in await fatou.forges(older, on=desk)
    assert (await again(stage, proposal)).state is ProposalState.SUBMITTED
    newer = PublishPress(proposal.id, (await again(stage, proposal)).revision).pack()
    await fatou.taps("Publier")
    assert "C’est déjà fait" in await fatou.forges(newer, on=desk)
    check_manners(stage)


async def test_the_author_knows_which_picture_is_published_before_it_is_sent(stage: Stage):
    rosa, fatou, tom = await cast(stage)
    await begins(rosa)
    rosa.phone.sends_album([(PHOTO, "Un banc devant l’école"), (PHOTO, "")])
    await stage.advance(seconds=8)
    await rosa.taps("C’est tout")
    await tells_where_and_who(rosa)
    await rosa.sees("Avec : 2 photos. Seule la première photo est publiée.")
    await rosa.taps("Envoyer")
    (proposal,) = await proposals(stage)
    await published(stage, fatou, proposal)
    await tom.sends(proposal.number)
    card = await tom.sees(proposal.number, "Le conseil l’a reçue")
    assert "photo" in card.body

    await begins(rosa)
    await rosa.sends("Une fontaine sur la place")
    await rosa.sends(attachment=Attachment("document", file=sample("photo")))
    await rosa.taps("C’est tout")
    await tells_where_and_who(rosa)
    await rosa.sees("Avec : 1 document. Un fichier n’est pas publié. Envoyez plutôt une photo.")
    await rosa.taps("Ajouter")
    await rosa.sends(attachment=PHOTO)
    await rosa.taps("C’est tout")
    await rosa.sees("Seule la première photo est publiée", "Voulez-vous l’envoyer")
    check_manners(stage)


async def test_home_says_to_those_who_moderate_how_many_wait_to_be_read(stage: Stage):
    rosa, fatou, _ = await cast(stage)
    await stage.joined("Karim", "nord", role=Role.ANIMATOR)
    proposal = await in_queue(rosa)
    await in_queue(fatou, "Une fontaine sur la place.")  # her own, which another reads
    await stage.advance(weeks=2)
    await fatou.sends("/menu")
    await fatou.sees("Bonjour Fatou", "1 proposition attend votre avis", "Que voulez-vous faire")
    await rosa.sends("/menu")
    await rosa.never_sees("attend votre avis")
    await publishes(fatou, proposal)
    await fatou.sends("/menu")
    assert "attend votre avis" not in (await fatou.sees("Bonjour Fatou", "Que voulez-vous faire")).text
    check_manners(stage)
