"""Noting that the e-mail of a letter came back."""

from aiogram import Router
from aiogram.types import CallbackQuery

from council.interpellation_bounces import check_may_come_back, note_came_back
from handlers.cards.card import Reply
from handlers.cards.interpellation_bounce import CameBackYesPress, came_back_card, not_sent_card
from handlers.cards.interpellation_carry import CameBackPress
from handlers.filters import Pressed
from handlers.turn import Turn

router = Router(name="interpellation_bounce")


@router.callback_query(Pressed(CameBackPress))
async def ask_whether(_press: CallbackQuery, turn: Turn, pressed: CameBackPress) -> Reply:
    letter, row = await check_may_come_back(turn.session, turn.actor, pressed.letter)
    return Reply.of(came_back_card(turn.say, row.id, letter.id, letter.address or row.partner_name))


@router.callback_query(Pressed(CameBackYesPress))
async def note_it(_press: CallbackQuery, turn: Turn, pressed: CameBackYesPress) -> Reply:
    row = await note_came_back(turn.session, turn.clock, turn.actor, pressed.letter)
    return Reply.of(not_sent_card(turn.say, row.id))
