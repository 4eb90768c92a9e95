"""/absence: who of the team is away, and when. Two days by buttons or in words, then one confirmation."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Self

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from council import absences, animator_posts
from council.absence_offers import held_by
from council.animator_posts import Colleague
from council.errors import NotAllowed, OutOfDate, Refusal
from council.local_time import first_showing
from handlers.awaited import ButtonsAwaited, WordsAwaited
from handlers.cards import absence as cards
from handlers.cards.absence import (
    AbsenceBackPress,
    AbsencePress,
    AbsencesPress,
    CancelAbsencePress,
    ConfirmAbsencePress,
    NewAbsencePress,
    OneDayPress,
    WhoseAbsencesPress,
)
from handlers.cards.card import Card, Reply
from handlers.cards.pickers import DayPress, MonthPress
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.moment_choice import MomentChoice, Now
from handlers.turn import Turn
from handlers.typed_dates import NotUnderstood, parse_moment
from storage import duty

router = Router(name="absences")

FEATURE = "absence"
_FIRST, _LAST, _CONFIRM = f"{FEATURE}:first", f"{FEATURE}:last", f"{FEATURE}:confirm"
_IN_ABSENCE = InDialogue(f"{FEATURE}:*")


@dataclass(frozen=True)
class Draft:
    """An absence being noted. `month` is the page of the calendar."""

    key: int
    person: int
    month: date
    first: date | None = None
    last: date | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "person": self.person,
            "month": self.month.isoformat(),
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        days = {name: date.fromisoformat(kept[name]) if kept[name] else None for name in ("first", "last")}
        return cls(kept["key"], kept["person"], date.fromisoformat(kept["month"]), **days)


@router.message(Command("absence"))
async def open_by_command(_message: Message, turn: Turn) -> Reply:
    return Reply.of(await _list(turn, turn.actor.person_id, 0))


@router.callback_query(Pressed(AbsencesPress))
async def open_list(_press: CallbackQuery, turn: Turn, pressed: AbsencesPress) -> Reply:
    person_id = turn.actor.person_id if pressed.person is None else pressed.person
    return Reply.of(await _list(turn, person_id, pressed.page))


@router.callback_query(Pressed(WhoseAbsencesPress))
async def choose_whose(_press: CallbackQuery, turn: Turn, pressed: WhoseAbsencesPress) -> Reply:
    if not turn.actor.is_coordinator:
        raise NotAllowed
    team = await animator_posts.team_members(turn.session, turn.actor)
    away = await duty.away_on(turn.session, [each.person_id for each in team], _now(turn).today)
    return Reply.of(cards.whose_card(turn.say, team, away, pressed.page))


@router.callback_query(Pressed(AbsencePress))
async def open_absence(_press: CallbackQuery, turn: Turn, pressed: AbsencePress) -> Reply:
    absence = await absences.absence_of(turn.session, turn.actor, pressed.absence)
    if absence.cancelled_at is not None or absence.ends_on < _now(turn).today:
        return Reply.of(await _list(turn, absence.person_id, 0, turn.say("Cette absence n’est plus notée.")))
    return Reply.of(cards.absence_card(turn.say, absence, await _colleague(turn, absence.person_id)))


@router.callback_query(Pressed(CancelAbsencePress))
async def call_off(_press: CallbackQuery, turn: Turn, pressed: CancelAbsencePress) -> Reply:
    absence = await absences.absence_of(turn.session, turn.actor, pressed.absence)
    try:
        await absences.cancel_absence(turn.session, turn.clock, turn.programme, turn.actor, absence.id)
    except OutOfDate:
        return Reply.of(await _list(turn, absence.person_id, 0, turn.say("Cette absence n’est plus notée.")))
    return Reply.of(await _list(turn, absence.person_id, 0, turn.say("✅ L’absence est supprimée.")))


@router.callback_query(Pressed(NewAbsencePress))
async def begin(_press: CallbackQuery, turn: Turn, pressed: NewAbsencePress) -> Reply:
    await absences.check_minds(turn.session, turn.actor, pressed.person)
    turn.dialogue.leave(besides=FEATURE)
    return await _show(turn, Draft(turn.update_id, pressed.person, _now(turn).today.replace(day=1)))


@router.callback_query(Pressed(MonthPress), _IN_ABSENCE)
async def turn_month(_press: CallbackQuery, turn: Turn, pressed: MonthPress) -> Reply:
    draft = await _open(turn)
    page = MomentChoice(month=draft.month).at_month(pressed.first_day, _calendar(turn, draft))
    return await _show(turn, replace(draft, month=page.month))


@router.callback_query(Pressed(DayPress), _IN_ABSENCE)
async def pick_day(_press: CallbackQuery, turn: Turn, pressed: DayPress) -> Reply:
    draft = await _open(turn)
    return await _take(turn, draft, pressed.day)


@router.callback_query(Pressed(OneDayPress), _IN_ABSENCE)
async def pick_one_day(_press: CallbackQuery, turn: Turn) -> Reply:
    draft = await _open(turn)
    if draft.first is None or draft.last is not None:
        return await _show(turn, draft)
    return await _take(turn, draft, draft.first)


@router.callback_query(Pressed(AbsenceBackPress), _IN_ABSENCE)
async def go_back(_press: CallbackQuery, turn: Turn) -> Reply:
    draft = await _open(turn)
    if draft.last is not None:
        return await _show(turn, replace(draft, last=None))
    if draft.first is not None:
        return await _show(turn, replace(draft, first=None))
    turn.dialogue.end()
    return Reply.of(await _list(turn, draft.person, 0))


@router.callback_query(Pressed(ConfirmAbsencePress))
async def confirm(_press: CallbackQuery, turn: Turn, pressed: ConfirmAbsencePress) -> Reply:
    """A second tap finds the draft gone and does nothing."""
    if (turn.dialogue.state or "").partition(":")[0] != FEATURE:
        return Reply(toast=turn.say.plain("Ce brouillon n’est plus ouvert."))
    draft = await _open(turn)
    if pressed.key != draft.key:
        return Reply(toast=turn.say.plain("Ce brouillon n’est plus ouvert."))
    if draft.first is None or draft.last is None:
        return await _show(turn, draft)
    try:
        absence = await absences.declare_absence(
            turn.session, turn.clock, turn.programme, turn.actor, draft.person, draft.first, draft.last
        )
    except (NotAllowed, OutOfDate):
        raise
    except Refusal as refusal:
        return await _show(turn, replace(draft, first=None, last=None), refusal)
    turn.dialogue.end()
    done = turn.say("✅ C’est noté. {span}", span=cards.span(turn.say, absence.starts_on, absence.ends_on))
    noted = absence.id if await held_by(turn.session, draft.person) else None
    return Reply.of(await _list(turn, draft.person, 0, done, noted))


@router.message(_IN_ABSENCE, is_speech)
async def receive(message: Message, turn: Turn) -> Reply:
    """A day that somebody typed."""
    draft = await _open(turn)
    if draft.last is not None:
        return await _show(turn, draft, ButtonsAwaited())
    if message.text is None:
        return await _show(turn, draft, WordsAwaited())
    # « Vendredi », for the last day, is the Friday after the first one.
    base = _calendar(turn, draft).moment.astimezone(turn.programme.tz)
    try:
        typed = parse_moment(message.text, turn.say.language, base)
        if typed.date is None:
            raise NotUnderstood
    except Refusal as refusal:
        return await _show(turn, draft, refusal)
    return await _take(turn, draft, typed.date)


@resumes(FEATURE)
async def resume(turn: Turn) -> Reply:
    return await _show(turn, await _open(turn))


async def _take(turn: Turn, draft: Draft, day: date) -> Reply:
    """The day answers the question that is open; asked again, with the reason, when it cannot be."""
    if draft.last is not None:
        return await _show(turn, draft)
    first = day if draft.first is None else draft.first
    try:
        absences.check_days(first, day, turn.clock.now(), turn.programme)
    except Refusal as refusal:
        return await _show(turn, draft, refusal)
    if draft.first is None:
        return await _show(turn, replace(draft, first=day, month=day.replace(day=1)))
    return await _show(turn, replace(draft, last=day))


async def _show(turn: Turn, draft: Draft, trouble: Refusal | None = None) -> Reply:
    """Asks the question that is open, and keeps the dialogue there."""
    who = None
    if draft.person != turn.actor.person_id:
        who = (await _colleague(turn, draft.person)).first_name
    calendar = _calendar(turn, draft)
    if draft.first is None:
        state, card = _FIRST, cards.first_day_card(turn.say, who, draft.month, calendar, trouble)
    elif draft.last is None:
        state, card = _LAST, cards.last_day_card(turn.say, draft.first, draft.month, calendar, trouble)
    else:
        post = await animator_posts.post_of(turn.session, turn.programme, turn.actor, draft.person)
        held = await held_by(turn.session, draft.person)
        state = _CONFIRM
        card = cards.confirm_absence_card(turn.say, who, draft.first, draft.last, post.deputy, held, draft.key, trouble)
    turn.dialogue.go(state, draft=draft.as_json())
    return Reply.of(card)


async def _open(turn: Turn) -> Draft:
    """Raises NotAllowed when the role that it needs was taken away since."""
    draft = Draft.from_json(turn.dialogue.data["draft"])
    await absences.check_minds(turn.session, turn.actor, draft.person)
    return draft


async def _list(turn: Turn, person_id: int, page: int, done: str = "", noted: int | None = None) -> Card:
    found = await absences.absences_of(turn.session, turn.actor, person_id, _now(turn).today)
    return cards.absences_card(turn.say, turn.actor, await _colleague(turn, person_id), found, page, done, noted)


async def _colleague(turn: Turn, person_id: int) -> Colleague:
    team = await animator_posts.team_members(turn.session, turn.actor)
    found = next((each for each in team if each.person_id == person_id), None)
    if found is None:
        raise NotAllowed
    return found


def _now(turn: Turn) -> Now:
    return Now(turn.clock.now(), turn.programme.tz)


def _calendar(turn: Turn, draft: Draft) -> Now:
    """What the open question is checked against: the last day is looked for from the first one on."""
    if draft.first is None:
        return _now(turn)
    return Now(first_showing(datetime.combine(draft.first, time()), turn.programme.tz), turn.programme.tz)
