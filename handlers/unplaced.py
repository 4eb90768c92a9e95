"""The last router: what no other one took gets a kind answer, never silence. Groups never come this far."""

from aiogram import Router
from aiogram.enums import ContentType
from aiogram.types import CallbackQuery, Message

from handlers.bursts import is_burst
from handlers.cards.card import SILENCE, Reply
from handlers.cards.unplaced import Sent, dead_button, unexpected_card, unplaced_card
from handlers.turn import Turn

router = Router(name="unplaced")

_SENT = {
    ContentType.TEXT: Sent.WORDS,
    ContentType.RICH_MESSAGE: Sent.WORDS,
    ContentType.VOICE: Sent.VOICE,
    ContentType.VIDEO_NOTE: Sent.VOICE,
    ContentType.PHOTO: Sent.PICTURE,
    ContentType.LIVE_PHOTO: Sent.PICTURE,
    ContentType.VIDEO: Sent.PICTURE,
    ContentType.ANIMATION: Sent.PICTURE,
    ContentType.PAID_MEDIA: Sent.PICTURE,
    ContentType.STORY: Sent.PICTURE,
    ContentType.AUDIO: Sent.FILE,
    ContentType.DOCUMENT: Sent.FILE,
    ContentType.LOCATION: Sent.LOCATION,
    ContentType.VENUE: Sent.LOCATION,
    ContentType.CONTACT: Sent.CONTACT,
    ContentType.STICKER: Sent.PLAY,
    ContentType.DICE: Sent.PLAY,
    ContentType.POLL: Sent.PLAY,
    ContentType.GAME: Sent.PLAY,
    ContentType.CHECKLIST: Sent.WORDS,
    ContentType.GIVEAWAY: Sent.PLAY,
    ContentType.INVOICE: Sent.PLAY,
    ContentType.UNKNOWN: Sent.WORDS,
}
"""All that people send; the other types are Telegram's own notes (a pin, a timer), which expect no answer."""


@router.message()
async def answer(message: Message, turn: Turn) -> Reply:
    sent = _SENT.get(ContentType(message.content_type))
    if sent is Sent.WORDS and (message.text or "").startswith("/"):
        sent = Sent.COMMAND
    return SILENCE if sent is None else _kindly(turn, sent)


@router.edited_message()
async def answer_correction(message: Message, turn: Turn) -> Reply:
    """A live position is no correction: Telegram edits its message every few seconds while the person walks."""
    return SILENCE if message.location is not None else _kindly(turn, Sent.CORRECTION)


@router.callback_query()
async def answer_dead_button(_press: CallbackQuery, turn: Turn) -> Reply:
    return dead_button(turn.known, turn.say)


def _kindly(turn: Turn, sent: Sent) -> Reply:
    if is_burst(turn):
        return SILENCE
    if turn.dialogue.state is not None:
        return Reply.of(unexpected_card(sent, turn.say))
    return Reply.of(unplaced_card(sent, turn.programme, turn.known, turn.say))
