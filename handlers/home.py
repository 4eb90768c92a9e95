"""The home menu, and the way out of any dialogue."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from council.proposal_desk import count_waiting
from handlers.cards.card import Reply
from handlers.cards.home import HomePress, home_card
from handlers.cards.moderation import waiting_line
from handlers.cards.steps import CancelPress
from handlers.dialogues import go_home_from
from handlers.filters import Pressed
from handlers.live_messages import leave_live_card
from handlers.turn import Turn

router = Router(name="home")


@router.message(Command("menu"))
async def open_menu(_message: Message, turn: Turn) -> Reply:
    return go_home_from(turn, *await _news(turn))


@router.callback_query(Pressed(HomePress))
async def go_home(_press: CallbackQuery, turn: Turn) -> Reply:
    await leave_live_card(turn)
    return go_home_from(turn, *await _news(turn))


@router.callback_query(Pressed(CancelPress))
async def cancel(_press: CallbackQuery, turn: Turn) -> Reply:
    turn.dialogue.end()
    return Reply.of(home_card(turn.known, turn.say), toast=turn.say.plain("Annulé."))


async def _news(turn: Turn) -> tuple[str, ...]:
    """What waits for who moderates: told once when it came, it is not forgotten for that."""
    waiting = await count_waiting(turn.session, turn.known) if turn.known is not None else 0
    return (waiting_line(turn.say, waiting),) if waiting else ()
