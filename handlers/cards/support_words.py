"""The words for what a request is made of, the same on every card of the requester and of the team."""

from datetime import datetime, timedelta

from markupsafe import Markup

from documents.support_words import KINDS, STATES, VERDICTS
from locales.sentences import sentence
from locales.translator import Translator
from storage.support import SupportKind, SupportState, Verdict

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
    return say.plain(KINDS[SupportKind(kind)])


def state_words(state: SupportState, say: Translator) -> str:
    """How far a request is, bare, to stand after a colon."""
    return say.plain(STATES[SupportState(state)])


def verdict_words(verdict: Verdict, say: Translator) -> str:
    """What the requester said of the result, with its sign, bare."""
    return say.plain(VERDICTS[Verdict(verdict)])


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
