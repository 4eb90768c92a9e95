"""The states of a support request: who may see and handle it, and the one way in which it changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, live_cards
from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, OutOfDate
from council.live_cards import LiveKind
from council.support_topics import follow_state
from storage.people import Role
from storage.support import ENDED, SupportAct, SupportEvent, SupportRequest, SupportState

S = SupportState
_IN_HAND = frozenset({S.ASSIGNED, S.IN_PROGRESS, S.WAITING, S.CARRIED_OUT, S.REDIRECTED, S.WITHDRAWN, S.MERGED})
_QUEUE = frozenset({S.RECEIVED, S.QUALIFIED})
TRANSITIONS: Mapping[SupportState, frozenset[SupportState]] = {
    S.RECEIVED: (_IN_HAND | {S.QUALIFIED}) - {S.IN_PROGRESS, S.WAITING},
    S.QUALIFIED: _IN_HAND - {S.IN_PROGRESS, S.WAITING},
    S.ASSIGNED: _IN_HAND | _QUEUE,
    S.IN_PROGRESS: _IN_HAND | _QUEUE,
    S.WAITING: _IN_HAND | _QUEUE,
    S.CARRIED_OUT: frozenset({S.CLOSED, S.ASSIGNED, S.RECEIVED}),
    S.CLOSED: frozenset({S.ASSIGNED, S.RECEIVED}),
    S.REDIRECTED: frozenset({S.ASSIGNED, S.RECEIVED}),
    S.WITHDRAWN: frozenset(),
    S.MERGED: frozenset({S.RECEIVED, S.REDIRECTED}),
}
"""What may follow what (domain.md, section 4). Back to the queue: nobody has it any more. From closed: reopened.
From merged: what went on for it was taken back, or redirected."""


async def load_support(session: AsyncSession, actor: Actor, request_id: int) -> SupportRequest:
    """The request, for those who may see it: who asked, the team of its council, the coordinator.

    Raises NotAllowed for all others, and when there is none.
    """
    request = await session.get(SupportRequest, request_id)
    if request is None or not may_see(actor, request):
        raise NotAllowed
    return request


def may_see(actor: Actor, request: SupportRequest) -> bool:
    return actor.person_id == request.person_id or may_handle(actor, request)


def may_handle(actor: Actor, request: SupportRequest) -> bool:
    """The coordinator and every animator: the team stands in for one another across councils.

    Not the request of their own: to that one they are its requester, and nobody answers themselves. A lead who is no
    animator does not see what residents ask in confidence.
    """
    return actor.person_id != request.person_id and actor.holds_anywhere(Role.COORDINATOR, Role.ANIMATOR)


def check_handles(actor: Actor, request: SupportRequest) -> None:
    """Raises NotAllowed for who is not of the team, and for their own request: nobody answers themselves."""
    if not may_handle(actor, request):
        raise NotAllowed


async def move(
    session: AsyncSession,
    clock: Clock,
    request: SupportRequest,
    to: SupportState,
    act: SupportAct,
    actor: Actor | None,
    *,
    other_id: int | None = None,
    detail: str = "",
    **values: Any,
) -> None:
    """Changes the state, once: of two who do so at the same time, the second is refused.

    `values` are columns that change with it; `request` has them afterwards. Writes history and audit line, and has
    every card of the request refreshed.

    Raises:
        OutOfDate: the state does not lead there, or somebody has changed the request since it was read.
    """
    if to is not request.state and to not in TRANSITIONS[request.state]:
        raise OutOfDate
    now = clock.now()
    closed = {"closed_at": now, "next_alert_at": None, "next_feedback_at": None} if to in ENDED else {}
    changes = {**closed, **values, "state": to, "changed_at": now}
    unchanged = (
        col(SupportRequest.id) == request.id,
        col(SupportRequest.state) == request.state,
        col(SupportRequest.animator_id).is_not_distinct_from(request.animator_id),
    )
    before = request.state
    moving = update(SupportRequest).where(*unchanged).values(**changes).execution_options(synchronize_session=False)
    if not (await session.exec(moving)).rowcount:
        raise OutOfDate
    await session.refresh(request)
    await note(session, clock, request, act, actor, other_id=other_id, detail=detail)
    await follow_state(session, clock, request, before)


async def note(
    session: AsyncSession,
    clock: Clock,
    request: SupportRequest,
    act: SupportAct,
    actor: Actor | None,
    *,
    other_id: int | None = None,
    detail: str = "",
) -> None:
    """A line of the request's history, its audit line, and its cards refreshed."""
    person_id = actor.person_id if actor else None
    session.add(
        SupportEvent(
            request_id=request.id,
            at=clock.now(),
            act=act,
            person_id=person_id,
            other_id=other_id,
            state=request.state,
            detail=detail,
        )
    )
    await session.flush()
    await audit.record(session, clock, actor, f"support.{act}", "support_request", request.id, person_id=other_id)
    await live_cards.refresh(session, clock, LiveKind.SUPPORT, request.id)


def is_late(request: SupportRequest, now: datetime) -> bool:
    """Nobody has answered, and the moment that was promised is over."""
    return request.first_answer_at is None and request.state not in ENDED and request.promised_at < now
