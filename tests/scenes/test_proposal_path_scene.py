"""The long way of a proposal: what a later step keeps of an earlier one, and what is never at a dead end."""

import pytest

from storage.people import Role
from storage.proposals import ProposalState
from tests.scenes.manners import check_manners
from tests.scenes.meeting_steps import at, meeting_of
from tests.scenes.moderation_steps import menu, opens, public, reports, supports
from tests.scenes.proposal_steps import again
from tests.scenes.stage import Person, Stage


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
