"""What is said of promises: to the team when one is in danger, to who asked when one has moved."""

from markupsafe import Markup

from council.escalation import Alert
from council.promises import MovedPromise
from handlers.cards.card import Button, Card, Lines, shorten
from handlers.cards.home import home_row
from handlers.cards.request import OpenRequestPress
from handlers.cards.support import MyRequestPress
from handlers.cards.support_words import kind_words, near_moment
from locales.translator import Translator
from storage.support import AlertLevel

_COUNCIL_LIMIT = 60
_DAYS_SHOWN = 3


def alert_card(say: Translator, alert: Alert) -> Card:
    """To the animator, the deputy or the coordinator, each in their own words."""
    moment = near_moment(say, alert.promised_at, alert.now)
    words = Lines()
    if alert.is_late:
        words.add(
            say("🔴 La demande {number} attendait une réponse avant {moment}.", number=alert.number, moment=moment)
        )
    else:
        words.add(say("🟠 La demande {number} attend une réponse avant {moment}.", number=alert.number, moment=moment))
    words.add(_what(say, alert))
    match alert.level:
        case AlertLevel.DEPUTY if alert.holder is not None:
            words.add(say("Vous remplacez {name}. Pouvez-vous répondre ?", name=alert.holder))
        case AlertLevel.COORDINATOR if alert.holder is not None:
            words.add(say("{name} n’a pas encore répondu.", name=alert.holder))
        case _ if alert.holder is None:
            words.add(say("Personne ne l’a encore prise."))
    button = Button(say.plain("Ouvrir la demande"), OpenRequestPress(alert.request_id))
    return Card(words.text, ((button,),))


def promise_moved_card(say: Translator, moved: MovedPromise) -> Card:
    """To the requester."""
    moment = near_moment(say, moved.promised_at, moved.now)
    words = Lines().add(
        say("📅 La date promise a changé."),
        say("Demande {number} : une réponse viendra avant {moment}.", number=moved.number, moment=moment)
        if moved.animator is None
        else say(
            "Demande {number} : {name} vous répondra avant {moment}.",
            number=moved.number,
            name=moved.animator,
            moment=moment,
        ),
    )
    if moved.days_off:
        days = [say.short_date(each.day) for each in moved.days_off[:_DAYS_SHOWN]]
        words.add(say("L’équipe ne travaille pas : {days}.", days=say.enumeration(days)))
    button = Button(say.plain("Voir ma demande"), MyRequestPress(moved.request_id))
    return Card(words.text, ((button,), home_row(say)))


def late_card(say: Translator, request_id: int, number: str) -> Card:
    """To the requester, when nobody has answered in time."""
    words = Lines().add(
        say("⏳ Demande {number} : nous n’avons pas répondu à temps.", number=number),
        say("Pardon pour ce retard."),
        say("L’équipe est prévenue. Votre demande n’est pas oubliée."),
    )
    button = Button(say.plain("Voir ma demande"), MyRequestPress(request_id))
    return Card(words.text, ((button,), home_row(say)))


def _what(say: Translator, alert: Alert) -> Markup:
    kind = kind_words(alert.kind, say)
    if alert.council is None:
        return say("Besoin : {kind}.", kind=kind)
    return say("Besoin : {kind} – {council}.", kind=kind, council=shorten(alert.council, _COUNCIL_LIMIT))
