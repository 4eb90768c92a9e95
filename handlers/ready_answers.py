"""Ready answers: chosen, read as the person will read them, sent as they are or in the animator's own words."""

from hashlib import sha256

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from council.contents import Content, NotRelayable
from council.errors import NotAllowed, NotJoined, Refusal
from council.ready_answers import Addressee, addressee_of, filled, language_of, offered, pick
from council.settings import REFERENCE_LANGUAGE
from council.support_deliveries import delivery_line
from council.support_settings import ReadyAnswer
from council.support_talk import TalkEnded, say_to_requester
from handlers.cards.card import Reply
from handlers.cards.ready_answers import change_card, copyable_card, preview_card, ready_answers_card
from handlers.cards.refusals import refusal_sentence
from handlers.cards.request import ChangeReadyPress, ReadyAnswerPress, ReadyAnswersPress, SendReadyPress
from handlers.cards.talk import line_card
from handlers.contents import PIECE, content_of
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.formatted_text import html_pieces
from handlers.live_messages import leave_live_card
from handlers.notices.support_talk import night_end
from handlers.requests import request_card
from handlers.requests_work import as_it_is
from handlers.turn import Turn
from locales.translator import END_ISOLATE, ISOLATE, translator
from storage.support import ContentKind, SupportMessage

router = Router(name="ready_answers")

FEATURE = "ready"
_OWN = f"{FEATURE}:own"


@router.callback_query(Pressed(ReadyAnswersPress))
async def list_answers(_press: CallbackQuery, turn: Turn, pressed: ReadyAnswersPress) -> Reply:
    try:
        to = await addressee_of(turn.session, turn.actor, pressed.request)
    except Refusal as refusal:
        return await as_it_is(turn, pressed.request, refusal)
    await leave_live_card(turn)
    return Reply.of(ready_answers_card(turn.say, to, offered(turn.programme, to.kind), pressed.page))


@router.callback_query(Pressed(ReadyAnswerPress))
async def preview(_press: CallbackQuery, turn: Turn, pressed: ReadyAnswerPress) -> Reply:
    try:
        to = await addressee_of(turn.session, turn.actor, pressed.request)
    except Refusal as refusal:
        return await as_it_is(turn, pressed.request, refusal)
    await leave_live_card(turn)
    answer = pick(turn.programme, to.kind, pressed.code)
    language = language_of(answer, to.language)
    french = None if language == REFERENCE_LANGUAGE else _text(turn, to, answer, REFERENCE_LANGUAGE)
    return Reply.of(preview_card(turn.say, to, answer.code, _text(turn, to, answer, language), french))


@router.callback_query(Pressed(SendReadyPress))
async def send(_press: CallbackQuery, turn: Turn, pressed: SendReadyPress) -> Reply:
    """Written by no message of the animator's; a second tap on the same preview sends nothing more."""
    try:
        to = await addressee_of(turn.session, turn.actor, pressed.request)
        answer = pick(turn.programme, to.kind, pressed.code)
        parts = html_pieces(_text(turn, to, answer, language_of(answer, to.language)), (), PIECE)
        kept = await _say(turn, to.request_id, Content(ContentKind.TEXT, turn.chat_id, _place(turn, pressed), parts))
    except Refusal as refusal:
        return await as_it_is(turn, pressed.request, refusal)
    said = turn.say.plain("C’est envoyé.") if kept else turn.say.plain("C’est déjà envoyé.")
    return await _sent(turn, to.request_id, kept, said)


@router.callback_query(Pressed(ChangeReadyPress))
async def ask_own_words(_press: CallbackQuery, turn: Turn, pressed: ChangeReadyPress) -> Reply:
    try:
        to = await addressee_of(turn.session, turn.actor, pressed.request)
    except Refusal as refusal:
        return await as_it_is(turn, pressed.request, refusal)
    await leave_live_card(turn)
    answer = pick(turn.programme, to.kind, pressed.code)
    turn.dialogue.begin(_OWN, request=pressed.request, code=pressed.code)
    text = _text(turn, to, answer, language_of(answer, to.language))
    return Reply.of(copyable_card(text), change_card(turn.say, to))


@router.message(InDialogue(_OWN), is_speech)
async def receive_own_words(message: Message, turn: Turn) -> Reply:
    request_id = turn.dialogue.data["request"]
    try:
        kept = await _say(turn, request_id, content_of(message))
    except (NotAllowed, NotJoined):
        raise
    except NotRelayable as refusal:
        to = await addressee_of(turn.session, turn.actor, request_id)
        return Reply.of(change_card(turn.say, to, refusal_sentence(refusal, turn.say)))
    except TalkEnded as refusal:
        turn.dialogue.end()
        return await as_it_is(turn, request_id, refusal)
    turn.dialogue.end()
    return await _sent(turn, request_id, kept)


@resumes(FEATURE, draft=False)
async def resume(turn: Turn) -> Reply:
    to = await addressee_of(turn.session, turn.actor, turn.dialogue.data["request"])
    return Reply.of(change_card(turn.say, to))


async def _say(turn: Turn, request_id: int, content: Content) -> list[SupportMessage]:
    return await say_to_requester(turn.session, turn.clock, turn.programme, turn.actor, request_id, [content])


async def _sent(turn: Turn, request_id: int, kept: list[SupportMessage], toast: str = "") -> Reply:
    """The request as it is now, and how far the words have come."""
    card = await request_card(turn, request_id)
    line = await delivery_line(turn.session, turn.actor.person_id, kept[0].id) if kept else None
    if line is None:
        return Reply.of(card, toast=toast)
    leaves_at = night_end(turn.programme, turn.clock, line)
    return Reply.of(card, line_card(turn.say, line, leaves_at, writing=False), toast=toast)


def _place(turn: Turn, pressed: SendReadyPress) -> int:
    """Where the words are said to stand: below zero, where no message is, and the same for each tap on a preview."""
    preview = f"{turn.message_id}:{pressed.request}:{pressed.code}"
    return -int.from_bytes(sha256(preview.encode()).digest()[:7])


def _text(turn: Turn, to: Addressee, answer: ReadyAnswer, language: str) -> str:
    """In that language; names keep their own direction inside a right-to-left text."""
    say = translator(language, turn.programme.timezone)
    fields = to.fields(say.plain("votre conseil"))
    if say.is_rtl:
        fields = {name: f"{ISOLATE}{value}{END_ISOLATE}" for name, value in fields.items()}
    return filled(answer, language, fields)
