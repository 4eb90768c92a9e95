"""Meetings for everybody: what is coming, what has been, one's answer. That answer is the hottest way of the house."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from council.errors import OutOfDate
from council.meeting_plans import MeetingBegun, MeetingCancelled
from council.meeting_views import MeetingView, open_meeting, own_councils, past_for, upcoming_for
from council.proposal_treatment import on_agenda
from council.rsvp import answer_meeting
from documents.calendar_file import CalendarEntry, calendar_file
from handlers.cards.card import Card, Reply
from handlers.cards.meeting import (
    PAGE,
    CalendarPress,
    DetailsPress,
    MapPress,
    MeetingPress,
    MeetingsPress,
    MinutesPress,
    RsvpPress,
    Surface,
    answer_toast,
    calendar_card,
    calendar_words,
    day_proposals_card,
    details_card,
    file_card,
    list_card,
    map_card,
    minutes_card,
    resident_card,
)
from handlers.cards.meeting_agenda import DayProposalsPress
from handlers.cards.refusals import refusal_sentence
from handlers.filters import Pressed
from handlers.turn import Turn

router = Router(name="meetings")


@router.callback_query(Pressed(RsvpPress))
async def answer(_press: CallbackQuery, turn: Turn, pressed: RsvpPress) -> Reply:
    actor = turn.actor
    try:
        outcome = await answer_meeting(turn.session, turn.clock, actor, pressed.meeting, pressed.answer)
    except (MeetingBegun, MeetingCancelled) as too_late:
        view = await open_meeting(turn.session, turn.clock, actor, pressed.meeting)
        return await _answered(turn, view, pressed, refusal_sentence(too_late, turn.say), alert=True)
    return await _answered(turn, outcome.view, pressed, answer_toast(turn.say, outcome.view))


@router.message(Command("reunions"))
async def list_by_command(_message: Message, turn: Turn) -> Reply:
    return await _list(turn, MeetingsPress())


@router.callback_query(Pressed(MeetingsPress))
async def list_meetings(_press: CallbackQuery, turn: Turn, pressed: MeetingsPress) -> Reply:
    return await _list(turn, pressed)


@router.callback_query(Pressed(MeetingPress))
async def open_one(_press: CallbackQuery, turn: Turn, pressed: MeetingPress) -> Reply:
    view = await open_meeting(turn.session, turn.clock, turn.actor, pressed.meeting)
    return Reply.of(await _opened(turn, view))


@router.callback_query(Pressed(DayProposalsPress))
async def list_day_proposals(_press: CallbackQuery, turn: Turn, pressed: DayProposalsPress) -> Reply:
    view = await open_meeting(turn.session, turn.clock, turn.actor, pressed.meeting)
    proposals = await on_agenda(turn.session, view.id)
    return Reply.of(day_proposals_card(turn.say, view, proposals, pressed.page))


@router.callback_query(Pressed(CalendarPress))
async def give_calendar_file(_press: CallbackQuery, turn: Turn, pressed: CalendarPress) -> Reply:
    view = await open_meeting(turn.session, turn.clock, turn.actor, pressed.meeting)
    return Reply.of(calendar_card(turn.say, _calendar_file(turn, view), f"reunion-{view.id}.ics"), fresh=True)


@router.callback_query(Pressed(MapPress))
async def give_map(_press: CallbackQuery, turn: Turn, pressed: MapPress) -> Reply:
    view = await open_meeting(turn.session, turn.clock, turn.actor, pressed.meeting)
    if view.latitude is None:
        raise OutOfDate
    return Reply.of(map_card(turn.say, view), fresh=True)


@router.callback_query(Pressed(DetailsPress))
async def give_details(_press: CallbackQuery, turn: Turn, pressed: DetailsPress) -> Reply:
    view = await open_meeting(turn.session, turn.clock, turn.actor, pressed.meeting)
    file = file_card(turn.say, view)
    details = details_card(turn.say, view)
    return Reply.of(*((file, details) if file else (details,)), fresh=True)


@router.callback_query(Pressed(MinutesPress))
async def give_minutes(_press: CallbackQuery, turn: Turn, pressed: MinutesPress) -> Reply:
    view = await open_meeting(turn.session, turn.clock, turn.actor, pressed.meeting)
    if view.minutes_file_id is None:
        raise OutOfDate
    return Reply.of(minutes_card(turn.say, view, await on_agenda(turn.session, view.id)), fresh=True)


async def _answered(turn: Turn, view: MeetingView, pressed: RsvpPress, toast: str, *, alert: bool = False) -> Reply:
    """An announcement is answered by the thousand: what it says of the agenda stands in its own words."""
    listed = pressed.surface is Surface.LISTED
    card = await _opened(turn, view) if listed else resident_card(turn.say, view, pressed.surface)
    return Reply.of(card, toast=toast, alert=alert)


async def _opened(turn: Turn, view: MeetingView) -> Card:
    """The card that was opened from the list."""
    proposals = await on_agenda(turn.session, view.id) if view.has_proposals and not view.cancelled else ()
    return resident_card(turn.say, view, Surface.LISTED, manages=_manages(turn, view), proposals=proposals)


def _manages(turn: Turn, view: MeetingView) -> bool:
    return all(turn.actor.manages(each) for each in view.council_ids)


async def _list(turn: Turn, asked: MeetingsPress) -> Reply:
    page = min(max(asked.page, 0), 10_000)
    listed = past_for if asked.past else upcoming_for
    views = await listed(turn.session, turn.clock, turn.actor, PAGE + 1, page * PAGE)
    follows = bool(own_councils(turn.actor))
    card = list_card(turn.say, views[:PAGE], page, past=asked.past, more=len(views) > PAGE, follows=follows)
    return Reply.of(card, fresh=asked.anew)


def _calendar_file(turn: Turn, view: MeetingView) -> bytes:
    summary, description = calendar_words(turn.say, view)
    entry = CalendarEntry(
        uid=f"meeting-{view.id}@{turn.bot_username}",
        sequence=view.revision,
        starts_at=view.starts_at,
        minutes=view.minutes,
        summary=summary,
        description=description,
        place=view.place,
        stamped_at=turn.clock.now(),
        latitude=view.latitude,
        longitude=view.longitude,
        cancelled=view.cancelled,
    )
    return calendar_file(entry, turn.programme.tz)
