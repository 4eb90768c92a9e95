"""/equipe: the team's load, and requests that the coordinator gives to somebody else."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from council.actors import check_coordinates
from council.errors import NotAllowed, Refusal
from council.support_briefs import brief_of
from council.support_overview import colleagues
from council.support_taking import transfer
from council.team_load import held_by, team_load
from handlers.cards.card import Card, Reply
from handlers.cards.refusals import refusal_sentence
from handlers.cards.team_load import (
    HeldPress,
    LoadPress,
    ReassignedPress,
    ReassignPress,
    held_card,
    load_card,
    reassign_card,
)
from handlers.filters import Pressed
from handlers.turn import Turn

router = Router(name="team_load")


@router.message(Command("equipe"))
async def open_load(_message: Message, turn: Turn) -> Reply:
    return Reply.of(await _load(turn, 0))


@router.callback_query(Pressed(LoadPress))
async def turn_load_page(_press: CallbackQuery, turn: Turn, pressed: LoadPress) -> Reply:
    return Reply.of(await _load(turn, pressed.page))


@router.callback_query(Pressed(HeldPress))
async def open_person(_press: CallbackQuery, turn: Turn, pressed: HeldPress) -> Reply:
    return Reply.of(await _held(turn, pressed.person, pressed.page))


@router.callback_query(Pressed(ReassignPress))
async def ask_to_whom(_press: CallbackQuery, turn: Turn, pressed: ReassignPress) -> Reply:
    check_coordinates(turn.actor)
    others = await colleagues(turn.session, turn.actor, pressed.request)
    brief = await brief_of(turn.session, pressed.request)
    if brief is None:
        raise NotAllowed
    return Reply.of(reassign_card(turn.say, brief, others, pressed.page, turn.clock.now()))


@router.callback_query(Pressed(ReassignedPress))
async def reassign(_press: CallbackQuery, turn: Turn, pressed: ReassignedPress) -> Reply:
    """Back on the list that it was taken from, which says what was done or what is true now."""
    check_coordinates(turn.actor)
    try:
        request = await transfer(turn.session, turn.clock, turn.programme, turn.actor, pressed.request, pressed.person)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return Reply.of(await _list(turn, pressed.holder), toast=refusal_sentence(refusal, turn.say), alert=True)
    done = turn.say("✅ La demande {number} est confiée.", number=request.number)
    return Reply.of(await _list(turn, pressed.holder, done), toast=str(done.unescape()))


async def _load(turn: Turn, page: int) -> Card:
    return load_card(turn.say, turn.actor, await team_load(turn.session, turn.clock, turn.programme, turn.actor), page)


async def _held(turn: Turn, person_id: int, page: int, done: str = "") -> Card:
    return held_card(turn.say, await held_by(turn.session, turn.clock, turn.actor, person_id), page, done)


async def _list(turn: Turn, holder: int | None, done: str = "") -> Card:
    return await _load(turn, 0) if holder is None else await _held(turn, holder, 0, done)
