"""The words for what an interpellation is made of: whom it asks, how far it is, what has happened."""

from markupsafe import Markup

from council.interpellation_views import InterpellationView, Step, Votes
from council.settings import PartnerKind
from documents.interpellation_words import ACTS, STATES
from handlers.cards.card import shorten
from handlers.cards.meeting_words import bare
from locales.sentences import sentence
from locales.translator import Translator
from storage.interpellations import InterpellationAct, InterpellationKind, InterpellationState, VoteChoice

NAME_LIMIT = 40

_PARTNERS: dict[PartnerKind, str] = {
    PartnerKind.CITY: sentence("🏛 La mairie"),
    PartnerKind.PREFECTURE: sentence("🏛 La préfecture"),
    PartnerKind.LANDLORD: sentence("🏠 Le bailleur"),
    PartnerKind.INTERCOMMUNALITY: sentence("🏙 La métropole"),
    PartnerKind.PREFECT_DELEGATE: sentence("👤 Le délégué du préfet"),
    PartnerKind.PROJECT_LEAD: sentence("👤 Le chef de projet du quartier"),
    PartnerKind.SIGNATORY: sentence("🤝 Un partenaire du contrat de ville"),
    PartnerKind.RESOURCE_ACTOR: sentence("🤝 Une association"),
}

_CHOICES: dict[VoteChoice, str] = {
    VoteChoice.FOR: sentence("👍 Pour"),
    VoteChoice.AGAINST: sentence("👎 Contre"),
    VoteChoice.ABSTAIN: sentence("✋ Je m’abstiens"),
}


def partner_label(say: Translator, kind: PartnerKind, name: str) -> str:
    """« 🏛 La mairie – Ville de Toulouse », bare, for a button."""
    return say.plain("{kind} – {name}", kind=say.plain(_PARTNERS[kind]), name=shorten(name, NAME_LIMIT))


def state_words(say: Translator, state: InterpellationState) -> str:
    """How far it is, bare, to stand after a colon."""
    return say.plain(STATES[state])


def act_words(say: Translator, act: InterpellationAct) -> str:
    """What has happened, as a bare sentence that begins in the middle: after a day and a colon."""
    return say.plain(ACTS[act])


def choice_words(say: Translator, choice: VoteChoice) -> str:
    return say.plain(_CHOICES[choice])


def title_words(say: Translator, view: InterpellationView) -> Markup:
    """« Question I-2026-003 – Ville de Toulouse »; of a saisine that it goes to the prefect.

    Partners have names of all kinds: none stands behind a preposition that its article would change.
    """
    if view.kind is InterpellationKind.SAISINE:
        return say("Alerte {number} au préfet", number=view.number)
    if not view.partner:
        return say("Question {number}", number=view.number)
    return say("Question {number} – {partner}", number=view.number, partner=shorten(view.partner, NAME_LIMIT))


def listed_words(say: Translator, number: str, title: str, state: InterpellationState) -> str:
    """One of them on one button, bare."""
    words = state_words(say, state)
    return say.plain("{number} – {title} ({state})", number=number, title=shorten(title, NAME_LIMIT), state=words)


def author_words(say: Translator, view: InterpellationView) -> str:
    """The first name, bare; of who hid it, or is erased, « Un habitant »."""
    return view.author or say.plain("Un habitant")


def step_words(say: Translator, step: Step) -> Markup:
    return say("{day} : {act}", day=say.short_date(step.on or step.at), act=act_words(say, step.act))


def signed_words(say: Translator, view: InterpellationView) -> Markup:
    """« 4 signatures sur 10. »; once there are enough, and without a threshold, only how many."""
    if view.signatures >= view.threshold:
        return say.plural("{n} signature.", "{n} signatures.", view.signatures)
    return say.plural(
        "{n} signature sur {threshold}.",
        "{n} signatures sur {threshold}.",
        view.signatures,
        threshold=say.number(view.threshold),
    )


def awaited_words(say: Translator, view: InterpellationView) -> tuple[Markup, ...]:
    """By which day an answer should come, never as a legal delay; nothing where none was agreed."""
    if view.due_at is None:
        return ()
    return (say("Réponse attendue avant le {day} (délai local).", day=say.date(view.due_at)),)


def votes_words(say: Translator, votes: Votes) -> str:
    """« 5 pour, 1 contre, 2 abstentions », bare."""
    parts = (
        bare(say.plural("{n} pour", "{n} pour", votes.in_favour)),
        bare(say.plural("{n} contre", "{n} contre", votes.against)),
        bare(say.plural("{n} abstention", "{n} abstentions", votes.abstain)),
    )
    return say.enumeration(parts)
