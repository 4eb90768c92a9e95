"""/aide."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from handlers.cards.card import Reply
from handlers.cards.help import HelpPress, HelpTopic, help_card
from handlers.filters import Pressed
from handlers.turn import Turn

router = Router(name="help")


@router.message(Command("aide", "help"))
async def open_help(_message: Message, turn: Turn) -> Reply:
    return Reply.of(help_card(HelpTopic.RESIDENTS, turn.programme, turn.known, turn.say))


@router.callback_query(Pressed(HelpPress))
async def open_topic(_press: CallbackQuery, turn: Turn, pressed: HelpPress) -> Reply:
    return Reply.of(help_card(pressed.topic, turn.programme, turn.known, turn.say))
