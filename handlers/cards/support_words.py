"""The words for what a request is made of, the same on every card of the requester and of the team."""

from datetime import datetime, timedelta

from markupsafe import Markup

from locales.sentences import sentence
from locales.translator import Translator
from storage.support import SupportKind, SupportState, Verdict

_KINDS: dict[SupportKind, str] = {
    SupportKind.PREPARE_MEETING: sentence("Préparer une réunion"),
    SupportKind.RUN_MEETING: sentence("Animer une réunion"),
    SupportKind.MINUTES: sentence("Écrire un compte rendu"),
    SupportKind.ROOM: sentence("Trouver une salle"),
    SupportKind.PREPARE_STEERING: sentence("Préparer un comité de pilotage"),
    SupportKind.STATUTES: sentence("Organiser le conseil"),
    SupportKind.RULES: sentence("Écrire nos règles"),
    SupportKind.WAKE_COUNCIL: sentence("Relancer un conseil qui dort"),
    SupportKind.INTER_COUNCIL: sentence("Agir avec un autre conseil"),
    SupportKind.MOBILISATION: sentence("Faire venir des habitants"),
    SupportKind.COMMUNICATION: sentence("Faire une affiche ou un message"),
    SupportKind.TOOLS: sentence("Aider les gens à participer"),
    SupportKind.BUDGET: sentence("Trouver ou gérer de l’argent"),
    SupportKind.TRAINING: sentence("Se former"),
    SupportKind.CONTACT: sentence("Trouver la bonne personne"),
    SupportKind.EXPERTISE: sentence("Parler à quelqu’un qui connaît un sujet"),
    SupportKind.SAISINE: sentence("Alerter le préfet"),
    SupportKind.OTHER: sentence("Autre chose"),
}

_STATES: dict[SupportState, str] = {
    SupportState.RECEIVED: sentence("reçue"),
    SupportState.QUALIFIED: sentence("reçue et lue"),
    SupportState.ASSIGNED: sentence("confiée à quelqu’un"),
    SupportState.IN_PROGRESS: sentence("en cours"),
    SupportState.WAITING: sentence("en attente d’une réponse"),
    SupportState.CARRIED_OUT: sentence("réalisée"),
    SupportState.CLOSED: sentence("terminée"),
    SupportState.REDIRECTED: sentence("réorientée"),
    SupportState.WITHDRAWN: sentence("retirée"),
    SupportState.MERGED: sentence("réunie à une autre"),
}

_VERDICTS: dict[Verdict, str] = {
    Verdict.SOLVED: sentence("✅ Oui"),
    Verdict.PARTLY: sentence("🌓 En partie"),
    Verdict.NO: sentence("❌ Non"),
}

_FACES: dict[int, str] = {
    5: sentence("😀 Très bien"),
    4: sentence("🙂 Bien"),
    3: sentence("😐 Moyen"),
    2: sentence("🙁 Pas bien"),
    1: sentence("😞 Pas bien du tout"),
}
FACES = tuple(_FACES)
"""From the best to the worst, as they stand on the buttons."""
_WEEK = timedelta(days=6)
MOST_KEPT = 100
"""Messages kept before they are sent: any flood of a person, and still a row of the database that can be read."""


def kind_words(kind: SupportKind, say: Translator) -> str:
    """What is asked, in everyday words, bare."""
    return say.plain(_KINDS[SupportKind(kind)])


def state_words(state: SupportState, say: Translator) -> str:
    """How far a request is, bare, to stand after a colon."""
    return say.plain(_STATES[SupportState(state)])


def verdict_words(verdict: Verdict, say: Translator) -> str:
    """What the requester said of the result, with its sign, bare."""
    return say.plain(_VERDICTS[Verdict(verdict)])


def face_words(face: int, say: Translator) -> str:
    """How it was, from 1 (the worst) to 5, with its face, bare."""
    return say.plain(_FACES[face])


def kept_words(say: Translator, kept: int) -> Markup:
    """How many messages are kept; and when no more can be."""
    if kept >= MOST_KEPT:
        return say("J’ai gardé {n} messages. Je ne peux pas en garder plus.", n=say.number(kept))
    return say.plural("J’ai gardé {n} message.", "J’ai gardé {n} messages.", kept)


def near_moment(say: Translator, moment: datetime, now: datetime) -> str:
    """A moment of these days as one says it, bare: « lundi 12 h »; the whole date when it is farther than six days.

    Both are aware; the days are those of the programme's time zone.
    """
    apart = abs(moment.astimezone(say.timezone).date() - now.astimezone(say.timezone).date())
    if apart > _WEEK:
        return say.moment(moment)
    return say.plain("{day} {time}", day=say.weekday(moment), time=say.time(moment))
