"""What became of relayed words: copies noted, the author told of what did not arrive, and asked whether to send again.

The fate of a notice is followed where it is written down (council/deliveries.py). What a crash or somebody's block
leaves without passing there, a sweep finds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import live_cards, notices, support_topics
from council.clock import Clock
from council.deliveries import Settled, on_settled
from council.live_cards import LiveKind
from council.notices import NoticeKind, Word
from council.support_gone import gone_word
from council.support_leaves import Shape, leaves_of
from council.support_recipients import hearer_in
from council.support_relays import (
    LeafPlace,
    copies_of_batch,
    correct_copy,
    messages_of_batch,
    relays_of,
    tell_leaves,
)
from council.turns import each_in_turn
from storage import queue
from storage.database import Database, dialect_insert
from storage.outbox import LiveCard, Notice, NoticePriority, NoticeState
from storage.people import Person
from storage.queue import NO_LONGER_TRUE
from storage.support import SupportCopy, SupportMessage, SupportRequest, SupportSide

LOOKED_BACK = timedelta(days=1)
"""How far back the sweep looks for words that did not arrive: longer than any outage of ours is meant to be."""
_LOST = (NoticeState.FAILED, NoticeState.UNCERTAIN, NoticeState.EXPIRED)


class Arrival(StrEnum):
    """How far somebody's words have come, the worst first."""

    FAILED = "failed"
    UNCERTAIN = "uncertain"
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    KEPT = "kept"
    """Nobody hears them yet: the request is in the queue, or the other side cannot be written to."""


_FATES = {
    Arrival.ARRIVED: support_topics.ARRIVED,
    Arrival.UNCERTAIN: support_topics.PERHAPS,
    Arrival.FAILED: support_topics.LOST,
}


@dataclass(frozen=True)
class DeliveryLine:
    """What an author is told of the words they wrote since a certain message.

    `name` is the first name of who gets them, "" for nobody yet. `to_team`: the author is the requester. `quiet`: the
    words may wait for the end of the night. `gone`: the other side cannot be written to.
    """

    arrival: Arrival
    name: str
    to_team: bool
    request_id: int
    message_id: int
    quiet: bool = False
    gone: bool = False


@on_settled(NoticeKind.SUPPORT_RELAY)
async def relay_settled(session: AsyncSession, clock: Clock, settled: Settled) -> None:
    """Copies of what arrived, for replies and edits; a question to the author of what may not have."""
    notice, place = settled.notice, LeafPlace.of(settled.notice)
    batch = await messages_of_batch(session, notice.subject_id, held=True)
    if not batch:
        return
    if settled.state is NoticeState.SENT:
        await _note_copies(session, clock, settled, batch, place.leaf)
    if place.shown_again:
        return
    if settled.state is NoticeState.FAILED and await support_topics.refused_in_topic(session, clock, notice):
        return  # they follow in private
    if settled.state in _LOST:
        await _tell_author(session, clock, notice, batch)
    await _show_fate(session, clock, batch)
    await _refresh_line(session, clock, batch)


@on_settled(NoticeKind.SUPPORT_EDITED)
async def edit_settled(session: AsyncSession, clock: Clock, settled: Settled) -> None:
    """A copy that can no longer be edited (too old, or deleted there) is followed by a new message that quotes it."""
    notice = settled.notice
    if settled.state is not NoticeState.FAILED or settled.unreachable:
        return
    copy = await session.get(SupportCopy, (notice.chat_id, int(notice.detail or 0)))
    message = await session.get(SupportMessage, notice.subject_id)
    hearer = await hearer_in(session, notice.chat_id, notice.thread_id)
    if copy is None or message is None or message.batch_id is None or hearer is None:
        return
    leaves = leaves_of(await messages_of_batch(session, message.batch_id))
    told = await relays_of(session, (message.batch_id,))
    if copy.part < len(leaves) and leaves[copy.part].shape is not Shape.ALBUM and told:
        newest = max(each.revision for each in told)
        only = frozenset({copy.part})
        await tell_leaves(session, clock, hearer, message.batch_id, only=only, revision=newest + 1, quiet=False)


async def tell_lost_relays(database: Database, clock: Clock) -> int:
    """The sweep: tells authors of words that ended elsewhere than with the sender. How many notices were looked at.

    Each is told once, whichever of us is first.
    """

    async def tell(session: AsyncSession, notice_id: int) -> None:
        notice = await session.get(Notice, notice_id)
        batch = await messages_of_batch(session, notice.subject_id) if notice is not None else ()
        if notice is None or not batch or LeafPlace.of(notice).shown_again:
            return
        if await _tell_author(session, clock, notice, batch):
            await _refresh_line(session, clock, batch)

    async with database.read() as session:
        lost = await queue.lost_relays(session, clock.now() - LOOKED_BACK, NoticeKind.SUPPORT_UNDELIVERED)
    return len(await each_in_turn(database, lost, tell))


async def delivery_line(session: AsyncSession, person_id: int, message_id: int) -> DeliveryLine | None:
    """How far the words have come that this author wrote from that message on; None when they are not theirs.

    It ends where their next line begins.
    """
    message = await session.get(SupportMessage, message_id)
    if message is None or message.author_id != person_id:
        return None
    request = await session.get_one(SupportRequest, message.request_id)
    same_talk = (
        col(SupportMessage.request_id) == request.id,
        col(SupportMessage.author_id) == person_id,
        col(SupportMessage.side) == message.side,
    )
    next_line = (
        select(func.min(col(LiveCard.subject_id)))
        .join(SupportMessage, col(SupportMessage.id) == col(LiveCard.subject_id))
        .where(*same_talk, col(LiveCard.kind) == LiveKind.SUPPORT_TALK, col(LiveCard.subject_id) > message_id)
    )
    end = (await session.exec(next_line)).one()
    query = select(col(SupportMessage.batch_id)).where(*same_talk, col(SupportMessage.id) >= message_id)
    if end is not None:
        query = query.where(col(SupportMessage.id) < end)
    batches = {each for each in (await session.exec(query)).all() if each is not None}
    relays = _newest(await relays_of(session, batches))
    to_team = message.side is SupportSide.REQUESTER
    other_id = request.animator_id if to_team else request.person_id
    told = next((each.person_id for each in relays if each.person_id is not None), other_id)
    other = await session.get(Person, told) if told is not None else None
    return DeliveryLine(
        arrival=_worst(relays),
        name=other.first_name if other is not None else "",
        to_team=to_team,
        request_id=request.id,
        message_id=message_id,
        quiet=any(each.quiet for each in relays),
        gone=other is not None and (other.telegram_id is None or other.unreachable_since is not None),
    )


@dataclass(frozen=True)
class Undelivered:
    """Words that did not arrive, or may not have, and may be sent again. `name` is whom they were for."""

    batch_id: int
    revision: int
    uncertain: bool
    name: str
    request_id: int
    number: str
    message_id: int | None
    chat_id: int | None


async def undelivered(session: AsyncSession, notice: Notice) -> Undelivered | None:
    """What a SUPPORT_UNDELIVERED notice tells; None when the words have arrived since, or were sent again."""
    batch = await messages_of_batch(session, notice.subject_id)
    relays = await relays_of(session, (notice.subject_id,))
    if not batch or not relays or max(each.revision for each in relays) != notice.revision:
        return None
    worst = _worst(_newest(relays))
    if worst not in (Arrival.FAILED, Arrival.UNCERTAIN):
        return None
    request = await session.get_one(SupportRequest, batch[0].request_id)
    heard = next((each.person_id for each in relays if each.person_id is not None), None)
    other = await session.get(Person, heard) if heard is not None else None
    return Undelivered(
        batch_id=notice.subject_id,
        revision=notice.revision,
        uncertain=worst is Arrival.UNCERTAIN,
        name=other.first_name if other is not None else "",
        request_id=request.id,
        number=request.number,
        message_id=batch[0].message_id,
        chat_id=batch[0].chat_id,
    )


async def _note_copies(
    session: AsyncSession, clock: Clock, settled: Settled, batch: Sequence[SupportMessage], place: int
) -> None:
    leaves = leaves_of(batch)
    shown: Sequence[SupportMessage] = leaves[place].messages if place < len(leaves) else batch
    if place < len(leaves) and leaves[place].shape is Shape.ALBUM:
        pairs = list(zip(settled.message_ids, shown, strict=False))
    else:
        pairs = [(each, shown[-1]) for each in settled.message_ids]
    for message_id, message in pairs:
        row = dialect_insert(session, SupportCopy).values(
            chat_id=settled.notice.chat_id, message_id=message_id, support_message_id=message.id, part=place
        )
        await session.exec(row.on_conflict_do_nothing())
    # Edited between the making of the message and now: the copy says what was said before.
    claimed = settled.notice.started_at
    if claimed is not None and any(each.edited_at is not None and each.edited_at >= claimed for each in shown):
        for copy in await copies_of_batch(session, settled.notice.subject_id):
            if copy.chat_id == settled.notice.chat_id and copy.message_id in settled.message_ids:
                await correct_copy(session, clock, copy, settled.notice.subject_id)


async def _tell_author(session: AsyncSession, clock: Clock, notice: Notice, batch: Sequence[SupportMessage]) -> bool:
    """Whether they had not been told of it yet."""
    author_id, request_id = batch[0].author_id, batch[0].request_id
    if author_id is None:
        return False
    word = Word(
        NoticeKind.SUPPORT_UNDELIVERED,
        notice.subject_id,
        NoticePriority.TRANSACTIONAL,
        revision=notice.revision,
    )
    if batch[0].side is SupportSide.TEAM and notice.person_id is not None:
        word = await gone_word(session, request_id, notice.person_id) or word
    author = notices.reachable(word, col(Person.id)).where(col(Person.id) == author_id)
    return bool(await notices.copy_to(session, clock, word, author))


async def _show_fate(session: AsyncSession, clock: Clock, batch: Sequence[SupportMessage]) -> None:
    """Under what somebody of the team wrote in a topic, once all of it has come to an end."""
    if batch[0].side is not SupportSide.TEAM or (batch[0].chat_id or 0) > 0:
        return
    fate = _FATES.get(_worst(_newest(await relays_of(session, (batch[0].batch_id or batch[0].id,)))))
    request = await session.get_one(SupportRequest, batch[0].request_id)
    if fate is not None and request.topic_chat_id == batch[0].chat_id:
        await support_topics.show_fate(session, clock, batch, request.topic_thread_id, fate)


async def _refresh_line(session: AsyncSession, clock: Clock, batch: Sequence[SupportMessage]) -> None:
    """The line under which the author reads how far this batch has come."""
    message = batch[-1]
    line = (
        select(func.max(col(LiveCard.subject_id)))
        .join(SupportMessage, col(SupportMessage.id) == col(LiveCard.subject_id))
        .where(
            col(SupportMessage.request_id) == message.request_id,
            col(SupportMessage.author_id) == message.author_id,
            col(LiveCard.kind) == LiveKind.SUPPORT_TALK,
            col(LiveCard.subject_id) <= message.id,
        )
    )
    subject_id = (await session.exec(line)).one()
    if subject_id is not None:
        await live_cards.refresh(session, clock, LiveKind.SUPPORT_TALK, subject_id)


def _newest(relays: Sequence[Notice]) -> list[Notice]:
    """Of each leaf in each chat the last try, or the one that arrived."""
    newest: dict[tuple[int, str | None, int], Notice] = {}
    for each in sorted(relays, key=lambda relay: (relay.state is NoticeState.SENT, relay.revision)):
        newest[each.chat_id, each.detail, each.subject_id] = each
    return list(newest.values())


def _worst(relays: Sequence[Notice]) -> Arrival:
    states = {each.state for each in relays if (each.state, each.error) != (NoticeState.CANCELLED, NO_LONGER_TRUE)}
    if not states:
        return Arrival.KEPT
    if states & {NoticeState.FAILED, NoticeState.CANCELLED, NoticeState.EXPIRED}:
        return Arrival.FAILED
    if NoticeState.UNCERTAIN in states:
        return Arrival.UNCERTAIN
    return Arrival.ARRIVED if states == {NoticeState.SENT} else Arrival.ON_THE_WAY
