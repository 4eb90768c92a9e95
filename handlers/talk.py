"""The talk about a request in private chats: replies, the open conversation, corrections, and sending again."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from council import support_talk
from council.contents import Content, NotRelayable
from council.errors import NotAllowed
from council.support_adding import How, add_words
from council.support_deliveries import delivery_line
from council.support_mine import first_name, view_of
from council.support_relays import place_in_chat
from council.support_states import load_support
from council.support_talk import TalkEnded, TalkPlace, edit_message, find_talk, resend, say_to_requester
from handlers.cards.card import SILENCE, Reply
from handlers.cards.support import support_card
from handlers.cards.support_news import added_card
from handlers.cards.talk import (
    AnswerPress,
    ResendPress,
    TalkDonePress,
    corrected_card,
    done_card,
    line_card,
    resent_card,
    write_card,
)
from handlers.contents import content_of
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.notices.support_talk import WRITING, night_end
from handlers.turn import Turn
from storage.support import ENDED, SupportMessage, SupportRequest, SupportSide

router = Router(name="talk")

FEATURE = "talk"
APART = timedelta(seconds=5)
"""Messages that follow one another so closely get one line, which then speaks of all of them."""
_SAID = "_talk_said"  # aside: it is nothing that a dialogue is about


class AnswersTalk(Filter):
    """A reply to a relayed message, or to a card of a request; gives what it belongs to as `place`."""

    async def __call__(self, message: Message, turn: Turn) -> dict[str, Any] | bool:
        answered = message.reply_to_message
        if answered is None or turn.known is None or not is_speech(message):
            return False
        place = await find_talk(turn.session, turn.known.person_id, turn.chat_id, answered.message_id)
        return {"place": place} if place is not None else False


class EditsTalk(Filter):
    """A correction of a message that was kept with a request."""

    async def __call__(self, message: Message, turn: Turn) -> bool:
        if turn.known is None:
            return False
        found = await support_talk.find_by_copy(turn.session, turn.chat_id, message.message_id)
        return found is not None


@router.message(AnswersTalk())
async def answer(message: Message, turn: Turn, place: TalkPlace) -> Reply:
    return await _said(turn, place.request_id, content_of(message))


@router.edited_message(EditsTalk())
async def correct(message: Message, turn: Turn) -> Reply:
    """What cannot be shown to the other side any more (a live position moves) changes nothing."""
    try:
        content = content_of(message)
    except NotRelayable:
        return SILENCE
    before = await support_talk.find_by_copy(turn.session, turn.chat_id, message.message_id)
    was = before.edited_at if before is not None else None
    after = await edit_message(turn.session, turn.clock, turn.actor, content)
    if after is None or after.edited_at == was or _goes_on(turn, after.request_id):
        return SILENCE
    return Reply.of(corrected_card(turn.say, note=after.side is SupportSide.NOTE))


@router.callback_query(Pressed(AnswerPress))
async def begin(_press: CallbackQuery, turn: Turn, pressed: AnswerPress) -> Reply:
    """The message that the button stands on stays as it is."""
    request = await load_support(turn.session, turn.actor, pressed.request)
    answered = pressed.message
    if answered is not None:
        kept = await turn.session.get(SupportMessage, answered)
        if kept is None or kept.request_id != request.id:
            raise NotAllowed
    turn.dialogue.leave(besides=FEATURE)
    return await _ask_words(turn, request, answered)


@router.callback_query(Pressed(TalkDonePress))
async def done(_press: CallbackQuery, turn: Turn) -> Reply:
    if turn.dialogue.state != WRITING:
        return Reply.of(done_card(turn.say, None, to_team=True))
    request = await load_support(turn.session, turn.actor, turn.dialogue.data["request"])
    turn.dialogue.end()
    return Reply.of(done_card(turn.say, request.id, to_team=request.person_id == turn.actor.person_id), fresh=True)


@router.callback_query(Pressed(ResendPress))
async def send_again(_press: CallbackQuery, turn: Turn, pressed: ResendPress) -> Reply:
    await resend(turn.session, turn.clock, turn.actor, pressed.batch, pressed.revision)
    return Reply.of(resent_card(turn.say))


@router.message(InDialogue(WRITING), is_speech)
async def write(message: Message, turn: Turn) -> Reply:
    data = turn.dialogue.data
    content = content_of(message)
    reply = await _said(turn, data["request"], content, answers=data.get("message"))
    if data.get("message") is not None and turn.dialogue.state == WRITING:
        turn.dialogue.remember(message=None)
    return reply


@resumes(FEATURE)
async def resume(turn: Turn) -> Reply:
    """Raises NotAllowed when the request is not theirs to talk about any more."""
    request = await load_support(turn.session, turn.actor, turn.dialogue.data["request"])
    return await _ask_words(turn, request, turn.dialogue.data.get("message"))


async def _ask_words(turn: Turn, request: SupportRequest, answered: int | None) -> Reply:
    """Raises TalkEnded to the team; a requester's words open a request again, or begin another."""
    to_team = request.person_id == turn.actor.person_id
    if not to_team and request.state in ENDED:
        raise TalkEnded
    turn.dialogue.go(WRITING, request=request.id, message=answered)
    name = await first_name(turn.session, request.animator_id if to_team else request.person_id) or ""
    return Reply.of(write_card(turn.say, name, to_team=to_team), fresh=True)


async def _said(turn: Turn, request_id: int, content: Content, answers: int | None = None) -> Reply:
    """To the other side of the request, whichever it is; what became of it is said in a line that is kept true."""
    request = await load_support(turn.session, turn.actor, request_id)
    if answers is not None and content.reply_to is None:
        content = replace(content, reply_to=await place_in_chat(turn.session, answers, turn.chat_id))
    session, clock, programme, actor = turn.session, turn.clock, turn.programme, turn.actor
    if request.person_id != actor.person_id:
        await say_to_requester(session, clock, programme, actor, request.id, (content,))
        return await _line(turn, content)
    added = await add_words(session, clock, programme, actor, request.id, (content,), turn.request_key)
    if added.how is How.ADDED:
        return await _line(turn, content)
    if turn.dialogue.state == WRITING:
        turn.dialogue.end()
    view = await view_of(session, clock, added.request)
    return Reply.of(added_card(turn.say, view, added.how), support_card(turn.say, view))


async def say_held(turn: Turn, request_id: int, contents: tuple[Content, ...]) -> Reply:
    """What somebody of the team wrote before saying to whom. Raises what saying it to the requester raises."""
    await say_to_requester(turn.session, turn.clock, turn.programme, turn.actor, request_id, contents)
    turn.dialogue.end()
    return await _line(turn, contents[-1])


async def _line(turn: Turn, content: Content) -> Reply:
    kept = await support_talk.find_by_copy(turn.session, content.chat_id, content.message_id)
    if kept is None or _goes_on(turn, kept.request_id):
        return SILENCE
    line = await delivery_line(turn.session, turn.actor.person_id, kept.id)
    if line is None:
        return SILENCE
    leaves_at = night_end(turn.programme, turn.clock, line)
    return Reply.of(line_card(turn.say, line, leaves_at, writing=turn.dialogue.state == WRITING))


def _goes_on(turn: Turn, request_id: int) -> bool:
    """Whether this follows closely on what they wrote to the same request; from now on this counts as the last."""
    now, last = turn.clock.now(), turn.dialogue.data.get(_SAID)
    turn.dialogue.remember(**{_SAID: [request_id, now.isoformat()]})
    return last is not None and last[0] == request_id and now - datetime.fromisoformat(last[1]) < APART
