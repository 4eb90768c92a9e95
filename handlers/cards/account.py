"""An account that has been silent for long."""

from datetime import datetime

from handlers.cards.card import Button, Card, Lines
from handlers.cards.home import HomePress
from locales.translator import Translator


def ending_card(ends: datetime, say: Translator) -> Card:
    """Any tap counts as being heard, so the button only has to lead somewhere."""
    words = Lines().add(
        say("Nous ne nous sommes pas parlé depuis longtemps."),
        say("J’efface votre compte le {date}.", date=say.date(ends)),
        say("Voulez-vous rester ? Appuyez sur le bouton."),
    )
    return Card(words.text, ((Button(say.plain("Je reste"), HomePress()),),))
