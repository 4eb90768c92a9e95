"""What may be done with a case once its letter has been sent: rows for the menu of who carries it."""

from council.interpellation_answers import ANSWERABLE
from council.interpellation_states import TRANSITIONS
from council.interpellation_views import InterpellationView
from council.saisine_steps import STEPS
from handlers.cards.answer_entry import EnterAnswerPress
from handlers.cards.card import Button
from handlers.cards.interpellation_end import ClosePress, ReportBackPress
from handlers.cards.saisine_steps import SaisineStepsPress
from locales.translator import Translator
from storage.interpellations import InterpellationKind, InterpellationState


def after_sending_buttons(say: Translator, view: InterpellationView) -> list[Button]:
    """For who carries it, in the order in which things happen."""
    may_follow = TRANSITIONS[view.kind].get(view.state, frozenset())
    buttons = []
    if view.state in ANSWERABLE:
        buttons.append(Button(say.plain("📥 Noter une réponse reçue"), EnterAnswerPress(view.id)))
    if view.kind is InterpellationKind.SAISINE and may_follow.intersection(STEPS):
        buttons.append(Button(say.plain("🧭 Noter une étape"), SaisineStepsPress(view.id)))
    if InterpellationState.REPORTED_BACK in may_follow:
        buttons.append(Button(say.plain("📣 C’est raconté en réunion"), ReportBackPress(view.id)))
    if InterpellationState.CLOSED in may_follow:
        buttons.append(Button(say.plain("🏁 Terminer"), ClosePress(view.id)))
    return buttons
