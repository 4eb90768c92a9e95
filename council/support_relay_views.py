"""What a relayed message shows to its reader, read when it leaves: who may read it is asked again then."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import load_actor
from council.support_leaves import Leaf, Shape, leaves_of
from council.support_mine import first_name
from council.support_relays import LeafPlace, copies_of_batch, messages_of_batch, place_in_chat
from council.support_states import may_handle
from storage.outbox import Notice
from storage.support import SupportCopy, SupportMessage, SupportRequest, SupportSide


@dataclass(frozen=True)
class RelayView:
    """One leaf of a batch for one reader.

    `leaf` None: the words have become shorter, and nothing is left of this one. `piece` of `pieces` counts messages
    that continue one another. `name` is the author's first name, "" when they have left. `corrected`: an earlier form
    stands in the reader's chat. `reply_to` is the message of that chat which it answers.
    """

    leaf: Leaf | None
    piece: int
    pieces: int
    is_last: bool
    request_id: int
    number: str
    message_id: int
    side: SupportSide
    name: str
    by_reader: bool
    by_holder: bool
    to_team: bool
    in_group: bool
    corrected: bool
    reply_to: int | None = None


@dataclass(frozen=True)
class CorrectedCopy:
    """A message in a chat that must show newer words; `has_media`: they stand under a file."""

    message_id: int
    has_media: bool
    only_file: SupportMessage | None
    view: RelayView


async def relay_view(session: AsyncSession, notice: Notice) -> RelayView | None:
    """None when there is nothing (left) to show, or when its reader may not read it any more."""
    place = LeafPlace.of(notice).leaf
    batch = await messages_of_batch(session, notice.subject_id)
    leaves = leaves_of(batch) if batch else ()
    if place >= len(leaves):
        return None
    view = await _view(session, notice, batch, leaves, place)
    if view is None:
        return None
    here = [each for each in await copies_of_batch(session, notice.subject_id) if each.chat_id == notice.chat_id]
    earlier = [each.message_id for each in here if each.part == place]
    edited = any(each.edited_at is not None for each in leaves[place].messages)
    if edited and earlier:
        return replace(view, corrected=True, reply_to=earlier[-1])
    answered_id = leaves[place].messages[0].reply_to_id
    if answered_id is None:
        return view
    return replace(view, reply_to=await place_in_chat(session, answered_id, notice.chat_id))


async def corrected_copy(session: AsyncSession, notice: Notice) -> CorrectedCopy | None:
    """What a SUPPORT_EDITED notice puts in the place of a copy; None when the copy or the right to it is gone."""
    copy = await session.get(SupportCopy, (notice.chat_id, int(notice.detail or 0)))
    message = await session.get(SupportMessage, notice.subject_id)
    if copy is None or message is None or message.batch_id is None:
        return None
    batch = await messages_of_batch(session, message.batch_id)
    leaves = leaves_of(batch)
    view = await _view(session, notice, batch, leaves, copy.part)
    if view is None or (view.leaf is not None and view.leaf.shape is Shape.THING):
        return None
    in_album = view.leaf is not None and view.leaf.shape is Shape.ALBUM
    has_media = in_album or (view.leaf is not None and view.leaf.shape is Shape.FILE)
    return CorrectedCopy(copy.message_id, has_media, message if in_album else None, replace(view, corrected=True))


async def _view(
    session: AsyncSession, notice: Notice, batch: Sequence[SupportMessage], leaves: tuple[Leaf, ...], place: int
) -> RelayView | None:
    first = batch[0]
    request = await session.get_one(SupportRequest, first.request_id)
    to_team = True
    if notice.person_id is None and request.topic_chat_id != notice.chat_id:
        return None  # the team talks about it elsewhere by now
    if notice.person_id is not None:
        reader = await load_actor(session, notice.chat_id)
        if reader is None or reader.person_id != notice.person_id:
            return None
        to_team = may_handle(reader, request)
        if not to_team and (reader.person_id != request.person_id or first.side is SupportSide.NOTE):
            return None
    leaf = leaves[place] if place < len(leaves) else None
    if leaf is not None and any(_is_erased(each) for each in leaf.messages):
        return None
    words = [at for at, each in enumerate(leaves) if each.shape is Shape.WORDS]
    return RelayView(
        leaf=leaf,
        piece=words.index(place) + 1 if place in words else 1,
        pieces=len(words) if place in words else 1,
        is_last=place >= len(leaves) - 1,
        request_id=request.id,
        number=request.number,
        message_id=leaf.messages[-1].id if leaf is not None else first.id,
        side=first.side,
        name=await first_name(session, first.author_id) or "",
        by_reader=first.author_id is not None and first.author_id == notice.person_id,
        by_holder=first.author_id is not None and first.author_id == request.animator_id,
        to_team=to_team,
        in_group=notice.person_id is None,
        corrected=False,
    )


def _is_erased(message: SupportMessage) -> bool:
    """Its requester has left, and nothing of it is kept."""
    things = message.file_id, message.latitude, message.contact
    return not message.parts and all(each is None for each in things)
