"""One step of a proposal, said in three short questions: what to say of it, perhaps a picture, and whether it is so."""

from council.proposal_treatment import STEPS
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, Media, MediaKind, bold, quoted, shorten
from handlers.cards.proposal_said import USUAL, said_words
from handlers.cards.proposal_words import state_words
from handlers.cards.steps import step_rows
from locales.sentences import sentence
from locales.translator import Translator
from storage.proposals import ProposalAct

_TITLE_LIMIT = 80


@press("pts")
class StepPress(Press):
    """Begins one step of a proposal, as the card of this `revision` showed it."""

    proposal: int
    act: ProposalAct
    revision: int


@press("ptu")
class UsualWordsPress(Press):
    """One of the usual answers, by its place in the list."""

    number: int


@press("ptn")
class NoWordsPress(Press):
    """Nothing to say of it."""


@press("ptf")
class NoPhotoPress(Press):
    """No picture of what was done."""


@press("ptb")
class WordsAgainPress(Press):
    """Back to what is said of it."""


@press("ptv")
class PhotoAgainPress(Press):
    """Back to the picture."""


@press("pty")
class StepTakenPress(Press):
    """Takes the step that the dialogue holds."""


_QUESTIONS: dict[ProposalAct, str] = {
    ProposalAct.CORRECTION_ASKED: sentence("Que doit changer l’auteur ?"),
    ProposalAct.SET_ASIDE: sentence("Pourquoi l’écarter ?"),
    ProposalAct.DISCUSSED: sentence("Qu’a dit le conseil ?"),
    ProposalAct.RETAINED: sentence("Que va faire le conseil ?"),
    ProposalAct.FORWARDED: sentence("À qui le conseil l’a-t-il transmise ?"),
    ProposalAct.ANSWERED: sentence("Quelle est la réponse ?"),
    ProposalAct.DONE: sentence("Qu’est-ce qui est fait ?"),
    ProposalAct.REFUSED: sentence("Pourquoi est-elle refusée ?"),
    ProposalAct.REPORTED_BACK: sentence("Qu’avez-vous dit en réunion ?"),
}
_COMES: dict[ProposalAct, str] = {
    ProposalAct.CORRECTION_ASKED: sentence("Je la rends à l’auteur."),
    ProposalAct.SET_ASIDE: sentence("Je l’écarte. Cela ne peut plus changer."),
}
_TO_AUTHOR_ALONE = (ProposalAct.CORRECTION_ASKED, ProposalAct.SET_ASIDE)


def words_card(
    say: Translator, title: str, act: ProposalAct, back: Press, *, may_skip: bool, trouble: str = ""
) -> Card:
    """What to say of it: a usual answer, one's own, or nothing where that is enough. `title` is bare."""
    words = _head(title, trouble).add(say(_QUESTIONS[act]), say("Choisissez, ou écrivez une phrase."))
    words.add(_read_by(say, act))
    rows = [(Button(say.plain(each), UsualWordsPress(n)),) for n, each in enumerate(USUAL[act])]
    if may_skip:
        rows.append((Button(say.plain("Ne rien ajouter"), NoWordsPress()),))
    return Card(words.text, (*rows, *step_rows(say, back)))


def photo_card(say: Translator, title: str, back: Press, trouble: str = "") -> Card:
    words = _head(title, trouble).add(say("Avez-vous une photo de ce qui est fait ?"), say("Envoyez-la, ou passez."))
    skip = Button(say.plain("Sans photo"), NoPhotoPress())
    return Card(words.text, ((skip,), *step_rows(say, back)))


def sure_card(
    say: Translator, title: str, act: ProposalAct, words: str, told: int, photo_file_id: str | None, trouble: str = ""
) -> Card:
    """All that will be read, and by how many."""
    lines = _head(title, trouble).add(_comes_words(say, act))
    if words:
        lines.add(quoted(said_words(say, words)))
    if act in _TO_AUTHOR_ALONE:
        lines.add(_read_by(say, act))
    else:
        lines.add(say.plural("{n} personne sera prévenue.", "{n} personnes seront prévenues.", told))
    again = [Button(say.plain("Changer les mots"), WordsAgainPress())]
    if act is ProposalAct.DONE:
        again.append(Button(say.plain("Changer la photo"), PhotoAgainPress()))
    media = Media(MediaKind.PHOTO, file_id=photo_file_id) if photo_file_id is not None else None
    sure = Button(say.plain("✅ Oui, c’est bien cela"), StepTakenPress())
    return Card(lines.text, ((sure,), tuple(again), *step_rows(say)), media=media)


def _comes_words(say: Translator, act: ProposalAct) -> str:
    """What the step will do."""
    if act in STEPS:
        return say("Je note : {state}.", state=state_words(STEPS[act], say))
    return say(_COMES[act])


def _read_by(say: Translator, act: ProposalAct) -> str:
    return say("L’auteur lira ces mots.") if act in _TO_AUTHOR_ALONE else say("Tout le monde lira ces mots.")


def _head(title: str, trouble: str) -> Lines:
    words = Lines().add(trouble) if trouble else Lines()
    return words.add(bold(shorten(title, _TITLE_LIMIT)))
