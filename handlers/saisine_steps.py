"""Noting a step of a saisine: which, on which day, with which words and document; and showing the documents."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from council.answer_files import step_document, step_documents
from council.errors import NotAllowed, OutOfDate, Refusal
from council.interpellation_answers import KeptFile
from council.local_time import local
from council.saisine_steps import (
    WORDS_LIMIT,
    ReasonMissing,
    check_step_day,
    last_step_on,
    next_steps,
    open_saisine,
    take_step,
)
from council.written import written
from handlers.awaited import ButtonsAwaited, WordsAwaited
from handlers.bursts import is_burst
from handlers.cards import saisine_steps as cards
from handlers.cards.answer_files import file_card
from handlers.cards.card import SILENCE, Card, Reply
from handlers.cards.pickers import DayPress, MonthPress
from handlers.cards.refusals import refusal_sentence
from handlers.cards.saisine_steps import (
    REASONS,
    ConfirmStepPress,
    NoDocumentPress,
    NoStepWordsPress,
    SaisineStepsPress,
    StepBackPress,
    StepDocumentPress,
    StepDocumentsPress,
    StepKindPress,
    StepReasonPress,
)
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.live_messages import leave_live_card
from handlers.scans import scan_of, wants_scan
from handlers.turn import Turn
from locales.translator import REFERENCE, translator
from storage.interpellations import Interpellation, InterpellationState

router = Router(name="saisine_steps")

FEATURE = "saisine"
_OPEN = InDialogue(f"{FEATURE}:*")
_WHICH, _DAY, _WORDS, _DOCUMENT, _PREVIEW = STEPS = tuple(
    f"{FEATURE}:{step}" for step in ("which", "day", "words", "document", "preview")
)
wants_scan(_DOCUMENT)


@dataclass(frozen=True)
class Noting:
    """What was said so far, as JSON in the dialogue. `first` is the earliest day, `month` the calendar's page."""

    key: int
    case: int
    first: date
    month: date
    state: InterpellationState | None = None
    day: date | None = None
    words: str = ""
    file: dict[str, Any] | None = None

    def keep(self, turn: Turn, step: str) -> None:
        kept = {
            "key": self.key,
            "case": self.case,
            "first": self.first.isoformat(),
            "month": self.month.isoformat(),
            "state": self.state.value if self.state else None,
            "day": self.day.isoformat() if self.day else None,
            "words": self.words,
            "file": self.file,
        }
        turn.dialogue.go(step, noting=kept)

    @classmethod
    def of(cls, turn: Turn) -> Self:
        """Raises OutOfDate when nothing is being noted."""
        kept = turn.dialogue.data.get("noting")
        if kept is None or turn.dialogue.state not in STEPS:
            raise OutOfDate
        days = {name: date.fromisoformat(kept[name]) for name in ("first", "month")}
        day = date.fromisoformat(kept["day"]) if kept["day"] else None
        state = InterpellationState(kept["state"]) if kept["state"] else None
        return cls(**{**kept, **days, "day": day, "state": state})

    @property
    def needs_reason(self) -> bool:
        return self.state is InterpellationState.NOT_RETAINED


@router.callback_query(Pressed(SaisineStepsPress))
async def begin(_press: CallbackQuery, turn: Turn, pressed: SaisineStepsPress) -> Reply:
    case = await open_saisine(turn.session, turn.actor, pressed.interpellation)
    await leave_live_card(turn)
    turn.dialogue.begin(_WHICH)
    first = await last_step_on(turn.session, case) or _sent_on(turn, case)
    Noting(turn.update_id, case.id, first, _today(turn).replace(day=1)).keep(turn, _WHICH)
    return await _shown(turn)


@router.callback_query(Pressed(StepKindPress), _OPEN)
async def take_kind(_press: CallbackQuery, turn: Turn, pressed: StepKindPress) -> Reply:
    noting = Noting.of(turn)
    if pressed.state not in next_steps(await _case(turn, noting)):
        raise OutOfDate
    return await _go(turn, replace(noting, state=pressed.state, words=""), _DAY)


@router.callback_query(Pressed(MonthPress), _OPEN)
async def turn_month(_press: CallbackQuery, turn: Turn, pressed: MonthPress) -> Reply:
    return await _go(turn, replace(Noting.of(turn), month=pressed.first_day), _DAY)


@router.callback_query(Pressed(DayPress), _OPEN)
async def take_day(_press: CallbackQuery, turn: Turn, pressed: DayPress) -> Reply:
    noting = Noting.of(turn)
    try:
        await check_step_day(turn.session, turn.clock, turn.programme, await _case(turn, noting), pressed.day)
    except Refusal as refusal:
        return await _shown(turn, refusal)
    return await _go(turn, replace(noting, day=pressed.day), _WORDS)


@router.callback_query(Pressed(StepReasonPress), _OPEN)
async def take_reason(_press: CallbackQuery, turn: Turn, pressed: StepReasonPress) -> Reply:
    if not 0 <= pressed.number < len(REASONS):
        raise NotAllowed
    words = translator(REFERENCE).plain(REASONS[pressed.number])
    return await _go(turn, replace(Noting.of(turn), words=words), _DOCUMENT)


@router.callback_query(Pressed(NoStepWordsPress), _OPEN)
async def take_no_words(_press: CallbackQuery, turn: Turn) -> Reply:
    noting = Noting.of(turn)
    if noting.needs_reason:
        return await _shown(turn, ReasonMissing())
    return await _go(turn, replace(noting, words=""), _DOCUMENT)


@router.callback_query(Pressed(NoDocumentPress), _OPEN)
async def take_no_document(_press: CallbackQuery, turn: Turn) -> Reply:
    return await _go(turn, replace(Noting.of(turn), file=None), _PREVIEW)


@router.callback_query(Pressed(StepBackPress), _OPEN)
async def go_back(_press: CallbackQuery, turn: Turn) -> Reply:
    noting, step = Noting.of(turn), STEPS.index(turn.dialogue.state or _WHICH)
    return await _go(turn, noting, STEPS[max(0, step - 1)])


@router.callback_query(Pressed(ConfirmStepPress))
async def confirm(_press: CallbackQuery, turn: Turn, pressed: ConfirmStepPress) -> Reply:
    """A second tap finds the draft gone. Raises OutOfDate then."""
    noting = Noting.of(turn)
    if turn.dialogue.state != _PREVIEW or noting.key != pressed.key or noting.state is None or noting.day is None:
        raise OutOfDate
    file = KeptFile(**noting.file) if noting.file is not None else None
    await take_step(
        turn.session,
        turn.clock,
        turn.programme,
        turn.actor,
        noting.case,
        noting.state,
        noting.day,
        words=noting.words,
        file=file,
    )
    turn.dialogue.end()
    return Reply.of(cards.step_noted_card(turn.say, noting.case))


@router.message(_OPEN, is_speech)
async def take_message(message: Message, turn: Turn) -> Reply:
    """Words or a document, where one is asked for. What does not fit is answered once."""
    noting = Noting.of(turn)
    try:
        if turn.dialogue.state == _WORDS:
            if message.text is None:
                raise WordsAwaited
            return await _go(turn, replace(noting, words=written(message.text, WORDS_LIMIT)), _DOCUMENT)
        if turn.dialogue.state == _DOCUMENT:
            file = scan_of(message, turn.file)
            kept = {"file_name": file.file_name, "media_type": file.media_type, "file_id": file.file_id}
            return await _go(turn, replace(noting, file=kept), _PREVIEW)
        raise ButtonsAwaited
    except Refusal as refusal:
        return SILENCE if is_burst(turn) else await _shown(turn, refusal)


@router.callback_query(Pressed(StepDocumentsPress))
async def show_documents(_press: CallbackQuery, turn: Turn, pressed: StepDocumentsPress) -> Reply:
    documents = await step_documents(turn.session, turn.actor, pressed.interpellation)
    await leave_live_card(turn)
    return Reply.of(cards.step_documents_card(turn.say, pressed.interpellation, documents))


@router.callback_query(Pressed(StepDocumentPress))
async def show_document(_press: CallbackQuery, turn: Turn, pressed: StepDocumentPress) -> Reply:
    return Reply.of(file_card(await step_document(turn.session, turn.actor, pressed.file)), fresh=True)


@resumes(FEATURE)
async def resume(turn: Turn) -> Reply:
    return await _shown(turn)


async def _go(turn: Turn, noting: Noting, step: str) -> Reply:
    noting.keep(turn, step)
    return await _shown(turn)


async def _shown(turn: Turn, refusal: Refusal | None = None) -> Reply:
    noting = Noting.of(turn)
    return Reply.of(_card(turn, noting, await _case(turn, noting), refusal))


def _card(turn: Turn, noting: Noting, case: Interpellation, refusal: Refusal | None) -> Card:
    """The open question, with what was wrong about the last answer."""
    say, step = turn.say, turn.dialogue.state
    trouble = refusal_sentence(refusal, say) if refusal is not None else ""
    if step == _DAY:
        return cards.step_day_card(say, noting.month, noting.first, _today(turn), trouble)
    if step == _WORDS:
        return cards.step_words_card(say, reason=noting.needs_reason, trouble=trouble)
    if step == _DOCUMENT:
        return cards.step_document_card(say, trouble)
    if step == _PREVIEW and noting.state is not None and noting.day is not None:
        document = noting.file is not None
        shown = (noting.key, noting.state, noting.day, noting.words)
        return cards.step_preview_card(say, *shown, document=document, trouble=trouble)
    return cards.which_card(say, case.number, next_steps(case), trouble)


async def _case(turn: Turn, noting: Noting) -> Interpellation:
    return await open_saisine(turn.session, turn.actor, noting.case)


def _sent_on(turn: Turn, case: Interpellation) -> date:
    return local(case.sent_at or turn.clock.now(), turn.programme.tz).date()


def _today(turn: Turn) -> date:
    return local(turn.clock.now(), turn.programme.tz).date()
