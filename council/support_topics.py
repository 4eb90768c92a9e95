"""One topic a request in the team's group: made by the sender, made again once, given up for private chats.

A request stands in one of three ways: no topic (`topic_chat_id` None: private chats), a topic that is being made (no
`topic_thread_id` yet: words wait for it, kept with the request), and a topic. Whatever fails leads back to the first:
the words that nobody has seen yet then follow in private.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, exists, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.clock import Clock
from council.deliveries import Settled, on_settled
from council.live_cards import LiveKind
from council.notices import NoticeKind, Word
from council.programme import load_programme
from council.settings import ProgrammeSettings
from council.support_recipients import Hearer, hearers_of, tell_hearer
from council.support_relays import ALBUM_GAP, show_again, tell_leaves
from council.support_topic_holds import held_request, hold_requests_in
from council.turns import each_due
from storage import duty, queue
from storage.database import Database
from storage.groups import TeamGroup
from storage.outbox import LiveCard, Notice, NoticePriority, NoticeState
from storage.support import ENDED, SupportCopy, SupportMessage, SupportRequest, SupportSide, SupportState

FIRST, AGAIN = "first", "again"
"""Details of SUPPORT_TOPIC: the topic of a request, and the one that is made when somebody has deleted it."""
CARD, CLOSE, REOPEN = "card", "close", "reopen"
"""Further details: what is put into a topic that is there, and whether people may write in it."""
MADE = (FIRST, AGAIN)
NO_RIGHT, LEFT = "no_right", "left"
"""Details of SUPPORT_TOPIC_TROUBLE: why requests go on in private chats."""


_PORTION = 200
_SHOWN = "topic"
NOTED, ARRIVED, PERHAPS, LOST = "noted", "arrived", "perhaps", "lost"
"""Details of SUPPORT_SIGN: what became of what somebody wrote in a topic."""


async def open_topic(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, request: SupportRequest
) -> None:
    """Has a topic made for a new request, when the team talks in a group; its words follow once it is there."""
    chat_id = await _team_chat(session) if programme.support.talk == "topics" else None
    if chat_id is None or request.topic_chat_id is not None:
        return
    await _place(session, request, chat_id, None)
    await _ask_for(session, clock, request, chat_id, FIRST)


async def open_late_topic(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, request: SupportRequest
) -> None:
    """A topic for a request from before the group was linked: somebody writes to it. One that was given up stays so."""
    if request.topic_chat_id is None and not await _was_asked_for(session, request, MADE):
        await open_topic(session, clock, programme, request)


async def topic_made(session: AsyncSession, clock: Clock, notice: Notice, thread_id: int) -> None:
    """The sender has made it: the card, and all words that the team has not seen, follow in this transaction.

    A second topic for the same request, after an answer that was lost, stays empty and harms nobody.
    """
    request = await held_request(session, col(SupportRequest.id) == notice.subject_id)
    if request is None or request.topic_chat_id != notice.chat_id or request.topic_thread_id is not None:
        return
    await _place(session, request, notice.chat_id, thread_id)
    here = Hearer(notice.chat_id, None, thread_id)
    await tell_hearer(session, clock, here, _word(request, CARD))
    await _tell_unseen(session, clock, request, await unseen_batches(session, request, notice.chat_id), (here,))


async def topic_not_made(session: AsyncSession, clock: Clock, notice: Notice, *, lost: bool) -> None:
    """Refused: the request goes on in private, and who coordinates is told once.

    After an answer that was `lost` it is first tried once more: an empty topic harms nobody, a missing one would.
    """
    request = await held_request(session, col(SupportRequest.id) == notice.subject_id)
    if request is None or request.topic_chat_id != notice.chat_id or request.topic_thread_id is not None:
        return
    if lost and not notice.revision:
        await _ask_for(session, clock, request, notice.chat_id, notice.detail or FIRST, revision=1)
        return
    await _give_up(session, clock, await load_programme(session), request)
    await _tell_trouble(session, clock, notice.chat_id, NO_RIGHT)


async def topic_gone(session: AsyncSession, clock: Clock, chat_id: int, thread_id: int) -> bool:
    """Somebody has deleted the topic: another is made, once; the words that were on their way follow there.

    False in a group that is not the team's.
    """
    here = col(SupportRequest.topic_chat_id) == chat_id, col(SupportRequest.topic_thread_id) == thread_id
    request = await held_request(session, *here)
    if request is None:
        if await session.get(TeamGroup, chat_id) is None:
            return False
        await _forget_waiting(session, chat_id, thread_id)  # never into the group's general topic
        return True
    await _forget_waiting(session, chat_id, thread_id)
    await _forget_card(session, request, chat_id)
    if request.state in ENDED or await _was_asked_for(session, request, (AGAIN,)):
        await _give_up(session, clock, await load_programme(session), request)
        return True
    await _place(session, request, chat_id, None)
    await _ask_for(session, clock, request, chat_id, AGAIN)
    return True


async def give_up_topics(session: AsyncSession, clock: Clock, chat_id: int, *, told: bool = False) -> None:
    """The group is the team's no longer: its requests go on in private chats. `told`: who coordinates hears why."""
    await hold_requests_in(session, chat_id)
    await _forget_ended(session, chat_id)
    query = select(SupportRequest).where(col(SupportRequest.topic_chat_id) == chat_id).order_by(col(SupportRequest.id))
    requests = (await session.exec(query.execution_options(populate_existing=True))).all()
    programme = await load_programme(session) if requests else None
    for request in requests:
        await _forget_waiting(session, chat_id, request.topic_thread_id)
        await _forget_card(session, request, chat_id)
        if programme is not None:
            await _give_up(session, clock, programme, request)
    if told:
        await _tell_trouble(session, clock, chat_id, LEFT)


@on_settled(NoticeKind.SUPPORT_TOPIC)
async def topic_settled(session: AsyncSession, clock: Clock, settled: Settled) -> None:
    """The topic is there, or is not to be had; its card was refused."""
    notice = settled.notice
    if notice.detail not in MADE:
        if notice.detail == CARD and settled.state is NoticeState.FAILED:
            await refused_in_topic(session, clock, notice)
    elif settled.state is NoticeState.SENT and settled.message_ids:
        await topic_made(session, clock, notice, settled.message_ids[0])
    elif settled.state in (NoticeState.FAILED, NoticeState.UNCERTAIN):
        await topic_not_made(session, clock, notice, lost=settled.state is NoticeState.UNCERTAIN)


async def refused_in_topic(session: AsyncSession, clock: Clock, notice: Notice) -> bool:
    """What was to be put into a topic was refused: the request goes on in private, where its words follow.

    The notice itself goes, since nothing was lost. False when it was not for a group.
    """
    if notice.person_id is not None or notice.chat_id > 0:
        return False
    await session.exec(delete(Notice).where(col(Notice.id) == notice.id))
    here = col(SupportRequest.topic_chat_id) == notice.chat_id, col(SupportRequest.topic_thread_id) == notice.thread_id
    request = await held_request(session, *here)
    if request is not None:
        await _forget_waiting(session, notice.chat_id, notice.thread_id)
        await _forget_card(session, request, notice.chat_id)
        await _give_up(session, clock, await load_programme(session), request)
        await _tell_trouble(session, clock, notice.chat_id, NO_RIGHT)
    return True


async def show_fate(
    session: AsyncSession, clock: Clock, batch: Sequence[SupportMessage], thread_id: int | None, what: str
) -> None:
    """Shows under what somebody of the team wrote in a topic whether it has arrived; an album has one sign."""
    for message in batch[:1] if batch and batch[0].album else batch:
        if message.side is SupportSide.TEAM:
            await sign(session, clock, message, thread_id, what)


async def settle_topics(database: Database, clock: Clock) -> int:
    """The sweep: topics whose making has ended without a word, by a crash or an expiry, are taken as lost. How many."""
    making = (
        col(Notice.kind) == NoticeKind.SUPPORT_TOPIC,
        col(Notice.subject_id) == col(SupportRequest.id),
        col(Notice.detail).in_(MADE),
    )
    under_way = exists().where(*making, queue.is_unfinished(Notice))
    query = select(col(SupportRequest.id)).where(
        col(SupportRequest.topic_chat_id).in_(select(col(TeamGroup.chat_id))),  # by the index of topics
        col(SupportRequest.topic_thread_id).is_(None),
        ~under_way,
    )

    async def settle(session: AsyncSession, request_id: int) -> None:
        made = select(Notice).where(
            col(Notice.kind) == NoticeKind.SUPPORT_TOPIC,
            col(Notice.subject_id) == request_id,
            col(Notice.detail).in_(MADE),
        )
        last = (await session.exec(made.order_by(col(Notice.id).desc()).limit(1))).first()
        if last is not None and last.state not in queue.UNFINISHED:
            await topic_not_made(session, clock, last, lost=True)

    return await each_due(database, query, settle, _PORTION)


async def follow_state(session: AsyncSession, clock: Clock, request: SupportRequest, was: SupportState) -> None:
    """The topic of a request that has ended is closed, and opened again with the request."""
    if request.topic_chat_id is None or request.topic_thread_id is None:
        return
    if (was in ENDED) != (request.state in ENDED):
        detail = CLOSE if request.state in ENDED else REOPEN
        here = Hearer(request.topic_chat_id, None, request.topic_thread_id)
        await tell_hearer(session, clock, here, _word(request, detail, revision=request.rounds))


async def keep_topic_open(session: AsyncSession, clock: Clock, request: SupportRequest, message_id: int) -> bool:
    """Somebody has closed the topic by hand: while the request goes on, the team must be able to answer in it.

    `message_id` is that of Telegram's note about it. False: the request has ended, let it be closed.
    """
    if request.state in ENDED or request.topic_chat_id is None:
        return False
    here = Hearer(request.topic_chat_id, None, request.topic_thread_id)
    await tell_hearer(session, clock, here, _word(request, REOPEN, revision=message_id))
    return True


async def request_in(session: AsyncSession, chat_id: int, thread_id: int | None) -> SupportRequest | None:
    """The request whose topic this is."""
    if thread_id is None:
        return None
    here = col(SupportRequest.topic_chat_id) == chat_id, col(SupportRequest.topic_thread_id) == thread_id
    return (await session.exec(select(SupportRequest).where(*here))).first()


async def is_noted_album(session: AsyncSession, request_id: int, album: str | None) -> bool:
    """Whether files of this album were a note: those that come behind without its words are one too."""
    if album is None:
        return False
    noted = exists().where(
        col(SupportMessage.request_id) == request_id,
        col(SupportMessage.album) == album,
        col(SupportMessage.side) == SupportSide.NOTE,
    )
    return bool((await session.exec(select(noted))).one())


async def show_in_topic(
    session: AsyncSession, clock: Clock, request: SupportRequest, messages: Iterable[SupportMessage]
) -> None:
    """What somebody of the team has written in private stands in the topic too: the others must know what was said."""
    chat_id, thread_id = request.topic_chat_id, request.topic_thread_id
    if chat_id is None or thread_id is None:
        return
    for message in messages:
        if message.chat_id != chat_id and message.batch_id is not None:
            wait = ALBUM_GAP if message.album else timedelta()
            await show_again(session, clock, Hearer(chat_id, None, thread_id), (message.batch_id,), _SHOWN, wait=wait)


async def sign(session: AsyncSession, clock: Clock, message: SupportMessage, thread_id: int | None, what: str) -> None:
    """Shows under a message of the topic what became of it; nothing for what was written in a private chat."""
    if message.chat_id is None or message.chat_id > 0:
        return
    word = Word(NoticeKind.SUPPORT_SIGN, message.id, NoticePriority.TRANSACTIONAL, detail=what, quiet=False)
    await tell_hearer(session, clock, Hearer(message.chat_id, None, thread_id), word)


async def move_topics(session: AsyncSession, old: int, new: int) -> None:
    """The team's group has a new number: link, topics, cards and copies take it together."""
    there = (await session.exec(select(col(TeamGroup.chat_id)).where(col(TeamGroup.chat_id) == new))).first()
    if there is None:
        await session.exec(update(TeamGroup).where(col(TeamGroup.chat_id) == old).values(chat_id=new))
    else:  # linked anew before we heard of it
        await session.exec(delete(TeamGroup).where(col(TeamGroup.chat_id) == old))
    topics = update(SupportRequest).where(col(SupportRequest.topic_chat_id) == old)
    await session.exec(topics.values(topic_chat_id=new))
    await session.exec(update(LiveCard).where(col(LiveCard.chat_id) == old).values(chat_id=new))
    tables: tuple[Any, ...] = (SupportCopy, SupportMessage)
    for table in tables:
        other = aliased(table)
        taken = exists().where(col(other.chat_id) == new, col(other.message_id) == col(table.message_id))
        await session.exec(update(table).where(col(table.chat_id) == old, ~taken).values(chat_id=new))


async def unseen_batches(session: AsyncSession, request: SupportRequest, chat_id: int) -> list[int]:
    """The requester's words of which nothing stands in this chat, as batches in their order."""
    copied = exists().where(
        col(SupportCopy.chat_id) == chat_id, col(SupportCopy.support_message_id) == col(SupportMessage.id)
    )
    batch = col(SupportMessage.batch_id)
    query = (
        select(batch)
        .where(
            col(SupportMessage.request_id) == request.id,
            col(SupportMessage.side) == SupportSide.REQUESTER,
            batch.is_not(None),
            ~copied,
        )
        .group_by(batch)
        .order_by(batch)
    )
    return [each for each in (await session.exec(query)).all() if each is not None]


async def _team_chat(session: AsyncSession) -> int | None:
    linked = select(col(TeamGroup.chat_id)).where(col(TeamGroup.unlinked_at).is_(None))
    return (await session.exec(linked.order_by(col(TeamGroup.linked_at).desc()).limit(1))).first()


async def _place(session: AsyncSession, request: SupportRequest, chat_id: int | None, thread_id: int | None) -> None:
    request.topic_chat_id, request.topic_thread_id = chat_id, thread_id
    session.add(request)
    await session.flush()


async def _ask_for(
    session: AsyncSession, clock: Clock, request: SupportRequest, chat_id: int, detail: str, revision: int = 0
) -> None:
    await tell_hearer(session, clock, Hearer(chat_id), _word(request, detail, revision=revision))


def _word(request: SupportRequest, detail: str, revision: int = 0) -> Word:
    """With the priority of the talk: within it and the chat, what was written first leaves first."""
    return Word(NoticeKind.SUPPORT_TOPIC, request.id, NoticePriority.RELAY, revision=revision, detail=detail)


async def _was_asked_for(session: AsyncSession, request: SupportRequest, details: Iterable[str]) -> bool:
    query = select(col(Notice.id)).where(
        col(Notice.kind) == NoticeKind.SUPPORT_TOPIC,
        col(Notice.subject_id) == request.id,
        col(Notice.detail).in_(tuple(details)),
    )
    return (await session.exec(query.limit(1))).first() is not None


async def _forget_waiting(session: AsyncSession, chat_id: int, thread_id: int | None) -> None:
    """What was on its way into a topic that is not there. The words themselves stand with the request."""
    waiting = (
        col(Notice.chat_id) == chat_id,
        col(Notice.thread_id).is_not_distinct_from(thread_id),
        queue.is_unfinished(Notice),
    )
    await session.exec(delete(Notice).where(*waiting))


async def _forget_ended(session: AsyncSession, chat_id: int) -> None:
    """The group's topics of all that has ended, together: over the years they become many, and nobody waits there."""
    ended = col(SupportRequest.topic_chat_id) == chat_id, col(SupportRequest.state).in_(ENDED)
    topics = select(col(SupportRequest.topic_thread_id)).where(*ended)
    waiting = col(Notice.chat_id) == chat_id, queue.is_unfinished(Notice)
    unmade = (col(Notice.kind) == NoticeKind.SUPPORT_TOPIC) & col(Notice.thread_id).is_(None)
    await session.exec(delete(Notice).where(*waiting, col(Notice.thread_id).in_(topics) | unmade))
    shown = col(LiveCard.kind) == LiveKind.SUPPORT, col(LiveCard.chat_id) == chat_id
    of_those = col(LiveCard.subject_id).in_(select(col(SupportRequest.id)).where(*ended))
    await session.exec(delete(LiveCard).where(*shown, of_those))
    await session.exec(update(SupportRequest).where(*ended).values(topic_chat_id=None, topic_thread_id=None))


async def _forget_card(session: AsyncSession, request: SupportRequest, chat_id: int) -> None:
    shown = col(LiveCard.kind) == LiveKind.SUPPORT, col(LiveCard.subject_id) == request.id
    await session.exec(delete(LiveCard).where(*shown, col(LiveCard.chat_id) == chat_id))


async def _give_up(session: AsyncSession, clock: Clock, programme: ProgrammeSettings, request: SupportRequest) -> None:
    chat_id = request.topic_chat_id
    await _place(session, request, None, None)
    if chat_id is None or request.state in ENDED:
        return
    unseen = await unseen_batches(session, request, chat_id)
    await _tell_unseen(
        session, clock, request, unseen, await hearers_of(session, programme, request, SupportSide.REQUESTER)
    )


async def _tell_unseen(
    session: AsyncSession,
    clock: Clock,
    request: SupportRequest,
    batches: Sequence[int],
    hearers: Sequence[Hearer],
) -> None:
    for batch_id in batches:
        for hearer in hearers:
            await tell_leaves(session, clock, hearer, batch_id)


async def _tell_trouble(session: AsyncSession, clock: Clock, chat_id: int, why: str) -> None:
    """Once for each link of the group: what is wrong with it does not become truer by being repeated."""
    group = await session.get(TeamGroup, chat_id)
    linked = int(group.linked_at.timestamp()) if group is not None else 0
    # A revision holds 31 bits; the second of the link within them is enough to tell one link from the next.
    word = Word(
        NoticeKind.SUPPORT_TOPIC_TROUBLE, chat_id, NoticePriority.TRANSACTIONAL, revision=linked % 2**31, detail=why
    )
    await notices.tell_each(session, clock, await duty.coordinators(session), word)
