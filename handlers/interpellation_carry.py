"""Carrying an interpellation to its partner: the letter seen and sent, or handed over; its proof, and its time."""

import hashlib
from datetime import date
from functools import partial

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from council.errors import NotAllowed, OutOfDate, Refusal
from council.interpellation_by_hand import (
    HANDED_LIMIT,
    PaperChanged,
    check_handed_on,
    check_paper,
    hand_over,
    open_paper,
    print_letter,
)
from council.interpellation_carrying import letter_file, view_carrying, view_letter
from council.interpellation_delays import explain_due
from council.interpellation_extensions import REASON_LIMIT, extend, offered_extensions
from council.interpellation_letters import DrawnLetter, letter_facts, partner_address
from council.interpellation_sending import (
    FOLLOW_UP_LIMIT,
    send_follow_up,
    send_letter,
    send_same_again,
)
from council.interpellation_states import check_carries, load_interpellation
from council.local_time import local
from council.written import written
from documents.interpellation_letter import draw_letter
from documents.interpellation_mails import letter_mail, partner_mail
from documents.letter_annex import READ_LIMIT, files_to_show, paper_of
from handlers.awaited import ButtonsAwaited, WordsAwaited
from handlers.bursts import is_burst
from handlers.cards import interpellation_carry as cards
from handlers.cards.card import SILENCE, Card, Reply
from handlers.cards.interpellation import CarryPress
from handlers.cards.interpellation_carry import (
    RECEIVERS,
    FollowUpWordsPress,
    GivenAsPrintedPress,
    HandedBackPress,
    HandedPress,
    HandedToPress,
    HandedYesPress,
    LetterFilePress,
    PreviewLetterPress,
    PrintLetterPress,
    ProofPress,
    SameAgainPress,
    SendLetterPress,
)
from handlers.cards.interpellation_time import (
    REASONS,
    ExtendByPress,
    ExtendPress,
    ExtendReasonPress,
    WhyDatePress,
    extend_card,
    extended_card,
    reason_card,
    why_card,
)
from handlers.cards.pickers import DayPress, MonthPress
from handlers.cards.refusals import refusal_sentence
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.live_messages import leave_live_card
from handlers.prepared import Before, Making, prepares
from handlers.turn import Turn
from locales.translator import REFERENCE, translator
from storage.interpellations import LetterWay

router = Router(name="interpellation_carry")

FEATURE = "icarry"
_TO, _DAY, _CHECK, _REASON, _WORDS = (f"{FEATURE}:{step}" for step in ("to", "day", "check", "reason", "words"))
_OPEN = InDialogue(f"{FEATURE}:*")
_DIGEST = 16
"""Hexadecimal digits of the hash of a letter that stand on its button."""


@router.callback_query(Pressed(CarryPress))
async def open_menu(_press: CallbackQuery, turn: Turn, pressed: CarryPress) -> Reply:
    view = await view_carrying(turn.session, turn.clock, turn.programme, turn.actor, pressed.interpellation)
    await leave_live_card(turn)
    return Reply.of(cards.carry_card(turn.say, view))


# --- the letter


@prepares(PreviewLetterPress)
async def draw_preview(before: Before) -> Making:
    """As it would leave by e-mail where it can, else on paper."""
    row = await load_interpellation(before.session, before.actor, before.pressed.interpellation)
    by_mail = before.has_mail and partner_address(before.programme, row) is not None
    return await _drawing(before, LetterWay.MAIL if by_mail else LetterWay.BY_HAND)


@prepares(SendLetterPress)
async def draw_to_send(before: Before) -> Making:
    return await _drawing(before, LetterWay.MAIL)


@prepares(PrintLetterPress)
async def draw_to_print(before: Before) -> Making:
    return await _drawing(before, LetterWay.BY_HAND)


async def _drawing(before: Before, way: LetterWay) -> Making:
    """The letter, with the photos and documents that Telegram holds."""
    facts = await letter_facts(
        before.session,
        before.clock,
        before.programme,
        before.actor,
        before.pressed.interpellation,
        way,
        has_pages=before.has_pages,
    )
    return Making(partial(draw_letter, facts), files_to_show(facts), READ_LIMIT, paper_of)


@router.callback_query(Pressed(PreviewLetterPress))
async def preview(_press: CallbackQuery, turn: Turn, pressed: PreviewLetterPress) -> Reply:
    row = await load_interpellation(turn.session, turn.actor, pressed.interpellation)
    check_carries(turn.actor, row)
    drawn, address = _drawn(turn), partner_address(turn.programme, row)
    return Reply.of(cards.preview_card(turn.say, drawn, address, _digest(drawn), has_mail=turn.has_mail), fresh=True)


@router.callback_query(Pressed(SendLetterPress))
async def send(_press: CallbackQuery, turn: Turn, pressed: SendLetterPress) -> Reply:
    """What was seen is what leaves: a letter that has become another is shown anew."""
    drawn = _drawn(turn)
    if _digest(drawn) != pressed.digest:
        raise OutOfDate
    mail = partial(letter_mail, base_url=turn.public_url)
    letter = await send_letter(turn.session, turn.clock, turn.programme, turn.actor, drawn, mail)
    return Reply.of(cards.on_its_way_card(turn.say, pressed.interpellation, letter.address or ""), fresh=True)


@router.callback_query(Pressed(SameAgainPress))
async def send_again(_press: CallbackQuery, turn: Turn, pressed: SameAgainPress) -> Reply:
    letter = await send_same_again(turn.session, turn.clock, turn.programme, turn.actor, pressed.letter)
    return Reply.of(cards.on_its_way_card(turn.say, letter.interpellation_id, letter.address or ""))


@router.callback_query(Pressed(PrintLetterPress))
async def print_it(_press: CallbackQuery, turn: Turn, pressed: PrintLetterPress) -> Reply:
    drawn = _drawn(turn)
    letter = await print_letter(turn.session, turn.clock, turn.programme, turn.actor, drawn)
    return Reply.of(cards.paper_card(turn.say, drawn, letter.id), fresh=True)


@router.callback_query(Pressed(ProofPress))
async def show_proof(_press: CallbackQuery, turn: Turn, pressed: ProofPress) -> Reply:
    return Reply.of(cards.proof_card(turn.say, await view_letter(turn.session, turn.actor, pressed.letter)))


@router.callback_query(Pressed(LetterFilePress))
async def show_letter(_press: CallbackQuery, turn: Turn, pressed: LetterFilePress) -> Reply:
    view, content = await letter_file(turn.session, turn.actor, pressed.letter)
    return Reply.of(cards.letter_card(turn.say, view, content), fresh=True)


def _drawn(turn: Turn) -> DrawnLetter:
    """What was made before the turn. Raises the Refusal that stood against it."""
    if turn.prepared is None:
        raise NotAllowed
    drawn: DrawnLetter = turn.prepared.opened()
    return drawn


def _digest(drawn: DrawnLetter) -> str:
    return hashlib.sha256(drawn.pdf).hexdigest()[:_DIGEST]


# --- handed over


@router.callback_query(Pressed(HandedPress))
async def ask_receiver(_press: CallbackQuery, turn: Turn, pressed: HandedPress) -> Reply:
    """A paper that would say something else by now is no longer the one to give: there is a fresh one."""
    letter, _row = await open_paper(turn.session, turn.actor, pressed.letter)
    try:
        await check_paper(turn.session, turn.clock, turn.programme, turn.actor, letter)
    except PaperChanged:
        return Reply.of(cards.changed_paper_card(turn.say, letter.interpellation_id, letter.id), fresh=True)
    return _ask_receiver(turn, letter.id, as_printed=False)


@router.callback_query(Pressed(GivenAsPrintedPress))
async def ask_receiver_of_old(_press: CallbackQuery, turn: Turn, pressed: GivenAsPrintedPress) -> Reply:
    """What was given was given: the proof is of that paper."""
    letter, _row = await open_paper(turn.session, turn.actor, pressed.letter)
    return _ask_receiver(turn, letter.id, as_printed=True)


def _ask_receiver(turn: Turn, letter_id: int, *, as_printed: bool) -> Reply:
    month = _today(turn).replace(day=1).isoformat()
    turn.dialogue.begin(_TO, letter=letter_id, month=month, as_printed=as_printed)
    return Reply.of(cards.handed_to_card(turn.say), fresh=True)


@router.callback_query(Pressed(HandedToPress), InDialogue(_TO))
async def take_receiver(_press: CallbackQuery, turn: Turn, pressed: HandedToPress) -> Reply:
    turn.dialogue.go(_DAY, to=translator(REFERENCE).plain(RECEIVERS[pressed.receiver]))
    return Reply.of(await _card(turn))


@router.callback_query(Pressed(MonthPress), InDialogue(_DAY))
async def turn_month(_press: CallbackQuery, turn: Turn, pressed: MonthPress) -> Reply:
    turn.dialogue.remember(month=pressed.first_day.isoformat())
    return Reply.of(await _card(turn))


@router.callback_query(Pressed(DayPress), InDialogue(_DAY))
async def take_day(_press: CallbackQuery, turn: Turn, pressed: DayPress) -> Reply:
    letter, _row = await open_paper(turn.session, turn.actor, turn.dialogue.data["letter"])
    try:
        check_handed_on(turn.clock, turn.programme, letter, pressed.day)
    except Refusal as refusal:
        return Reply.of(await _card(turn, refusal))
    turn.dialogue.go(_CHECK, day=pressed.day.isoformat())
    return Reply.of(await _card(turn))


@router.callback_query(Pressed(HandedBackPress), _OPEN)
async def go_back(_press: CallbackQuery, turn: Turn) -> Reply:
    turn.dialogue.go(_DAY if turn.dialogue.state == _CHECK else _TO)
    return Reply.of(await _card(turn))


@router.callback_query(Pressed(HandedYesPress))
async def record(_press: CallbackQuery, turn: Turn, pressed: HandedYesPress) -> Reply:
    """A second tap finds the question gone. Raises OutOfDate then."""
    data = turn.dialogue.data
    if turn.dialogue.state != _CHECK or data["letter"] != pressed.letter:
        raise OutOfDate
    _letter, row = await open_paper(turn.session, turn.actor, pressed.letter)
    who, day, as_printed = data["to"], date.fromisoformat(data["day"]), data["as_printed"]
    given = turn.session, turn.clock, turn.programme, turn.actor, pressed.letter, who, day
    try:
        await hand_over(*given, as_printed=as_printed)
    except PaperChanged:  # while the questions were answered
        turn.dialogue.end()
        return Reply.of(cards.changed_paper_card(turn.say, row.id, pressed.letter))
    turn.dialogue.end()
    return Reply.of(cards.handed_card(turn.say, row.id))


# --- a follow-up


@router.callback_query(Pressed(FollowUpWordsPress))
async def ask_words(_press: CallbackQuery, turn: Turn, pressed: FollowUpWordsPress) -> Reply:
    view = await view_carrying(turn.session, turn.clock, turn.programme, turn.actor, pressed.interpellation)
    if view.round is None or view.round == 1:
        raise OutOfDate
    turn.dialogue.begin(_WORDS, case=view.case.id)
    return Reply.of(cards.follow_up_card(turn.say, view), fresh=True)


# --- the time


@router.callback_query(Pressed(WhyDatePress))
async def explain(_press: CallbackQuery, turn: Turn, pressed: WhyDatePress) -> Reply:
    due = await explain_due(turn.session, turn.clock, turn.programme, turn.actor, pressed.interpellation)
    await leave_live_card(turn)
    return Reply.of(why_card(turn.say, due))


@router.callback_query(Pressed(ExtendPress))
async def offer_time(_press: CallbackQuery, turn: Turn, pressed: ExtendPress) -> Reply:
    row, offered = await offered_extensions(
        turn.session, turn.clock, turn.programme, turn.actor, pressed.interpellation
    )
    return Reply.of(extend_card(turn.say, row.number, row.id, offered))


@router.callback_query(Pressed(ExtendByPress))
async def ask_reason(_press: CallbackQuery, turn: Turn, pressed: ExtendByPress) -> Reply:
    await offered_extensions(turn.session, turn.clock, turn.programme, turn.actor, pressed.interpellation)
    turn.dialogue.begin(_REASON, case=pressed.interpellation, days=pressed.days)
    return Reply.of(await _card(turn))


@router.callback_query(Pressed(ExtendReasonPress))
async def take_reason(_press: CallbackQuery, turn: Turn, pressed: ExtendReasonPress) -> Reply:
    """A second tap finds the question gone. Raises OutOfDate then."""
    data = turn.dialogue.data
    if turn.dialogue.state != _REASON or (data["case"], data["days"]) != (pressed.interpellation, pressed.days):
        raise OutOfDate
    return await _extended(turn, translator(REFERENCE).plain(REASONS[pressed.reason]))


async def _extended(turn: Turn, reason: str) -> Reply:
    case, days = turn.dialogue.data["case"], turn.dialogue.data["days"]
    told = await extend(
        turn.session,
        turn.clock,
        turn.programme,
        turn.actor,
        case,
        days,
        reason,
        mail=partial(partner_mail, base_url=turn.public_url),
        has_pages=turn.public_url is not None,
    )
    turn.dialogue.end()
    due = await explain_due(turn.session, turn.clock, turn.programme, turn.actor, case)
    return Reply.of(extended_card(turn.say, due, partner_told=told))


# --- what is typed


@router.message(_OPEN, is_speech)
async def take_message(message: Message, turn: Turn) -> Reply:
    """A name, a reason or the words of a follow-up; what the question does not ask for is answered once."""
    try:
        return await _taken(turn, message)
    except Refusal as refusal:
        return SILENCE if is_burst(turn) else Reply.of(await _card(turn, refusal))


async def _taken(turn: Turn, message: Message) -> Reply:
    match turn.dialogue.state:
        case step if step == _TO:
            turn.dialogue.go(_DAY, to=written(_text(message), HANDED_LIMIT))
            return Reply.of(await _card(turn))
        case step if step == _REASON:
            return await _extended(turn, written(_text(message), REASON_LIMIT))
        case step if step == _WORDS:
            words, case = written(_text(message), FOLLOW_UP_LIMIT), turn.dialogue.data["case"]
            row = await send_follow_up(turn.session, turn.clock, turn.programme, turn.actor, case, words)
            turn.dialogue.end()
            return Reply.of(cards.wished_card(turn.say, row.id))
    raise ButtonsAwaited


@resumes(FEATURE, draft=False)
async def resume(turn: Turn) -> Reply:
    return Reply.of(await _card(turn))


async def _card(turn: Turn, refusal: Refusal | None = None) -> Card:
    """The open question, with what was wrong about the last answer."""
    say, data = turn.say, turn.dialogue.data
    trouble = refusal_sentence(refusal, say) if refusal is not None else ""
    match turn.dialogue.state:
        case step if step == _REASON:
            return reason_card(say, data["case"], data["days"], trouble)
        case step if step == _WORDS:
            view = await view_carrying(turn.session, turn.clock, turn.programme, turn.actor, data["case"])
            return cards.follow_up_card(say, view, trouble)
        case step if step == _DAY:
            letter, _row = await open_paper(turn.session, turn.actor, data["letter"])
            first = local(letter.created_at, turn.programme.tz).date()
            return cards.handed_day_card(say, date.fromisoformat(data["month"]), first, _today(turn), trouble)
        case step if step == _CHECK:
            return cards.handed_check_card(say, data["letter"], data["to"], date.fromisoformat(data["day"]))
    return cards.handed_to_card(say, trouble)


def _text(message: Message) -> str:
    """Raises WordsAwaited."""
    if message.text is None:
        raise WordsAwaited
    return message.text


def _today(turn: Turn) -> date:
    return local(turn.clock.now(), turn.programme.tz).date()
