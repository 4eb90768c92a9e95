"""Going on with a dialogue that was left open. Each feature says how its open step is shown again.

A draft is never lost because something else is begun: it is left, offered again when that has ended, and found under
/menu until it is taken up or let go.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace

from aiogram import Router
from aiogram.types import CallbackQuery

from council.contents import Content
from council.errors import NotJoined, OutOfDate, Refusal
from handlers.cards.card import Card, Reply
from handlers.cards.dialogue import (
    OpenStepPress,
    ResumePress,
    gone_card,
    kept_card,
    left_card,
    let_go_card,
    open_step_row,
    resumed_card,
)
from handlers.cards.home import home_card
from handlers.cards.refusals import refusal_sentence
from handlers.filters import Pressed
from handlers.turn import Holds, Turn, feature_of, keeps_drafts

router = Router(name="dialogues")

Resumer = Callable[[Turn], Awaitable[Reply]]
_RESUMERS: dict[str, Resumer] = {}


def resumes(feature: str, *, draft: bool = True, holds: Holds = bool) -> Callable[[Resumer], Resumer]:
    """Declares how the open step of a feature ("meeting" of "meeting:title") is shown again.

    Without a `draft` it is a mere question: who walks away from it has left it. Else `holds` says whether the data of
    the dialogue has anything worth coming back to.
    """

    def declare(resumer: Resumer) -> Resumer:
        _RESUMERS[feature] = resumer
        if draft:
            keeps_drafts(feature, holds)
        return resumer

    return declare


def with_way_back(turn: Turn, card: Card) -> Card:
    """The card with the way back into what was begun, where something was."""
    waits = turn.dialogue.has_draft or turn.dialogue.left
    return card.with_rows(open_step_row(turn.say)) if waits else card


def with_drafts(turn: Turn, reply: Reply, *, pressed: bool) -> Reply:
    """The answer of a turn, with a word on the draft that it has left, or that waits now that nothing else is open."""
    dialogue = turn.dialogue
    if dialogue.has_left and dialogue.state is not None:
        if pressed:
            return reply if reply.toast else replace(reply, toast=turn.say.plain("Je garde ce que vous avez commencé."))
        return replace(reply, cards=(kept_card(turn.say), *reply.cards))
    reminded = dialogue.remind()
    if reminded is None or _leads_back(reply):
        return reply
    offered = left_card(turn.say, reminded.feature, reminded.mark)
    return replace(reply, cards=(*reply.cards, offered), fresh=reply.fresh or not reply.cards)


async def gone_back_to(turn: Turn, feature: str, which: Holds = bool) -> Reply | None:
    """The draft of this feature that is open or was left, where it stands; None: there is none, and one may begin.

    Of several, the newest of whose data `which` says that it is meant.
    """
    dialogue = turn.dialogue
    if feature_of(dialogue.state) == feature and dialogue.has_draft and which(dialogue.data):
        return replace(await show_open(turn), fresh=True)
    found = next((each for each in dialogue.left if each.feature == feature and which(each.data)), None)
    if found is None:
        return None
    dialogue.leave()
    dialogue.return_to(found.mark)
    return replace(await show_open(turn), fresh=True)


def use_up(turn: Turn, contents: Collection[Content]) -> None:
    """Something begins: with these contents, which the open question held, or with nothing, and then that is left."""
    if contents:
        turn.dialogue.end()
    else:
        turn.dialogue.leave()


@router.callback_query(Pressed(ResumePress))
async def resume(_press: CallbackQuery, turn: Turn, pressed: ResumePress) -> Reply:
    """Raises OutOfDate when it was taken up, or let go, since."""
    if not pressed.go_on:
        turn.dialogue.let_go(pressed.mark)
        return Reply.of(let_go_card(turn.say))
    turn.dialogue.leave()
    if not turn.dialogue.return_to(pressed.mark):
        raise OutOfDate
    return await show_open(turn)


@router.callback_query(Pressed(OpenStepPress))
async def return_to_open(_press: CallbackQuery, turn: Turn) -> Reply:
    """Raises OutOfDate when nothing is open any more, and nothing was left."""
    dialogue = turn.dialogue
    if not dialogue.is_draft:
        if not dialogue.left:
            raise OutOfDate
        dialogue.end()
        dialogue.return_to(dialogue.left[0].mark)
    return await show_open(turn)


def go_home_from(turn: Turn, *news: str) -> Reply:
    """The home menu, with what waits for its reader.

    A question that one walks away from takes no more answers, unless it has a draft to come back to. Whoever comes back
    to a bot that they had blocked is sent here by Telegram itself, with /start.
    """
    card = home_card(turn.known, turn.say, *news)
    if turn.known is None:
        return Reply.of(card)
    if not turn.dialogue.has_draft:
        turn.dialogue.end()
    return Reply.of(with_way_back(turn, card))


async def show_open(turn: Turn) -> Reply:
    """The open step, as its feature shows it; what can be gone on with no more is over, and said to be."""
    shown = _RESUMERS.get(feature_of(turn.dialogue.state))
    if shown is None:
        return Reply.of(resumed_card(turn.say))
    try:
        return await shown(turn)
    except NotJoined:
        raise
    except Refusal as refusal:
        turn.dialogue.end()
        return Reply.of(gone_card(turn.say, refusal_sentence(refusal, turn.say)))


def _leads_back(reply: Reply) -> bool:
    buttons = (button for card in reply.cards for row in card.rows for button in row)
    return any(isinstance(each.press, OpenStepPress | ResumePress) for each in buttons)
