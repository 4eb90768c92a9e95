"""Before anybody else reads it: opened or sent back by a lead or an animator, written down, heard; later withdrawn."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message
from markupsafe import Markup

from council.contents import Content, bare_words
from council.errors import NotAllowed, OutOfDate, Refusal
from council.interpellation_drafts import Question, Voice, write_answer
from council.interpellation_states import load_interpellation
from council.interpellations import open_to_sign, prolong_signing, send_back, withdraw_interpellation
from handlers.awaited import WordsAwaited
from handlers.cards.card import Card, Lines, Media, MediaKind, Place, Reply, quoted, shorten
from handlers.cards.interpellation import (
    HearPress,
    OpenToSignPress,
    ProlongPress,
    SendBackPress,
    WithdrawInterpellationPress,
    WriteTextPress,
    back_row,
)
from handlers.cards.interpellation_asking import label_words
from handlers.cards.interpellation_more import (
    USUAL_REASONS,
    UsualReasonPress,
    WithdrawnInterpellationPress,
    WriteAnswerPress,
    send_back_card,
    withdraw_card,
    write_answer_card,
    write_card,
)
from handlers.cards.refusals import refusal_sentence
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.interpellation_signing import as_it_is, card_of, seen
from handlers.live_messages import leave_live_card
from handlers.turn import Turn
from locales.translator import REFERENCE, translator
from storage.support import ContentKind

router = Router(name="interpellation_opening")

FEATURE = "iopen"
_CAPTION_LIMIT = 700
_REASON, _ANSWER = f"{FEATURE}:reason", f"{FEATURE}:answer"


@router.callback_query(Pressed(OpenToSignPress))
async def open_it(_press: CallbackQuery, turn: Turn, pressed: OpenToSignPress) -> Reply:
    number = pressed.interpellation
    try:
        await open_to_sign(turn.session, turn.clock, turn.programme, turn.actor, number, pressed.revision)
    except Refusal as refusal:
        return await as_it_is(turn, number, refusal)
    return Reply.of(await card_of(turn, number), toast=turn.say.plain("C’est public. On peut signer."))


@router.callback_query(Pressed(SendBackPress))
async def ask_why(_press: CallbackQuery, turn: Turn, pressed: SendBackPress) -> Reply:
    view = await seen(turn, pressed.interpellation)
    if not view.carries:
        raise NotAllowed
    await leave_live_card(turn)
    turn.dialogue.begin(_REASON, interpellation=view.id)
    return Reply.of(send_back_card(turn.say, view))


@router.callback_query(Pressed(UsualReasonPress))
async def send_back_as_usual(_press: CallbackQuery, turn: Turn, pressed: UsualReasonPress) -> Reply:
    """In French, the language of all texts that a council keeps."""
    if not 0 <= pressed.number < len(USUAL_REASONS):
        raise NotAllowed
    french = translator(REFERENCE, turn.programme.timezone)
    return await _sent_back(turn, pressed.interpellation, french.plain(USUAL_REASONS[pressed.number]))


@router.message(InDialogue(_REASON), is_speech)
async def receive_reason(message: Message, turn: Turn) -> Reply:
    interpellation_id = turn.dialogue.data["interpellation"]
    if message.text is None:
        view = await seen(turn, interpellation_id)
        return Reply.of(send_back_card(turn.say, view, refusal_sentence(WordsAwaited(), turn.say)))
    return await _sent_back(turn, interpellation_id, message.text)


@router.callback_query(Pressed(WriteTextPress))
async def ask_which(_press: CallbackQuery, turn: Turn, pressed: WriteTextPress) -> Reply:
    view = await seen(turn, pressed.interpellation)
    if not view.carries or view.is_public:
        raise NotAllowed
    await leave_live_card(turn)
    _finish(turn)
    return Reply.of(write_card(turn.say, view))


@router.callback_query(Pressed(WriteAnswerPress))
async def ask_words(_press: CallbackQuery, turn: Turn, pressed: WriteAnswerPress) -> Reply:
    view = await seen(turn, pressed.interpellation)
    if not view.carries or view.is_public:
        raise NotAllowed
    turn.dialogue.begin(_ANSWER, interpellation=view.id, question=pressed.question.value)
    return Reply.of(write_answer_card(turn.say, view, pressed.question))


@router.message(InDialogue(_ANSWER), is_speech)
async def receive_words(message: Message, turn: Turn) -> Reply:
    """Then which other one? Opened meanwhile: the card says so."""
    interpellation_id, question = turn.dialogue.data["interpellation"], Question(turn.dialogue.data["question"])
    try:
        if message.text is None:
            raise WordsAwaited
        await write_answer(turn.session, turn.clock, turn.actor, interpellation_id, question, message.text)
    except (NotAllowed, OutOfDate) as refusal:
        _finish(turn)
        return await as_it_is(turn, interpellation_id, refusal)
    except Refusal as refusal:
        view = await seen(turn, interpellation_id)
        return Reply.of(write_answer_card(turn.say, view, question, refusal_sentence(refusal, turn.say)))
    _finish(turn)
    return Reply.of(await card_of(turn, interpellation_id))


@router.callback_query(Pressed(HearPress))
async def hear_and_see(_press: CallbackQuery, turn: Turn, pressed: HearPress) -> Reply:
    """Voices for those who open it alone, each under the question that it answers; photos for whoever may read it."""
    interpellation = await load_interpellation(turn.session, turn.actor, pressed.interpellation)
    voices = interpellation.originals if turn.actor.manages(interpellation.council_id) else []
    spoken = [Voice.from_json(each) for each in voices]
    cards = [_shown(each.content, _heading(turn, each)) for each in spoken]
    files = [Content.from_json(each) for each in interpellation.evidence]
    carries = turn.actor.manages(interpellation.council_id)
    heading = turn.say.plain("Une photo ou un papier")
    cards += [_shown(each, heading, bare_words(each) if carries else "") for each in files]
    if not cards:
        raise NotAllowed
    cards[-1] = cards[-1].with_rows(back_row(turn.say, interpellation.id))
    return Reply.of(*cards, fresh=True)


@router.callback_query(Pressed(ProlongPress))
async def prolong(_press: CallbackQuery, turn: Turn, pressed: ProlongPress) -> Reply:
    number = pressed.interpellation
    try:
        await prolong_signing(turn.session, turn.clock, turn.programme, turn.actor, number, pressed.revision)
    except Refusal as refusal:
        return await as_it_is(turn, number, refusal)
    return Reply.of(await card_of(turn, number), toast=turn.say.plain("Il y a plus de temps."))


@router.callback_query(Pressed(WithdrawInterpellationPress))
async def ask_to_withdraw(_press: CallbackQuery, turn: Turn, pressed: WithdrawInterpellationPress) -> Reply:
    view = await seen(turn, pressed.interpellation)
    if not view.may_withdraw:
        return await as_it_is(turn, view.id, OutOfDate())
    await leave_live_card(turn)
    return Reply.of(withdraw_card(turn.say, view))


@router.callback_query(Pressed(WithdrawnInterpellationPress))
async def withdraw(_press: CallbackQuery, turn: Turn, pressed: WithdrawnInterpellationPress) -> Reply:
    number = pressed.interpellation
    try:
        await withdraw_interpellation(turn.session, turn.clock, turn.actor, number)
    except Refusal as refusal:
        return await as_it_is(turn, number, refusal)
    return Reply.of(await card_of(turn, number), toast=turn.say.plain("C’est retiré."))


@resumes(FEATURE, draft=False)
async def resume(turn: Turn) -> Reply:
    view = await seen(turn, turn.dialogue.data["interpellation"])
    if turn.dialogue.state == _ANSWER:
        return Reply.of(write_answer_card(turn.say, view, Question(turn.dialogue.data["question"])))
    return Reply.of(send_back_card(turn.say, view))


async def _sent_back(turn: Turn, interpellation_id: int, reason: str) -> Reply:
    try:
        await send_back(turn.session, turn.clock, turn.actor, interpellation_id, reason)
    except (NotAllowed, OutOfDate) as refusal:
        _finish(turn)
        return await as_it_is(turn, interpellation_id, refusal)
    except Refusal as refusal:
        view = await seen(turn, interpellation_id)
        return Reply.of(send_back_card(turn.say, view, refusal_sentence(refusal, turn.say)))
    _finish(turn)
    done = turn.say.plain("C’est renvoyé. L’auteur lira pourquoi.")
    return Reply.of(await card_of(turn, interpellation_id), toast=done)


def _finish(turn: Turn) -> None:
    """One of these questions is answered, or is not asked any more."""
    if (turn.dialogue.state or "").partition(":")[0] == FEATURE:
        turn.dialogue.end()


def _heading(turn: Turn, voice: Voice) -> str:
    """The question that it answers; without one it says what an answer lacks."""
    if voice.question is None:
        return turn.say.plain("Ce qui manque dans la réponse")
    return label_words(turn.say, voice.question)


def _shown(content: Content, heading: str, said: str = "") -> Card:
    """What was sent, in one message, with what was written of it: for those alone who decide what is published."""
    words = Markup("<b>{}</b>").format(heading)
    if said:
        words = Lines().add(words, quoted(shorten(said, _CAPTION_LIMIT))).text
    if content.latitude is not None and content.longitude is not None:
        return Card(words, place=Place(content.latitude, content.longitude))
    if content.file_id is None or content.kind is ContentKind.TEXT:
        return Card(words)
    return Card(words, media=Media(MediaKind(content.kind.value), file_id=content.file_id))
