"""Reading an answer, saying whether it answers, and asking once more."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from council.answer_files import files_of_answer
from council.contents import Content
from council.errors import EmptyWords, NotAllowed, OutOfDate, Refusal
from council.interpellation_opinions import AGAIN_LIMIT, AnswerView, ask_again, judge_answer, view_answer
from council.written import written
from handlers.awaited import SpeechAwaited
from handlers.bursts import is_burst
from handlers.cards.answer_files import file_card
from handlers.cards.card import SILENCE, Reply
from handlers.cards.interpellation_answer import (
    MISSING,
    AnswerFilesPress,
    AnswerPagePress,
    AnswerPress,
    AskAgainPress,
    JudgeAnswerPress,
    MissingPress,
    WishPress,
    answer_card,
    answer_page_card,
    missing_card,
    wish_card,
    wished_card,
)
from handlers.cards.refusals import refusal_sentence
from handlers.contents import VOICES, content_of
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.live_messages import leave_live_card
from handlers.turn import Turn
from locales.translator import REFERENCE, translator
from storage.interpellations import Opinion

router = Router(name="interpellation_answers")

FEATURE = "asking_again"
_WORDS, _PREVIEW = f"{FEATURE}:words", f"{FEATURE}:preview"
_OPEN = InDialogue(f"{FEATURE}:*")


@router.callback_query(Pressed(AnswerPress))
async def open_answer(_press: CallbackQuery, turn: Turn, pressed: AnswerPress) -> Reply:
    await leave_live_card(turn)
    if (turn.dialogue.state or "").split(":")[0] == FEATURE:
        turn.dialogue.end()
    return Reply.of(answer_card(turn.say, await _view(turn, pressed.answer)))


@router.callback_query(Pressed(AnswerPagePress))
async def read_on(_press: CallbackQuery, turn: Turn, pressed: AnswerPagePress) -> Reply:
    return Reply.of(answer_page_card(turn.say, await _view(turn, pressed.answer), pressed.page))


@router.callback_query(Pressed(AnswerFilesPress))
async def show_files(_press: CallbackQuery, turn: Turn, pressed: AnswerFilesPress) -> Reply:
    files = await files_of_answer(turn.session, turn.actor, pressed.answer)
    return Reply.of(*(file_card(each) for each in files), fresh=True)


@router.callback_query(Pressed(JudgeAnswerPress))
async def judge(_press: CallbackQuery, turn: Turn, pressed: JudgeAnswerPress) -> Reply:
    await judge_answer(turn.session, turn.clock, turn.actor, pressed.answer, pressed.opinion)
    view = await _view(turn, pressed.answer)
    return Reply.of(answer_card(turn.say, view, _thanks(turn, view, pressed.opinion)))


@router.callback_query(Pressed(AskAgainPress))
async def ask_what_is_missing(_press: CallbackQuery, turn: Turn, pressed: AskAgainPress) -> Reply:
    view = await _view(turn, pressed.answer)
    if not view.is_author:
        raise NotAllowed
    if not view.may_ask_again:
        raise OutOfDate
    turn.dialogue.begin(_WORDS, answer=pressed.answer)
    return Reply.of(missing_card(turn.say, view))


@router.callback_query(Pressed(MissingPress), _OPEN)
async def take_usual_words(_press: CallbackQuery, turn: Turn, pressed: MissingPress) -> Reply:
    """The letter is in French, and so are these words, whatever their reader's language."""
    if not 0 <= pressed.number < len(MISSING):
        raise NotAllowed
    return await _preview(turn, translator(REFERENCE).plain(MISSING[pressed.number]))


@router.message(_OPEN, is_speech)
async def take_words(message: Message, turn: Turn) -> Reply:
    view = await _view(turn, turn.dialogue.data["answer"])
    try:
        if message.text is not None:
            return await _preview(turn, written(message.text, AGAIN_LIMIT))
        voice = content_of(message)
        if voice.kind not in VOICES:
            raise SpeechAwaited
        return await _preview(turn, "", voice)
    except Refusal as refusal:
        if is_burst(turn) and not isinstance(refusal, EmptyWords):
            return SILENCE
        return Reply.of(missing_card(turn.say, view, refusal_sentence(refusal, turn.say)))


@router.callback_query(Pressed(WishPress))
async def give_words(_press: CallbackQuery, turn: Turn, pressed: WishPress) -> Reply:
    """A second tap finds the dialogue over. Raises OutOfDate then."""
    data = turn.dialogue.data
    if turn.dialogue.state != _PREVIEW or data["key"] != pressed.key:
        raise OutOfDate
    voice = Content.from_json(data["voice"]) if data["voice"] is not None else None
    await ask_again(turn.session, turn.clock, turn.actor, data["answer"], data["words"], voice=voice)
    turn.dialogue.end()
    return Reply.of(wished_card(turn.say, await _view(turn, data["answer"])))


@resumes(FEATURE)
async def resume(turn: Turn) -> Reply:
    data, view = turn.dialogue.data, await _view(turn, turn.dialogue.data["answer"])
    if turn.dialogue.state == _PREVIEW:
        return Reply.of(wish_card(turn.say, view, data["words"], data["key"]))
    return Reply.of(missing_card(turn.say, view))


async def _preview(turn: Turn, words: str, voice: Content | None = None) -> Reply:
    kept = voice.as_json() if voice is not None else None
    turn.dialogue.go(_PREVIEW, words=words, voice=kept, key=turn.update_id)
    return Reply.of(wish_card(turn.say, await _view(turn, turn.dialogue.data["answer"]), words, turn.update_id))


async def _view(turn: Turn, answer_id: int) -> AnswerView:
    return await view_answer(turn.session, turn.actor, answer_id)


def _thanks(turn: Turn, view: AnswerView, opinion: Opinion) -> str:
    if view.is_author and opinion is not Opinion.YES and view.may_ask_again:
        return turn.say("C’est noté. Vous pouvez relancer.")
    return turn.say("Merci, c’est noté.")
