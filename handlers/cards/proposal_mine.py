"""One's own proposals: the list, taking one back, and the text that takes the place of a voice."""

from collections.abc import Sequence

from council.errors import Refusal
from council.proposal_mine import ListedProposal
from council.proposal_originals import Told
from council.proposal_views import ProposalView
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold, shorten
from handlers.cards.home import home_row
from handlers.cards.pages import page_of, page_row
from handlers.cards.proposal import ProposalPress
from handlers.cards.proposal_asking import ProposePress, warning_lines
from handlers.cards.proposal_author import MyProposalsPress, WithdrawnPress
from handlers.cards.proposal_words import state_words, title_words
from handlers.cards.refusals import refusal_sentence
from handlers.cards.steps import step_rows
from locales.translator import Translator

_TITLE_LIMIT = 32
_A_PAGE = 6


@press("pqfol")
class FollowedPress(Press):
    """Proposals of others that one supports or follows."""

    page: int


def mine_card(
    say: Translator, listed: Sequence[ListedProposal], *, past: bool, page: int, others: int, followed: int
) -> Card:
    """`others` counts the other list of one's own, `followed` those of other people: a button leads to each."""
    shown, page, last = page_of(listed, page, _A_PAGE)
    rows = [_opens(say, each) for each in shown]
    rows.extend(page_row(page, last, lambda to: MyProposalsPress(past, to), say))
    if others:
        label = say.plain("Mes propositions en cours") if past else say.plain("Mes propositions passées")
        rows.append((Button(label, MyProposalsPress(not past, 0)),))
    if followed:
        rows.append((Button(say.plain("🔔 Celles que je suis"), FollowedPress(0)),))
    rows.append((Button(say.plain("💡 Proposer une idée"), ProposePress()),))
    title = say("Mes propositions passées") if past else say("Mes propositions")
    return _list(say, title, listed, rows)


def followed_card(say: Translator, listed: Sequence[ListedProposal], page: int) -> Card:
    shown, page, last = page_of(listed, page, _A_PAGE)
    rows = [_opens(say, each) for each in shown]
    rows.extend(page_row(page, last, FollowedPress, say))
    rows.append((Button(say.plain("📋 Mes propositions"), MyProposalsPress(past=False, page=0)),))
    return _list(say, say("Les propositions que je suis"), listed, rows)


def withdraw_card(say: Translator, view: ProposalView) -> Card:
    words = Lines().add(
        bold(say("Proposition {number} : {title}", number=view.number, title=title_words(say, view.title, view.told))),
        say("Voulez-vous la retirer ? Personne ne la lira."),
    )
    yes = Button(say.plain("Oui, retirer"), WithdrawnPress(view.id))
    no = Button(say.plain("Non, garder"), ProposalPress(view.id))
    return Card(words.text, ((yes, no),))


def back_to_row(say: Translator, proposal_id: int) -> tuple[Button, ...]:
    return (Button(say.plain("Retour"), ProposalPress(proposal_id)),)


def write_card(say: Translator, proposal_id: int, told: Told | None, trouble: Refusal | None = None) -> Card:
    """Asks for the text, with the warning that comes before any free words."""
    words = Lines().add_all([refusal_sentence(trouble, say)] if trouble is not None else [])
    words.add(say("Écrivez votre idée. C’est ce texte qui sera publié."))
    if told in (Told.SPOKEN, Told.BOTH):
        words.add(say("Votre voix reste privée."))
    words.add(*warning_lines(say))
    return Card(words.text, rows=step_rows(say, ProposalPress(proposal_id)))


def _list(say: Translator, title: str, listed: Sequence[ListedProposal], rows: Sequence[tuple[Button, ...]]) -> Card:
    words = Lines().add(bold(title))
    if not listed:
        words.add(say("Il n’y a rien ici."))
    return Card(words.text, (*rows, home_row(say)))


def _opens(say: Translator, each: ListedProposal) -> tuple[Button, ...]:
    label = say.plain(
        "{number} – {title} ({state})",
        number=each.number,
        title=shorten(title_words(say, each.title, each.told), _TITLE_LIMIT),
        state=state_words(each.state, say),
    )
    return (Button(label, ProposalPress(each.id)),)
