"""The long way of a proposal: what a later step keeps of an earlier one, and what is never at a dead end."""

from storage.people import Role
from storage.proposals import ProposalState
from tests.scenes.manners import check_manners
from tests.scenes.moderation_steps import menu, opens, public, reports
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
