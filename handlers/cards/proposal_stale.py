"""What stands still: the list for those who run the council, and the word that there is something in it."""

from collections.abc import Sequence

from council.proposal_stale import StaleProposal
from handlers.buttons import Press
from handlers.cards.card import Button, Card, Lines, bold, shorten
from handlers.cards.home import home_button
from handlers.cards.moderation import A_PAGE, StalePress, to_queue
from handlers.cards.pages import page_of, page_row
from handlers.cards.proposal_treatment import DeskPress, TreatProposalPress
from handlers.cards.proposal_words import state_words, title_words
from locales.translator import Translator

_BESIDE_STATE, _COUNCIL_LIMIT = 26, 60


def stale_card(say: Translator, stale: Sequence[StaleProposal], council: int | None, page: int) -> Card:
    """What stands still, the longest first; one tap opens one."""
    words = Lines()
    if stale:
        words.add(
            say.plural("{n} proposition n’avance pas.", "{n} propositions n’avancent pas.", len(stale)),
            say("Des habitants attendent une suite."),
        )
    else:
        words.add(say("Toutes les propositions avancent."))
    shown, page, last = page_of(stale, page, A_PAGE)
    rows = tuple((Button(_stale_label(say, each), _stale_press(each)),) for each in shown)
    turning = page_row(page, last, lambda to: StalePress(council, to), say)
    return Card(words.text, (*rows, *turning, (to_queue(say)[0], home_button(say))))


def stale_notice_card(say: Translator, stale: Sequence[StaleProposal], council: str, council_id: int) -> Card:
    """Told to the council's leads and team, once for each standstill."""
    words = Lines().add(
        bold(say("🐌 {council}", council=shorten(council, _COUNCIL_LIMIT))),
        say.plural("{n} proposition n’avance pas.", "{n} propositions n’avancent pas.", len(stale)),
        say("Des habitants attendent une suite."),
    )
    return Card(words.text, ((Button(say.plain("Voir la liste"), StalePress(council_id)),),))


def _stale_label(say: Translator, stale: StaleProposal) -> str:
    title = shorten(title_words(say, stale.title, stale.told), _BESIDE_STATE)
    return say.plain(
        "{number} : {title} ({state})", number=stale.number, title=title, state=state_words(stale.state, say)
    )


def _stale_press(stale: StaleProposal) -> Press:
    return DeskPress(stale.id) if stale.unpublished else TreatProposalPress(stale.id)
