"""The home menu, and the way out of any dialogue."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from handlers.cards.card import Reply
from handlers.cards.home import HomePress, home_card
from handlers.cards.steps import CancelPress
from handlers.dialogues import can_resume
from handlers.filters import Pressed
from handlers.turn import Turn

router = Router(name="home")


@router.message(Command("menu"))
async def open_menu(_message: Message, turn: Turn) -> Reply:
    turn.dialogue.end()
    return Reply.of(home_card(turn.known, turn.say))


@router.callback_query(Pressed(HomePress))
async def go_home(_press: CallbackQuery, turn: Turn) -> Reply:
    """A question that one walks away from takes no more answers, unless it has a draft to come back to."""
    if turn.known is not None and not can_resume(turn.dialogue.state):
        turn.dialogue.end()
    return Reply.of(home_card(turn.known, turn.say))


@router.callback_query(Pressed(CancelPress))
async def cancel(_press: CallbackQuery, turn: Turn) -> Reply:
    turn.dialogue.end()
    return Reply.of(home_card(turn.known, turn.say), toast=turn.say.plain("Annulé."))
