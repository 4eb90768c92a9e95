"""Writing down an answer that came on paper or by telephone."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from council.errors import NotAllowed, OutOfDate, Refusal
from council.interpellation_answers import (
    FILES_LIMIT,
    NAME_LIMIT,
    WORDS_LIMIT,
    AnswerDraft,
    AnswersClosed,
    KeptFile,
    NameMissing,
    NothingAnswered,
    TooManyFiles,
    answer,
    check_day,
    takes_answers,
)
from council.interpellation_states import check_carries, load_interpellation
from council.local_time import local
from council.written import written
from handlers.awaited import ButtonsAwaited, WordsAwaited
from handlers.bursts import is_burst
from handlers.cards import answer_entry as cards
from handlers.cards.answer_entry import (
    SPOKEN,
    ConfirmEntryPress,
    EnterAnswerPress,
    EnteredByPartnerPress,
    EnteredWayPress,
    EntryBackPress,
    NoMoreFilesPress,
    NoWordsPress,
)
from handlers.cards.card import SILENCE, Card, Reply
from handlers.cards.pickers import DayPress, MonthPress
from handlers.cards.refusals import refusal_sentence
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.live_messages import leave_live_card
from handlers.scans import scan_of, wants_scan
from handlers.turn import Turn
from locales.translator import REFERENCE, translator
from storage.interpellations import AnswerWay, Interpellation

router = Router(name="answer_entry")

FEATURE = "answer_entry"
_OPEN = InDialogue(f"{FEATURE}:*")
_WAY, _WHO, _DAY, _WORDS, _FILES, _PREVIEW = STEPS = tuple(
    f"{FEATURE}:{step}" for step in ("way", "who", "day", "words", "files", "preview")
)
wants_scan(_FILES)


@dataclass(frozen=True)
class Entry:
    """What was said so far, as JSON in the dialogue; `words` None: not asked yet. `month` is the calendar's page."""

    key: int
    case: int
    partner: str
    first: date
    month: date
    way: AnswerWay = AnswerWay.PAPER
    signed: str = ""
    day: date | None = None
    words: str = ""
    files: tuple[dict[str, Any], ...] = ()

    def keep(self, turn: Turn, step: str) -> None:
        turn.dialogue.go(
            step,
            entry={
                "key": self.key,
                "case": self.case,
                "partner": self.partner,
                "first": self.first.isoformat(),
                "month": self.month.isoformat(),
                "way": self.way.value,
                "signed": self.signed,
                "day": self.day.isoformat() if self.day else None,
                "words": self.words,
                "files": list(self.files),
            },
        )

    @classmethod
    def of(cls, turn: Turn) -> Self:
        """Raises OutOfDate when nothing is being written down."""
        kept = turn.dialogue.data.get("entry")
        if kept is None or turn.dialogue.state not in STEPS:
            raise OutOfDate
        days = {name: date.fromisoformat(kept[name]) for name in ("first", "month")}
        day = date.fromisoformat(kept["day"]) if kept["day"] else None
        way, files = AnswerWay(kept["way"]), tuple(kept["files"])
        return cls(**{**kept, **days, "day": day, "way": way, "files": files})

    @property
    def draft(self) -> AnswerDraft:
        """Raises OutOfDate before there is a day."""
        if self.day is None:
            raise OutOfDate
        files = tuple(KeptFile(**each) for each in self.files)
        return AnswerDraft(self.signed, self.words, self.day, self.way, files)


@router.callback_query(Pressed(EnterAnswerPress))
async def begin(_press: CallbackQuery, turn: Turn, pressed: EnterAnswerPress) -> Reply:
    case = await _case(turn, pressed.interpellation)
    await leave_live_card(turn)
    turn.dialogue.begin(_WAY)
    today = _today(turn)
    first = local(case.sent_at, turn.programme.tz).date() if case.sent_at is not None else today
    Entry(turn.update_id, case.id, case.partner_name, first, today.replace(day=1)).keep(turn, _WAY)
    return Reply.of(_card(turn))


@router.callback_query(Pressed(EnteredWayPress), _OPEN)
async def take_way(_press: CallbackQuery, turn: Turn, pressed: EnteredWayPress) -> Reply:
    if pressed.way is AnswerWay.PAGE:
        raise NotAllowed
    return _go(turn, replace(Entry.of(turn), way=pressed.way), _WHO)


@router.callback_query(Pressed(EnteredByPartnerPress), _OPEN)
async def take_partner(_press: CallbackQuery, turn: Turn) -> Reply:
    entry = Entry.of(turn)
    return _go(turn, replace(entry, signed=entry.partner), _DAY)


@router.callback_query(Pressed(MonthPress), _OPEN)
async def turn_month(_press: CallbackQuery, turn: Turn, pressed: MonthPress) -> Reply:
    return _go(turn, replace(Entry.of(turn), month=pressed.first_day), _DAY)


@router.callback_query(Pressed(DayPress), _OPEN)
async def take_day(_press: CallbackQuery, turn: Turn, pressed: DayPress) -> Reply:
    entry = Entry.of(turn)
    try:
        check_day(turn.clock, turn.programme, await _case(turn, entry.case), pressed.day)
    except Refusal as refusal:
        return Reply.of(_card(turn, refusal))
    return _go(turn, replace(entry, day=pressed.day), _WORDS)


@router.callback_query(Pressed(NoWordsPress), _OPEN)
async def take_no_words(_press: CallbackQuery, turn: Turn) -> Reply:
    entry = Entry.of(turn)
    spoken = translator(REFERENCE).plain(SPOKEN) if entry.way is AnswerWay.TELEPHONE else ""
    return _go(turn, replace(entry, words=spoken), _FILES)


@router.callback_query(Pressed(NoMoreFilesPress), _OPEN)
async def end_files(_press: CallbackQuery, turn: Turn) -> Reply:
    entry = Entry.of(turn)
    if not entry.words and not entry.files:
        return Reply.of(_card(turn, NothingAnswered()))
    return _go(turn, entry, _PREVIEW)


@router.callback_query(Pressed(EntryBackPress), _OPEN)
async def go_back(_press: CallbackQuery, turn: Turn) -> Reply:
    """Back over the files, those that were sent are chosen anew."""
    entry, step = Entry.of(turn), STEPS.index(turn.dialogue.state or _WAY)
    if turn.dialogue.state == _FILES:
        entry = replace(entry, files=())
    return _go(turn, entry, STEPS[max(0, step - 1)])


@router.callback_query(Pressed(ConfirmEntryPress))
async def confirm(_press: CallbackQuery, turn: Turn, pressed: ConfirmEntryPress) -> Reply:
    """A second tap finds the draft gone. Raises OutOfDate then."""
    entry = Entry.of(turn)
    if turn.dialogue.state != _PREVIEW or entry.key != pressed.key:
        raise OutOfDate
    case = await _case(turn, entry.case)
    key = f"entry:{entry.key}"
    made = await answer(turn.session, turn.clock, turn.programme, case, entry.draft, key, by=turn.actor)
    turn.dialogue.end()
    return Reply.of(cards.entered_card(turn.say, case.id, made.id))


@router.message(_OPEN, is_speech)
async def take_message(message: Message, turn: Turn) -> Reply:
    """What the open question asks for: a name, words, a file. What it does not is answered once."""
    entry = Entry.of(turn)
    try:
        return _taken(turn, entry, message)
    except Refusal as refusal:
        return SILENCE if is_burst(turn) else Reply.of(_card(turn, refusal))


@resumes(FEATURE)
async def resume(turn: Turn) -> Reply:
    await _case(turn, Entry.of(turn).case)
    return Reply.of(_card(turn))


def _taken(turn: Turn, entry: Entry, message: Message) -> Reply:
    match turn.dialogue.state:
        case step if step == _WHO:
            name = written(_text(message), NAME_LIMIT, empty=NameMissing)
            return _go(turn, replace(entry, signed=name), _DAY)
        case step if step == _WORDS:
            return _go(turn, replace(entry, words=written(_text(message), WORDS_LIMIT)), _FILES)
        case step if step == _FILES:
            file = scan_of(message, turn.file)
            if len(entry.files) >= FILES_LIMIT:
                raise TooManyFiles
            kept = {"file_name": file.file_name, "media_type": file.media_type, "file_id": file.file_id}
            replace(entry, files=(*entry.files, kept)).keep(turn, _FILES)
            return SILENCE if message.media_group_id is not None and is_burst(turn) else Reply.of(_card(turn))
    raise ButtonsAwaited


def _text(message: Message) -> str:
    """Raises WordsAwaited."""
    if message.text is None:
        raise WordsAwaited
    return message.text


def _go(turn: Turn, entry: Entry, step: str) -> Reply:
    entry.keep(turn, step)
    return Reply.of(_card(turn))


def _card(turn: Turn, refusal: Refusal | None = None) -> Card:
    """The open question, with what was wrong about the last answer."""
    say, entry = turn.say, Entry.of(turn)
    trouble = refusal_sentence(refusal, say) if refusal is not None else ""
    match turn.dialogue.state:
        case step if step == _WHO:
            return cards.who_card(say, entry.partner, trouble)
        case step if step == _DAY:
            return cards.day_card(say, entry.month, entry.first, _today(turn), trouble)
        case step if step == _WORDS:
            return cards.words_card(say, entry.way, trouble)
        case step if step == _FILES:
            return cards.files_card(say, len(entry.files), needed=not entry.words, trouble=trouble)
        case step if step == _PREVIEW and entry.day is not None:
            shown = (entry.way, entry.signed, entry.day, entry.words, len(entry.files))
            return cards.entry_card(say, entry.key, *shown, trouble=trouble)
    return cards.way_card(say, trouble)


async def _case(turn: Turn, case_id: int) -> Interpellation:
    """Raises NotAllowed for who does not carry it, AnswersClosed when nothing is answered any more."""
    case = await load_interpellation(turn.session, turn.actor, case_id)
    check_carries(turn.actor, case)
    if not takes_answers(case):
        raise AnswersClosed
    return case


def _today(turn: Turn) -> date:
    return local(turn.clock.now(), turn.programme.tz).date()
