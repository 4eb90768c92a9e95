"""The journal, behind /programme: who did what to what, for the coordinator; the right is asked at each press."""

from aiogram import Router
from aiogram.types import CallbackQuery

from council.actors import check_coordinates
from council.errors import NotAllowed
from council.journal import JournalPage, ask_for_table, journal_page, journal_people
from council.local_time import local
from handlers.cards.card import Reply
from handlers.cards.council import ProgrammePress
from handlers.cards.journal import (
    A_PAGE,
    JournalChoice,
    JournalChoicePress,
    JournalPress,
    JournalTablePress,
    journal_card,
    kinds_card,
    people_card,
    periods_card,
)
from handlers.filters import Pressed
from handlers.prepared import Before, Making, prepares
from handlers.turn import Turn

router = Router(name="journal")


@prepares(JournalPress)
async def read(before: Before) -> Making:
    """Beside the turn: where nothing is found in a year of lines, others would wait for the last one to be read."""
    pressed: JournalPress = before.pressed
    page = await journal_page(
        before.session,
        before.clock,
        before.programme,
        before.actor,
        pressed.sought,
        A_PAGE,
        before=pressed.before,
        after=pressed.after,
    )
    return Making(lambda _files: page)


@router.callback_query(Pressed(JournalPress))
async def open_journal(_press: CallbackQuery, turn: Turn, pressed: JournalPress) -> Reply:
    check_coordinates(turn.actor)
    if turn.prepared is None:
        raise NotAllowed
    page: JournalPage = turn.prepared.opened()
    today = local(turn.clock.now(), turn.programme.tz).date()
    return Reply.of(journal_card(turn.say, page, pressed.sought, today, ProgrammePress(0)))


@router.callback_query(Pressed(JournalChoicePress))
async def choose(_press: CallbackQuery, turn: Turn, pressed: JournalChoicePress) -> Reply:
    check_coordinates(turn.actor)
    match pressed.choice:
        case JournalChoice.KIND:
            return Reply.of(kinds_card(turn.say, pressed.sought))
        case JournalChoice.PERIOD:
            return Reply.of(periods_card(turn.say, pressed.sought))
    people = await journal_people(turn.session, turn.actor)
    return Reply.of(people_card(turn.say, people, pressed.page, pressed.sought))


@router.callback_query(Pressed(JournalTablePress))
async def send_table(_press: CallbackQuery, turn: Turn, pressed: JournalTablePress) -> Reply:
    await ask_for_table(turn.session, turn.clock, turn.actor, pressed.sought, turn.request_key)
    return Reply(toast=turn.say.plain("Je le prépare. Il arrive dans un instant."))
