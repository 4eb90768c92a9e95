"""Publishing the minutes: a lead opens a meeting that is over and sends the file."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from council.meeting_minutes import check_may_have_minutes, publish_minutes
from handlers.awaited import DocumentAwaited
from handlers.bursts import is_burst
from handlers.cards.card import SILENCE, Reply
from handlers.cards.meeting_minutes import PublishMinutesPress, file_asked_card, published_card
from handlers.cards.refusals import refusal_card
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.live_messages import leave_live_card
from handlers.turn import Turn

router = Router(name="meeting_minutes")

FEATURE = "minutes"
_FILE = f"{FEATURE}:file"


@router.callback_query(Pressed(PublishMinutesPress))
async def ask_for_file(_press: CallbackQuery, turn: Turn, pressed: PublishMinutesPress) -> Reply:
    await check_may_have_minutes(turn.session, turn.clock, turn.actor, pressed.meeting)
    await leave_live_card(turn)
    turn.dialogue.begin(_FILE, meeting=pressed.meeting)
    return Reply.of(file_asked_card(turn.say, pressed.meeting))


@router.message(InDialogue(_FILE), is_speech)
async def receive_file(message: Message, turn: Turn) -> Reply:
    if message.document is None or message.animation is not None:
        return SILENCE if is_burst(turn) else Reply.of(refusal_card(DocumentAwaited(), turn.say, in_dialogue=True))
    meeting_id = turn.dialogue.data["meeting"]
    await publish_minutes(turn.session, turn.clock, turn.actor, meeting_id, message.document.file_id)
    turn.dialogue.end()
    return Reply.of(published_card(turn.say, meeting_id))


@resumes(FEATURE, draft=False)
async def resume(turn: Turn) -> Reply:
    meeting_id = turn.dialogue.data["meeting"]
    await check_may_have_minutes(turn.session, turn.clock, turn.actor, meeting_id)
    return Reply.of(file_asked_card(turn.say, meeting_id))
