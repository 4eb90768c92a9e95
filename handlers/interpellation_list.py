"""What councils have asked of institutions, for everybody; the public register as files, for who follows."""

from collections.abc import Mapping
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery

from council.council_choice import own_council_names
from council.errors import NotJoined
from council.register import list_published, read_register
from documents.register import register_csv, register_json
from handlers.cards.card import Card, Reply
from handlers.cards.interpellation_list import (
    A_PAGE,
    RegisterCouncilsPress,
    RegisterFilesPress,
    RegisterPress,
    interpellations_card,
    register_cards,
    register_councils_card,
)
from handlers.cards.interpellation_words import state_words
from handlers.filters import Pressed
from handlers.live_messages import leave_live_card
from handlers.prepared import Before, Making, prepares
from handlers.turn import Turn
from locales.translator import REFERENCE, translator

router = Router(name="interpellation_list")


@router.callback_query(Pressed(RegisterPress))
async def list_asked(_press: CallbackQuery, turn: Turn, pressed: RegisterPress) -> Reply:
    await leave_live_card(turn)
    councils = await own_council_names(turn.session, turn.actor)
    council_id = pressed.council if pressed.council is not None else _only(councils)
    if council_id is None:
        return Reply.of(register_councils_card(turn.say, councils, 0))
    return Reply.of(await _list(turn, council_id, pressed.page))


@router.callback_query(Pressed(RegisterCouncilsPress))
async def choose_council(_press: CallbackQuery, turn: Turn, pressed: RegisterCouncilsPress) -> Reply:
    return Reply.of(register_councils_card(turn.say, await own_council_names(turn.session, turn.actor), pressed.page))


@prepares(RegisterFilesPress)
async def make_files(before: Before) -> Making:
    """The council's name, and its files by their names: in French for every reader, they are the public's."""
    council_id, programme = before.pressed.council, before.programme
    register = await read_register(before.session, before.clock, before.actor, council_id)
    french = translator(REFERENCE, programme.timezone)

    def work(_files: Mapping[str, Any]) -> tuple[str, dict[str, bytes]]:
        sheet = register_csv(
            register,
            lambda state: state_words(french, state),
            lambda theme: programme.proposals.theme(theme).called(REFERENCE),
            french,
        )
        name = f"registre-{register.code}"
        return register.council, {f"{name}.csv": sheet, f"{name}.json": register_json(register, programme.tz)}

    return Making(work)


@router.callback_query(Pressed(RegisterFilesPress))
async def give_files(_press: CallbackQuery, turn: Turn, pressed: RegisterFilesPress) -> Reply:
    if turn.prepared is None:
        raise NotJoined
    council, files = turn.prepared.opened()
    return Reply.of(*register_cards(turn.say, pressed.council, council, files), fresh=True)


async def _list(turn: Turn, council_id: int, page: int) -> Card:
    return interpellations_card(turn.say, await list_published(turn.session, turn.actor, council_id, page, A_PAGE))


def _only(councils: dict[int, str]) -> int | None:
    return next(iter(councils)) if len(councils) == 1 else None
