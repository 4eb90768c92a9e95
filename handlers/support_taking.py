"""« Je prends »: requests taken from the queue, and from colleagues who are away."""

from aiogram import Router
from aiogram.types import CallbackQuery

from council.absence_offers import AbsenceView, offered_view, take_offered
from council.errors import OutOfDate
from council.local_time import local
from council.support_overview import team_view
from council.support_taking import TakenBy, take
from handlers.cards.card import Reply
from handlers.cards.refusals import refusal_sentence
from handlers.cards.request_card import team_card
from handlers.cards.support_team import OfferedPress, TakeOfferedPress, TakePress, offered_card
from handlers.filters import Pressed
from handlers.turn import Turn

router = Router(name="support_taking")


@router.callback_query(Pressed(TakePress))
async def take_from_queue(_press: CallbackQuery, turn: Turn, pressed: TakePress) -> Reply:
    """Of two who press at once, the second reads who has it. Both see the request as it stands now."""
    toast, alert = turn.say.plain("La demande est à vous."), False
    try:
        await take(turn.session, turn.clock, turn.actor, pressed.request)
    except (TakenBy, OutOfDate) as late:
        toast, alert = refusal_sentence(late, turn.say), True
    view = await team_view(turn.session, turn.clock, turn.actor, pressed.request)
    return Reply.of(team_card(turn.say, view), toast=toast, alert=alert)


@router.callback_query(Pressed(OfferedPress))
async def see_offered(_press: CallbackQuery, turn: Turn, pressed: OfferedPress) -> Reply:
    view = await _view(turn, pressed.absence)
    return Reply.of(offered_card(turn.say, view, turn.clock.now(), turn.actor.person_id, pressed.page))


@router.callback_query(Pressed(TakeOfferedPress))
async def take_over(_press: CallbackQuery, turn: Turn, pressed: TakeOfferedPress) -> Reply:
    taken = await take_offered(turn.session, turn.clock, turn.programme, turn.actor, pressed.absence, pressed.request)
    view = await _view(turn, pressed.absence)
    if taken:
        done = turn.say.plural("✅ {n} demande est à vous.", "✅ {n} demandes sont à vous.", taken)
    else:
        done = turn.say("Cette demande n’est plus ici.")
    return Reply.of(
        offered_card(turn.say, view, turn.clock.now(), turn.actor.person_id, done=done),
        toast=str(done.unescape()),
    )


async def _view(turn: Turn, absence_id: int) -> AbsenceView:
    today = local(turn.clock.now(), turn.programme.tz).date()
    return await offered_view(turn.session, turn.actor, absence_id, today)
