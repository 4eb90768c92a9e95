"""The way of words to the other side: what leaves together, in which order, and what is told anew.

A batch is what leaves together: one message, the files of an album, or texts of a flood. Each leaf of it (see
council/support_leaves.py) is a notice whose subject is the batch; its detail is the place of the leaf, "0" the first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.clock import Clock
from council.notices import NoticeKind, Word
from council.settings import ProgrammeSettings
from council.support_leaves import Leaf, Shape, leaves_of
from council.support_recipients import Hearer, hearer_in, hearers_of, tell_hearer
from storage.outbox import Notice, NoticePriority, NoticeState
from storage.queue import NO_LONGER_TRUE
from storage.support import ContentKind, SupportCopy, SupportMessage, SupportRequest, SupportSide, SupportVersion

ALBUM_GAP = timedelta(seconds=1.5)
"""More than the files of one album are apart, less than a person minds."""
FLOOD_SPAN = timedelta(minutes=1)
FLOOD_SIZE = 5
"""Texts of one author in FLOOD_SPAN that leave at once; those after them are joined."""
FLOOD_GAP = timedelta(seconds=10)
LIVELY = timedelta(minutes=15)
"""Who has written so lately is awake: words for them do not wait for the end of the night."""
_SHOWN_AGAIN = "seen"
_UNSTARTED = (col(Notice.state) == NoticeState.PENDING, col(Notice.claims) == 0)


@dataclass(frozen=True)
class LeafPlace:
    """What a relay notice shows: the leaf of its batch, and whether somebody only asked to see it again."""

    leaf: int
    shown_again: bool

    @classmethod
    def of(cls, notice: Notice) -> "LeafPlace":
        first, *rest = (notice.detail or "0").split(":")
        return cls(int(rest[0]), True) if first == _SHOWN_AGAIN else cls(int(first), False)


async def relay(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    request: SupportRequest,
    messages: Iterable[SupportMessage],
) -> None:
    """Sends messages of one author, kept just now, to the other side; to nobody when nobody hears it yet.

    The files of an album wait a moment for one another. From the sixth text of a minute on, texts are joined.
    """
    for message in messages:
        hearers = await hearers_of(session, programme, request, message.side)
        quiet = not await _other_side_is_lively(session, clock, message)
        now = clock.now()
        batch_id = await _batch_to_join(session, clock, message)
        wait = timedelta()
        if batch_id is None:
            batch_id = message.id
            wait = ALBUM_GAP if message.album else FLOOD_GAP if await _floods(session, clock, message) else wait
        message.batch_id = batch_id
        await session.flush()
        for hearer in hearers:
            leaves_at = await _after_what_waits(session, hearer, batch_id, now + wait)
            await tell_leaves(session, clock, hearer, batch_id, quiet=quiet, not_before=leaves_at)


async def tell_leaves(
    session: AsyncSession,
    clock: Clock,
    hearer: Hearer,
    batch_id: int,
    *,
    only: frozenset[int] | None = None,
    revision: int = 0,
    quiet: bool = True,
    not_before: datetime | None = None,
) -> None:
    """A notice for each leaf of the batch (or only some) that this revision has not told there yet."""
    for place in range(len(leaves_of(await messages_of_batch(session, batch_id)))):
        if only is None or place in only:
            word = Word(
                NoticeKind.SUPPORT_RELAY,
                batch_id,
                NoticePriority.RELAY,
                revision=revision,
                detail=str(place),
                quiet=quiet,
                not_before=not_before,
            )
            await tell_hearer(session, clock, hearer, word)


async def show_again(
    session: AsyncSession,
    clock: Clock,
    hearer: Hearer,
    batch_ids: Sequence[int],
    key: str,
    *,
    wait: timedelta | None = None,
) -> None:
    """Puts earlier batches into this chat once more, behind the live talk. `key` is that of the press.

    `wait`: for what may still join the batch.
    """
    not_before = clock.now() + wait if wait else None
    for batch_id in batch_ids:
        for place in range(len(leaves_of(await messages_of_batch(session, batch_id)))):
            detail = f"{_SHOWN_AGAIN}:{place}:{key}"
            word = Word(
                NoticeKind.SUPPORT_RELAY,
                batch_id,
                NoticePriority.TRANSACTIONAL,
                detail=detail,
                quiet=False,
                not_before=not_before,
            )
            await tell_hearer(session, clock, hearer, word)


async def correct(session: AsyncSession, clock: Clock, message: SupportMessage, *, new_file: bool) -> None:
    """After an edit: the copies are edited where they stand; what has not left yet leaves in its new form.

    A changed file goes out anew, in answer to the old one: Telegram would have to take it in place of the old, and may
    refuse.
    """
    batch_id = message.batch_id or message.id
    copies = await copies_of_batch(session, batch_id)
    batch = await messages_of_batch(session, batch_id)
    leaves = leaves_of(batch)
    relays = await relays_of(session, (batch_id,))
    for hearer, revision in _heard_in(relays):
        here = [each for each in relays if each.chat_id == hearer.chat_id]
        dropped = [each for each in here if each.error == NO_LONGER_TRUE]
        told = frozenset(LeafPlace.of(each).leaf for each in here if each not in dropped)
        # What has grown needs more messages than were told. Those told are not told again even in vain: PostgreSQL
        # would wait for whoever settles them, who waits for us.
        grown = frozenset(range(len(leaves))) - told
        newer = revision + 1 if dropped else revision
        await tell_leaves(session, clock, hearer, batch_id, only=grown, revision=newer, quiet=False)
        if new_file and any(each.chat_id == hearer.chat_id for each in copies):
            files = frozenset(at for at, leaf in enumerate(leaves) if leaf.shape in (Shape.FILE, Shape.THING))
            await tell_leaves(session, clock, hearer, batch_id, only=files, revision=revision + 1, quiet=False)
    for copy in copies:
        leaf = leaves[copy.part] if copy.part < len(leaves) else None
        if _shows_words_of(leaf, copy, message, batch):
            await correct_copy(session, clock, copy, batch_id)


async def correct_copy(session: AsyncSession, clock: Clock, copy: SupportCopy, batch_id: int) -> None:
    """One copy is made to show what its message says now."""
    told = [each for each in await relays_of(session, (batch_id,)) if each.chat_id == copy.chat_id]
    hearer = await hearer_in(session, copy.chat_id, told[-1].thread_id if told else None)
    if hearer is None:
        return
    in_batch = select(col(SupportMessage.id)).where(col(SupportMessage.batch_id) == batch_id)
    versions = select(func.count()).select_from(SupportVersion).where(col(SupportVersion.message_id).in_(in_batch))
    word = Word(
        NoticeKind.SUPPORT_EDITED,
        copy.support_message_id,
        NoticePriority.RELAY,
        revision=(await session.exec(versions)).one(),
        detail=str(copy.message_id),
        quiet=False,
    )
    await tell_hearer(session, clock, hearer, word)


async def messages_of_batch(session: AsyncSession, batch_id: int, *, held: bool = False) -> Sequence[SupportMessage]:
    """In the order in which they were written; never empty while the batch exists.

    `held`: nobody edits them until the end of the transaction, so that a copy that is being noted and an edit that
    looks for copies cannot miss each other.
    """
    query = select(SupportMessage).where(col(SupportMessage.batch_id) == batch_id).order_by(col(SupportMessage.id))
    if held:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).all()


async def copies_of_batch(session: AsyncSession, batch_id: int) -> Sequence[SupportCopy]:
    """Every copy of its messages, the oldest first."""
    query: Any = (
        select(SupportCopy)
        .join(SupportMessage, col(SupportMessage.id) == col(SupportCopy.support_message_id))
        .where(col(SupportMessage.batch_id) == batch_id)
        .order_by(col(SupportCopy.message_id))
    )
    found: Sequence[SupportCopy] = (await session.exec(query)).all()
    return found


async def place_in_chat(session: AsyncSession, message_id: int, chat_id: int) -> int | None:
    """Where a kept message stands in this chat: as it was written, or the newest of its copies. None: nowhere."""
    message = await session.get(SupportMessage, message_id)
    if message is not None and message.chat_id == chat_id:
        return message.message_id
    query = select(col(SupportCopy.message_id)).where(
        col(SupportCopy.support_message_id) == message_id, col(SupportCopy.chat_id) == chat_id
    )
    return (await session.exec(query.order_by(col(SupportCopy.message_id).desc()).limit(1))).first()


async def relays_of(session: AsyncSession, batch_ids: Iterable[int]) -> list[Notice]:
    """The notices that carry these batches to the other side, whatever became of them; none that shows them again."""
    query = select(Notice).where(
        col(Notice.kind) == NoticeKind.SUPPORT_RELAY,
        col(Notice.subject_id).in_(tuple(batch_ids)),
        col(Notice.detail).not_like(f"{_SHOWN_AGAIN}:%"),
    )
    return list((await session.exec(query.order_by(col(Notice.id)))).all())


def _heard_in(relays: Iterable[Notice]) -> list[tuple[Hearer, int]]:
    """Chats to which a batch was relayed, with the newest revision there."""
    newest: dict[Hearer, int] = {}
    for notice in relays:
        hearer = Hearer(notice.chat_id, notice.person_id, notice.thread_id)
        newest[hearer] = max(notice.revision, newest.get(hearer, 0))
    return list(newest.items())


def _shows_words_of(
    leaf: Leaf | None, copy: SupportCopy, message: SupportMessage, batch: Sequence[SupportMessage]
) -> bool:
    """Whether an edit of `message` may change what stands in this copy."""
    if leaf is None:
        return True  # the words have become shorter than the messages that showed them
    if leaf.shape is Shape.ALBUM:
        return copy.support_message_id == message.id
    if leaf.shape is Shape.THING or (leaf.shape is Shape.HEADING and len(batch) > 1):
        return False
    # Joined words move up or down when those before them change.
    return any(each.id >= message.id for each in leaf.messages)


async def _batch_to_join(session: AsyncSession, clock: Clock, message: SupportMessage) -> int | None:
    """The batch before this message, when it may still take it: nothing of it has begun to leave.

    The guarded update holds its notices until we have committed.
    """
    before = await _message_before(session, message)
    if before is None or before.batch_id is None:
        return None
    if message.album is not None:
        if before.album != message.album:
            return None
    elif not (_is_joinable(message) and _is_joinable(before) and await _floods(session, clock, message)):
        return None
    batch_id = before.batch_id
    relays = await relays_of(session, (batch_id,))
    await _hold_waiting(session, {each.chat_id for each in relays})
    relayed = col(Notice.kind) == NoticeKind.SUPPORT_RELAY, col(Notice.subject_id) == batch_id
    later = clock.now() + ALBUM_GAP if message.album else col(Notice.not_before)
    holding = update(Notice).where(*relayed, *_UNSTARTED).values(not_before=later)
    held = (await session.exec(holding.execution_options(synchronize_session=False))).rowcount
    return batch_id if held == len(relays) else None


async def _message_before(session: AsyncSession, message: SupportMessage) -> SupportMessage | None:
    """What the same author wrote to the same side just before."""
    query = select(SupportMessage).where(
        col(SupportMessage.request_id) == message.request_id,
        col(SupportMessage.author_id) == message.author_id,
        col(SupportMessage.side) == message.side,
        col(SupportMessage.id) < message.id,
    )
    return (await session.exec(query.order_by(col(SupportMessage.id).desc()).limit(1))).first()


def _is_joinable(message: SupportMessage) -> bool:
    return message.kind is ContentKind.TEXT and message.reply_to_id is None


async def _floods(session: AsyncSession, clock: Clock, message: SupportMessage) -> bool:
    """Whether its author has written so many texts within a minute that the next ones are joined."""
    if not _is_joinable(message):
        return False
    query = (
        select(func.count())
        .select_from(SupportMessage)
        .where(
            col(SupportMessage.request_id) == message.request_id,
            col(SupportMessage.author_id) == message.author_id,
            col(SupportMessage.side) == message.side,
            col(SupportMessage.kind) == ContentKind.TEXT,
            col(SupportMessage.id) < message.id,
            col(SupportMessage.created_at) > clock.now() - FLOOD_SPAN,
        )
    )
    return (await session.exec(query)).one() >= FLOOD_SIZE


async def _after_what_waits(session: AsyncSession, hearer: Hearer, batch_id: int, wanted: datetime) -> datetime:
    """No message overtakes one that was written before it and still waits for the rest of its album or flood."""
    waiting = await _hold_waiting(session, {hearer.chat_id})
    leaves_at: datetime = max([wanted, *(each.not_before for each in waiting)])
    # What waits behind an album that has just grown waits as long as it does.
    first = next((each.id for each in waiting if each.subject_id == batch_id), None)
    sooner = [each.id for each in waiting if first is not None and each.id > first and each.not_before < leaves_at]
    if sooner:
        later = update(Notice).where(col(Notice.id).in_(sooner)).values(not_before=leaves_at)
        await session.exec(later.execution_options(synchronize_session=False))
    return leaves_at


async def _hold_waiting(session: AsyncSession, chat_ids: Iterable[int]) -> Sequence[Any]:
    """What waits in these chats for the rest of its album or flood, until the end of the transaction; oldest first.

    Always all of it, since what others write to the same chat may move: each in turn, in one order.
    """
    in_chats = col(Notice.chat_id).in_(tuple(chat_ids)), col(Notice.priority) == NoticePriority.RELAY
    columns = col(Notice.id), col(Notice.not_before), col(Notice.subject_id)
    query = select(*columns).where(*in_chats, *_UNSTARTED).order_by(col(Notice.id))
    return (await session.exec(query.with_for_update())).all()


async def _other_side_is_lively(session: AsyncSession, clock: Clock, message: SupportMessage) -> bool:
    other = SupportSide.TEAM if message.side is SupportSide.REQUESTER else SupportSide.REQUESTER
    query = select(col(SupportMessage.id)).where(
        col(SupportMessage.request_id) == message.request_id,
        col(SupportMessage.side) == other,
        col(SupportMessage.created_at) > clock.now() - LIVELY,
    )
    return (await session.exec(query.limit(1))).first() is not None
