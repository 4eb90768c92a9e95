"""The buttons that every step of a dialogue ends with."""

from handlers.buttons import Press, press
from handlers.cards.card import Button
from locales.translator import Translator


@press("stop")
class CancelPress(Press):
    """Leaves the open dialogue."""


def step_rows(say: Translator, back: Press | None = None) -> tuple[tuple[Button, ...], ...]:
    """« Retour » when there is a step before, and « Annuler »."""
    cancel = Button(say.plain("Annuler"), CancelPress())
    return ((Button(say.plain("Retour"), back), cancel),) if back else ((cancel,),)
