"""By when a partner's answer is expected: why that day, and more time."""

from collections.abc import Sequence
from enum import StrEnum

from markupsafe import Markup

from council.interpellation_delays import DueExplained
from council.interpellation_extensions import Extension
from council.interpellation_letters import SENDINGS
from council.interpellation_views import InterpellationView
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold, quoted, shorten
from handlers.cards.home import home_row
from handlers.cards.interpellation import CarryPress, OpenInterpellationPress, card_button
from handlers.cards.meeting_words import bare
from handlers.cards.steps import step_rows
from locales.sentences import sentence
from locales.translator import Translator
from storage.interpellations import InterpellationAct

_WORDS_LIMIT, _SHOWN_DAYS = 300, 3


@press("ild")
class WhyDatePress(Press):
    """Why an answer is expected on that day."""

    interpellation: int


@press("ile")
class ExtendPress(Press):
    """More time for the partner."""

    interpellation: int


@press("ilx")
class ExtendByPress(Press):
    """So many working days more."""

    interpellation: int
    days: int


class Reason(StrEnum):
    """Why a partner has more time, where nobody types it."""

    ASKED = "asked"
    COMPLEX = "complex"
    HOLIDAYS = "holidays"


@press("ilz")
class ExtendReasonPress(Press):
    interpellation: int
    days: int
    reason: Reason


REASONS: dict[Reason, str] = {
    Reason.ASKED: sentence("Le partenaire l’a demandé."),
    Reason.COMPLEX: sentence("La question demande du travail."),
    Reason.HOLIDAYS: sentence("C’est une période de vacances."),
}


@card_button
def why_date_button(say: Translator, view: InterpellationView) -> Button | None:
    """For everybody, while an answer is expected."""
    if not awaits_answer(view):
        return None
    return Button(say.plain("📅 Pourquoi cette date ?"), WhyDatePress(view.id))


def awaits_answer(view: InterpellationView) -> bool:
    """A day is expected, and nothing was answered since the last letter."""
    told = [each.act for each in view.steps if each.act in (*SENDINGS, InterpellationAct.ANSWERED)]
    return view.is_awaited and view.due_at is not None and told[-1:] != [InterpellationAct.ANSWERED]


def why_card(say: Translator, due: DueExplained) -> Card:
    """Short sentences, and never as a legal delay."""
    words = Lines().add(bold(say("Pourquoi le {day} ?", day=say.date(due.due_at))))
    words.add(say("Lettre envoyée le {day}.", day=say.date(due.sent_at)), _agreed_words(say, due.days))
    if due.extra_days:
        words.add(_extra_words(say, due.extra_days))
        words.add_all(quoted(shorten(each, _WORDS_LIMIT)) for each in due.reasons[-1:])
    words.add(_days_off(say, due))
    back = Button(say.plain("Retour"), OpenInterpellationPress(due.interpellation_id))
    return Card(words.text, ((back,), home_row(say)))


def extend_card(say: Translator, number: str, interpellation_id: int, offered: Sequence[Extension]) -> Card:
    words = Lines().add(bold(say("Plus de temps pour répondre à {number}", number=number)))
    if offered:
        words.add(say("Jusqu’à quel jour ?"))
    else:
        words.add(say("Même avec plus de temps, ce jour est passé."))
    rows = tuple(
        (
            Button(
                say.plain("+{n} jours ouvrés : {day}", n=say.number(each.days), day=say.short_date(each.due_at)),
                ExtendByPress(interpellation_id, each.days),
            ),
        )
        for each in offered
    )
    return Card(words.text, (*rows, _back(say, interpellation_id)))


def reason_card(say: Translator, interpellation_id: int, days: int, trouble: str = "") -> Card:
    words = (
        Lines()
        .add_all([trouble] if trouble else [])
        .add(
            say("Pourquoi donner plus de temps ?"),
            say("Tout le monde pourra lire cette raison."),
            say("Vous pouvez l’écrire."),
        )
    )
    rows = tuple(
        (Button(say.plain(words_), ExtendReasonPress(interpellation_id, days, each)),)
        for each, words_ in REASONS.items()
    )
    return Card(words.text, (*rows, *step_rows(say)))


def extended_card(say: Translator, due: DueExplained, *, partner_told: bool) -> Card:
    words = Lines().add(say("✅ C’est noté. Réponse attendue avant le {day}.", day=say.date(due.due_at)))
    words.add(say("L’auteur et les signataires le savent."))
    if partner_told:
        words.add(say("Le partenaire reçoit un e-mail."))
    return Card(words.text, (_back(say, due.interpellation_id), home_row(say)))


def _agreed_words(say: Translator, days: int) -> Markup:
    return say.plural(
        "Délai convenu localement, sans valeur légale : {n} jour ouvré.",
        "Délai convenu localement, sans valeur légale : {n} jours ouvrés.",
        days,
    )


def _days_off(say: Translator, due: DueExplained) -> Markup:
    """Weekends, and the holidays and closures on the way by their names."""
    if not due.days_off:
        return say("Les week-ends ne comptent pas.")
    named = [say.plain("{day} ({name})", day=say.short_date(each.day), name=each.name) for each in due.days_off]
    more = len(named) - _SHOWN_DAYS
    if more > 0:
        named = [*named[:_SHOWN_DAYS], bare(say.plural("{n} autre jour", "{n} autres jours", more))]
    return say("Jours qui ne comptent pas : week-ends, {days}.", days=say.enumeration(named))


def _extra_words(say: Translator, days: int) -> Markup:
    return say.plural("Plus de temps donné : {n} jour ouvré.", "Plus de temps donné : {n} jours ouvrés.", days)


def _back(say: Translator, interpellation_id: int) -> tuple[Button, ...]:
    return (Button(say.plain("Retour"), CarryPress(interpellation_id)),)
