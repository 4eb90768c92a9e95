"""The words for what a proposal is made of, the same on every card."""

from markupsafe import Markup

from council.proposal_originals import Told
from documents.proposal_words import STATES
from locales.sentences import sentence
from locales.translator import Translator
from storage.proposals import ProposalState

_UNTITLED: dict[Told, str] = {
    Told.SPOKEN: sentence("Idée en vocal"),
    Told.SHOWN: sentence("Idée en image"),
    Told.BOTH: sentence("Idée en vocal et en image"),
}


def state_words(state: ProposalState, say: Translator) -> str:
    """How far a proposal is, bare, to stand after a colon."""
    return say.plain(STATES[ProposalState(state)])


def supporters_words(say: Translator, supporters: int) -> Markup:
    """« 0 soutien », « 1 soutien », « 2 soutiens »."""
    return say.plural("{n} soutien", "{n} soutiens", supporters)


def title_words(say: Translator, title: str, told: Told | None) -> str:
    """The title, bare; a voice or a picture that nobody has put into words has none yet."""
    return title or (say.plain(_UNTITLED[told]) if told is not None else say.plain("Idée sans texte pour l’instant"))
