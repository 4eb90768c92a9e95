"""The steps of a saisine in everyday words, and the questions by which one is noted."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from council.answer_files import StepDocument
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold, quoted, shorten
from handlers.cards.interpellation import OpenInterpellationPress
from handlers.cards.interpellation_words import act_words
from handlers.cards.past_days import past_day_rows
from handlers.cards.steps import step_rows
from locales.sentences import sentence
from locales.translator import Translator
from storage.interpellations import InterpellationState

_SHOWN = 500
STEP_NAMES: dict[InterpellationState, str] = {
    InterpellationState.FORWARDED: sentence("📨 Transmise aux signataires"),
    InterpellationState.RETAINED: sentence("👍 Retenue par le préfet"),
    InterpellationState.NOT_RETAINED: sentence("👎 Non retenue"),
    InterpellationState.DIAGNOSED: sentence("🔎 Diagnostic fait"),
    InterpellationState.IN_STEERING: sentence("🏛 Vue en comité de pilotage"),
    InterpellationState.IN_MUNICIPAL_COUNCIL: sentence("🏛 Vue en conseil municipal"),
    InterpellationState.FOLLOWED_UP: sentence("✅ Suivie d’actions"),
}
REASONS = (
    sentence("Le préfet dit que ce n’est pas de son ressort."),
    sentence("Le préfet dit qu’une solution existe déjà."),
    sentence("Le préfet n’a pas dit pourquoi."),
)
"""Usual reasons for which a saisine is not retained; kept in French."""


@press("iss")
class SaisineStepsPress(Press):
    """Begins to note a step."""

    interpellation: int


@press("isk")
class StepKindPress(Press):
    """Which one."""

    state: InterpellationState


@press("isr")
class StepReasonPress(Press):
    """One of the usual reasons."""

    number: int


@press("isn")
class NoStepWordsPress(Press):
    """Nothing is to be said of it."""


@press("isd")
class NoDocumentPress(Press):
    """No document."""


@press("isb")
class StepBackPress(Press):
    """One question before."""


@press("isc")
class ConfirmStepPress(Press):
    """Notes it. `key` tells the draft from one that was noted or given up."""

    key: int


@press("isf")
class StepDocumentsPress(Press):
    """The documents of the steps so far."""

    interpellation: int


@press("isg")
class StepDocumentPress(Press):
    """Puts one into the chat."""

    file: int


def which_card(say: Translator, number: str, steps: Sequence[InterpellationState], trouble: str = "") -> Card:
    rows = tuple((Button(say.plain(STEP_NAMES[each]), StepKindPress(each)),) for each in steps)
    asked = (bold(say("Alerte {number}", number=number)), say("Quelle étape notez-vous ?"))
    return Card(_lines(trouble, *asked), (*rows, *step_rows(say)))


def step_day_card(say: Translator, month: date, first: date, today: date, trouble: str = "") -> Card:
    rows = past_day_rows(say, month, first, today)
    return Card(_lines(trouble, say("Quel jour était-ce ?")), (*rows, *step_rows(say, StepBackPress())))


def step_words_card(say: Translator, *, reason: bool, trouble: str = "") -> Card:
    """`reason`: of a saisine that is not retained people read why."""
    if reason:
        rows = tuple((Button(say.plain(each), StepReasonPress(n)),) for n, each in enumerate(REASONS))
        asked = say("Pourquoi n’est-elle pas retenue ? Appuyez, ou écrivez-le.")
    else:
        rows = ((Button(say.plain("Rien à ajouter"), NoStepWordsPress()),),)
        asked = say("Que s’est-il dit ? Écrivez-le en quelques mots.")
    return Card(_lines(trouble, asked), (*rows, *step_rows(say, StepBackPress())))


def step_document_card(say: Translator, trouble: str = "") -> Card:
    none = Button(say.plain("Sans document"), NoDocumentPress())
    asked = say("Envoyez le document, ou une photo. Sinon, continuez.")
    return Card(_lines(trouble, asked), ((none,), *step_rows(say, StepBackPress())))


def step_preview_card(
    say: Translator, key: int, state: InterpellationState, day: date, words: str, *, document: bool, trouble: str = ""
) -> Card:
    lines = Lines()
    if trouble:
        lines.add(trouble)
    lines.add(bold(say.plain(STEP_NAMES[state])), say("Le {day}", day=say.date(day)))
    if words:
        lines.add(quoted(shorten(words, _SHOWN)))
    if document:
        lines.add(say("Avec un document"))
    lines.add(say("Les personnes concernées seront prévenues."))
    note = Button(say.plain("✅ Enregistrer"), ConfirmStepPress(key))
    return Card(lines.text, ((note,), *step_rows(say, StepBackPress())))


def step_noted_card(say: Translator, interpellation_id: int) -> Card:
    lines = Lines().add(say("✅ L’étape est notée."), say("Les personnes concernées sont prévenues."))
    return Card(lines.text, ((Button(say.plain("👁 Voir la question"), OpenInterpellationPress(interpellation_id)),),))


def step_documents_card(say: Translator, interpellation_id: int, documents: Sequence[StepDocument]) -> Card:
    asked = say("Quel document voulez-vous voir ?") if documents else say("Il n’y a pas encore de document.")
    rows = tuple(
        (
            Button(
                say.plain("{day} : {act}", day=say.short_date(each.on), act=act_words(say, each.act)),
                StepDocumentPress(each.file_id),
            ),
        )
        for each in documents
    )
    return Card(
        Lines().add(asked).text, (*rows, (Button(say.plain("Retour"), OpenInterpellationPress(interpellation_id)),))
    )


def _lines(trouble: str, *lines: str) -> Markup:
    words = Lines()
    if trouble:
        words.add(trouble)
    return words.add(*lines).text
