"""The home menu, and the way out of any dialogue."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from handlers.cards.card import Reply
from handlers.cards.dialogue import open_step_row
from handlers.cards.home import HomePress, home_card
from handlers.cards.steps import CancelPress
from handlers.dialogues import has_draft, leave
from handlers.filters import Pressed
from handlers.live_messages import leave_live_card
from handlers.turn import Turn

router = Router(name="home")


@router.message(Command("menu"))
async def open_menu(_message: Message, turn: Turn) -> Reply:
    return _home(turn)


@router.callback_query(Pressed(HomePress))
async def go_home(_press: CallbackQuery, turn: Turn) -> Reply:
    await leave_live_card(turn)
    return _home(turn)


def _home(turn: Turn) -> Reply:
    """A question that one walks away from takes no more answers, unless it has a draft to come back to."""
    card = home_card(turn.known, turn.say)
    if turn.known is None:
        return Reply.of(card)
    if not has_draft(turn.dialogue.state):
        leave(turn)
    return Reply.of(card.with_rows(open_step_row(turn.say)) if has_draft(turn.dialogue.state) else card)


@router.callback_query(Pressed(CancelPress))
async def cancel(_press: CallbackQuery, turn: Turn) -> Reply:
    turn.dialogue.end()
    return Reply.of(home_card(turn.known, turn.say), toast=turn.say.plain("Annulé."))
