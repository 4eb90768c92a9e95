"""The end of a question: what came of it was told in a meeting, then it is closed."""

from aiogram import Router
from aiogram.types import CallbackQuery

from council.interpellation_end import close_case, meetings_to_tell_in, report_back
from council.interpellation_states import check_carries, load_interpellation
from handlers.cards.card import Reply
from handlers.cards.interpellation_end import (
    ClosedPress,
    ClosePress,
    ReportBackPress,
    ReportedInPress,
    close_card,
    closed_card,
    report_card,
    reported_card,
)
from handlers.filters import Pressed
from handlers.live_messages import leave_live_card
from handlers.turn import Turn

router = Router(name="interpellation_end")


@router.callback_query(Pressed(ReportBackPress))
async def ask_meeting(_press: CallbackQuery, turn: Turn, pressed: ReportBackPress) -> Reply:
    meetings = await meetings_to_tell_in(turn.session, turn.clock, turn.actor, pressed.interpellation)
    await leave_live_card(turn)
    return Reply.of(report_card(turn.say, pressed.interpellation, meetings))


@router.callback_query(Pressed(ReportedInPress))
async def note_reported(_press: CallbackQuery, turn: Turn, pressed: ReportedInPress) -> Reply:
    await report_back(turn.session, turn.clock, turn.programme, turn.actor, pressed.interpellation, pressed.meeting)
    return Reply.of(reported_card(turn.say, pressed.interpellation))


@router.callback_query(Pressed(ClosePress))
async def ask_to_close(_press: CallbackQuery, turn: Turn, pressed: ClosePress) -> Reply:
    check_carries(turn.actor, await load_interpellation(turn.session, turn.actor, pressed.interpellation))
    await leave_live_card(turn)
    return Reply.of(close_card(turn.say, pressed.interpellation))


@router.callback_query(Pressed(ClosedPress))
async def close(_press: CallbackQuery, turn: Turn, pressed: ClosedPress) -> Reply:
    await close_case(turn.session, turn.clock, turn.actor, pressed.interpellation)
    return Reply.of(closed_card(turn.say, pressed.interpellation))
