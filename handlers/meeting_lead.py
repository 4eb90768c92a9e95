"""Meetings for those who run them: the live card and what its buttons do. Changes are made in meeting_form."""

from dataclasses import replace

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from council.announcements import count_told
from council.errors import NotAllowed, NotJoined, OutOfDate, Refusal
from council.meeting_notices import quiet_hours
from council.meeting_plans import (
    REASON_LIMIT,
    MeetingBegun,
    MeetingCancelled,
    NeedsConfirmation,
    ReasonTooLong,
    plan_of,
)
from council.meeting_views import MeetingView, attendance, managed_by, open_managed
from council.meetings import announce_meeting, cancel_meeting, edit_meeting
from council.proposal_agenda import without_place
from council.proposal_treatment import on_agenda
from council.settings import ReminderOffsets
from council.written import written
from handlers.awaited import WordsAwaited
from handlers.bursts import is_burst
from handlers.cards.card import SILENCE, Lines, Reply
from handlers.cards.meeting import PAGE, ManagePress, Surface, resident_card
from handlers.cards.meeting_lead import (
    NAMES_A_PAGE,
    NAMES_SHOWN,
    AnnounceNowPress,
    CalledOffPress,
    CallOffPress,
    ManagedPress,
    NamesPress,
    ReasonPress,
    ReminderPress,
    RemindersPress,
    SeenByResidentsPress,
    UsualRemindersPress,
    back_to_meeting,
    call_off_card,
    confirm_announcing_card,
    live_card,
    managed_card,
    names_card,
    offsets_in_force,
    reason_card,
    reminders_card,
)
from handlers.cards.meeting_words import REASONS
from handlers.cards.refusals import refusal_sentence
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.live_messages import leave_live_card
from handlers.turn import Turn
from storage.meetings import Audience

router = Router(name="meeting_lead")

FEATURE = "calling_off"
_REASON, _SURE = f"{FEATURE}:reason", f"{FEATURE}:sure"
_CALLING_OFF = InDialogue(f"{FEATURE}:*")


@router.callback_query(Pressed(ManagedPress))
async def list_managed(_press: CallbackQuery, turn: Turn, pressed: ManagedPress) -> Reply:
    page = min(max(pressed.page, 0), 10_000)
    if not (turn.actor.is_coordinator or turn.actor.managed_councils):
        raise NotAllowed
    await leave_live_card(turn)
    views = await managed_by(turn.session, turn.clock, turn.actor, PAGE + 1, page * PAGE)
    return Reply.of(managed_card(turn.say, views[:PAGE], page, more=len(views) > PAGE))


@router.callback_query(Pressed(ManagePress))
async def manage(_press: CallbackQuery, turn: Turn, pressed: ManagePress) -> Reply:
    """Opens the live card; a dialogue about the meeting that led away from it is over."""
    if _is_about(turn, pressed.meeting):
        turn.dialogue.end()
    return await _live(turn, pressed.meeting)


@router.callback_query(Pressed(SeenByResidentsPress))
async def see_as_resident(_press: CallbackQuery, turn: Turn, pressed: SeenByResidentsPress) -> Reply:
    view = await _managed(turn, pressed.meeting)
    await leave_live_card(turn)
    proposals = await on_agenda(turn.session, view.id)
    seen = resident_card(turn.say, view, Surface.LISTED, proposals=proposals)
    return Reply.of(replace(seen, rows=back_to_meeting(turn.say, view.id)))


@router.callback_query(Pressed(NamesPress))
async def list_names(_press: CallbackQuery, turn: Turn, pressed: NamesPress) -> Reply:
    view, page = await _managed(turn, pressed.meeting), min(max(pressed.page, 0), 10_000)
    await leave_live_card(turn)
    people = await attendance(turn.session, view.id, NAMES_A_PAGE + 1, page * NAMES_A_PAGE)
    return Reply.of(names_card(turn.say, view, people[:NAMES_A_PAGE], page, more=len(people) > NAMES_A_PAGE))


@router.callback_query(Pressed(AnnounceNowPress))
async def announce_now(_press: CallbackQuery, turn: Turn, pressed: AnnounceNowPress) -> Reply:
    try:
        await announce_meeting(
            turn.session, turn.clock, turn.programme, turn.actor, pressed.meeting, confirmed=pressed.confirmed
        )
    except NeedsConfirmation:
        view = await _managed(turn, pressed.meeting)
        await leave_live_card(turn)
        return Reply.of(confirm_announcing_card(turn.say, view))
    except Refusal as refusal:
        return await _as_it_is(turn, pressed.meeting, refusal)
    at_night = quiet_hours(turn.programme).covers(turn.clock.now())
    said = "C’est prêt. L’annonce partira à l’heure dite." if at_night else "C’est annoncé."
    return await _live(turn, pressed.meeting, toast=turn.say.plain(said))


@router.callback_query(Pressed(RemindersPress))
async def show_reminders(_press: CallbackQuery, turn: Turn, pressed: RemindersPress) -> Reply:
    view = await _managed(turn, pressed.meeting)
    await leave_live_card(turn)
    return _reminders(turn, view)


@router.callback_query(Pressed(ReminderPress))
async def turn_reminder(_press: CallbackQuery, turn: Turn, pressed: ReminderPress) -> Reply:
    view = await _managed(turn, pressed.meeting)
    offsets = offsets_in_force(view, turn.programme.reminders)
    name = "coming" if pressed.audience is Audience.COMING else "unanswered"
    chosen = {*getattr(offsets, name)} - {pressed.offset} | ({pressed.offset} if pressed.on else set())
    return await _set_reminders(turn, view, offsets.model_copy(update={name: tuple(sorted(chosen, reverse=True))}))


@router.callback_query(Pressed(UsualRemindersPress))
async def use_usual_reminders(_press: CallbackQuery, turn: Turn, pressed: UsualRemindersPress) -> Reply:
    return await _set_reminders(turn, await _managed(turn, pressed.meeting), None)


@router.callback_query(Pressed(CallOffPress))
async def ask_reason(_press: CallbackQuery, turn: Turn, pressed: CallOffPress) -> Reply:
    view = await _managed(turn, pressed.meeting)
    if view.cancelled or view.begun:
        return await _as_it_is(turn, view.id, MeetingCancelled() if view.cancelled else MeetingBegun())
    await leave_live_card(turn)
    turn.dialogue.begin(_REASON, meeting=view.id, revision=view.revision)
    return Reply.of(reason_card(turn.say, view))


@router.callback_query(Pressed(ReasonPress), _CALLING_OFF)
async def choose_reason(_press: CallbackQuery, turn: Turn, pressed: ReasonPress) -> Reply:
    if not 0 <= pressed.number < len(REASONS):
        raise OutOfDate
    return await _ask_whether_sure(turn, REASONS[pressed.number])


@router.callback_query(Pressed(CalledOffPress))
async def call_off(_press: CallbackQuery, turn: Turn, pressed: CalledOffPress) -> Reply:
    """A second tap finds the dialogue over, and the card says how the meeting stands."""
    data = turn.dialogue.data
    if turn.dialogue.state != _SURE or data.get("meeting") != pressed.meeting:
        return await _live(turn, pressed.meeting)
    turn.dialogue.end()
    try:
        await cancel_meeting(
            turn.session, turn.clock, turn.programme, turn.actor, pressed.meeting, data["revision"], data["reason"]
        )
    except Refusal as refusal:
        return await _as_it_is(turn, pressed.meeting, refusal)
    return await _live(turn, pressed.meeting, toast=turn.say.plain("La réunion est annulée."))


@router.message(InDialogue(_REASON, _SURE), is_speech)
async def receive_reason(message: Message, turn: Turn) -> Reply:
    if message.text is None:
        return SILENCE if is_burst(turn) else await _ask_again(turn, WordsAwaited())
    try:
        return await _ask_whether_sure(turn, written(message.text, REASON_LIMIT, too_long=ReasonTooLong))
    except (NotAllowed, NotJoined):
        raise
    except Refusal as refusal:
        return await _ask_again(turn, refusal)


@resumes(FEATURE)
async def resume(turn: Turn) -> Reply:
    if turn.dialogue.state == _SURE:
        return await _ask_whether_sure(turn, turn.dialogue.data["reason"])
    return Reply.of(reason_card(turn.say, await _managed(turn, turn.dialogue.data["meeting"])))


async def _ask_whether_sure(turn: Turn, reason: str) -> Reply:
    view = await _managed(turn, turn.dialogue.data["meeting"])
    told = 0 if view.is_draft else await count_told(turn.session, turn.actor, view.id)
    turn.dialogue.go(_SURE, reason=reason)
    return Reply.of(call_off_card(turn.say, view, reason, told))


async def _ask_again(turn: Turn, trouble: Refusal) -> Reply:
    card = reason_card(turn.say, await _managed(turn, turn.dialogue.data["meeting"]))
    words = Lines().add(refusal_sentence(trouble, turn.say), card.text)
    return Reply.of(replace(card, text=words.text))


async def _set_reminders(turn: Turn, view: MeetingView, offsets: ReminderOffsets | None) -> Reply:
    plan = replace(plan_of(view), reminder_offsets=offsets)
    try:
        await edit_meeting(turn.session, turn.clock, turn.programme, turn.actor, view.id, view.revision, plan)
    except (NotAllowed, NotJoined):
        raise
    except Refusal as refusal:
        return Reply(toast=refusal_sentence(refusal, turn.say), alert=True)
    return _reminders(turn, await _managed(turn, view.id))


def _reminders(turn: Turn, view: MeetingView) -> Reply:
    return Reply.of(reminders_card(turn.say, view, offsets_in_force(view, turn.programme.reminders)))


async def _as_it_is(turn: Turn, meeting_id: int, refusal: Refusal) -> Reply:
    """Why not, over the card as it stands now. Raises what is no matter of time but of rights."""
    if isinstance(refusal, NotAllowed | NotJoined):
        raise refusal
    return await _live(turn, meeting_id, toast=refusal_sentence(refusal, turn.say), alert=True)


async def _live(turn: Turn, meeting_id: int, toast: str = "", *, alert: bool = False) -> Reply:
    view = await _managed(turn, meeting_id)
    answered = await attendance(turn.session, view.id, NAMES_SHOWN)
    waiting = await without_place(turn.session, view)
    return Reply.of(live_card(turn.say, view, answered, waiting), toast=toast, alert=alert)


async def _managed(turn: Turn, meeting_id: int) -> MeetingView:
    return await open_managed(turn.session, turn.clock, turn.actor, meeting_id)


def _is_about(turn: Turn, meeting_id: int) -> bool:
    """Whether the open dialogue is about this meeting: calling it off, changing it, writing to who comes."""
    data = turn.dialogue.data
    about = (data, data.get("draft") or {}, data.get("announcement") or {})
    return any(each.get("meeting") == meeting_id for each in about)
