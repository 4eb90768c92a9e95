"""An answer that came on paper or by telephone, written down by who carries the case: one question at a time."""

from datetime import date

from markupsafe import Markup

from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold, quoted, shorten
from handlers.cards.interpellation import OpenInterpellationPress
from handlers.cards.interpellation_answer import AnswerPress
from handlers.cards.past_days import past_day_rows
from handlers.cards.steps import step_rows
from locales.sentences import sentence
from locales.translator import Translator
from storage.interpellations import AnswerWay

_SHOWN, _NAME = 500, 60
SPOKEN = sentence("Répondu de vive voix.")
"""The words of an answer that nobody wrote down; kept in French, as answers are."""


@press("ien")
class EnterAnswerPress(Press):
    """Begins to write down an answer."""

    interpellation: int


@press("iew")
class EnteredWayPress(Press):
    """How it came."""

    way: AnswerWay


@press("ieh")
class EnteredByPartnerPress(Press):
    """The partner itself has answered, whoever it was."""


@press("iet")
class NoWordsPress(Press):
    """Nothing is written here: it was said aloud, or stands on the paper."""


@press("ied")
class NoMoreFilesPress(Press):
    """All files are there, or there is none."""


@press("ieb")
class EntryBackPress(Press):
    """One question before."""


@press("iec")
class ConfirmEntryPress(Press):
    """Keeps it. `key` tells the draft from one that was kept or given up."""

    key: int


def way_card(say: Translator, trouble: str = "") -> Card:
    ways = (
        Button(say.plain("📄 Par lettre"), EnteredWayPress(AnswerWay.PAPER)),
        Button(say.plain("📞 De vive voix"), EnteredWayPress(AnswerWay.TELEPHONE)),
    )
    return Card(_asked(say("Comment la réponse est-elle venue ?"), trouble=trouble), (ways, *step_rows(say)))


def who_card(say: Translator, partner: str, trouble: str = "") -> Card:
    itself = Button(shorten(partner, _NAME), EnteredByPartnerPress())
    text = _asked(say("Qui a répondu ?"), say("Vous pouvez aussi écrire un nom ou un service."), trouble=trouble)
    return Card(text, ((itself,), *step_rows(say, EntryBackPress())))


def day_card(say: Translator, month: date, first: date, today: date, trouble: str = "") -> Card:
    text = _asked(say("Quel jour ?"), trouble=trouble)
    return Card(text, (*past_day_rows(say, month, first, today), *step_rows(say, EntryBackPress())))


def words_card(say: Translator, way: AnswerWay, trouble: str = "") -> Card:
    """Words, or the button that says there are none."""
    if way is AnswerWay.PAPER:
        none = Button(say.plain("📄 Tout est sur le papier"), NoWordsPress())
    else:
        none = Button(say.plain("🗣 Répondu de vive voix"), NoWordsPress())
    text = _asked(say("Écrivez la réponse, en quelques mots."), trouble=trouble)
    return Card(text, ((none,), *step_rows(say, EntryBackPress())))


def files_card(say: Translator, kept: int, *, needed: bool, trouble: str = "") -> Card:
    """`needed`: without words there has to be a file."""
    if kept:
        asked = say.plural("{n} fichier est gardé.", "{n} fichiers sont gardés.", kept)
        lines = [asked, say("Envoyez-en un autre, ou continuez.")]
    else:
        lines = [say("Envoyez une photo ou un document de la réponse.")]
    rows: tuple[tuple[Button, ...], ...] = ()
    if kept:
        rows = ((Button(say.plain("✅ C’est tout"), NoMoreFilesPress()),),)
    elif not needed:
        rows = ((Button(say.plain("Sans fichier"), NoMoreFilesPress()),),)
    return Card(_asked(*lines, trouble=trouble), (*rows, *step_rows(say, EntryBackPress())))


def entry_card(
    say: Translator, key: int, way: AnswerWay, signed: str, day: date, words: str, files: int, trouble: str = ""
) -> Card:
    """All of it once more, before people are told."""
    how = say("Par lettre") if way is AnswerWay.PAPER else say("De vive voix")
    lines = Lines()
    if trouble:
        lines.add(trouble)
    lines.add(bold(say("{who}, le {day}", who=signed, day=say.date(day))), how)
    if words:
        lines.add(quoted(shorten(words, _SHOWN)))
    if files:
        lines.add(say.plural("{n} fichier", "{n} fichiers", files))
    lines.add(say("Les habitants vont le lire tout de suite."))
    send = Button(say.plain("✅ Enregistrer"), ConfirmEntryPress(key))
    return Card(lines.text, ((send,), *step_rows(say, EntryBackPress())))


def entered_card(say: Translator, interpellation_id: int, answer_id: int) -> Card:
    lines = Lines().add(say("✅ La réponse est enregistrée."), say("Les personnes concernées sont prévenues."))
    read = Button(say.plain("💬 Lire la réponse"), AnswerPress(answer_id))
    return Card(
        lines.text, ((read, Button(say.plain("👁 Voir la question"), OpenInterpellationPress(interpellation_id))),)
    )


def _asked(*lines: str, trouble: str) -> Markup:
    words = Lines()
    if trouble:
        words.add(trouble)
    return words.add(*lines).text
