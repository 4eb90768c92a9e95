"""Kind answers to what nothing was waiting for."""

from enum import Enum

from council.actors import Actor
from council.settings import ProgrammeSettings
from handlers.cards.card import Card, Lines, Reply
from handlers.cards.home import home_after, home_card, join_card
from handlers.cards.steps import step_rows
from locales.sentences import sentence
from locales.translator import Translator


class Sent(Enum):
    """What somebody sent, with what we say of it."""

    WORDS = sentence("Je n’ai pas compris votre message.")
    COMMAND = sentence("Je ne connais pas cette commande.")
    VOICE = sentence("Je ne sais pas encore écouter les messages vocaux.")
    PICTURE = sentence("J’ai vu votre image. Je ne sais pas quoi en faire ici.")
    FILE = sentence("J’ai vu votre fichier. Je ne sais pas quoi en faire ici.")
    LOCATION = sentence("J’ai vu votre position. Je ne la garde pas.")
    CONTACT = sentence("J’ai vu ce contact. Je ne le garde pas.")
    PLAY = sentence("C’est gentil ! Je ne sais pas y répondre.")
    CORRECTION = sentence("Je ne relis pas les messages corrigés. Envoyez-le de nouveau.")


def unplaced_card(sent: Sent, programme: ProgrammeSettings, known: Actor | None, say: Translator) -> Card:
    """Out of any dialogue: the home menu, and whom to turn to; for strangers, the way to join."""
    if known is None:
        return join_card(say)
    return home_after(
        known,
        say,
        say(sent.value),
        say("Pour parler à quelqu’un : {contact}.", contact=programme.controller.contact),
        say("Que voulez-vous faire ?"),
    )


def unexpected_card(sent: Sent, say: Translator) -> Card:
    """In a dialogue that waits for something else."""
    words = Lines().add(say(sent.value), say("Répondez à ma dernière question, ou annulez."))
    return Card(words.text, rows=step_rows(say))


def dead_button(known: Actor | None, say: Translator) -> Reply:
    """A press that nothing answers any more; the message that it stands on stays as it is."""
    return Reply.of(home_card(known, say), toast=say.plain("Ce bouton ne marche plus."), fresh=True)
