"""A dialogue that was left open: said once, with the way back into it."""

from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines
from handlers.cards.home import home_row
from locales.sentences import sentence
from locales.translator import Translator


@press("resume")
class ResumePress(Press):
    """Goes on where the draft of this mark stood, or lets it go."""

    go_on: bool
    mark: int


@press("resumeopen")
class OpenStepPress(Press):
    """From a look elsewhere back to the step that is open, or to what was left last."""


BEGUN = {
    "support": sentence("Vous avez commencé une demande, sans la finir."),
    "idea": sentence("Vous avez commencé une proposition, sans la finir."),
    "interpellation": sentence("Vous avez commencé une lettre, sans la finir."),
    "meeting": sentence("Vous avez commencé une réunion, sans la finir."),
    "announce": sentence("Vous avez commencé une annonce, sans la finir."),
    "talk": sentence("Vous étiez en train d’écrire à quelqu’un."),
    "held": sentence("Vous m’avez envoyé quelque chose."),
}
"""What was begun, by the feature in which it was."""


def open_step_row(say: Translator) -> tuple[Button, ...]:
    return (Button(say.plain("◀ Reprendre où j’en étais"), OpenStepPress()),)


def left_card(say: Translator, feature: str, mark: int) -> Card:
    """What somebody has walked away from: is it needed still?"""
    begun = BEGUN.get(feature, sentence("Vous avez commencé quelque chose, sans le finir."))
    words = Lines().add(say(begun), say("Tout est gardé. Voulez-vous continuer ?"))
    yes = Button(say.plain("Continuer"), ResumePress(True, mark))
    no = Button(say.plain("Laisser tomber"), ResumePress(False, mark))
    return Card(words.text, ((yes, no),))


def kept_card(say: Translator) -> Card:
    """Something else begins: what was open is not lost."""
    return Card(say("Je garde ce que vous avez commencé."))


def resumed_card(say: Translator) -> Card:
    """The step itself is shown by the next answer; the last question stands above in the chat."""
    return Card(say("C’est rouvert. Répondez à la dernière question, juste au-dessus."), (home_row(say),))


def gone_card(say: Translator, why: str) -> Card:
    """It cannot be gone on with any more."""
    return Card(Lines().add(why).text, (home_row(say),))


def let_go_card(say: Translator) -> Card:
    return Card(say("C’est oublié."), (home_row(say),))
