"""The talk about a request: every message is kept as it was written, before anything else is done with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import live_cards
from council.actors import Actor
from council.clock import Clock
from council.contents import Content
from council.errors import EmptyWords, NotAllowed, OutOfDate, Refusal
from council.live_cards import LiveKind
from council.notices import NoticeKind
from council.settings import ProgrammeSettings
from council.support_recipients import hearer_in
from council.support_relays import correct, messages_of_batch, relay, relays_of, show_again, tell_leaves
from council.support_states import check_handles, load_support, may_handle, move, note
from council.support_taking import hold_post, put_back
from council.support_topics import open_late_topic, show_in_topic
from council.working_time import calendar_of
from storage import duty
from storage.outbox import LiveCard, Notice, NoticeState
from storage.support import (
    ENDED,
    SupportAct,
    SupportCopy,
    SupportEvent,
    SupportMessage,
    SupportRequest,
    SupportSide,
    SupportState,
    SupportVersion,
)

QUEUE = (SupportState.RECEIVED, SupportState.QUALIFIED)
SHOWN_AGAIN = 40
"""Batches that are put into a chat at once when somebody asks to see the whole talk."""

_ABOUT_REQUESTS = (
    NoticeKind.SUPPORT_ASSIGNED,
    NoticeKind.SUPPORT_QUEUED,
    NoticeKind.SUPPORT_ALERT,
    NoticeKind.SUPPORT_REOPENED,
    NoticeKind.SUPPORT_NEWS,
    NoticeKind.SUPPORT_PROMISE_MOVED,
    NoticeKind.SUPPORT_VERDICT_ASKED,
    NoticeKind.SUPPORT_REQUESTER_GONE,
)
"""Notices whose subject is a request: a reply to one of them is a word about it."""


class TalkEnded(Refusal):
    """The request has ended: what is written now would reach nobody."""


@dataclass(frozen=True)
class TalkPlace:
    """What a message in a chat belongs to. `message_id` is the kept message, None for a card of the request."""

    request_id: int
    message_id: int | None


async def keep_words(
    session: AsyncSession,
    clock: Clock,
    request: SupportRequest,
    actor: Actor,
    side: SupportSide,
    contents: Sequence[Content],
) -> list[SupportMessage]:
    """Writes the messages to the request, in their order; nobody is told by this.

    What was kept already is not kept again, and not in the answer.
    """
    kept: list[SupportMessage] = []
    for each in contents:
        if await _kept_as(session, each.chat_id, each.message_id) is not None:
            continue
        message = SupportMessage(
            request_id=request.id,
            author_id=actor.person_id,
            side=side,
            kind=each.kind,
            parts=list(each.parts),
            file_id=each.file_id,
            file_unique_id=each.file_unique_id,
            latitude=each.latitude,
            longitude=each.longitude,
            contact={"name": each.contact.name, "phone": each.contact.phone} if each.contact else None,
            album=each.album,
            reply_to_id=await _answered(session, request, each),
            chat_id=each.chat_id,
            message_id=each.message_id,
            created_at=clock.now(),
        )
        session.add(message)
        await session.flush()
        together = kept and each.album is not None and kept[-1].album == each.album
        message.batch_id = kept[-1].batch_id if together else message.id
        kept.append(message)
    await session.flush()
    return kept


async def say_to_team(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    request_id: int,
    contents: Sequence[Content],
) -> list[SupportMessage]:
    """The requester writes: kept, and relayed to whoever has the request. The new messages.

    Raises:
        NotAllowed: not their request.
        EmptyWords: nothing was written.
        TalkEnded: the request has ended; council/support_adding.py knows what to do then.
    """
    request = await _locked(session, actor, request_id)
    if request.person_id != actor.person_id:
        raise NotAllowed
    _check_may_write(request, contents)
    kept = await keep_words(session, clock, request, actor, SupportSide.REQUESTER, contents)
    if not kept:
        return kept
    if request.state is SupportState.WAITING:
        await move(session, clock, request, SupportState.IN_PROGRESS, SupportAct.WRITTEN, actor)
    else:
        await _note_once(session, clock, request, SupportAct.WRITTEN, actor)
    await open_late_topic(session, clock, programme, request)
    await relay(session, clock, programme, request, kept)
    return kept


async def say_to_requester(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    request_id: int,
    contents: Sequence[Content],
) -> list[SupportMessage]:
    """Somebody of the team writes: kept, and relayed to the requester. The new messages.

    The first answer keeps the promise. Who answers a request of the queue takes it.

    Raises:
        NotAllowed: not of the team, or their own request.
        NotOnTheTeam: they would take it, and their role has just ended.
        OutOfDate: it has just gone back to the queue.
        EmptyWords: nothing was written.
        TalkEnded: the request has ended.
    """
    waits = (await load_support(session, actor, request_id)).animator_id is None
    if waits:
        await hold_post(session, actor.person_id)  # before the request, as all who give one do
    request = await _locked(session, actor, request_id)
    check_handles(actor, request)
    _check_may_write(request, contents)
    if request.animator_id is None and not waits:
        raise await put_back(session, actor)
    kept = await keep_words(session, clock, request, actor, SupportSide.TEAM, contents)
    if not kept:
        return kept
    if request.animator_id is None and request.state in QUEUE:
        await move(session, clock, request, SupportState.ASSIGNED, SupportAct.TAKEN, actor, animator_id=actor.person_id)
    await _note_answer(session, clock, programme, request, actor)
    await relay(session, clock, programme, request, kept)
    await show_in_topic(session, clock, request, kept)
    return kept


async def write_note(
    session: AsyncSession, clock: Clock, actor: Actor, request_id: int, contents: Sequence[Content]
) -> list[SupportMessage]:
    """A note of the team on the request; it never reaches the requester.

    Raises:
        NotAllowed: not of the team, or their own request.
        EmptyWords: nothing was written.
        TalkEnded: what was said in it has been taken out, and nothing may be said in it any more.
    """
    request = await load_support(session, actor, request_id)
    check_handles(actor, request)
    if not contents:
        raise EmptyWords
    if request.words_gone_at is not None:
        raise TalkEnded
    kept = await keep_words(session, clock, request, actor, SupportSide.NOTE, contents)
    await show_in_topic(session, clock, request, kept)
    await live_cards.refresh(session, clock, LiveKind.SUPPORT, request.id)
    return kept


async def edit_message(session: AsyncSession, clock: Clock, actor: Actor, content: Content) -> SupportMessage | None:
    """The author has edited a message where they wrote it: both versions are kept, and every copy follows.

    None when nothing of ours was edited, or its words have been taken out. A file that was replaced is sent anew.

    Raises NotAllowed: written by somebody else, or while they were still of the team.
    """
    message = await _kept_as(session, content.chat_id, content.message_id)
    if message is None:
        return None
    await messages_of_batch(session, message.batch_id or message.id, held=True)
    request = await session.get_one(SupportRequest, message.request_id)
    if message.author_id != actor.person_id:
        raise NotAllowed
    if message.side is not SupportSide.REQUESTER and not may_handle(actor, request):
        raise NotAllowed
    if request.words_gone_at is not None:
        return None
    new_file = content.file_unique_id != message.file_unique_id and content.kind is message.kind
    if not new_file and list(content.parts) == message.parts:
        return message
    now = clock.now()
    session.add(SupportVersion(message_id=message.id, parts=message.parts, replaced_at=now))
    message.parts, message.edited_at = list(content.parts), now
    if new_file:
        message.file_id, message.file_unique_id = content.file_id, content.file_unique_id
    await session.flush()
    if message.side is not SupportSide.NOTE:
        await correct(session, clock, message, new_file=new_file)
    await live_cards.refresh(session, clock, LiveKind.SUPPORT, request.id)
    return message


async def find_by_copy(session: AsyncSession, chat_id: int, message_id: int) -> SupportMessage | None:
    """The kept message that stands at this place of a chat: written there, or put there by the bot."""
    own = await _kept_as(session, chat_id, message_id)
    if own is not None:
        return own
    copy = await session.get(SupportCopy, (chat_id, message_id))
    return await session.get(SupportMessage, copy.support_message_id) if copy is not None else None


async def find_talk(session: AsyncSession, person_id: int, chat_id: int, message_id: int) -> TalkPlace | None:
    """What a reply to this message of a private chat is about: a kept message, or a card of a request."""
    message = await find_by_copy(session, chat_id, message_id)
    if message is not None:
        return TalkPlace(message.request_id, message.id)
    query = select(col(LiveCard.kind), col(LiveCard.subject_id)).where(
        col(LiveCard.person_id) == person_id,
        col(LiveCard.chat_id) == chat_id,
        col(LiveCard.message_id) == message_id,
        col(LiveCard.kind).in_((LiveKind.SUPPORT, LiveKind.SUPPORT_TALK)),
    )
    shown = (await session.exec(query)).first()
    if shown is None:
        told = await _told_about(session, person_id, message_id)
        return TalkPlace(told, None) if told is not None else None
    kind, subject_id = shown
    if kind == LiveKind.SUPPORT:
        return TalkPlace(subject_id, None)
    line = await session.get(SupportMessage, subject_id)
    return TalkPlace(line.request_id, None) if line is not None else None


async def replay(session: AsyncSession, clock: Clock, actor: Actor, request_id: int, key: str) -> int:
    """Puts the talk, files and all, into the chat of who opens it; notes for the team alone. How many batches.

    `key` is that of the press: the same press twice shows it once.

    Raises NotAllowed: neither who asked nor the team.
    """
    request = await load_support(session, actor, request_id)
    sides = [SupportSide.REQUESTER, SupportSide.TEAM]
    if actor.person_id != request.person_id:
        sides.append(SupportSide.NOTE)
    query = (
        select(col(SupportMessage.batch_id))
        .where(
            col(SupportMessage.request_id) == request.id,
            col(SupportMessage.side).in_(sides),
            col(SupportMessage.batch_id).is_not(None),
        )
        .group_by(col(SupportMessage.batch_id))
        .order_by(col(SupportMessage.batch_id).desc())
        .limit(SHOWN_AGAIN)
    )
    batches = [each for each in (await session.exec(query)).all() if each is not None]
    hearer = await hearer_in(session, actor.telegram_id)
    if hearer is not None:
        await show_again(session, clock, hearer, batches[::-1], key)
    return len(batches)


async def resend(session: AsyncSession, clock: Clock, actor: Actor, batch_id: int, revision: int) -> SupportRequest:
    """Sends again what did not arrive, or may not have; `revision` is that of the try which was asked about.

    Raises:
        NotAllowed: not their words, or no longer their talk.
        OutOfDate: it was sent again already, or has arrived meanwhile.
    """
    query = select(SupportMessage).where(col(SupportMessage.batch_id) == batch_id).order_by(col(SupportMessage.id))
    message = (await session.exec(query.with_for_update())).first()
    if message is None or message.author_id != actor.person_id:
        raise NotAllowed
    request = await load_support(session, actor, message.request_id)
    if message.side is SupportSide.TEAM:
        check_handles(actor, request)
    relays = await relays_of(session, (batch_id,))
    if not relays or max(each.revision for each in relays) != revision:
        raise OutOfDate
    arrived = {(each.chat_id, each.detail) for each in relays if each.state is NoticeState.SENT}
    missing = {
        (each.chat_id, each.thread_id, int(each.detail or 0))
        for each in relays
        if (each.chat_id, each.detail) not in arrived
    }
    if not missing:
        raise OutOfDate
    for chat_id, thread_id in {each[:2] for each in missing}:
        hearer = await hearer_in(session, chat_id, thread_id)
        if hearer is not None:
            places = frozenset(place for chat, _, place in missing if chat == chat_id)
            await tell_leaves(session, clock, hearer, batch_id, only=places, revision=revision + 1, quiet=False)
    return request


async def _locked(session: AsyncSession, actor: Actor, request_id: int) -> SupportRequest:
    """The request as it is now, held until the end of the transaction: of two who write at once, both are heard."""
    query = select(SupportRequest).where(col(SupportRequest.id) == request_id).with_for_update()
    await session.exec(query.execution_options(populate_existing=True))
    return await load_support(session, actor, request_id)


def _check_may_write(request: SupportRequest, contents: Sequence[Content]) -> None:
    if not contents:
        raise EmptyWords
    if request.state in ENDED:
        raise TalkEnded


async def _note_answer(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, request: SupportRequest, actor: Actor
) -> None:
    """The first answer of a round starts the work; later ones are only lines of the history."""
    if request.first_answer_at is not None and request.state is not SupportState.ASSIGNED:
        await _note_once(session, clock, request, SupportAct.ANSWERED, actor)
        return
    values: dict[str, Any] = {"next_alert_at": None}
    if request.first_answer_at is None:
        now = clock.now()
        spent = calendar_of(programme).between(request.asked_at, now)
        values |= {"first_answer_at": now, "first_answer_minutes": int(spent / timedelta(minutes=1))}
    to = SupportState.IN_PROGRESS if request.state is SupportState.ASSIGNED else request.state
    await move(session, clock, request, to, SupportAct.ANSWERED, actor, **values)


async def _note_once(
    session: AsyncSession, clock: Clock, request: SupportRequest, act: SupportAct, actor: Actor
) -> None:
    """Ten messages on end are one line of the history."""
    query = select(SupportEvent).where(col(SupportEvent.request_id) == request.id)
    last = (await session.exec(query.order_by(col(SupportEvent.id).desc()).limit(1))).first()
    if last is not None and last.act is act and last.person_id == actor.person_id:
        await live_cards.refresh(session, clock, LiveKind.SUPPORT, request.id)
    else:
        await note(session, clock, request, act, actor)


async def _kept_as(session: AsyncSession, chat_id: int, message_id: int) -> SupportMessage | None:
    written = col(SupportMessage.chat_id) == chat_id, col(SupportMessage.message_id) == message_id
    return (await session.exec(select(SupportMessage).where(*written))).first()


async def _told_about(session: AsyncSession, person_id: int, message_id: int) -> int | None:
    """The open request that a notice told this person of, by the message that it became."""
    theirs = or_(
        col(SupportRequest.animator_id) == person_id,
        col(SupportRequest.animator_id).is_(None),
        col(SupportRequest.person_id) == person_id,
    )
    # By the request first: the outbox has no index of messages, and needs none for the few who answer a card.
    near = select(col(SupportRequest.id)).where(duty.is_open(), theirs)
    query = select(col(Notice.subject_id)).where(
        col(Notice.kind).in_(_ABOUT_REQUESTS),
        col(Notice.subject_id).in_(near),
        col(Notice.person_id) == person_id,
        col(Notice.message_id) == message_id,
    )
    return (await session.exec(query)).first()


async def _answered(session: AsyncSession, request: SupportRequest, content: Content) -> int | None:
    """The kept message of the same request that a message answers."""
    if content.reply_to is None:
        return None
    answered = await find_by_copy(session, content.chat_id, content.reply_to)
    return answered.id if answered is not None and answered.request_id == request.id else None
