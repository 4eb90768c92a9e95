"""The last router: what no other one took gets a kind answer, never silence. Groups never come this far.

What somebody sends out of any dialogue is held, and they are asked what to do with it: nothing is lost.
"""

from typing import Any

from aiogram import Router
from aiogram.enums import ContentType
from aiogram.types import CallbackQuery, Message

from council import live_cards
from council.contents import Content, NotRelayable
from council.errors import OutOfDate
from council.live_cards import LiveKind
from council.support_adding import requests_to_add_to, requests_to_answer
from council.support_states import load_support
from handlers.bursts import answered_now, is_burst
from handlers.cards.card import SILENCE, Card, Reply
from handlers.cards.home import home_after
from handlers.cards.support_words import MOST_KEPT
from handlers.cards.unplaced import (
    HELD,
    HeldAskPress,
    HeldForPress,
    HeldInterpellatePress,
    HeldNothingPress,
    HeldProposePress,
    Sent,
    dead_button,
    held_card,
    unexpected_card,
    unplaced_card,
)
from handlers.contents import content_of, corrected
from handlers.dialogues import resumes, show_open
from handlers.filters import InDialogue, Pressed
from handlers.interpellations import begin_with as interpellate_with
from handlers.live_messages import leave_live_card
from handlers.proposals import begin_with as propose_with
from handlers.support import begin_with, give_words
from handlers.talk import say_held
from handlers.turn import Turn

router = Router(name="unplaced")

FEATURE = "held"
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
_NOT_HELD = (Sent.COMMAND, Sent.PLAY)


@router.callback_query(Pressed(HeldAskPress), InDialogue(HELD))
async def ask_with_it(_press: CallbackQuery, turn: Turn) -> Reply:
    await leave_live_card(turn)
    return await begin_with(turn, _held(turn))


@router.callback_query(Pressed(HeldProposePress), InDialogue(HELD))
async def propose_it(_press: CallbackQuery, turn: Turn) -> Reply:
    held = _held(turn)
    await leave_live_card(turn)
    return await propose_with(turn, held)


@router.callback_query(Pressed(HeldInterpellatePress), InDialogue(HELD))
async def interpellate_with_it(_press: CallbackQuery, turn: Turn) -> Reply:
    held = _held(turn)
    await leave_live_card(turn)
    return await interpellate_with(turn, held)


@router.callback_query(Pressed(HeldForPress), InDialogue(HELD))
async def add_it(_press: CallbackQuery, turn: Turn, pressed: HeldForPress) -> Reply:
    held, request = _held(turn), await load_support(turn.session, turn.actor, pressed.request)
    await leave_live_card(turn)
    if request.person_id != turn.actor.person_id:
        return await say_held(turn, request.id, held)
    return await give_words(turn, request.id, held, f"{FEATURE}:{turn.update_id}")


@router.callback_query(Pressed(HeldNothingPress), InDialogue(HELD))
async def let_it_go(_press: CallbackQuery, turn: Turn) -> Reply:
    """What was left open before comes back."""
    await leave_live_card(turn)
    turn.dialogue.end()
    if turn.dialogue.left:
        turn.dialogue.return_to(turn.dialogue.left[0].mark)
        return await show_open(turn)
    return Reply.of(home_after(turn.known, turn.say, turn.say("C’est oublié."), turn.say("Que voulez-vous faire ?")))


@resumes(FEATURE)
async def resume(turn: Turn) -> Reply:
    return Reply.of(await _ask(turn))


@router.message()
async def answer(message: Message, turn: Turn) -> Reply:
    sent = _SENT.get(ContentType(message.content_type))
    if sent is Sent.WORDS and (message.text or "").startswith("/"):
        sent = Sent.COMMAND
    if sent is None:
        return SILENCE
    if turn.known is not None and turn.dialogue.state in (None, HELD) and sent not in _NOT_HELD:
        try:
            return await _hold(turn, content_of(message))
        except NotRelayable:
            pass  # of a kind that cannot be shown to anybody: it is answered like a game
    return _kindly(turn, sent)


@router.edited_message()
async def answer_correction(message: Message, turn: Turn) -> Reply:
    """A live position is no correction: Telegram edits its message every few seconds while the person walks."""
    if message.location is not None:
        return SILENCE
    if turn.dialogue.state == HELD:
        newer = corrected(turn.dialogue.data["held"], content_of(message))
        if newer is not None:
            turn.dialogue.remember(held=list(newer))
            return SILENCE if is_burst(turn) else Reply.of(await _ask(turn, is_corrected=True))
    return _kindly(turn, Sent.CORRECTION)


@router.callback_query()
async def answer_dead_button(_press: CallbackQuery, turn: Turn) -> Reply:
    return dead_button(turn.known, turn.say)


async def _hold(turn: Turn, content: Content) -> Reply:
    """Kept in the dialogue; a flood gets one answer, which is kept true."""
    held: list[dict[str, Any]] = turn.dialogue.data["held"] if turn.dialogue.state == HELD else []
    turn.dialogue.go(HELD, held=[*held, content.as_json()][:MOST_KEPT])
    goes_on = bool(held) and is_burst(turn)
    answered_now(turn)
    if goes_on:
        await live_cards.refresh(turn.session, turn.clock, LiveKind.SUPPORT_DRAFT, turn.actor.person_id)
        return SILENCE
    return Reply.of(await _ask(turn))


async def _ask(turn: Turn, *, is_corrected: bool = False) -> Card:
    requests = await requests_to_add_to(turn.session, turn.clock, turn.programme, turn.actor)
    kept = len(turn.dialogue.data["held"])
    turn.dialogue.remember(told=kept)
    to_answer = await requests_to_answer(turn.session, turn.actor)
    return held_card(turn.say, kept, requests, to_answer, turn.actor.person_id, corrected=is_corrected)


def _held(turn: Turn) -> tuple[Content, ...]:
    """Raises OutOfDate when nothing is held."""
    held = turn.dialogue.data.get("held")
    if not held:
        raise OutOfDate
    return tuple(Content.from_json(each) for each in held)


def _kindly(turn: Turn, sent: Sent) -> Reply:
    if is_burst(turn):
        return SILENCE
    if turn.dialogue.state is not None:
        return Reply.of(unexpected_card(sent, turn.say))
    return Reply.of(unplaced_card(sent, turn.programme, turn.known, turn.say))
