"""Behind the buttons of the card: the whole text, the history, the link to share, and what leads decide about it."""

from collections.abc import Sequence

from markupsafe import Markup

from council.interpellation_drafts import Question
from council.interpellation_views import InterpellationView
from council.interpellation_votes import Outcome
from council.proposal_flags import Flag, flags_of
from documents.qr import deep_link
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold, quoted, shorten
from handlers.cards.dialogue import OpenStepPress
from handlers.cards.home import home_row
from handlers.cards.interpellation import (
    InterpellationHistoryPress,
    ReadInterpellationPress,
    WriteTextPress,
    back_row,
)
from handlers.cards.interpellation_asking import label_words
from handlers.cards.interpellation_words import author_words, step_words, title_words, votes_words
from handlers.cards.invitation import qr_picture
from handlers.cards.moderation import FLAGS
from handlers.cards.pages import page_of, page_row
from locales.sentences import sentence
from locales.translator import Translator

_PAGE = 1_700
"""Characters of people's words on one page: each of two UTF-16 units, they still fit into a message with headings."""
_SHOWN_UNITS = 2_500
_STEPS_A_PAGE, _WORDS_LIMIT, _VIEW_LIMIT, _VIEWS_SHOWN = 4, 150, 200, 5


@press("ipfs")
class FollowAndSignPress(Press):
    """Follows the council, then signs."""

    interpellation: int


@press("ipfollow")
class FollowAgainPress(Press):
    """Follows the council again with which the letter goes."""

    council: int


@press("ipbackok")
class UsualReasonPress(Press):
    """Sends it back for one of the usual reasons."""

    interpellation: int
    number: int


@press("ipw")
class WriteAnswerPress(Press):
    """Begins to write this answer down."""

    interpellation: int
    question: Question


@press("ipoffok")
class WithdrawnInterpellationPress(Press):
    """Withdraws it."""

    interpellation: int


@press("ipres")
class ResultPress(Press):
    """Confirms the result with the words that stand there."""

    interpellation: int
    revision: int
    adopted: bool


@press("ipagain")
class VoteAgainPress(Press):
    """More time for a vote that has decided nothing."""

    interpellation: int
    revision: int


USUAL_REASONS = (
    sentence("Enlevez le nom des personnes, s’il vous plaît."),
    sentence("Dites où c’est, s’il vous plaît."),
    sentence("Dites ce que vous demandez, s’il vous plaît."),
    sentence("Ce n’est pas la bonne institution. Choisissez-en une autre."),
    sentence("La question existe déjà. Vous pouvez la signer."),
)


def follow_card(say: Translator, view: InterpellationView) -> Card:
    """For who is not of the council yet."""
    words = Lines().add(say("Cette question est du conseil {council}.", council=view.council))
    words.add(say("Pour signer, suivez d’abord ce conseil."))
    yes = Button(say.plain("✅ Suivre et signer"), FollowAndSignPress(view.id))
    return Card(words.text, ((yes,), back_row(say, view.id)))


def council_left_card(say: Translator, council_id: int, council: str) -> Card:
    """For who has left the council with which their letter would go."""
    words = Lines().add(
        say("Vous ne suivez plus le conseil {council}.", council=council),
        say("La lettre part avec lui. Suivez-le pour l’envoyer."),
        say("Votre texte est gardé."),
    )
    follow = Button(say.plain("✅ Suivre ce conseil"), FollowAgainPress(council_id))
    return Card(words.text, ((follow,), (Button(say.plain("Retour"), OpenStepPress()),), home_row(say)))


def read_card(say: Translator, view: InterpellationView, page: int) -> Card:
    """All that stands in it, a page at a time; for who opens it, what to look at twice."""
    pages = _pages(_sections(say, view))
    (shown,), page, last = page_of(pages, page, 1)
    words = Lines().add(bold(say("Toute la question {number}", number=view.number)))
    if page == 0:
        words.add(say("Écrite par : {name}", name=author_words(say, view)))
        flags = _flags(say, view)
        if flags:
            words.add(say("⚠️ À regarder : {flags}.", flags=flags))
    words.add_all(say("{label} :", label=label) + Markup(" ") + quoted(text) for label, text in shown)
    turning = page_row(page, last, lambda to: ReadInterpellationPress(view.id, to), say)
    return Card(words.text, (*turning, back_row(say, view.id)))


def history_card(say: Translator, view: InterpellationView, page: int) -> Card:
    """The newest steps last, and shown first."""
    pages = tuple(view.steps[start : start + _STEPS_A_PAGE] for start in range(0, len(view.steps), _STEPS_A_PAGE))
    (shown,), page, last = page_of(pages or ((),), page, 1)
    words = Lines().add(bold(title_words(say, view)))
    for each in shown:
        line = step_words(say, each)
        said = shorten(" ".join(each.words.split()), _WORDS_LIMIT)
        words.add(line + Markup(" ") + quoted(said) if said else line)
    turning = page_row(page, last, lambda to: InterpellationHistoryPress(view.id, to), say)
    return Card(words.text, (*turning, back_row(say, view.id)))


def share_card(say: Translator, view: InterpellationView, bot_username: str) -> Card:
    """A picture to show, and a link to send on: the number is public."""
    link = deep_link(bot_username, view.number)
    words = Lines().add(bold(title_words(say, view)), link, say("Montrez l’image, ou envoyez le lien."))
    return Card(words.text, (back_row(say, view.id),), media=qr_picture(link))


def send_back_card(say: Translator, view: InterpellationView, trouble: str = "") -> Card:
    """Why? One tap, or words of one's own: the author reads them."""
    words = Lines().add_all([trouble] if trouble else [])
    words.add(bold(title_words(say, view)), say("Que doit changer l’auteur ?"), say("Choisissez, ou écrivez-le."))
    rows = [
        (Button(shorten(say.plain(each), 60), UsualReasonPress(view.id, number)),)
        for number, each in enumerate(USUAL_REASONS)
    ]
    return Card(words.text, (*rows, back_row(say, view.id)))


def write_card(say: Translator, view: InterpellationView) -> Card:
    """Which answer is to be written down?"""
    words = Lines().add(bold(title_words(say, view)), say("Qu’écrivez-vous ?"))
    rows = [(Button(label_words(say, each), WriteAnswerPress(view.id, each)),) for each in Question]
    return Card(words.text, (*rows, back_row(say, view.id)))


def write_answer_card(say: Translator, view: InterpellationView, question: Question, trouble: str = "") -> Card:
    words = Lines().add_all([trouble] if trouble else [])
    words.add(bold(label_words(say, question)))
    there = getattr(view, question.value)
    if there:
        words.add(quoted(shorten(there, _SHOWN_UNITS)))
    words.add(say("Écrivez le nouveau texte, avec les mots de l’auteur."))
    return Card(words.text, ((Button(say.plain("Retour"), WriteTextPress(view.id)),),))


def withdraw_card(say: Translator, view: InterpellationView) -> Card:
    words = Lines().add(bold(title_words(say, view)), say("Voulez-vous retirer cette question ?"))
    yes = Button(say.plain("Oui, retirer"), WithdrawnInterpellationPress(view.id))
    return Card(words.text, ((yes,), back_row(say, view.id)))


def view_card(say: Translator, view: InterpellationView, trouble: str = "") -> Card:
    """A view that differs, in one's own words."""
    words = Lines().add_all([trouble] if trouble else [])
    words.add(say("Quel est votre avis ? Écrivez-le."), say("Il sera dans la lettre, sans votre nom."))
    if view.my_view:
        words.add(say("Votre avis :") + Markup(" ") + quoted(shorten(view.my_view, _SHOWN_UNITS)))
    return Card(words.text, (back_row(say, view.id),))


def offered_position(french: Translator, view: InterpellationView, outcome: Outcome, *, adopted: bool) -> str:
    """The words of the result as the letter may have them: `french` is the language of the letter."""
    votes = votes_words(french, view.votes)
    match outcome:
        case Outcome.FOR:
            return french.plain("Le conseil est d’accord : {votes}.", votes=votes)
        case Outcome.AGAINST:
            return french.plain("Le conseil n’est pas d’accord : {votes}.", votes=votes)
        case Outcome.UNDECIDED:
            return french.plain("Le conseil n’a pas de majorité : {votes}.", votes=votes)
    if adopted:
        return french.plain("Le conseil n’a pas encore de membres. Les signatures des habitants suffisent.")
    return french.plain("Le conseil n’a pas encore de membres. La lettre ne part pas.")


def confirm_card(
    say: Translator,
    view: InterpellationView,
    outcome: Outcome,
    position: str,
    dissent: Sequence[str],
    trouble: str = "",
) -> Card:
    """What the members have said, the words of it, and what a lead may confirm."""
    words = Lines().add_all([trouble] if trouble else [])
    words.add(bold(title_words(say, view)))
    if outcome is Outcome.NO_VOTE:
        words.add(say("Le conseil n’a pas de membres. À vous de décider."))
    else:
        words.add(say("Vote : {votes}.", votes=votes_words(say, view.votes)))
    if position:
        words.add(say("La lettre dira : ") + quoted(shorten(position, _SHOWN_UNITS)))
    words.add_all(say("Avis différent : ") + quoted(shorten(each, _VIEW_LIMIT)) for each in dissent[:_VIEWS_SHOWN])
    if len(dissent) > _VIEWS_SHOWN:
        words.add(say("Il y a {n} avis différents. Tous seront dans la lettre.", n=say.number(len(dissent))))
    words.add(say("Pour changer les mots, écrivez-les.") if position else say("Vous pouvez écrire pourquoi."))
    return Card(words.text, (*_decisions(say, view, outcome), back_row(say, view.id)))


def _decisions(say: Translator, view: InterpellationView, outcome: Outcome) -> tuple[tuple[Button, ...], ...]:
    yes = (Button(say.plain("✅ Confirmer : oui"), ResultPress(view.id, view.revision, True)),)
    no = (Button(say.plain("❌ Confirmer : non"), ResultPress(view.id, view.revision, False)),)
    again = (Button(say.plain("🔁 Voter encore"), VoteAgainPress(view.id, view.revision)),)
    match outcome:
        case Outcome.FOR:
            return (yes,)
        case Outcome.AGAINST:
            return (no,)
        case Outcome.UNDECIDED:
            return (again, no)
    return (yes, no)


def _sections(say: Translator, view: InterpellationView) -> list[tuple[str, str]]:
    """Every heading with its words."""
    found = [(label_words(say, each), getattr(view, each.value)) for each in Question if getattr(view, each.value)]
    if view.majority_position:
        found.append((say.plain("La position du conseil"), view.majority_position))
    found += [(say.plain("Un avis différent"), each) for each in view.dissenting_views]
    if view.answer is not None and view.answer.words:
        found.append((say.plain("La réponse de {who}", who=shorten(view.answer.signed, 60)), view.answer.words))
    return found


def _pages(sections: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """As many to a page as fit; a long one is cut into pieces."""
    pages: list[list[tuple[str, str]]] = [[]]
    used = 0
    for label, text in sections:
        for start in range(0, len(text), _PAGE):
            piece = text[start : start + _PAGE]
            if pages[-1] and used + len(piece) > _PAGE:
                pages.append([])
                used = 0
            pages[-1].append((label, piece))
            used += len(piece)
    return pages


def _flags(say: Translator, view: InterpellationView) -> str:
    """What a moderator should look at before it is public, bare; "" for other readers."""
    if not view.carries or view.is_public:
        return ""
    texts = [getattr(view, each.value) for each in Question]
    return say.enumeration([say.plain(FLAGS[Flag(each)]) for each in flags_of(*texts)]) if any(texts) else ""
