"""The form that creates a meeting, and that changes one: question by question, a preview, one confirmation."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from council.announcements import count_followers, count_told
from council.council_choice import council_names, managed_councils
from council.errors import NotAllowed, NotJoined, OutOfDate, Refusal
from council.local_time import PastMoment, TooFarAway
from council.meeting_notices import check_heard_in_time, quiet_hours
from council.meeting_places import known_places, last_plan
from council.meeting_plans import (
    AgendaTooLong,
    AnnouncedInThePast,
    AnnouncedTooLate,
    CapacityOutOfRange,
    EmptyPlace,
    EmptyTitle,
    HeardTooLate,
    LengthOutOfRange,
    MeetingBegun,
    MeetingCancelled,
    MeetingPlan,
    PlaceTooLong,
    TitleTooLong,
    check_plan,
    plan_of,
)
from council.meeting_views import CouncilName, attendance, open_managed
from council.meetings import UNSAID, create_meeting, edit_meeting, needs_confirmation
from council.support_sorting import attach_meeting, open_for_team
from handlers.arrivals import arrival_of
from handlers.awaited import ButtonsAwaited, FileAwaited, PlaceAwaited, WordsAwaited
from handlers.buttons import Press
from handlers.cards.card import SILENCE, Card, Reply
from handlers.cards.home import who_manages
from handlers.cards.meeting import ManagePress
from handlers.cards.meeting_form import (
    ChoicePress,
    ConfirmPress,
    FieldPress,
    FormBackPress,
    NewMeetingPress,
    Offered,
    PreviewPress,
    preview_cards,
    question_card,
)
from handlers.cards.meeting_lead import NAMES_SHOWN, EditMeetingPress, MovePress, live_card
from handlers.cards.month import DotPress
from handlers.cards.pickers import PICKER_PRESSES
from handlers.cards.refusals import refusal_sentence
from handlers.cards.request import NewMeetingForPress
from handlers.cards.steps import step_rows
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.live_messages import leave_live_card
from handlers.meeting_answers import Answered, chosen, enclosed, located, moment_picked, typed
from handlers.meeting_draft import FEATURE, LATER, FormStep, MeetingDraft
from handlers.moment_choice import Now
from handlers.turn import Turn
from storage.meetings import MeetingState

router = Router(name="meeting_form")

_IN_FORM = InDialogue(f"{FEATURE}:*")
_MOMENTS = (FormStep.START, FormStep.ANNOUNCE_AT)
_MENDED_AT: dict[type[Refusal], FormStep] = {
    PastMoment: FormStep.START,
    TooFarAway: FormStep.START,
    EmptyTitle: FormStep.TITLE,
    TitleTooLong: FormStep.TITLE,
    EmptyPlace: FormStep.PLACE,
    PlaceTooLong: FormStep.PLACE,
    AgendaTooLong: FormStep.AGENDA,
    LengthOutOfRange: FormStep.LENGTH,
    CapacityOutOfRange: FormStep.CAPACITY,
    AnnouncedTooLate: FormStep.ANNOUNCE,
    AnnouncedInThePast: FormStep.ANNOUNCE,
    HeardTooLate: FormStep.START,
}
_WRONG_KIND: dict[FormStep, Refusal] = {
    FormStep.TITLE: WordsAwaited(),
    FormStep.AGENDA: WordsAwaited(),
    FormStep.START: WordsAwaited(),
    FormStep.ANNOUNCE_AT: WordsAwaited(),
    FormStep.LENGTH: WordsAwaited(),
    FormStep.CAPACITY: WordsAwaited(),
    FormStep.PLACE: PlaceAwaited(),
    FormStep.MEDIA: FileAwaited(),
}


@router.message(Command("reunion"))
async def begin_by_command(_message: Message, turn: Turn) -> Reply:
    return await _begin(turn)


@router.callback_query(Pressed(NewMeetingPress))
async def begin(_press: CallbackQuery, turn: Turn) -> Reply:
    return await _begin(turn)


@router.callback_query(Pressed(NewMeetingForPress))
async def begin_for_request(_press: CallbackQuery, turn: Turn, pressed: NewMeetingForPress) -> Reply:
    request = await open_for_team(turn.session, turn.actor, pressed.request)
    if request.council_id is None:
        raise NotAllowed
    return await _begin(turn, MeetingDraft(turn.update_id, request=request.id), frozenset({request.council_id}))


@router.callback_query(Pressed(EditMeetingPress))
async def begin_edit(_press: CallbackQuery, turn: Turn, pressed: EditMeetingPress) -> Reply:
    return await _begin_change(turn, pressed.meeting, FormStep.FIELDS)


@router.callback_query(Pressed(MovePress))
async def begin_move(_press: CallbackQuery, turn: Turn, pressed: MovePress) -> Reply:
    return await _begin_change(turn, pressed.meeting, FormStep.START)


@router.callback_query(Pressed(ChoicePress), _IN_FORM)
async def choose(_press: CallbackQuery, turn: Turn, pressed: ChoicePress) -> Reply:
    draft, step = _open(turn)
    if pressed.step is not step:  # a button of a question that has been answered since
        return await _show(turn, draft, step)
    offered = await _offered(turn, draft, step)
    return await _take(turn, draft, step, lambda: chosen(draft, step, pressed.choice, offered, turn.say))


@router.callback_query(Pressed(*PICKER_PRESSES), _IN_FORM)
async def pick(_press: CallbackQuery, turn: Turn, pressed: Press) -> Reply:
    draft, step = _open(turn)
    if step not in _MOMENTS:
        return await _show(turn, draft, step)
    return await _take(turn, draft, step, lambda: moment_picked(draft, step, pressed, _now(turn)))


@router.callback_query(Pressed(DotPress))
async def pick_nothing(_press: CallbackQuery, turn: Turn) -> Reply:
    return Reply(toast=turn.say.plain("Vous ne pouvez pas choisir cette case."))


@router.callback_query(Pressed(FormBackPress), _IN_FORM)
async def go_back(_press: CallbackQuery, turn: Turn) -> Reply:
    draft, step = _open(turn)
    if step in _MOMENTS and draft.choice and (earlier := draft.choice.back()):
        return await _show(turn, replace(draft, choice=earlier), step)
    if draft.point:
        return await _show(turn, replace(draft, point=None), step)
    return await _show(turn, replace(draft, choice=None), draft.before(step) or step)


@router.callback_query(Pressed(FieldPress), _IN_FORM)
async def change_field(_press: CallbackQuery, turn: Turn, pressed: FieldPress) -> Reply:
    draft, _ = _open(turn)
    if not draft.reviewing or (pressed.step is not FormStep.FIELDS and pressed.step not in draft.steps()):
        raise OutOfDate
    return await _show(turn, replace(draft, choice=None, point=None), pressed.step)


@router.callback_query(Pressed(PreviewPress))
async def try_preview(_press: CallbackQuery, turn: Turn) -> Reply:
    return Reply(toast=turn.say.plain("C’est un aperçu. Ce bouton marchera pour les habitants."))


@router.callback_query(Pressed(ConfirmPress))
async def confirm(_press: CallbackQuery, turn: Turn, pressed: ConfirmPress) -> Reply:
    """Announces, keeps for later, or saves the changes; a second tap finds the draft gone and does nothing."""
    if (turn.dialogue.state or "").partition(":")[0] != FEATURE:
        return Reply(toast=turn.say.plain("Ce brouillon n’est plus ouvert."))
    draft, step = _open(turn)
    if pressed.key != draft.key:
        return Reply(toast=turn.say.plain("Ce brouillon n’est plus ouvert."))
    if step is not FormStep.PREVIEW or pressed.version != draft.version:
        return await _show(turn, draft, step)
    try:
        _heard_at(turn, draft, check_plan(draft.plan(), turn.clock.now()))
    except Refusal as refusal:
        return await _mend(turn, draft, refusal)
    if draft.meeting is not None:
        return await _save(turn, draft, draft.meeting)
    confirmed = draft.confirmed
    if not confirmed and await needs_confirmation(turn.session, frozenset(draft.councils)):
        return await _show(turn, draft, FormStep.PREVIEW)  # the electoral reserve has begun since the preview
    meeting = await create_meeting(
        turn.session,
        turn.clock,
        turn.programme,
        turn.actor,
        frozenset(draft.councils),
        draft.plan(),
        f"{FEATURE}:{draft.key}",
        confirmed,
    )
    turn.dialogue.end()
    if draft.request is not None:
        with suppress(Refusal):  # the request has ended, or is not theirs any more: the meeting stands all the same
            await attach_meeting(turn.session, turn.clock, turn.actor, draft.request, meeting.id)
    later = meeting.state == MeetingState.DRAFT or quiet_hours(turn.programme).covers(turn.clock.now())
    toast = (
        turn.say.plain("C’est prêt. L’annonce partira à l’heure dite.") if later else turn.say.plain("C’est annoncé.")
    )
    return Reply.of(await _live(turn, meeting.id), toast=toast)


@router.message(_IN_FORM, is_speech)
async def receive(message: Message, turn: Turn) -> Reply:
    """Whatever is sent as an answer: words, a place, a file."""
    draft, step = _open(turn)
    arrival = arrival_of(message)
    if arrival and arrival.album and arrival.album == draft.album:
        return SILENCE  # the rest of an album whose first file is kept
    if step is FormStep.MEDIA and arrival:
        note = turn.say("Vous avez envoyé plusieurs fichiers. Je garde le premier.") if arrival.album else ""
        answer = enclosed(draft, arrival.kind, arrival.file_id, arrival.album)
        return await _show(turn, answer.draft, answer.draft.after(step), note=note)
    if arrival and arrival.album:  # one answer for the whole album, whatever it is
        draft = replace(draft, album=arrival.album)
    if step is FormStep.PLACE and (message.venue or message.location):
        return await _take(turn, draft, step, lambda: _located(draft, message))
    if message.text is not None:
        words = message.text
        return await _take(turn, draft, step, lambda: typed(draft, step, words, turn.say.language, _now(turn)))
    return await _show(turn, draft, step, _WRONG_KIND.get(step, ButtonsAwaited()))


@resumes(FEATURE)
async def resume(turn: Turn) -> Reply:
    draft, step = _open(turn)
    return await _show(turn, draft, step)


async def _begin(turn: Turn, draft: MeetingDraft | None = None, among: frozenset[int] | None = None) -> Reply:
    """A new draft; `among`: for one of these councils."""
    managed = await managed_councils(turn.session, turn.actor)
    councils = [each for each in managed if among is None or each in among]
    if not councils:
        raise NotAllowed
    await leave_live_card(turn)
    turn.dialogue.leave()
    draft = replace(draft or MeetingDraft(turn.update_id), several=len(councils) > 1)
    if not draft.several:
        draft = draft.with_councils(tuple(councils))
    return await _show(turn, draft, draft.steps()[0])


async def _begin_change(turn: Turn, meeting_id: int, step: FormStep) -> Reply:
    view = await open_managed(turn.session, turn.clock, turn.actor, meeting_id)
    if view.begun or view.cancelled:
        too_late = MeetingCancelled() if view.cancelled else MeetingBegun()
        return Reply.of(await _live(turn, meeting_id), toast=refusal_sentence(too_late, turn.say), alert=True)
    await leave_live_card(turn)
    turn.dialogue.leave()
    return await _show(turn, MeetingDraft.of(view, turn.update_id, step), step)


def _open(turn: Turn) -> tuple[MeetingDraft, FormStep]:
    """Raises OutOfDate when no form is open, NotAllowed when the role that it needs was taken away since."""
    draft = MeetingDraft.from_json(turn.dialogue.data["draft"])
    if not who_manages(turn.actor) or not all(turn.actor.manages(each) for each in draft.councils):
        raise NotAllowed
    return draft, FormStep.of_state(turn.dialogue.state)


async def _take(turn: Turn, draft: MeetingDraft, step: FormStep, answer: Callable[[], Answered]) -> Reply:
    """On to the next question; the same one again, with the reason, when the answer cannot be taken."""
    try:
        answered = answer()
    except (NotAllowed, NotJoined):
        raise
    except Refusal as refusal:
        return await _show(turn, draft, step, refusal)
    return await _show(turn, answered.draft, answered.ask or answered.draft.after(step))


async def _show(
    turn: Turn, draft: MeetingDraft, step: FormStep, trouble: Refusal | None = None, note: str = ""
) -> Reply:
    """Asks the question of `step`, and keeps the dialogue there."""
    if step is FormStep.PREVIEW and (missing := draft.missing()) is not None:
        step = missing
    if step is FormStep.PREVIEW:
        return await _preview(turn, draft, note or (refusal_sentence(trouble, turn.say) if trouble else ""))
    turn.dialogue.go(step.state, draft=draft.as_json())
    offered = await _offered(turn, draft, step)
    card = question_card(turn.say, draft, step, offered, _now(turn), trouble, note)
    return Reply.of(card.with_rows(*step_rows(turn.say, _back(draft, step))))


def _back(draft: MeetingDraft, step: FormStep) -> FormBackPress | ManagePress | None:
    inside = (draft.choice is not None and draft.choice.back() is not None) or draft.point is not None
    if inside or draft.before(step) is not None:
        return FormBackPress()
    return ManagePress(draft.meeting) if draft.meeting is not None else None


async def _preview(turn: Turn, draft: MeetingDraft, note: str = "") -> Reply:
    try:
        plan = check_plan(draft.plan(), turn.clock.now())
        heard_at = _heard_at(turn, draft, plan)
    except Refusal as refusal:
        return await _mend(turn, draft, refusal)
    councils = frozenset(draft.councils)
    reserved = draft.meeting is None and await needs_confirmation(turn.session, councils)
    draft = replace(draft, reviewing=True, version=draft.version + 1, confirmed=reserved, title=plan.title)
    names = tuple(
        CouncilName(each, name) for each, name in (await council_names(turn.session)).items() if each in councils
    )
    view = draft.as_view(names, turn.clock.now())
    receivers = await _receivers(turn, draft)
    turn.dialogue.go(FormStep.PREVIEW.state, draft=draft.as_json())
    shown, question = preview_cards(turn.say, draft, view, receivers, heard_at, reserved=reserved)
    noted = (Card(turn.say("{note}", note=note)),) if note else ()
    return Reply.of(*noted, shown, question, fresh=True)


def _heard_at(turn: Turn, draft: MeetingDraft, plan: MeetingPlan) -> datetime:
    """When people will hear of it; now, when they have heard already. Raises AnnouncedInThePast and HeardTooLate."""
    now = turn.clock.now()
    if draft.meeting is not None and draft.announce != LATER:
        return now
    if draft.meeting is None and plan.announce_at is not None and plan.announce_at <= now:
        raise AnnouncedInThePast
    return check_heard_in_time(plan.announce_at or now, plan.starts_at, quiet_hours(turn.programme))


async def _receivers(turn: Turn, draft: MeetingDraft) -> int:
    """How many people will hear of it once it is confirmed. Raises NotAllowed."""
    if draft.meeting is None:
        return await count_followers(turn.session, turn.actor, frozenset(draft.councils))
    view = await open_managed(turn.session, turn.clock, turn.actor, draft.meeting)
    before, after = plan_of(view).__dict__, draft.plan().__dict__
    changed = {name for name in before if before[name] != after[name]} - UNSAID
    if view.is_draft or not changed:
        return 0
    return await count_told(turn.session, turn.actor, draft.meeting)


async def _mend(turn: Turn, draft: MeetingDraft, refusal: Refusal) -> Reply:
    """Back to the question whose answer does not hold any more. Raises the refusal that no question mends."""
    step = _MENDED_AT.get(type(refusal))
    if step is None:
        raise refusal
    if step is FormStep.ANNOUNCE and draft.meeting is not None:
        step = FormStep.ANNOUNCE_AT
    return await _show(turn, replace(draft, reviewing=True, choice=None), step, refusal)


async def _save(turn: Turn, draft: MeetingDraft, meeting_id: int) -> Reply:
    view = await open_managed(turn.session, turn.clock, turn.actor, meeting_id)
    plan = replace(draft.plan(), reminder_offsets=plan_of(view).reminder_offsets)
    turn.dialogue.end()
    try:
        edit = await edit_meeting(
            turn.session, turn.clock, turn.programme, turn.actor, meeting_id, draft.revision, plan
        )
    except (NotAllowed, NotJoined):
        raise
    except Refusal as refusal:  # somebody was faster, or it has begun: the card says how it stands
        return Reply.of(await _live(turn, meeting_id), toast=refusal_sentence(refusal, turn.say), alert=True)
    toast = (
        turn.say.plain("C’est enregistré. Les gens seront prévenus.")
        if edit.told
        else turn.say.plain("C’est enregistré.")
    )
    return Reply.of(await _live(turn, meeting_id), toast=toast)


async def _live(turn: Turn, meeting_id: int) -> Card:
    view = await open_managed(turn.session, turn.clock, turn.actor, meeting_id)
    return live_card(turn.say, view, await attendance(turn.session, meeting_id, NAMES_SHOWN))


async def _offered(turn: Turn, draft: MeetingDraft, step: FormStep) -> Offered:
    if step in (FormStep.COUNCILS, FormStep.FIELDS):
        return Offered(councils=await managed_councils(turn.session, turn.actor))
    if step is FormStep.PLACE:
        return Offered(places=await known_places(turn.session, turn.actor, frozenset(draft.councils)))
    begins = step is draft.begins
    return Offered(last=await last_plan(turn.session, turn.actor, frozenset(draft.councils)) if begins else None)


def _located(draft: MeetingDraft, message: Message) -> Answered:
    if message.venue is not None:
        point, name = message.venue.location, ", ".join(filter(None, (message.venue.title, message.venue.address)))
        return located(draft, point.latitude, point.longitude, name)
    if message.location is None:
        raise PlaceAwaited
    return located(draft, message.location.latitude, message.location.longitude)


def _now(turn: Turn) -> Now:
    return Now(turn.clock.now(), turn.programme.tz)
