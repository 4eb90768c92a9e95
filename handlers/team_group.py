"""The group of the team: linked by who coordinates; whatever the team writes in a topic goes to who asked."""

import re
from dataclasses import replace
from typing import Any

from aiogram import F, Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from council import support_end, support_sorting, support_taking, support_talk, support_topics, team_group
from council.contents import Content
from council.errors import NotAllowed, OutOfDate, Refusal
from council.support_deliveries import delivery_line
from council.support_recipients import hearers_of
from council.support_states import may_handle
from handlers.awaited import NoLongerAwaited, WordsAwaited
from handlers.bursts import is_burst
from handlers.cards import team_group as cards
from handlers.cards.card import SILENCE, Card, Reply
from handlers.cards.group import LinkTeamPress
from handlers.cards.refusals import refusal_sentence
from handlers.cards.team_group import (
    TopicDonePress,
    TopicNotePress,
    TopicStopPress,
    TopicTakePress,
    TopicWaitPress,
    UnlinkTeamPress,
)
from handlers.contents import content_of
from handlers.filters import PEOPLE_SEND, Pressed
from handlers.notices.support_talk import night_end
from handlers.turn import Turn
from locales.translator import REFERENCE, Translator, translator
from storage.support import ENDED, SupportMessage, SupportRequest, SupportSide

router = Router(name="team_group")

NOTE, DONE = "topic:note", "topic:done"
MARK = "//"
"""What begins with it is a note of the team."""
_MARKED = re.compile(rf"^\s*((?:<[^>]*>)*)\s*{MARK}\s*")  # behind the tags of words in bold or in a link
_HELD_ALBUM = "_held_album"  # aside: it belongs to no dialogue


class InTopic(Filter):
    """The topic of a request in the team's group; gives the request as `topic`."""

    async def __call__(self, _event: Message, turn: Turn) -> dict[str, Any] | bool:
        if turn.in_private or turn.thread_id is None or turn.programme.support.talk != "topics":
            return False
        topic = await support_topics.request_in(turn.session, turn.chat_id, turn.thread_id)
        return {"topic": topic} if topic is not None else False


class InTeamGroup(Filter):
    """Anywhere in the team's group."""

    async def __call__(self, _event: Message, turn: Turn) -> bool:
        if turn.in_private or turn.programme.support.talk != "topics":
            return False
        return await team_group.linked_team(turn.session) == turn.chat_id


def _is_of_people(message: Message) -> bool:
    return message.content_type in PEOPLE_SEND


@router.callback_query(Pressed(LinkTeamPress))
async def link(press: CallbackQuery, turn: Turn) -> Reply:
    """Raises NotAllowed in a private chat, and for all but who coordinates."""
    if turn.in_private or press.message is None:
        raise NotAllowed
    await team_group.link_team(
        turn.session,
        turn.clock,
        turn.programme,
        turn.actor,
        turn.chat_id,
        has_topics=bool(press.message.chat.is_forum),
    )
    return Reply.of(cards.team_linked_card(_say(turn)))


@router.callback_query(Pressed(UnlinkTeamPress))
async def unlink(_press: CallbackQuery, turn: Turn) -> Reply:
    await team_group.unlink_team(turn.session, turn.clock, turn.actor, turn.chat_id)
    return Reply.of(cards.team_unlinked_card(_say(turn)))


@router.callback_query(Pressed(TopicTakePress))
async def take(_press: CallbackQuery, turn: Turn, pressed: TopicTakePress) -> Reply:
    await _pressed_topic(turn, pressed.request)
    await support_taking.take(turn.session, turn.clock, turn.actor, pressed.request)
    return Reply.of(toast=turn.say.plain("C’est à vous."))


@router.callback_query(Pressed(TopicWaitPress))
async def wait(_press: CallbackQuery, turn: Turn, pressed: TopicWaitPress) -> Reply:
    await _pressed_topic(turn, pressed.request)
    await support_sorting.wait_for_requester(turn.session, turn.clock, turn.actor, pressed.request)
    return Reply.of(toast=turn.say.plain("C’est noté. C’est à la personne de répondre."))


@router.callback_query(Pressed(TopicNotePress))
async def begin_note(_press: CallbackQuery, turn: Turn, pressed: TopicNotePress) -> Reply:
    await _pressed_topic(turn, pressed.request)
    _ask_for(turn, NOTE)
    return Reply.of(cards.note_prompt_card(_say(turn), turn.actor.first_name), fresh=True)


@router.callback_query(Pressed(TopicDonePress))
async def begin_result(_press: CallbackQuery, turn: Turn, pressed: TopicDonePress) -> Reply:
    request = await _pressed_topic(turn, pressed.request)
    if request.state in ENDED:
        raise OutOfDate
    _ask_for(turn, DONE)
    return Reply.of(cards.result_prompt_card(_say(turn), turn.actor.first_name), fresh=True)


@router.callback_query(Pressed(TopicStopPress))
async def stop(_press: CallbackQuery, turn: Turn) -> Reply:
    """Only who was asked stops it; for others the question stands."""
    if not _let_go_of_old(turn) and turn.dialogue.state not in (NOTE, DONE):
        raise NotAllowed
    turn.dialogue.end()
    return Reply.of(cards.stopped_card(_say(turn)))


@router.message(InTopic(), F.forum_topic_closed)
async def keep_open(message: Message, turn: Turn, topic: SupportRequest) -> Reply:
    """Closed by hand: nobody could answer there any more, and whoever asked would wait."""
    if not await support_topics.keep_topic_open(turn.session, turn.clock, topic, message.message_id):
        return SILENCE
    return Reply.of(cards.kept_open_card(_say(turn)))


@router.message(InTopic(), _is_of_people)
async def write(message: Message, turn: Turn, topic: SupportRequest) -> Reply:
    """Refusals are said in the topic: who writes there must know that nobody has read it."""
    unheard = _unheard(message, turn, topic)
    if unheard is not None:
        return SILENCE if is_burst(turn) else Reply.of(unheard)
    try:
        return await _taken_in(message, turn, topic)
    except Refusal as refusal:
        say = _say(turn)
        if is_burst(turn):
            return SILENCE
        return Reply.of(cards.refused_card(say, refusal_sentence(refusal, say), turn.message_id))


@router.edited_message(InTopic())
async def edit(message: Message, turn: Turn, topic: SupportRequest) -> Reply:
    if turn.known is None or not may_handle(turn.known, topic):
        return SILENCE
    try:
        content = _bare(message)[0]
        await support_talk.edit_message(turn.session, turn.clock, turn.known, content)
    except Refusal:
        return SILENCE
    return SILENCE


@router.message(InTeamGroup(), F.text.startswith("/"), ~F.text.startswith(MARK))
async def answer_in_private(_message: Message, turn: Turn) -> Reply:
    return Reply.of(cards.command_card(_say(turn), turn.bot_username))


async def _taken_in(message: Message, turn: Turn, topic: SupportRequest) -> Reply:
    content, is_note = _bare(message)
    _hold_back_old(turn, content, is_note)
    asked, clock, session = turn.dialogue.state, turn.clock, turn.session
    if asked == DONE and not is_note:
        if content.file_id is not None or not message.text:
            raise WordsAwaited
        await support_end.carry_out(session, clock, turn.programme, turn.actor, topic.id, message.text)
        turn.dialogue.end()
        return Reply.of(cards.result_sent_card(_say(turn)))
    if asked == NOTE:
        turn.dialogue.end()
        is_note = True
    if is_note or await support_topics.is_noted_album(session, topic.id, content.album):
        kept = await support_talk.write_note(session, clock, turn.actor, topic.id, (content,))
        await _sign_note(turn, kept)
        return SILENCE
    if (message.text or "").startswith("/"):
        return Reply.of(cards.command_card(_say(turn), turn.bot_username))
    kept = await support_talk.say_to_requester(session, clock, turn.programme, turn.actor, topic.id, (content,))
    trouble = await _why_later(turn, topic, kept)
    # Else a reaction says that it has arrived: in a group each message of ours counts.
    return Reply.of(trouble) if trouble is not None and not is_burst(turn) else SILENCE


def _ask_for(turn: Turn, state: str) -> None:
    _let_go_of_old(turn)
    turn.dialogue.go(state)


def _let_go_of_old(turn: Turn) -> bool:
    """Whether this person was asked for a note or a result here, and has left it unanswered until it was paused."""
    old = [each for each in turn.dialogue.left if each.state in (NOTE, DONE)]
    for each in old:
        turn.dialogue.let_go(each.mark)
    return bool(old)


def _hold_back_old(turn: Turn, content: Content, is_note: bool) -> None:
    """Raises NoLongerAwaited, once; for an album with each of its files."""
    if _let_go_of_old(turn) and not is_note:
        turn.dialogue.remember(**{_HELD_ALBUM: content.album})
        raise NoLongerAwaited
    if content.album is not None and content.album == turn.dialogue.data.get(_HELD_ALBUM):
        raise NoLongerAwaited


async def _why_later(turn: Turn, topic: SupportRequest, kept: list[SupportMessage]) -> Card | None:
    """What its author must know of words that do not leave now: nobody can be reached, or it is night."""
    say = _say(turn)
    if not await hearers_of(turn.session, turn.programme, topic, SupportSide.TEAM):
        return cards.cannot_be_reached_card(say, turn.message_id)
    line = await delivery_line(turn.session, turn.actor.person_id, kept[0].id) if kept else None
    leaves_at = night_end(turn.programme, turn.clock, line) if line is not None else None
    return cards.night_card(say, leaves_at, turn.message_id) if leaves_at is not None else None


async def _sign_note(turn: Turn, kept: list[SupportMessage]) -> None:
    for message in kept[:1]:
        await support_topics.sign(turn.session, turn.clock, message, turn.thread_id, support_topics.NOTED)


def _bare(message: Message) -> tuple[Content, bool]:
    """What is written without the mark of a note, and whether it had one. Raises NotRelayable."""
    content = content_of(message)
    words = (message.text or message.caption or "").lstrip()
    if not words.startswith(MARK):
        return content, False
    first, *rest = content.parts
    bare = _MARKED.sub(r"\1", first)
    return replace(content, parts=(bare, *rest) if bare else tuple(rest)), True


def _unheard(message: Message, turn: Turn, topic: SupportRequest) -> Card | None:
    """Why nobody reads what stands there: its author has no name here, or is not of the team."""
    say = _say(turn)
    if message.sender_chat is not None or not turn.telegram_id:
        return cards.unknown_author_card(say, turn.message_id)
    if turn.known is None or not may_handle(turn.known, topic):
        return cards.stranger_card(say, turn.message_id)
    return None


async def _pressed_topic(turn: Turn, request_id: int) -> SupportRequest:
    """The request whose card was pressed, here, by somebody of the team. Raises NotAllowed."""
    request = await support_sorting.open_for_team(turn.session, turn.actor, request_id)
    if turn.in_private or request.topic_chat_id != turn.chat_id:
        raise NotAllowed
    return request


def _say(turn: Turn) -> Translator:
    """A group reads the reference language."""
    return translator(REFERENCE, turn.programme.timezone)
