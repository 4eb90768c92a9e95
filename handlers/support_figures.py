"""Figures of a period, for the team: in the chat, as a picture, as a workbook."""

from datetime import date

from aiogram import Router
from aiogram.types import CallbackQuery

from council.errors import NotAllowed
from council.local_time import local
from council.support_figures import Dates, Span, SupportFigures, ask_for_file, count_figures, dates_of, load_entries
from council.support_views import check_on_team
from handlers.cards.card import Reply
from handlers.cards.support_figures import (
    ChooseDatesPress,
    FigureFilePress,
    FiguresPress,
    PeriodsPress,
    dates_card,
    figures_card,
    periods_card,
)
from handlers.cards.team_load import LoadPress
from handlers.filters import Pressed
from handlers.prepared import Before, Making, prepares
from handlers.turn import Turn

router = Router(name="support_figures")


@prepares(FiguresPress)
async def count(before: Before) -> Making:
    dates = before.pressed.dates or dates_of(Span.THIS_MONTH, _today(before), before.programme)
    entries = await load_entries(before.session, before.programme, before.actor, dates)
    return Making(lambda _files: count_figures(dates, entries))


@router.callback_query(Pressed(FiguresPress))
async def show_figures(_press: CallbackQuery, turn: Turn) -> Reply:
    if turn.prepared is None:
        raise NotAllowed
    figures: SupportFigures = turn.prepared.opened()
    return Reply.of(figures_card(turn.say, figures, LoadPress(0)))


@router.callback_query(Pressed(PeriodsPress))
async def choose_period(_press: CallbackQuery, turn: Turn) -> Reply:
    check_on_team(turn.actor)
    today = _today(turn)
    spans: dict[str, Dates] = {span.value: dates_of(span, today, turn.programme) for span in Span}
    return Reply.of(periods_card(turn.say, spans, today))


@router.callback_query(Pressed(ChooseDatesPress))
async def choose_dates(_press: CallbackQuery, turn: Turn, pressed: ChooseDatesPress) -> Reply:
    check_on_team(turn.actor)
    today = _today(turn)
    earliest = min(turn.programme.period.start, today)
    first = pressed.first_day
    if first is not None:
        first = min(max(first, earliest), today)
    return Reply.of(dates_card(turn.say, pressed.month, first, earliest, today))


@router.callback_query(Pressed(FigureFilePress))
async def send_file(_press: CallbackQuery, turn: Turn, pressed: FigureFilePress) -> Reply:
    await ask_for_file(turn.session, turn.clock, turn.actor, pressed.file, pressed.dates, turn.request_key)
    return Reply(toast=turn.say.plain("Je le prépare. Il arrive dans un instant."))


def _today(turn: Turn | Before) -> date:
    return local(turn.clock.now(), turn.programme.tz).date()
