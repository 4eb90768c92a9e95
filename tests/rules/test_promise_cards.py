"""What is said of promises: short, safe, and the right words for each reader."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from council.escalation import Alert
from council.promises import MovedPromise
from council.working_time import Skipped, Why
from handlers.cards.request import OpenRequestPress
from handlers.cards.support import MyRequestPress
from handlers.cards.support_promises import alert_card, late_card, promise_moved_card
from locales.translator import translator
from storage.support import AlertLevel, SupportKind

NOON = datetime(2026, 3, 9, 11, tzinfo=UTC)  # Monday, 12:00 in Paris
ALERT = Alert(
    request_id=7,
    number="D-2026-014",
    kind=SupportKind.ROOM,
    council="Les <b>Izards</b> & co",
    level=AlertLevel.ANIMATOR,
    promised_at=NOON,
    now=NOON - timedelta(hours=1),
    holder="<i>Julien</i>",
)
LATE = replace(ALERT, now=NOON)


def lines(card) -> list[str]:
    return str(card.text).replace("\u00a0", " ").split("\n")


def test_a_warning_says_which_request_until_when_and_opens_it():
    card = alert_card(translator("fr"), ALERT)
    assert lines(card) == [
        "🟠 La demande D-2026-014 attend une réponse avant lundi 12 h.",
        "Besoin : Trouver une salle – Les &lt;b&gt;Izards&lt;/b&gt; &amp; co.",
    ]
    ((button,),) = card.rows
    assert button.press == OpenRequestPress(7)


@pytest.mark.parametrize(
    ("level", "holder", "last"),
    [
        (AlertLevel.DEPUTY, "<i>Julien</i>", "Vous remplacez &lt;i&gt;Julien&lt;/i&gt;. Pouvez-vous répondre ?"),
        (AlertLevel.COORDINATOR, "<i>Julien</i>", "&lt;i&gt;Julien&lt;/i&gt; n’a pas encore répondu."),
        (AlertLevel.ANIMATOR, None, "Personne ne l’a encore prise."),
        (AlertLevel.DEPUTY, None, "Personne ne l’a encore prise."),
        (AlertLevel.COORDINATOR, None, "Personne ne l’a encore prise."),
    ],
)
def test_each_reader_has_their_own_last_words(level, holder, last):
    said = lines(alert_card(translator("fr"), replace(LATE, level=level, holder=holder, council=None)))
    assert said[0] == "🔴 La demande D-2026-014 attendait une réponse avant lundi 12 h."
    assert said[1:] == ["Besoin : Trouver une salle.", last]


def test_a_moved_promise_is_told_with_who_answers_and_opens_the_request():
    moved = MovedPromise(7, "D-2026-014", NOON, NOON - timedelta(days=3), "<i>Julien</i>")
    card = promise_moved_card(translator("fr"), moved)
    assert lines(card) == [
        "📅 La date promise a changé.",
        "Demande D-2026-014 : &lt;i&gt;Julien&lt;/i&gt; vous répondra avant lundi 12 h.",
    ]
    assert card.rows[0][0].press == MyRequestPress(7)
    by_nobody_yet = lines(promise_moved_card(translator("fr"), replace(moved, animator=None)))
    assert by_nobody_yet[1] == "Demande D-2026-014 : une réponse viendra avant lundi 12 h."
    days_off = tuple(Skipped(date(2026, 3, day), Why.CLOSURE, "Pont") for day in (5, 6))
    assert lines(promise_moved_card(translator("fr"), replace(moved, days_off=days_off)))[2:] == [
        "L’équipe ne travaille pas : jeu. 5 mars et ven. 6 mars."
    ]


def test_who_waits_is_told_of_the_delay_and_sees_the_request_from_there():
    card = late_card(translator("fr"), 7, "D-2026-014")
    assert lines(card) == [
        "⏳ Demande D-2026-014 : nous n’avons pas répondu à temps.",
        "Pardon pour ce retard.",
        "L’équipe est prévenue. Votre demande n’est pas oubliée.",
    ]
    assert card.rows[0][0].press == MyRequestPress(7)
