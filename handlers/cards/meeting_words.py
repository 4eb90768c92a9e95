"""The words for what a meeting is made of, the same on every card."""

from datetime import datetime

from markupsafe import Markup

from council.meeting_views import MeetingView
from handlers.cards.card import shorten
from locales.sentences import sentence
from locales.translator import Translator

MINUTES_AN_HOUR, MINUTES_A_DAY = 60, 24 * 60
COUNCILS_SHOWN = 3


REASONS = (
    sentence("Trop peu de personnes peuvent venir."),
    sentence("Le lieu n’est plus libre."),
    sentence("Une personne nécessaire ne peut pas venir."),
    sentence("La date ne convient plus."),
)


def bare(text: Markup) -> str:
    """Words without their HTML escapes, for a button."""
    return str(text.unescape())


def councils_words(say: Translator, names: tuple[str, ...]) -> str:
    """The councils in one breath; beyond three, the first ones and how many more."""
    if len(names) <= COUNCILS_SHOWN + 1:
        return say.enumeration(names)
    others = say.plural("{n} autre conseil", "{n} autres conseils", len(names) - COUNCILS_SHOWN)
    return say.enumeration([*names[:COUNCILS_SHOWN], bare(others)])


def when_words(say: Translator, view: MeetingView) -> Markup:
    """Day in full, start and end, on the programme's clock."""
    return say(
        "Le {date}, de {start} à {end}",
        date=say.date(view.starts_at),
        start=say.time(view.starts_at),
        end=say.time(view.ends_at),
    )


def place_words(say: Translator, place: str) -> Markup:
    return say("Lieu : {place}", place=place) if place else say("Lieu : sur la carte")


def length_words(say: Translator, minutes: int) -> str:
    """« 1 heure 30 », « 45 minutes », bare."""
    hours, rest = divmod(minutes, MINUTES_AN_HOUR)
    if not hours:
        return bare(say.plural("{n} minute", "{n} minutes", rest))
    if not rest:
        return bare(say.plural("{n} heure", "{n} heures", hours))
    return bare(say.plural("{n} heure {minutes}", "{n} heures {minutes}", hours, minutes=f"{rest:02}"))


def before_words(say: Translator, minutes: int) -> str:
    """How long before the start, bare: « 2 jours avant », « 1 heure 30 avant »."""
    if minutes % MINUTES_A_DAY == 0:
        return bare(say.plural("{n} jour avant", "{n} jours avant", minutes // MINUTES_A_DAY))
    return say.plain("{length} avant", length=length_words(say, minutes))


def reason_words(say: Translator, reason: str) -> str:
    """A usual reason in the reader's language; one that a lead wrote, as written."""
    return say.plain(reason) if reason in REASONS else reason


def listed_title(say: Translator, title: str, starts_at: datetime) -> str:
    """One meeting on one button, bare."""
    return say.plain("{date} – {title}", date=say.short_date(starts_at), title=shorten(title, 40))
