"""/conseil for everybody, /programme for the coordinator."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from council import council_status, invitations, roles
from council.actors import check_coordinates
from council.council_choice import find_council
from council.errors import NotJoined
from council.programme import count_followers
from handlers.cards import council as cards
from handlers.cards.card import Card, Reply
from handlers.cards.council import (
    CouncilPress,
    MyCouncilsPress,
    ProgrammePress,
    PublicLinkPress,
    StatusesPress,
    StatusPress,
)
from handlers.filters import Pressed
from handlers.turn import Turn
from storage.programme import CouncilView, list_councils

router = Router(name="councils")


@router.message(Command("conseil"))
async def open_my_councils(_message: Message, turn: Turn) -> Reply:
    return Reply.of(await _my_councils(turn, 0))


@router.callback_query(Pressed(MyCouncilsPress))
async def turn_my_councils_page(_press: CallbackQuery, turn: Turn, pressed: MyCouncilsPress) -> Reply:
    return Reply.of(await _my_councils(turn, pressed.page))


@router.callback_query(Pressed(CouncilPress))
async def open_council(_press: CallbackQuery, turn: Turn, pressed: CouncilPress) -> Reply:
    return Reply.of(await _council(turn, await _find(turn, pressed.council_id)))


@router.callback_query(Pressed(PublicLinkPress))
async def share_council(_press: CallbackQuery, turn: Turn, pressed: PublicLinkPress) -> Reply:
    council = await _find(turn, pressed.council_id)
    token = await invitations.public_link(turn.session, turn.clock, council.id)
    return Reply.of(cards.public_link_card(council, token, turn.bot_username, turn.say))


@router.callback_query(Pressed(StatusesPress))
async def show_statuses(_press: CallbackQuery, turn: Turn, pressed: StatusesPress) -> Reply:
    check_coordinates(turn.actor)
    return Reply.of(cards.statuses_card(await _find(turn, pressed.council_id), turn.say))


@router.callback_query(Pressed(StatusPress))
async def set_status(_press: CallbackQuery, turn: Turn, pressed: StatusPress) -> Reply:
    await council_status.set_status(turn.session, turn.clock, turn.actor, pressed.council_id, pressed.status)
    return Reply.of(cards.statuses_card(await _find(turn, pressed.council_id), turn.say))


@router.message(Command("programme"))
async def open_programme(_message: Message, turn: Turn) -> Reply:
    return Reply.of(await _programme(turn, 0))


@router.callback_query(Pressed(ProgrammePress))
async def turn_programme_page(_press: CallbackQuery, turn: Turn, pressed: ProgrammePress) -> Reply:
    return Reply.of(await _programme(turn, pressed.page))


async def _my_councils(turn: Turn, page: int) -> Card:
    """The only council at once; else which one."""
    follows = turn.actor.follows
    mine = [each for each in await list_councils(turn.session) if each.id in follows]
    return await _council(turn, mine[0]) if len(mine) == 1 else cards.my_councils_card(mine, page, turn.say)


async def _council(turn: Turn, council: CouncilView) -> Card:
    leads = await roles.leads(turn.session, council.id)
    return cards.council_card(council, leads, turn.say, coordinates=turn.actor.is_coordinator)


async def _find(turn: Turn, council_id: int) -> CouncilView:
    """Councils are open to everybody who joined. Raises NotJoined, NotAllowed."""
    if turn.known is None:
        raise NotJoined
    return await find_council(turn.session, council_id)


async def _programme(turn: Turn, page: int) -> Card:
    check_coordinates(turn.actor)
    councils = await list_councils(turn.session)
    followers = await count_followers(turn.session)
    return cards.programme_card(turn.programme, councils, followers, page, turn.say)
