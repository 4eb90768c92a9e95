"""Ready answers: the list, each as the person will read it, and its text to be changed."""

from collections.abc import Sequence

from markupsafe import Markup

from council.ready_answers import Addressee
from council.support_settings import ReadyAnswer
from handlers.cards.card import Button, Card, Lines, bold, quoted, shorten
from handlers.cards.pages import page_of, page_row
from handlers.cards.request import (
    ChangeReadyPress,
    OpenRequestPress,
    ReadyAnswerPress,
    ReadyAnswersPress,
    SendReadyPress,
)
from handlers.cards.request_card import back_to_request
from handlers.cards.steps import step_rows
from locales.translator import Translator

_A_PAGE, _LABEL_LIMIT, _FRENCH_LIMIT = 8, 60, 600


def ready_answers_card(say: Translator, to: Addressee, answers: Sequence[ReadyAnswer], page: int) -> Card:
    words = Lines().add(bold(say("Demande {number}", number=to.number)))
    if answers:
        words.add(say("Que voulez-vous répondre à {name} ?", name=to.first_name))
        words.add(say("Vous pourrez relire et changer la réponse."))
    else:
        words.add(say("Votre programme n’a pas encore de réponse toute prête."))
    shown, page, last = page_of(answers, page, _A_PAGE)
    rows = tuple(
        (Button(shorten(each.title, _LABEL_LIMIT), ReadyAnswerPress(to.request_id, each.code)),) for each in shown
    )
    turning = page_row(page, last, lambda number: ReadyAnswersPress(to.request_id, number), say)
    return Card(words.text, (*rows, *turning, (back_to_request(say, to.request_id),)))


def preview_card(say: Translator, to: Addressee, code: str, text: str, french: str | None) -> Card:
    """`text` is what the person reads; `french` the same in French, when the person reads another language."""
    words = Lines().add(say("{name} lira :", name=to.first_name), quoted(text))
    if french is not None:
        words.add(say("En français :"), quoted(shorten(french, _FRENCH_LIMIT)))
    rows = (
        (Button(say.plain("✅ Envoyer"), SendReadyPress(to.request_id, code)),),
        (Button(say.plain("✏️ Modifier"), ChangeReadyPress(to.request_id, code)),),
        (Button(say.plain("Retour"), ReadyAnswersPress(to.request_id)),),
    )
    return Card(words.text, rows)


def change_card(say: Translator, to: Addressee, trouble: str = "") -> Card:
    """Asks for one's own version; the text to copy stands in a message of its own."""
    words = Lines()
    if trouble:
        words.add(trouble)
    words.add(
        say("Appuyez sur le texte pour le copier."),
        say("Changez-le, puis envoyez-le ici. Il part à {name}.", name=to.first_name),
    )
    return Card(words.text, step_rows(say, OpenRequestPress(to.request_id)))


def copyable_card(text: str) -> Card:
    """A text that one tap copies."""
    return Card(Markup("<code>{}</code>").format(text))
