"""The card of an interpellation for everybody: reading it, signing it, taking that back, sharing it."""

from aiogram import Router
from aiogram.types import CallbackQuery

from council import people
from council.actors import load_actor
from council.errors import NotAllowed, NotJoined, Refusal
from council.interpellation_signing import NotOfThisCouncil, show_name, sign, unsign
from council.interpellation_views import InterpellationView, view_interpellation
from handlers.cards.card import Card, Reply
from handlers.cards.interpellation import (
    InterpellationHistoryPress,
    OpenInterpellationPress,
    ReadInterpellationPress,
    ShareInterpellationPress,
    SignNamePress,
    SignPress,
    UnsignPress,
    interpellation_card,
)
from handlers.cards.interpellation_more import FollowAndSignPress, follow_card, history_card, read_card, share_card
from handlers.cards.refusals import refusal_sentence
from handlers.filters import Pressed
from handlers.live_messages import leave_live_card
from handlers.turn import Turn

router = Router(name="interpellation_signing")


@router.callback_query(Pressed(OpenInterpellationPress))
async def open_one(_press: CallbackQuery, turn: Turn, pressed: OpenInterpellationPress) -> Reply:
    return Reply.of(await card_of(turn, pressed.interpellation))


@router.callback_query(Pressed(ReadInterpellationPress))
async def read(_press: CallbackQuery, turn: Turn, pressed: ReadInterpellationPress) -> Reply:
    view = await seen(turn, pressed.interpellation)
    await leave_live_card(turn)
    return Reply.of(read_card(turn.say, view, pressed.page))


@router.callback_query(Pressed(InterpellationHistoryPress))
async def read_history(_press: CallbackQuery, turn: Turn, pressed: InterpellationHistoryPress) -> Reply:
    view = await seen(turn, pressed.interpellation)
    await leave_live_card(turn)
    return Reply.of(history_card(turn.say, view, pressed.page))


@router.callback_query(Pressed(ShareInterpellationPress))
async def share(_press: CallbackQuery, turn: Turn, pressed: ShareInterpellationPress) -> Reply:
    view = await seen(turn, pressed.interpellation)
    if not view.is_public:
        raise NotAllowed
    return Reply.of(share_card(turn.say, view, turn.bot_username), fresh=True)


@router.callback_query(Pressed(SignPress))
async def sign_it(_press: CallbackQuery, turn: Turn, pressed: SignPress) -> Reply:
    """Who does not follow the council is shown how to."""
    try:
        await sign(turn.session, turn.clock, turn.programme, turn.actor, pressed.interpellation)
    except NotOfThisCouncil:
        await leave_live_card(turn)
        return Reply.of(follow_card(turn.say, await seen(turn, pressed.interpellation)))
    except Refusal as refusal:
        return await as_it_is(turn, pressed.interpellation, refusal)
    return Reply.of(await card_of(turn, pressed.interpellation), toast=turn.say.plain("Merci ! Vous avez signé."))


@router.callback_query(Pressed(FollowAndSignPress))
async def follow_and_sign(_press: CallbackQuery, turn: Turn, pressed: FollowAndSignPress) -> Reply:
    view = await seen(turn, pressed.interpellation)
    await people.follow(turn.session, turn.clock, turn.actor, view.council_id)
    turn.known = await load_actor(turn.session, turn.telegram_id)
    try:
        await sign(turn.session, turn.clock, turn.programme, turn.actor, view.id)
    except Refusal as refusal:
        return await as_it_is(turn, view.id, refusal)
    return Reply.of(await card_of(turn, view.id), toast=turn.say.plain("Merci ! Vous avez signé."))


@router.callback_query(Pressed(SignNamePress))
async def show_or_hide_name(_press: CallbackQuery, turn: Turn, pressed: SignNamePress) -> Reply:
    try:
        await show_name(turn.session, turn.clock, turn.actor, pressed.interpellation, shown=pressed.shown)
    except Refusal as refusal:
        return await as_it_is(turn, pressed.interpellation, refusal)
    return Reply.of(await card_of(turn, pressed.interpellation))


@router.callback_query(Pressed(UnsignPress))
async def take_back(_press: CallbackQuery, turn: Turn, pressed: UnsignPress) -> Reply:
    try:
        await unsign(turn.session, turn.clock, turn.actor, pressed.interpellation)
    except Refusal as refusal:
        return await as_it_is(turn, pressed.interpellation, refusal)
    done = turn.say.plain("Votre signature est retirée.")
    return Reply.of(await card_of(turn, pressed.interpellation), toast=done)


async def seen(turn: Turn, interpellation_id: int) -> InterpellationView:
    """Raises NotJoined, NotAllowed."""
    return await view_interpellation(turn.session, turn.clock, turn.programme, turn.actor, interpellation_id)


async def card_of(turn: Turn, interpellation_id: int) -> Card:
    """As it is now, for who acts."""
    return interpellation_card(await seen(turn, interpellation_id), turn.say)


async def as_it_is(turn: Turn, interpellation_id: int, refusal: Refusal) -> Reply:
    """Why not, over the card as it stands now. Raises what is no matter of time but of rights."""
    if isinstance(refusal, NotAllowed | NotJoined):
        raise refusal
    turn.session.expire_all()  # what was read before somebody else changed it
    return Reply.of(await card_of(turn, interpellation_id), toast=refusal_sentence(refusal, turn.say), alert=True)
