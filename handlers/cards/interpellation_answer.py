"""An answer as people read it, whether it answers, and what the author still misses."""

from council.interpellation_opinions import AnswerView
from council.interpellation_views import InterpellationView
from documents.interpellation_words import OPINIONS
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold, quoted, shorten
from handlers.cards.home import home_row
from handlers.cards.interpellation import CarryPress, HearPress, OpenInterpellationPress, card_button
from handlers.cards.meeting_words import bare
from handlers.cards.pages import page_of, page_row
from handlers.cards.saisine_steps import StepDocumentsPress
from handlers.cards.steps import step_rows
from locales.sentences import sentence
from locales.translator import Translator
from storage.interpellations import AnswerWay, Opinion

_SHOWN, _TITLE = 700, 120
_PAGE = 2_000
"""Characters on one page: each of two UTF-16 units, they still are one message."""
MISSING = (
    sentence("La réponse ne dit pas quand."),
    sentence("La réponse ne dit pas qui va le faire."),
    sentence("La réponse ne parle pas de notre demande."),
    sentence("Rien n’a changé depuis."),
)
"""Usual words for what an answer lacks; they are sent to the partner in French."""


@press("iao")
class AnswerPress(Press):
    """Opens an answer."""

    answer: int


@press("iap")
class AnswerPagePress(Press):
    """The whole words of it, a page at a time."""

    answer: int
    page: int


@press("iaf")
class AnswerFilesPress(Press):
    """Puts its files into the chat."""

    answer: int


@press("iaj")
class JudgeAnswerPress(Press):
    """Whether it answers."""

    answer: int
    opinion: Opinion


@press("iaa")
class AskAgainPress(Press):
    """Begins to say what is missing."""

    answer: int


@press("iam")
class MissingPress(Press):
    """One of the usual words for it."""

    number: int


@press("iaw")
class WishPress(Press):
    """Gives the words to those who carry the case."""

    key: int


@card_button
def _read_answer(say: Translator, view: InterpellationView) -> Button | None:
    if view.answer is None:
        return None
    return Button(say.plain("💬 Lire la réponse"), AnswerPress(view.answer.id))


@card_button
def _see_documents(say: Translator, view: InterpellationView) -> Button | None:
    return Button(say.plain("📎 Documents"), StepDocumentsPress(view.id)) if view.documents else None


def answer_card(say: Translator, view: AnswerView, done: str = "") -> Card:
    """Its words, what people think of it, and the question to who may say. `done`: what was just noted."""
    words = Lines()
    if done:
        words.add(done)
    words.add(bold(say("{number} : {title}", number=view.number, title=shorten(view.title, _TITLE))))
    words.add(_came(say, view))
    if view.words:
        words.add(quoted(shorten(view.words, _SHOWN)))
    if view.opinions:
        words.add(say("Elle répond ? {opinions}.", opinions=_counted(say, view)))
    if view.may_judge:
        words.add(say("Est-ce que cela répond ?") if view.mine is None else _said(say, view.mine))
    return Card(words.text, _rows(say, view))


def answer_page_card(say: Translator, view: AnswerView, page: int) -> Card:
    """All of its words."""
    words, page, last = page_of(view.words, page, _PAGE)
    turning = page_row(page, last, lambda to: AnswerPagePress(view.id, to), say)
    return Card(Lines().add(str(words)).text, (*turning, (Button(say.plain("Retour"), AnswerPress(view.id)),)))


def missing_card(say: Translator, view: AnswerView, trouble: str = "") -> Card:
    """What is missing? By buttons, or in writing."""
    words = Lines()
    if trouble:
        words.add(trouble)
    words.add(say("Qu’est-ce qui manque dans la réponse ?"))
    words.add(say("🎤 Appuyez, parlez ou écrivez. Ne dites aucun nom."))
    rows = tuple((Button(say.plain(each), MissingPress(n)),) for n, each in enumerate(MISSING))
    return Card(words.text, (*rows, *step_rows(say, AnswerPress(view.id))))


def wish_card(say: Translator, view: AnswerView, words: str, key: int) -> Card:
    """The words once more, before they are given on; "": they were said aloud."""
    if words:
        lines = Lines().add(say("Voici ce que le conseil va écrire :"), quoted(words))
        lines.add(say("Le conseil relit, puis envoie la lettre."))
    else:
        lines = Lines().add(say("🎤 J’ai gardé votre message vocal."))
        lines.add(say("Le conseil l’écoute, l’écrit, puis envoie la lettre."))
    send = Button(say.plain("✅ Donner au conseil"), WishPress(key))
    change = Button(say.plain("✏️ Changer"), AskAgainPress(view.id))
    return Card(lines.text, ((send, change), *step_rows(say)))


def wished_card(say: Translator, view: AnswerView) -> Card:
    lines = Lines().add(say("C’est noté. Le conseil va écrire de nouveau."))
    lines.add(say("Vous saurez quand la lettre part."))
    open_ = Button(say.plain("👁 Voir la question"), OpenInterpellationPress(view.interpellation_id))
    return Card(lines.text, ((open_,), home_row(say)))


def author_judged_card(say: Translator, view: AnswerView, opinion: Opinion) -> Card:
    """To who carries the case: the author is not content."""
    lines = Lines().add(bold(say("{number} : {title}", number=view.number, title=shorten(view.title, _TITLE))))
    if opinion is Opinion.PARTLY:
        lines.add(say("L’auteur dit : la réponse répond en partie."))
    else:
        lines.add(say("L’auteur dit : la réponse ne répond pas."))
    return Card(lines.text, _to_team(say, view))


def author_wishes_card(say: Translator, view: AnswerView) -> Card:
    """To who carries the case: what the author wants to be written once more."""
    lines = Lines().add(bold(say("{number} : {title}", number=view.number, title=shorten(view.title, _TITLE))))
    if view.wished:
        lines.add(say("L’auteur veut une relance. Il manque ceci :"), quoted(shorten(view.wished, _SHOWN)))
        lines.add(say("À vous de relire et d’envoyer la lettre."))
        return Card(lines.text, _to_team(say, view))
    lines.add(say("🎤 L’auteur a dit ce qui manque. Écoutez-le, puis écrivez la relance."))
    hear = Button(say.plain("🎧 Écouter et voir"), HearPress(view.interpellation_id))
    return Card(lines.text, ((hear,), *_to_team(say, view)))


def _to_team(say: Translator, view: AnswerView) -> tuple[tuple[Button, ...], ...]:
    read = Button(say.plain("💬 Lire la réponse"), AnswerPress(view.id))
    return ((read, Button(say.plain("➡️ Faire avancer"), CarryPress(view.interpellation_id))),)


def _came(say: Translator, view: AnswerView) -> str:
    day = say.date(view.answered_on)
    match view.way:
        case AnswerWay.PAPER:
            return say("{signed} a répondu par lettre, le {day}.", signed=view.signed, day=day)
        case AnswerWay.TELEPHONE:
            return say("{signed} a répondu de vive voix, le {day}.", signed=view.signed, day=day)
    return say("{signed} a répondu, le {day}.", signed=view.signed, day=day)


def _said(say: Translator, mine: Opinion) -> str:
    words = {
        Opinion.YES: say("✅ Vous avez dit : oui, cela répond."),
        Opinion.PARTLY: say("✅ Vous avez dit : cela répond en partie."),
        Opinion.NO: say("✅ Vous avez dit : non, cela ne répond pas."),
    }
    return words[mine]


def _counted(say: Translator, view: AnswerView) -> str:
    """« 3 oui, 1 en partie », bare."""
    counts = {
        Opinion.YES: lambda n: say.plural("{n} oui", "{n} oui", n),
        Opinion.PARTLY: lambda n: say.plural("{n} en partie", "{n} en partie", n),
        Opinion.NO: lambda n: say.plural("{n} non", "{n} non", n),
    }
    return say.enumeration([bare(counts[opinion](n)) for opinion, n in view.opinions.items()])


def _rows(say: Translator, view: AnswerView) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    if view.may_judge:
        marks = {each: "✅ " if each is view.mine else "" for each in Opinion}
        rows.append(
            tuple(Button(marks[each] + say.plain(OPINIONS[each]), JudgeAnswerPress(view.id, each)) for each in Opinion)
        )
    if view.may_ask_again and view.authors in (Opinion.PARTLY, Opinion.NO):
        rows.append((Button(say.plain("✉️ Relancer"), AskAgainPress(view.id)),))
    reading = []
    if len(view.words) > len(shorten(view.words, _SHOWN)):
        reading.append(Button(say.plain("📖 Tout lire"), AnswerPagePress(view.id, 0)))
    if view.files:
        label = say.plural("📎 Voir le fichier", "📎 Voir les {n} fichiers", view.files)
        reading.append(Button(bare(label), AnswerFilesPress(view.id)))
    if reading:
        rows.append(tuple(reading))
    if view.earlier is not None:
        rows.append((Button(say.plain("◀ La réponse d’avant"), AnswerPress(view.earlier)),))
    return (*rows, (Button(say.plain("👁 Voir la question"), OpenInterpellationPress(view.interpellation_id)),))
