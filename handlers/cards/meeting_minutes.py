"""How a lead publishes the minutes of a meeting."""

from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines
from handlers.cards.home import home_button
from handlers.cards.meeting import ManagePress
from handlers.cards.steps import step_rows
from locales.translator import Translator


@press("mmin")
class PublishMinutesPress(Press):
    """Asks for the file of the minutes."""

    meeting: int


def file_asked_card(say: Translator, meeting_id: int) -> Card:
    words = Lines().add(
        say("Envoyez le compte rendu, comme un fichier."),
        say("Les habitants pourront l’ouvrir."),
        say("Ne nommez personne sans son accord."),
    )
    return Card(words.text, step_rows(say, ManagePress(meeting_id)))


def published_card(say: Translator, meeting_id: int) -> Card:
    back = Button(say.plain("Voir la réunion"), ManagePress(meeting_id))
    return Card(say("Le compte rendu est en ligne. Merci."), ((back, home_button(say)),))
