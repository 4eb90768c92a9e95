"""What the requester is told, and asked, about a request; and what the team hears of its end."""

from markupsafe import Markup

from council.support_adding import How
from council.support_mine import MyRequest
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold, quoted, shorten
from handlers.cards.home import home_row
from handlers.cards.request import OpenRequestPress
from handlers.cards.support import (
    AddToRequestPress,
    MyRequestPress,
    name_words,
    promise_words,
    title_words,
    verdict_row,
)
from handlers.cards.support_words import FACES, face_words, near_moment
from locales.translator import Translator
from storage.support import SupportAct, Verdict

_RESULT_LIMIT = 1_000


@press("sqf")
class FacePress(Press):
    """How it was, from 1 to 5."""

    request: int
    round: int
    face: int


@press("sqno")
class NoMoreWordsPress(Press):
    """Nothing to add."""

    request: int


def added_card(say: Translator, view: MyRequest, how: How) -> Card:
    """Where the words are that were just added."""
    match how:
        case How.ADDED:
            return Card(say("✅ C’est ajouté à la demande {number}.", number=view.number))
        case How.REOPENED:
            words = Lines().add(say("✅ La demande {number} est rouverte.", number=view.number))
        case How.LINKED:
            words = Lines().add(
                say("L’ancienne demande est terminée depuis longtemps."),
                say("✅ J’en ai ouvert une nouvelle : {number}.", number=view.number),
            )
    return Card(words.add(promise_words(say, view)).text)


def verdict_card(say: Translator, view: MyRequest, *, again: bool) -> Card:
    """The sentence of result, and whether it is solved."""
    words = Lines().add(bold(title_words(say, view)))
    if again:
        words.add(say("Je vous le demande encore une fois."))
    words.add(*result_lines(say, view), say("Est-ce résolu ?"))
    return Card(words.text, (verdict_row(say, view.id, view.round), _see_row(say, view)))


def result_lines(say: Translator, view: MyRequest) -> tuple[Markup, ...]:
    if view.result is None:
        return ()
    return (
        say("{name} a écrit :", name=name_words(say, view.animator)),
        quoted(shorten(view.result, _RESULT_LIMIT)),
    )


def faces_card(say: Translator, view: MyRequest) -> Card:
    rows = tuple((Button(face_words(each, say), FacePress(view.id, view.round, each)),) for each in FACES)
    words = Lines().add(say("Merci."), say("Comment ça s’est passé ?"))
    return Card(words.text, rows)


def last_word_card(say: Translator, view: MyRequest) -> Card:
    """After the face: a word or a voice, if they like."""
    words = Lines().add(
        say("Merci. La demande {number} est terminée.", number=view.number),
        say("Voulez-vous ajouter un mot ?"),
        say("🎤 Parlez ou écrivez."),
    )
    return Card(words.text, ((Button(say.plain("Non merci"), NoMoreWordsPress(view.id)),),))


def not_solved_card(say: Translator, view: MyRequest) -> Card:
    """After « Non »: it goes on, and what is missing may be said."""
    words = Lines().add(
        say("La demande {number} est rouverte.", number=view.number),
        promise_words(say, view),
        say("Que manque-t-il ? Vous pouvez le dire."),
    )
    rows = (
        (Button(say.plain("➕ Ajouter"), AddToRequestPress(view.id)),),
        (Button(say.plain("Non merci"), NoMoreWordsPress(view.id)),),
    )
    return Card(words.text, rows)


def said_card(say: Translator) -> Card:
    return Card(say("Merci. L’équipe lira votre mot."), (home_row(say),))


def thanks_card(say: Translator) -> Card:
    return Card(say("Merci, et à bientôt."), (home_row(say),))


def transferred_card(say: Translator, view: MyRequest) -> Card:
    words = Lines().add(bold(title_words(say, view)))
    if view.animator is not None:
        words.add(say("{name} prend la suite.", name=view.animator))
    else:
        words.add(say("Quelqu’un d’autre va prendre la suite."))
    if not view.answered:
        words.add(promise_words(say, view))
    return Card(words.text, (_see_row(say, view),))


def taken_card(say: Translator, view: MyRequest) -> Card:
    """Out of the queue: a name now stands behind the promise."""
    name = name_words(say, view.animator)
    words = Lines().add(bold(title_words(say, view)), say("{name} a pris votre demande.", name=name))
    if not view.answered:
        words.add(promise_words(say, view))
    return Card(words.text, (_see_row(say, view),))


def redirected_card(say: Translator, view: MyRequest, actor_name: str, contact: str) -> Card:
    """To whom they may turn now; `contact` is empty when the directory has none."""
    words = Lines().add(
        bold(title_words(say, view)),
        say("Nous avons trouvé qui peut vous aider :"),
        bold(actor_name),
    )
    if contact:
        words.add(say("Contact : {contact}", contact=contact))
    return Card(words.text, (_see_row(say, view),))


def merged_card(say: Translator, view: MyRequest) -> Card:
    words = Lines().add(
        bold(title_words(say, view)),
        say("Une autre demande dit la même chose."),
        say("Nous nous occupons des deux ensemble."),
    )
    if view.merged_into is not None:
        words.add(say("La suite est dans la demande {number}.", number=view.merged_into))
    return Card(words.text, (_see_row(say, view),))


def merged_done_card(say: Translator, view: MyRequest) -> Card:
    """To who asked the same: the work is done, and what to do when that is not enough."""
    words = Lines().add(
        bold(title_words(say, view)),
        say("✅ Le travail est terminé."),
        say("Il manque quelque chose ? Dites-le ici."),
    )
    add = Button(say.plain("➕ Ajouter"), AddToRequestPress(view.id))
    return Card(words.text, ((add,), _see_row(say, view)))


def joined_by_card(say: Translator, view: MyRequest) -> Card:
    """To who asked what goes on: somebody else needs the same."""
    words = Lines().add(
        bold(title_words(say, view)),
        say("Une autre demande dit la même chose."),
        say("Nous nous occupons des deux ensemble."),
    )
    return Card(words.text, (_see_row(say, view),))


def closed_card(say: Translator, view: MyRequest) -> Card:
    """After silence: closed, and how to have it opened again."""
    words = Lines().add(
        bold(title_words(say, view)),
        say("Vous n’avez pas répondu. La demande est terminée."),
        say("Ce n’est pas résolu ? Dites-le ici."),
    )
    rows = ((Button(say.plain("Ce n’est pas résolu"), AddToRequestPress(view.id)),), _see_row(say, view))
    return Card(words.text, rows)


def withdrawn_card(say: Translator, view: MyRequest, requester: str | None) -> Card:
    """To the team."""
    words = Lines().add(bold(title_words(say, view)))
    if requester:
        words.add(say("{name} a retiré sa demande.", name=requester))
    else:
        words.add(say("La personne a effacé son compte."), say("Sa demande est retirée."))
    return Card(words.text, (_open_row(say, view),))


def partly_card(say: Translator, view: MyRequest, requester: str | None) -> Card:
    """To the team: solved in part."""
    name = requester or say.plain("La personne")
    words = Lines().add(bold(title_words(say, view)), say("{name} dit : résolu en partie.", name=name))
    return Card(words.text, (_open_row(say, view),))


def reopened_card(say: Translator, view: MyRequest, requester: str | None, *, to_holder: bool) -> Card:
    """To who has it now, and to who coordinates."""
    name = requester or say.plain("La personne")
    words = Lines().add(bold(title_words(say, view)))
    asked_back = any(each.act is SupportAct.JUDGED and each.detail == Verdict.NO for each in view.steps)
    if asked_back:
        words.add(say("{name} dit : ce n’est pas résolu.", name=name))
    else:
        words.add(say("{name} a écrit de nouveau.", name=name))
    words.add(say("La demande est rouverte."))
    if not to_holder and view.animator is not None:
        words.add(say("{name} la reprend.", name=view.animator))
    words.add(say("Réponse promise avant {moment}.", moment=near_moment(say, view.promised_at, view.now)))
    return Card(words.text, (_open_row(say, view),))


def _see_row(say: Translator, view: MyRequest) -> tuple[Button, ...]:
    return (Button(say.plain("Voir ma demande"), MyRequestPress(view.id)),)


def _open_row(say: Translator, view: MyRequest) -> tuple[Button, ...]:
    return (Button(say.plain("Ouvrir la demande"), OpenRequestPress(view.id)),)
