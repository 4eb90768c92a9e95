"""One's own requests: the list, the card of one, more words, and taking it back."""

from aiogram import Router
from aiogram.types import CallbackQuery

from council.errors import OutOfDate
from council.support_end import withdraw
from council.support_mine import MyRequest, my_requests, open_mine
from handlers.cards.card import Reply
from handlers.cards.support import (
    MyRequestPress,
    MyRequestsPress,
    WithdrawnPress,
    WithdrawPress,
    my_requests_card,
    support_card,
    withdraw_card,
)
from handlers.filters import Pressed
from handlers.live_messages import leave_live_card
from handlers.support_draft import FEATURE, Asking
from handlers.turn import Turn

router = Router(name="support_mine")


@router.callback_query(Pressed(MyRequestsPress))
async def list_mine(_press: CallbackQuery, turn: Turn, pressed: MyRequestsPress) -> Reply:
    """Somebody who has only past ones is shown those."""
    open_ones, past_ones = (
        await my_requests(turn.session, turn.actor),
        await my_requests(turn.session, turn.actor, past=True),
    )
    past = pressed.past
    if not (past_ones if past else open_ones) and (open_ones if past else past_ones):
        past = not past
    shown, others = (past_ones, open_ones) if past else (open_ones, past_ones)
    await leave_live_card(turn)
    return Reply.of(my_requests_card(turn.say, shown, past=past, page=pressed.page, others=len(others)))


@router.callback_query(Pressed(MyRequestPress))
async def open_one(_press: CallbackQuery, turn: Turn, pressed: MyRequestPress) -> Reply:
    view = await open_mine(turn.session, turn.clock, turn.actor, pressed.request)
    if (turn.dialogue.state or "").startswith(f"{FEATURE}:"):
        asking = Asking.of(turn)
        if asking.adding_to == view.id and not asking.contents:
            turn.dialogue.end()  # went back from writing, with nothing written
    return Reply.of(support_card(turn.say, view))


@router.callback_query(Pressed(WithdrawPress))
async def ask_to_withdraw(_press: CallbackQuery, turn: Turn, pressed: WithdrawPress) -> Reply:
    view = await open_mine(turn.session, turn.clock, turn.actor, pressed.request)
    if not view.may_withdraw:
        return _as_it_is(turn, view)
    await leave_live_card(turn)
    return Reply.of(withdraw_card(turn.say, view))


@router.callback_query(Pressed(WithdrawnPress))
async def withdraw_one(_press: CallbackQuery, turn: Turn, pressed: WithdrawnPress) -> Reply:
    """Ended meanwhile: its card says how."""
    try:
        await withdraw(turn.session, turn.clock, turn.actor, pressed.request)
    except OutOfDate:
        return _as_it_is(turn, await open_mine(turn.session, turn.clock, turn.actor, pressed.request))
    view = await open_mine(turn.session, turn.clock, turn.actor, pressed.request)
    return Reply.of(support_card(turn.say, view), toast=turn.say.plain("C’est retiré."))


def _as_it_is(turn: Turn, view: MyRequest) -> Reply:
    return Reply.of(support_card(turn.say, view), toast=turn.say.plain("Cela a changé. Voici votre demande."))
