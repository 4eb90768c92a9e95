"""The words for what a proposal is made of, the same on every card."""

from markupsafe import Markup

from locales.sentences import sentence
from locales.translator import Translator
from storage.proposals import ProposalState

_STATES: dict[ProposalState, str] = {
    ProposalState.SUBMITTED: sentence("à relire"),
    ProposalState.TO_CORRECT: sentence("à corriger"),
    ProposalState.RECEIVED: sentence("reçue"),
    ProposalState.DISCUSSED: sentence("discutée"),
    ProposalState.RETAINED: sentence("retenue"),
    ProposalState.FORWARDED: sentence("transmise"),
    ProposalState.ANSWERED: sentence("réponse reçue"),
    ProposalState.DONE: sentence("réalisée"),
    ProposalState.REFUSED: sentence("refusée"),
    ProposalState.REPORTED_BACK: sentence("terminée"),
    ProposalState.MERGED: sentence("réunie à une autre"),
    ProposalState.SET_ASIDE: sentence("écartée"),
    ProposalState.WITHDRAWN: sentence("retirée"),
}


def state_words(state: ProposalState, say: Translator) -> str:
    """How far a proposal is, bare, to stand after a colon."""
    return say.plain(_STATES[ProposalState(state)])


def supporters_words(say: Translator, supporters: int) -> Markup:
    """« 0 soutien », « 1 soutien », « 2 soutiens »."""
    return say.plural("{n} soutien", "{n} soutiens", supporters)


def title_words(say: Translator, title: str) -> str:
    """The title, bare; a voice or a picture that nobody has put into words has none yet."""
    return title or say.plain("Idée sans texte pour l’instant")
