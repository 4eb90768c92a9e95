"""What becomes of requests that were merged when the one that goes on for them ends without having been worked out."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.actors import Actor
from council.clock import Clock
from council.errors import OutOfDate
from council.notices import NoticeKind, Word
from council.programme import load_programme
from council.promises import renew_promise
from council.routing import choose_animator, hand_over, word_about
from council.support_states import move
from storage import duty
from storage.outbox import NoticePriority
from storage.people import Person
from storage.support import SupportAct, SupportRequest, SupportState

GOES_ON, REDIRECTED = "transferred", "redirected"
"""Details of SUPPORT_NEWS to who asked the same: somebody goes on with theirs, or where they may turn now."""


async def hold_with_merged(session: AsyncSession, *request_ids: int) -> dict[int, SupportRequest]:
    """These requests as they are now, until the end of the transaction, together with all that were merged into them.

    Raises:
        OutOfDate: one of them is there no more.
    """
    ids = col(SupportRequest.id), col(SupportRequest.duplicate_of_id)
    query = select(SupportRequest).where(or_(*(each.in_(request_ids) for each in ids))).order_by(ids[0])
    held = (await session.exec(query.with_for_update().execution_options(populate_existing=True))).all()
    found = {each.id: each for each in held if each.id in request_ids}
    if len(found) != len(set(request_ids)):
        raise OutOfDate
    return found


async def hold_before_its_end(session: AsyncSession, request: SupportRequest) -> None:
    """As `hold_with_merged`, before it is taken back; first the posts of those who may go on with the others."""
    merged = select(col(SupportRequest.id)).where(col(SupportRequest.duplicate_of_id) == request.id)
    if (await session.exec(merged.limit(1))).first() is not None:
        await duty.lock_posts(session, [each for each, _ in await duty.names(session)])
    await hold_with_merged(session, request.id)


async def go_on_without(session: AsyncSession, clock: Clock, request: SupportRequest) -> None:
    """Its requester has taken it back: the oldest of the others goes on in its place, with a fresh promise.

    It stays with who had it, if they are there. The caller holds the team's posts and all these requests.
    """
    others = await _asked_the_same(session, request)
    if not others:
        return
    heir = others[0]
    programme = await load_programme(session)
    besides = frozenset({heir.person_id})
    animator_id = await choose_animator(
        session, clock, programme, heir.council_id, heir.kind, before=request.animator_id, besides=besides
    )
    again: dict[str, Any] = {"duplicate_of_id": None, "closed_at": None, "animator_id": None, "rounds": heir.rounds + 1}
    await move(session, clock, heir, SupportState.RECEIVED, SupportAct.REOPENED, None, **again)
    await hand_over(session, clock, programme, heir, animator_id)
    await renew_promise(session, clock, programme, heir)
    following = update(SupportRequest).where(
        col(SupportRequest.duplicate_of_id) == request.id, col(SupportRequest.state) == SupportState.MERGED
    )
    await session.exec(following.values(duplicate_of_id=heir.id).execution_options(synchronize_session=False))
    news = await word_about(session, heir, NoticeKind.SUPPORT_NEWS, GOES_ON)
    await notices.tell(session, clock, heir.person_id, news)


async def redirect_with(session: AsyncSession, clock: Clock, request: SupportRequest, actor: Actor) -> None:
    """It was redirected: so are those that were merged into it, and who asked them hears where to turn."""
    for each in await _asked_the_same(session, request):
        await move(
            session,
            clock,
            each,
            SupportState.REDIRECTED,
            SupportAct.REDIRECTED,
            actor,
            resource_actor_id=request.resource_actor_id,
        )
        word = Word(
            NoticeKind.SUPPORT_NEWS,
            each.id,
            NoticePriority.TRANSACTIONAL,
            revision=each.rounds,
            detail=REDIRECTED,
        )
        await notices.tell(session, clock, each.person_id, word)


async def _asked_the_same(session: AsyncSession, request: SupportRequest) -> Sequence[SupportRequest]:
    """Those of other people, who have not left; the oldest first. The caller holds them."""
    query = (
        select(SupportRequest)
        .join(Person, col(Person.id) == col(SupportRequest.person_id))
        .where(
            col(SupportRequest.duplicate_of_id) == request.id,
            col(SupportRequest.state) == SupportState.MERGED,
            col(SupportRequest.person_id) != request.person_id,
            col(Person.erased_at).is_(None),
        )
        .order_by(col(SupportRequest.id))
    )
    return (await session.exec(query.execution_options(populate_existing=True))).all()
