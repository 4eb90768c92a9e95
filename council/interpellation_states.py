"""The states of interpellations and saisines: who may do what, and the one way in which they change."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, live_cards
from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, OutOfDate
from council.live_cards import LiveKind
from storage.interpellations import (
    UNPUBLISHED,
    Interpellation,
    InterpellationAct,
    InterpellationEvent,
    InterpellationKind,
    InterpellationState,
)
from storage.people import Role

S = InterpellationState
_BEFORE_SENDING: Mapping[InterpellationState, frozenset[InterpellationState]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.WITHDRAWN}),
    S.SUBMITTED: frozenset({S.COSIGNING, S.DRAFT, S.WITHDRAWN}),
    S.COSIGNING: frozenset({S.VOTING, S.WITHDRAWN}),
    S.VOTING: frozenset({S.ADOPTED, S.REJECTED}),
    S.ADOPTED: frozenset({S.SENT}),
    S.REJECTED: frozenset({S.CLOSED}),
    S.WITHDRAWN: frozenset(),
    S.CLOSED: frozenset(),
    S.REPORTED_BACK: frozenset({S.CLOSED, S.SENT}),
}
TRANSITIONS: Mapping[InterpellationKind, Mapping[InterpellationState, frozenset[InterpellationState]]] = {
    InterpellationKind.INTERPELLATION: {
        **_BEFORE_SENDING,
        S.SENT: frozenset({S.ACKNOWLEDGED, S.ANSWERED}),
        S.ACKNOWLEDGED: frozenset({S.ANSWERED}),
        S.ANSWERED: frozenset({S.SENT, S.REPORTED_BACK}),
    },
    InterpellationKind.SAISINE: {
        **_BEFORE_SENDING,
        S.SENT: frozenset({S.ACKNOWLEDGED, S.FORWARDED, S.RETAINED, S.NOT_RETAINED}),
        S.ACKNOWLEDGED: frozenset({S.FORWARDED, S.RETAINED, S.NOT_RETAINED}),
        S.FORWARDED: frozenset({S.RETAINED, S.NOT_RETAINED}),
        S.RETAINED: frozenset({S.DIAGNOSED, S.IN_STEERING}),
        S.NOT_RETAINED: frozenset({S.REPORTED_BACK}),
        S.DIAGNOSED: frozenset({S.IN_STEERING}),
        S.IN_STEERING: frozenset({S.IN_MUNICIPAL_COUNCIL, S.FOLLOWED_UP}),
        S.IN_MUNICIPAL_COUNCIL: frozenset({S.FOLLOWED_UP}),
        S.FOLLOWED_UP: frozenset({S.REPORTED_BACK}),
    },
}
"""What may follow what (domain.md, section 4). Back to sent: a follow-up in the same thread, a new round."""


async def load_interpellation(session: AsyncSession, actor: Actor, interpellation_id: int) -> Interpellation:
    """The interpellation, for those who may see it. Raises NotAllowed for all others, and when there is none."""
    interpellation = await session.get(Interpellation, interpellation_id)
    if interpellation is None or not may_see(actor, interpellation):
        raise NotAllowed
    return interpellation


def is_public(interpellation: Interpellation) -> bool:
    return interpellation.state not in (*UNPUBLISHED, S.WITHDRAWN)


def may_see(actor: Actor, interpellation: Interpellation) -> bool:
    """What was opened is for everybody; a draft for its author, the council's leads and the team."""
    return (
        is_public(interpellation)
        or actor.person_id == interpellation.author_id
        or actor.manages(interpellation.council_id)
    )


def check_carries(actor: Actor, interpellation: Interpellation) -> None:
    """Who carries it on: leads and animators of the council, and the coordinator. Raises NotAllowed."""
    if not actor.manages(interpellation.council_id):
        raise NotAllowed


def may_vote(actor: Actor, interpellation: Interpellation) -> bool:
    """Members of the council, its leads among them: the team, officials and other residents do not vote."""
    return any(actor.has(role, interpellation.council_id) for role in (Role.MEMBER, Role.LEAD))


async def move(
    session: AsyncSession,
    clock: Clock,
    interpellation: Interpellation,
    to: InterpellationState,
    act: InterpellationAct,
    actor: Actor | None,
    *,
    words: str = "",
    **values: Any,
) -> InterpellationEvent:
    """Changes the state, once: of two who do so at the same time, the second is refused. The line of the history.

    `values` are columns that change with it; `interpellation` has them afterwards.

    Raises:
        OutOfDate: the state does not lead there, or somebody has changed it since it was read.
    """
    if to not in TRANSITIONS[interpellation.kind].get(interpellation.state, frozenset()):
        raise OutOfDate
    return await change(session, clock, interpellation, act, actor, words=words, state=to, **values)


async def change(
    session: AsyncSession,
    clock: Clock,
    interpellation: Interpellation,
    act: InterpellationAct,
    actor: Actor | None,
    *,
    words: str = "",
    **values: Any,
) -> InterpellationEvent:
    """Changes columns without regard to the state's path, with history, audit line and cards, once.

    Raises OutOfDate when somebody has changed it since it was read.
    """
    unchanged = (
        col(Interpellation.id) == interpellation.id,
        col(Interpellation.revision) == interpellation.revision,
    )
    changes = {**values, "revision": interpellation.revision + 1, "changed_at": clock.now()}
    changing = update(Interpellation).where(*unchanged).values(**changes)
    if not (await session.exec(changing.execution_options(synchronize_session=False))).rowcount:
        raise OutOfDate
    await session.refresh(interpellation)
    return await note(session, clock, interpellation, act, actor, words=words)


async def note(
    session: AsyncSession,
    clock: Clock,
    interpellation: Interpellation,
    act: InterpellationAct,
    actor: Actor | None,
    *,
    words: str = "",
) -> InterpellationEvent:
    """A line of the history, its audit line, and the cards refreshed."""
    event = InterpellationEvent(
        interpellation_id=interpellation.id,
        at=clock.now(),
        act=act,
        state=interpellation.state,
        person_id=actor.person_id if actor else None,
        words=words,
    )
    session.add(event)
    await session.flush()
    await audit.record(session, clock, actor, f"interpellation.{act}", "interpellation", interpellation.id)
    await live_cards.refresh(session, clock, LiveKind.INTERPELLATION, interpellation.id)
    return event
