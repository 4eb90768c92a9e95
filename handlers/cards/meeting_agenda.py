"""The proposals on the agenda of a meeting, as everybody reads them: before it what comes, after it what was said."""

from collections.abc import Sequence

from council.proposal_treatment import OnAgenda
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold, shorten
from handlers.cards.pages import page_of, page_row
from handlers.cards.proposal import ProposalPress
from handlers.cards.proposal_said import said_words
from handlers.cards.proposal_words import state_words
from locales.translator import Translator
from storage.proposals import ProposalState

_ON_CARD, _A_PAGE = 3, 8
"""A card has room for so many; of more it opens a list."""
_TITLE_LIMIT, _LABEL_LIMIT, _SAID_LIMIT = 60, 26, 120


@press("mday")
class DayProposalsPress(Press):
    """A page of the proposals on the agenda of a meeting, for everybody."""

    meeting: int
    page: int = 0


def day_lines(say: Translator, proposals: Sequence[OnAgenda]) -> list[str]:
    """What a card of the meeting says of them, in one line; of several the buttons say which."""
    if not proposals:
        return []
    if len(proposals) == 1:
        (only,) = proposals
        said = " ".join(shorten(said_words(say, only.said), _SAID_LIMIT).split())
        return [say("💡 {proposal}. {said}", proposal=_named(say, only, _TITLE_LIMIT), said=said).strip()]
    return [
        say.plural("{n} proposition est à l’ordre du jour.", "{n} propositions sont à l’ordre du jour.", len(proposals))
    ]


def day_rows(say: Translator, meeting_id: int, proposals: Sequence[OnAgenda]) -> tuple[tuple[Button, ...], ...]:
    """A button for each, or one for all of them."""
    if len(proposals) <= _ON_CARD:
        return _opening(say, proposals)
    label = say.plain("💡 Toutes les propositions du jour ({n})", n=say.number(len(proposals)))
    return ((Button(label, DayProposalsPress(meeting_id)),),)


def day_card(
    say: Translator, meeting_id: int, title: str, proposals: Sequence[OnAgenda], page: int, back: Button
) -> Card:
    """All of them, a page at a time."""
    words = Lines().add(bold(shorten(title, _TITLE_LIMIT)))
    if proposals:
        words.add(*day_lines(say, proposals), say("Appuyez sur une proposition pour la lire."))
    else:
        words.add(say("Aucune proposition n’est à l’ordre du jour."))
    shown, page, last = page_of(proposals, page, _A_PAGE)
    turning = page_row(page, last, lambda to: DayProposalsPress(meeting_id, to), say)
    return Card(words.text, (*_opening(say, shown), *turning, (back,)))


def _opening(say: Translator, proposals: Sequence[OnAgenda]) -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(_named(say, each, _LABEL_LIMIT), ProposalPress(each.id)),) for each in proposals)


def _named(say: Translator, each: OnAgenda, limit: int) -> str:
    """Bare; one of which nothing was said yet is simply there."""
    blanks = {"number": each.number, "title": shorten(each.title, limit)}
    if each.state is ProposalState.RECEIVED:
        return say.plain("{number} : {title}", **blanks)
    return say.plain("{number} : {title} ({state})", **blanks, state=state_words(each.state, say))
