"""Who writes to an institution and has left the council meanwhile: nothing is lost, and one tap leads on."""

from aiogram import Router
from aiogram.types import CallbackQuery

from council import people
from council.actors import load_actor
from council.council_choice import council_names
from council.interpellation_drafts import CouncilLeft
from handlers.cards.card import Reply
from handlers.cards.interpellation_more import FollowAgainPress, council_left_card
from handlers.dialogues import gone_back_to
from handlers.filters import Pressed
from handlers.interpellation_draft import FEATURE
from handlers.turn import Turn

router = Router(name="interpellation_leavers")


async def council_left(turn: Turn, refusal: CouncilLeft) -> Reply:
    """Nothing is sent in the name of a council that one has left; what was written stays as it is."""
    names = await council_names(turn.session)
    return Reply.of(council_left_card(turn.say, refusal.council_id, names.get(refusal.council_id, "")))


@router.callback_query(Pressed(FollowAgainPress))
async def follow_again(_press: CallbackQuery, turn: Turn, pressed: FollowAgainPress) -> Reply:
    """And back to the letter, if it is still open."""
    await people.follow(turn.session, turn.clock, turn.actor, pressed.council)
    turn.known = await load_actor(turn.session, turn.telegram_id)
    return await gone_back_to(turn, FEATURE) or Reply(toast=turn.say.plain("C’est noté."))
