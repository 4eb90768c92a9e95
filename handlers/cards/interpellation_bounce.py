"""An e-mail that came back: asked once, since the letter counts as sent no more."""

from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines
from handlers.cards.home import home_row
from handlers.cards.interpellation import CarryPress
from handlers.cards.interpellation_carry import PreviewLetterPress
from locales.translator import Translator


@press("iln")
class CameBackYesPress(Press):
    """It did come back."""

    letter: int


def came_back_card(say: Translator, interpellation_id: int, letter_id: int, address: str) -> Card:
    words = Lines().add(
        say("L’e-mail à {address} est-il revenu ?", address=address),
        say("La lettre ne comptera plus comme envoyée."),
        say("Son lien ne marchera plus."),
    )
    yes = Button(say.plain("✅ Oui, il est revenu"), CameBackYesPress(letter_id))
    return Card(words.text, ((yes,), (Button(say.plain("Retour"), CarryPress(interpellation_id)),)))


def not_sent_card(say: Translator, interpellation_id: int) -> Card:
    words = Lines().add(
        say("✅ C’est noté. La lettre ne compte plus comme envoyée."),
        say("Vérifiez l’adresse, ou remettez la lettre en main propre."),
        say("Les personnes concernées sont prévenues."),
    )
    see = Button(say.plain("📄 Voir et envoyer la lettre"), PreviewLetterPress(interpellation_id))
    return Card(words.text, ((see,), home_row(say)))
