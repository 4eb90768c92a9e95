"""What was said of a proposal, and who did what with it: usual answers are read in each reader's own language."""

from collections.abc import Mapping

from council.proposal_treatment import STEPS
from handlers.cards.card import shorten
from handlers.cards.proposal_words import state_words
from locales.sentences import sentence
from locales.translator import Translator
from storage.proposals import ProposalAct

USUAL: Mapping[ProposalAct, tuple[str, ...]] = {
    ProposalAct.CORRECTION_ASKED: (
        sentence("Enlevez le nom des personnes, s’il vous plaît."),
        sentence("Enlevez le numéro, l’adresse ou le lien, s’il vous plaît."),
        sentence("Dites où c’est, s’il vous plaît."),
        sentence("Dites ce que vous proposez, s’il vous plaît."),
        sentence("Changez les mots qui blessent, s’il vous plaît."),
    ),
    ProposalAct.SET_ASIDE: (
        sentence("Le texte parle d’une personne."),
        sentence("Le texte blesse quelqu’un."),
        sentence("Ce n’est pas une idée pour le quartier."),
        sentence("Cela existe déjà."),
        sentence("C’est de la publicité."),
    ),
    ProposalAct.DISCUSSED: (
        sentence("Le conseil est d’accord."),
        sentence("Le conseil en parlera encore."),
        sentence("Le conseil cherche plus d’informations."),
    ),
    ProposalAct.RETAINED: (
        sentence("Le conseil va s’en occuper."),
        sentence("Le conseil va écrire à la mairie."),
    ),
    ProposalAct.FORWARDED: (
        sentence("À la mairie."),
        sentence("À la préfecture."),
        sentence("Au bailleur."),
        sentence("À une association."),
    ),
    ProposalAct.ANSWERED: (
        sentence("C’est accepté."),
        sentence("C’est à l’étude."),
        sentence("Ce n’est pas possible maintenant."),
    ),
    ProposalAct.DONE: (sentence("C’est en place."), sentence("Les travaux sont finis.")),
    ProposalAct.REFUSED: (
        sentence("Ce n’est pas possible ici."),
        sentence("C’est trop cher pour l’instant."),
        sentence("Cela existe déjà."),
        sentence("Le conseil n’est pas d’accord."),
    ),
    ProposalAct.REPORTED_BACK: (sentence("Nous en avons parlé à la réunion."),),
}
"""By what is done; kept as they stand here, and translated when they are read."""
_DECIDED: dict[ProposalAct, str] = {
    ProposalAct.SUBMITTED: sentence("{name} l’a envoyée."),
    ProposalAct.CORRECTION_ASKED: sentence("{name} a demandé une correction à l’auteur."),
    ProposalAct.CORRECTED: sentence("{name} a corrigé le texte."),
    ProposalAct.PUBLISHED: sentence("{name} l’a publiée."),
    ProposalAct.MERGED: sentence("{name} l’a réunie à une autre."),
    ProposalAct.SET_ASIDE: sentence("{name} l’a écartée."),
    ProposalAct.WITHDRAWN: sentence("{name} l’a retirée."),
    ProposalAct.PUT_ON_AGENDA: sentence("{name} l’a mise à l’ordre du jour."),
    ProposalAct.TAKEN_OFF_AGENDA: sentence("{name} l’a enlevée de l’ordre du jour."),
    ProposalAct.HIDDEN: sentence("{name} a caché le texte."),
    ProposalAct.SHOWN_AGAIN: sentence("{name} a remontré le texte."),
}
_NAME_LIMIT = 40
_ALL = frozenset(each for sentences in USUAL.values() for each in sentences)


def said_words(say: Translator, words: str) -> str:
    """What was said of a proposal, bare: as it was written, or a usual sentence in the reader's language."""
    return say.plain(words) if words in _ALL else words


def decided_words(say: Translator, name: str, act: ProposalAct) -> str:
    """Who did what, bare."""
    name = shorten(name, _NAME_LIMIT)
    if act in STEPS:
        return say.plain("{name} a noté : {state}.", name=name, state=state_words(STEPS[act], say))
    return say.plain(_DECIDED[ProposalAct(act)], name=name)
