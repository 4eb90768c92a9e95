"""What the author of a proposal may do with it, on its card."""

from council.proposal_views import ProposalView
from handlers.buttons import Press, press
from handlers.cards.card import Button, grid
from handlers.cards.home import home_entry
from locales.sentences import sentence
from locales.translator import Translator
from storage.proposals import ENDED, UNPUBLISHED, ProposalState


@press("pqall")
class MyProposalsPress(Press):
    """One's own proposals: those that go their way, or the past ones."""

    past: bool
    page: int


@press("pqcor")
class CorrectPress(Press):
    """Begins to correct what the moderators have sent back."""

    proposal: int


@press("pqw")
class WriteMinePress(Press):
    """Asks for the text that will be read in the place of one's voice."""

    proposal: int


@press("pqplay")
class HearMinePress(Press):
    """Puts into the chat again what one has sent."""

    proposal: int


@press("pqoff")
class WithdrawPress(Press):
    """Asks whether to withdraw it."""

    proposal: int


@press("pqoffok")
class WithdrawnPress(Press):
    """Withdraws it."""

    proposal: int


home_entry(21, sentence("📋 Mes propositions"), MyProposalsPress(past=False, page=0))


def author_rows(say: Translator, view: ProposalView) -> tuple[tuple[Button, ...], ...]:
    """For its author alone; everybody else has none."""
    if not view.mine:
        return ()
    rows: list[tuple[Button, ...]] = []
    if view.state is ProposalState.TO_CORRECT:
        rows.append((Button(say.plain("✏️ Corriger et renvoyer"), CorrectPress(view.id)),))
    buttons: list[Button] = []
    if view.state in UNPUBLISHED:
        if not view.words:
            buttons.append(Button(say.plain("✍️ Écrire le texte"), WriteMinePress(view.id)))
        buttons.append(Button(say.plain("👁 Revoir mon envoi"), HearMinePress(view.id)))
        buttons.append(Button(say.plain("Retirer"), WithdrawPress(view.id)))
    buttons.append(Button(say.plain("📋 Mes propositions"), MyProposalsPress(view.state in ENDED, 0)))
    return (*rows, *grid(buttons, 2))
