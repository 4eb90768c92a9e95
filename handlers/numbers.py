"""A public number, written anywhere in a chat or carried by a link, opens what it names: for who may see it."""

from typing import Any

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import Message

from council.errors import NotAllowed
from council.interpellation_views import view_interpellation
from council.public_numbers import Series, find_interpellation, find_proposal, only_number, read_number
from council.support_near import find_request
from handlers.cards.card import Card, Reply
from handlers.cards.interpellation import interpellation_card
from handlers.dialogues import with_way_back
from handlers.proposal_list import open_proposal
from handlers.requests import request_card
from handlers.turn import Turn

router = Router(name="numbers")

SHORT = 60
"""Characters: a longer message says something besides, which opening the thing would pass over."""


class NamesSomething(Filter):
    """A short message with a public number in it, which no open dialogue was waiting for."""

    async def __call__(self, message: Message) -> dict[str, Any] | bool:
        words = message.text or ""
        number = read_number(words) if len(words) <= SHORT and not words.startswith("/") else None
        return {"number": number} if number else False


@router.message(NamesSomething())
async def open_by_number(_message: Message, turn: Turn, number: str) -> Reply:
    return Reply.of(await card_of_number(turn, number))


async def looked_up(turn: Turn, words: str) -> Reply | None:
    """In the midst of writing: what a message names that holds nothing but a number, with the way back into the draft.

    None: it says something else, or names nothing that this reader may see, and is a part of what is written.
    """
    number = only_number(words)
    if number is None:
        return None
    try:
        return Reply.of(with_way_back(turn, await card_of_number(turn, number)))
    except NotAllowed:
        return None


async def card_of_number(turn: Turn, number: str) -> Card:
    """Raises NotAllowed: not theirs to see, or there is none; nobody learns which."""
    match Series(number[0]):
        case Series.REQUEST:
            return await request_card(turn, await find_request(turn.session, turn.actor, number))
        case Series.PROPOSAL:
            return await open_proposal(turn, await find_proposal(turn.session, number))
        case Series.INTERPELLATION:
            found = await find_interpellation(turn.session, number)
            view = await view_interpellation(turn.session, turn.clock, turn.programme, turn.actor, found)
            return interpellation_card(view, turn.say)
