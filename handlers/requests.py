"""The team's queue, and one request opened from it: its card, its rarer acts, its whole story."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from council.support_history import history_page
from council.support_mine import view_of
from council.support_overview import TeamView, team_view
from council.support_states import load_support
from council.support_talk import replay
from council.support_views import QueueFilter, check_on_team, councils_sought, queue_page
from handlers.cards.card import Card, Reply
from handlers.cards.request import HistoryPress, MoreRequestPress, OpenRequestPress, ReplayPress
from handlers.cards.request_card import more_card, team_card
from handlers.cards.request_history import A_PAGE as A_HISTORY_PAGE
from handlers.cards.request_history import history_card
from handlers.cards.requests import (
    A_PAGE,
    ChooseFilterPress,
    FiltersPress,
    QueuePress,
    choices_card,
    filters_card,
    queue_card,
)
from handlers.cards.support import support_card
from handlers.filters import Pressed
from handlers.live_messages import leave_live_card
from handlers.turn import Turn

router = Router(name="requests")

_FEATURES = frozenset({"request", "ready"})
"""Dialogues that lead away from a request's card, and are over once one is back on it."""


@router.message(Command("demandes"))
async def show_queue_by_command(_message: Message, turn: Turn) -> Reply:
    return await _queue(turn, QueueFilter(), 0)


@router.callback_query(Pressed(QueuePress))
async def show_queue(_press: CallbackQuery, turn: Turn, pressed: QueuePress) -> Reply:
    await leave_live_card(turn)
    return await _queue(turn, pressed.sought, pressed.page)


@router.callback_query(Pressed(FiltersPress))
async def show_filters(_press: CallbackQuery, turn: Turn, pressed: FiltersPress) -> Reply:
    return Reply.of(filters_card(turn.say, pressed.sought, await _council_name(turn, pressed.sought)))


@router.callback_query(Pressed(ChooseFilterPress))
async def show_choices(_press: CallbackQuery, turn: Turn, pressed: ChooseFilterPress) -> Reply:
    councils = await councils_sought(turn.session, turn.actor)
    return Reply.of(choices_card(turn.say, pressed.by, pressed.page, pressed.sought, councils))


@router.callback_query(Pressed(OpenRequestPress))
async def open_request(_press: CallbackQuery, turn: Turn, pressed: OpenRequestPress) -> Reply:
    if (turn.dialogue.state or "").partition(":")[0] in _FEATURES:
        turn.dialogue.end()
    return Reply.of(await request_card(turn, pressed.request))


@router.callback_query(Pressed(MoreRequestPress))
async def show_more(_press: CallbackQuery, turn: Turn, pressed: MoreRequestPress) -> Reply:
    view = await view_for_team(turn, pressed.request)
    await leave_live_card(turn)
    return Reply.of(more_card(turn.say, view))


@router.callback_query(Pressed(HistoryPress))
async def show_history(_press: CallbackQuery, turn: Turn, pressed: HistoryPress) -> Reply:
    history = await history_page(turn.session, turn.actor, pressed.request, pressed.page, A_HISTORY_PAGE)
    await leave_live_card(turn)
    return Reply.of(history_card(turn.say, history))


@router.callback_query(Pressed(ReplayPress))
async def show_again(_press: CallbackQuery, turn: Turn, pressed: ReplayPress) -> Reply:
    """Everything that was said, as it was sent; it follows as messages of its own."""
    await view_for_team(turn, pressed.request)
    await replay(turn.session, turn.clock, turn.actor, pressed.request, turn.request_key)
    return Reply(toast=turn.say.plain("Je vous les renvoie ici."))


async def request_card(turn: Turn, request_id: int) -> Card:
    """The request as its reader may see it: who asked, or the team. Raises NotAllowed for all others."""
    request = await load_support(turn.session, turn.actor, request_id)
    if request.person_id == turn.actor.person_id:
        return support_card(turn.say, await view_of(turn.session, turn.clock, request))
    return team_card(turn.say, await view_for_team(turn, request_id))


async def view_for_team(turn: Turn, request_id: int) -> TeamView:
    """Raises NotAllowed for all but the team."""
    return await team_view(turn.session, turn.clock, turn.actor, request_id)


async def _queue(turn: Turn, sought: QueueFilter, page: int) -> Reply:
    shown = await queue_page(turn.session, turn.clock, turn.actor, sought, page, A_PAGE)
    return Reply.of(queue_card(turn.say, shown, await _council_name(turn, sought)))


async def _council_name(turn: Turn, sought: QueueFilter) -> str | None:
    check_on_team(turn.actor)
    if not sought.council:
        return None
    return dict(await councils_sought(turn.session, turn.actor)).get(sought.council)
