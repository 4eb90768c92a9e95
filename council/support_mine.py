"""A person's own requests: how far each is, who has it, what was promised, and the steps it has come through."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.council_choice import council_of
from council.errors import NotAllowed
from storage.people import Person
from storage.support import (
    ENDED,
    OPEN,
    SupportAct,
    SupportEvent,
    SupportKind,
    SupportRequest,
    SupportState,
    Verdict,
)

SHOWN = frozenset(SupportAct) - {
    SupportAct.QUALIFIED,
    SupportAct.WRITTEN,
    SupportAct.ALERTED,
    SupportAct.ATTACHED,
}
"""Steps that concern the requester; the others are the team's own work."""
STEPS = 3
_PASSING_ON = (SupportAct.ASSIGNED, SupportAct.TRANSFERRED)


@dataclass(frozen=True)
class Step:
    """One step of a request. `who` is the first name of whoever did it or got it; "" for the requester and the bot."""

    at: datetime
    act: SupportAct
    who: str
    detail: str


@dataclass(frozen=True)
class MyRequest:
    """A request as its requester sees it. `animator` is a first name, None while it waits in the team's queue.

    `now` is when it was read. `merged_into` is the number of the request that goes on, if it is theirs too. `steps` are
    the last few, oldest first.
    """

    id: int
    number: str
    kind: SupportKind
    theme: str | None
    state: SupportState
    round: int
    for_council: bool
    council: str | None
    animator: str | None
    now: datetime
    created_at: datetime
    promised_at: datetime
    answered: bool
    result: str | None
    verdict: Verdict | None
    face: int | None
    closed_at: datetime | None
    merged_into: str | None
    steps: tuple[Step, ...]

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED

    @property
    def awaits_verdict(self) -> bool:
        return self.state is SupportState.CARRIED_OUT and self.verdict is None

    @property
    def may_withdraw(self) -> bool:
        return self.is_open and self.state is not SupportState.CARRIED_OUT

    @property
    def is_late(self) -> bool:
        return self.is_open and not self.answered and self.promised_at < self.now


@dataclass(frozen=True)
class ListedRequest:
    """A request on one line of a list."""

    id: int
    number: str
    kind: SupportKind
    state: SupportState


async def load_mine(session: AsyncSession, actor: Actor, request_id: int) -> SupportRequest:
    """The actor's own request. Raises NotAllowed for anybody else's, and when there is none."""
    request = await session.get(SupportRequest, request_id)
    if request is None or request.person_id != actor.person_id:
        raise NotAllowed
    return request


async def open_mine(session: AsyncSession, clock: Clock, actor: Actor, request_id: int) -> MyRequest:
    """The actor's own request, to be shown. Raises NotAllowed for anybody else's, and when there is none."""
    return await view_of(session, clock, await load_mine(session, actor, request_id))


async def view_of(session: AsyncSession, clock: Clock, request: SupportRequest) -> MyRequest:
    """The request as its requester sees it; whoever calls has checked who reads it."""
    steps = await _steps(session, request.id)
    council = await council_of(session, request.council_id)
    whole = await session.get(SupportRequest, request.duplicate_of_id) if request.duplicate_of_id is not None else None
    return MyRequest(
        id=request.id,
        number=request.number,
        kind=request.kind,
        theme=request.theme,
        state=request.state,
        round=request.rounds,
        for_council=request.for_council,
        council=council.name if council is not None else None,
        animator=await first_name(session, request.animator_id),
        now=clock.now(),
        created_at=request.created_at,
        promised_at=request.promised_at,
        answered=request.first_answer_at is not None,
        result=request.result,
        verdict=request.verdict,
        face=request.face,
        closed_at=request.closed_at,
        merged_into=whole.number if whole is not None and whole.person_id == request.person_id else None,
        steps=steps,
    )


async def my_requests(session: AsyncSession, actor: Actor, *, past: bool = False) -> list[ListedRequest]:
    """The actor's open requests, or those that have ended; the newest first."""
    states: Collection[SupportState] = ENDED if past else OPEN
    query = (
        select(col(SupportRequest.id), col(SupportRequest.number), col(SupportRequest.kind), col(SupportRequest.state))
        .where(col(SupportRequest.person_id) == actor.person_id, col(SupportRequest.state).in_(states))
        .order_by(col(SupportRequest.id).desc())
    )
    return [ListedRequest(*row) for row in (await session.exec(query)).all()]


async def first_name(session: AsyncSession, person_id: int | None) -> str | None:
    """None for nobody, and for somebody who has been erased."""
    if person_id is None:
        return None
    query = select(col(Person.first_name)).where(col(Person.id) == person_id, col(Person.erased_at).is_(None))
    return (await session.exec(query)).first()


async def _steps(session: AsyncSession, request_id: int) -> tuple[Step, ...]:
    query = (
        select(SupportEvent)
        .where(col(SupportEvent.request_id) == request_id, col(SupportEvent.act).in_(SHOWN))
        .order_by(col(SupportEvent.id).desc())
        .limit(STEPS)
    )
    steps = []
    for event in reversed((await session.exec(query)).all()):
        who = event.other_id if event.act in _PASSING_ON else event.person_id
        steps.append(Step(event.at, event.act, await first_name(session, who) or "", event.detail))
    return tuple(steps)
