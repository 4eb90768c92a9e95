"""A support request changes hands: taken from the queue, given to somebody else, put back. The promise stays."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, OutOfDate, Refusal
from council.notices import NoticeKind
from council.programme import load_programme
from council.routing import given, mark_given, tell_queue, tell_queue_of, word_about
from council.settings import ProgrammeSettings
from council.support_states import check_handles, load_support, move
from storage import duty
from storage.animators import AnimatorPost
from storage.people import Person, Role
from storage.support import SupportAct, SupportRequest, SupportState

QUEUE = (SupportState.RECEIVED, SupportState.QUALIFIED)
"""Where a request waits for somebody to take it."""
TAKEN, TRANSFERRED = "taken", "transferred"
"""Details of the news to the requester: somebody has it now, somebody else goes on."""


class TakenBy(Refusal):
    """Somebody else has it already."""

    def __init__(self, name: str, person_id: int) -> None:
        super().__init__(person_id)
        self.name = name
        self.person_id = person_id


class NotOnTheTeam(Refusal):
    """Who should get it neither animates nor coordinates any more, or cannot be written to."""


class TheirOwnRequest(Refusal):
    """Nobody answers themselves."""


async def take(session: AsyncSession, clock: Clock, actor: Actor, request_id: int) -> SupportRequest:
    """The actor takes a request from the queue; again: it is theirs already, and nothing changes.

    Raises:
        NotAllowed: not of the team, or their own request.
        TakenBy: somebody else was faster.
        OutOfDate: it has ended.
    """
    request = await load_support(session, actor, request_id)
    check_handles(actor, request)
    await hold_post(session, actor.person_id)
    await session.refresh(request)
    if request.animator_id is None and request.state in QUEUE:
        try:
            await move(
                session, clock, request, SupportState.ASSIGNED, SupportAct.TAKEN, actor, animator_id=actor.person_id
            )
        except OutOfDate:
            await session.refresh(request)
        else:
            await mark_given(session, clock, actor.person_id)
            await notices.tell(
                session, clock, request.person_id, await word_about(session, request, NoticeKind.SUPPORT_NEWS, TAKEN)
            )
            return request
    if request.state not in duty.IN_HAND:
        raise OutOfDate
    if request.animator_id != actor.person_id:
        raise await _taken_by(session, request)
    return request


async def transfer(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    request_id: int,
    to_person_id: int,
) -> SupportRequest:
    """The request goes to somebody else of the team, with its history and its promise; who did not do it hears of it.

    Who holds it may give it away, the coordinator may give any to anybody, a deputy may take over from whom they stand
    in for. To who has it already: nothing changes.

    Raises:
        NotAllowed: not the actor's to give.
        NotOnTheTeam: the other is no animator or coordinator (any more).
        TheirOwnRequest: the other is who asks.
        OutOfDate: it has ended, or waits for the word of its requester; or somebody changed it at the same time.
    """
    request = await load_support(session, actor, request_id)
    check_handles(actor, request)
    await _check_may_give(session, actor, request, to_person_id)
    if to_person_id == request.person_id:
        raise TheirOwnRequest
    if request.state not in (*duty.IN_HAND, *QUEUE):
        raise OutOfDate
    holder = request.animator_id
    if holder == to_person_id:
        return request
    await hold_post(session, to_person_id)
    state = SupportState.ASSIGNED if request.state in QUEUE else request.state
    act = SupportAct.ASSIGNED if holder is None else SupportAct.TRANSFERRED
    await move(session, clock, request, state, act, actor, other_id=to_person_id, animator_id=to_person_id)
    if to_person_id == actor.person_id:
        await mark_given(session, clock, to_person_id)
    else:
        await given(session, clock, request, to_person_id)
    await _tell_holder_before(session, clock, request, actor, holder)
    detail = TAKEN if holder is None else TRANSFERRED
    news = await word_about(session, request, NoticeKind.SUPPORT_NEWS, detail)
    await notices.tell(session, clock, request.person_id, news)
    return request


async def release(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, actor: Actor, request_id: int
) -> SupportRequest:
    """Back to the queue; the rest of the team is told. The promise stays.

    Raises:
        NotAllowed: neither who holds it nor the coordinator.
        OutOfDate: nobody holds it (any more), or it has ended.
    """
    request = await load_support(session, actor, request_id)
    check_handles(actor, request)
    if not (actor.is_coordinator or request.animator_id == actor.person_id):
        raise NotAllowed
    holder = request.animator_id
    if holder is None or request.state not in duty.IN_HAND:
        raise OutOfDate
    await move(session, clock, request, SupportState.RECEIVED, SupportAct.RELEASED, actor, animator_id=None)
    await _tell_holder_before(session, clock, request, actor, holder)
    await tell_queue(session, clock, programme, request, besides=frozenset({holder, actor.person_id}))
    return request


async def release_all_of(
    session: AsyncSession, clock: Clock, actor: Actor | None, person_id: int, council_id: int | None = None
) -> int:
    """Puts into the queue what somebody holds who may not (any more); how many. Called when a role has ended.

    Out of the team: all they held. Still of the team: what they held for `council_id`, which they no longer animate,
    unless they coordinate.
    """
    await duty.lock_posts(session, (person_id,))
    roles = await duty.roles_of(session, person_id)
    if Role.COORDINATOR in roles or (roles and council_id is None):
        return 0
    held = (
        select(SupportRequest)
        .where(
            duty.is_open(),
            col(SupportRequest.animator_id) == person_id,
            col(SupportRequest.state) != SupportState.CARRIED_OUT,
        )
        .order_by(col(SupportRequest.id))
        # Held: whoever writes to one of them at this moment is waited for, and does not undo the end of the role.
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if roles:
        held = held.where(col(SupportRequest.council_id) == council_id)
    requests = (await session.exec(held)).all()
    if not requests:
        return 0
    programme = await load_programme(session)
    for request in requests:
        state = SupportState.QUALIFIED if request.state is SupportState.QUALIFIED else SupportState.RECEIVED
        await move(session, clock, request, state, SupportAct.RELEASED, actor, other_id=person_id, animator_id=None)
    await tell_queue_of(session, clock, programme, requests, besides=frozenset({person_id}))
    return len(requests)


async def hold_post(session: AsyncSession, person_id: int) -> None:
    """Who gets a request is of the team until the end of the transaction: a role that ends waits for the post.

    Raises NotOnTheTeam.
    """
    await duty.lock_posts(session, (person_id,))
    if not await duty.team_among(session, (person_id,)):
        raise NotOnTheTeam


async def put_back(session: AsyncSession, actor: Actor) -> Refusal:
    """Why nobody holds a request that somebody thought they did: their role has just ended, or it was released."""
    return OutOfDate() if await duty.team_among(session, (actor.person_id,)) else NotOnTheTeam()


async def _check_may_give(session: AsyncSession, actor: Actor, request: SupportRequest, to_person_id: int) -> None:
    """Raises NotAllowed."""
    if actor.is_coordinator or actor.person_id == request.animator_id:
        return
    post = await session.get(AnimatorPost, request.animator_id) if request.animator_id is not None else None
    if post is None or post.deputy_id != actor.person_id or to_person_id != actor.person_id:
        raise NotAllowed


async def _tell_holder_before(
    session: AsyncSession, clock: Clock, request: SupportRequest, actor: Actor, holder: int | None
) -> None:
    if holder is not None and holder != actor.person_id:
        await notices.tell(session, clock, holder, await word_about(session, request, NoticeKind.SUPPORT_LEFT_YOU))


async def _taken_by(session: AsyncSession, request: SupportRequest) -> Refusal:
    holder = await session.get(Person, request.animator_id) if request.animator_id is not None else None
    return TakenBy(holder.first_name, holder.id) if holder is not None else OutOfDate()
