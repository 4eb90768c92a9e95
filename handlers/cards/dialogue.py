"""A dialogue that was left open: said once, with the way back into it."""

from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines
from handlers.cards.home import home_row
from locales.translator import Translator


@press("resume")
class ResumePress(Press):
    """Goes on where the dialogue stood, or lets it go."""

    go_on: bool


@press("resumeopen")
class OpenStepPress(Press):
    """From a look elsewhere back to the step that is open."""


def open_step_row(say: Translator) -> tuple[Button, ...]:
    return (Button(say.plain("◀ Reprendre où j’en étais"), OpenStepPress()),)


def paused_card(say: Translator) -> Card:
    words = Lines().add(
        say("Vous avez commencé quelque chose, sans le finir."), say("Je l’ai gardé. Voulez-vous continuer ?")
    )
    yes, no = Button(say.plain("Continuer"), ResumePress(True)), Button(say.plain("Laisser tomber"), ResumePress(False))
    return Card(words.text, ((yes, no),))


def resumed_card(say: Translator) -> Card:
    """The step itself is shown by the next answer; the last question stands above in the chat."""
    return Card(say("C’est rouvert. Répondez à la dernière question, juste au-dessus."), (home_row(say),))


def let_go_card(say: Translator) -> Card:
    return Card(say("C’est oublié."), (home_row(say),))
