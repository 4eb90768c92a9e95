"""An e-mail that did not arrive, or may not have, for the team."""

from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, quoted
from handlers.cards.home import home_button, home_row
from locales.sentences import sentence
from locales.translator import Translator
from storage.mails import Mail, MailState


@press("mlx")
class SendMailAgainPress(Press):
    mail: int


_WHY: dict[MailState, str] = {
    MailState.REFUSED: sentence("Cette adresse l’a refusé. Vérifiez-la."),
    MailState.FAILED: sentence("Le serveur d’e-mail ne répond pas, ou n’est pas réglé."),
    MailState.UNCERTAIN: sentence("Il est peut-être arrivé : je n’ai pas eu de réponse."),
}


def unsent_card(say: Translator, mail: Mail) -> Card:
    """`mail` is in one of council.mails.UNSENT."""
    words = Lines().add(
        say("Un e-mail n’est pas parti.")
        if mail.state is not MailState.UNCERTAIN
        else say("Je ne sais pas si un e-mail est arrivé."),
        quoted(mail.subject),
        say("À : {address}", address=mail.address),
        say(_WHY[mail.state]),
    )
    again = Button(say.plain("✉️ Envoyer encore"), SendMailAgainPress(mail.id))
    return Card(words.text, ((again, home_button(say)),))


def sent_again_card(say: Translator) -> Card:
    return Card(say("C’est fait. L’e-mail repart."), (home_row(say),))
