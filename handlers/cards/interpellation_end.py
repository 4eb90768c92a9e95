"""Telling in a meeting what came of a question, and closing it."""

from collections.abc import Sequence

from council.interpellation_end import HeldMeeting
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, shorten
from handlers.cards.interpellation import CarryPress, OpenInterpellationPress
from locales.translator import Translator

_TITLE = 40


@press("ier")
class ReportBackPress(Press):
    """Asks in which meeting it was told."""

    interpellation: int


@press("iex")
class ReportedInPress(Press):
    """In this one; None: told in another way."""

    interpellation: int
    meeting: int | None


@press("iez")
class ClosePress(Press):
    """Asks whether to close it."""

    interpellation: int


@press("iey")
class ClosedPress(Press):
    """Closes it."""

    interpellation: int


def report_card(say: Translator, interpellation_id: int, meetings: Sequence[HeldMeeting]) -> Card:
    lines = Lines().add(say("Dans quelle réunion avez-vous raconté le résultat ?"))
    rows = [
        (
            Button(
                say.plain("{day} – {title}", day=say.short_date(each.starts_at), title=shorten(each.title, _TITLE)),
                ReportedInPress(interpellation_id, each.id),
            ),
        )
        for each in meetings
    ]
    other = Button(say.plain("Autrement"), ReportedInPress(interpellation_id, None))
    return Card(lines.text, (*rows, (other,), (Button(say.plain("Retour"), CarryPress(interpellation_id)),)))


def reported_card(say: Translator, interpellation_id: int) -> Card:
    lines = Lines().add(say("✅ C’est noté."), say("Les personnes concernées sont prévenues."))
    lines.add(say("Vous pouvez terminer cette question."))
    close = Button(say.plain("🏁 Terminer"), ClosePress(interpellation_id))
    return Card(lines.text, ((close, _open(say, interpellation_id)),))


def close_card(say: Translator, interpellation_id: int) -> Card:
    lines = Lines().add(say("Voulez-vous terminer cette question ?"), say("Après, plus personne ne peut y répondre."))
    close = Button(say.plain("🏁 Terminer"), ClosedPress(interpellation_id))
    return Card(lines.text, ((close, Button(say.plain("Retour"), CarryPress(interpellation_id))),))


def closed_card(say: Translator, interpellation_id: int) -> Card:
    lines = Lines().add(say("✅ C’est terminé."), say("Les personnes concernées sont prévenues."))
    return Card(lines.text, ((_open(say, interpellation_id),),))


def _open(say: Translator, interpellation_id: int) -> Button:
    return Button(say.plain("👁 Voir la question"), OpenInterpellationPress(interpellation_id))
