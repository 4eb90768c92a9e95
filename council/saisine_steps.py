"""The path of a saisine after it was sent: each step is noted with its day, and a document if there is one."""

from datetime import date

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.errors import EmptyWords, NotAllowed, OutOfDate, Refusal
from council.interpellation_answers import KeptFile, check_day, file_row
from council.interpellation_news import tell_concerned
from council.interpellation_states import TRANSITIONS, check_carries, load_interpellation, move
from council.settings import ProgrammeSettings
from council.written import no_longer
from storage.interpellations import (
    AWAITED,
    Interpellation,
    InterpellationAct,
    InterpellationEvent,
    InterpellationKind,
    InterpellationState,
)

STEPS = (
    InterpellationState.FORWARDED,
    InterpellationState.RETAINED,
    InterpellationState.NOT_RETAINED,
    InterpellationState.DIAGNOSED,
    InterpellationState.IN_STEERING,
    InterpellationState.IN_MUNICIPAL_COUNCIL,
    InterpellationState.FOLLOWED_UP,
)
"""Steps of institutions, which the council is told of; the act of each has the same name."""
WORDS_LIMIT = 1_000
"""UTF-16 units of what is said of a step."""


class ReasonMissing(EmptyWords):
    """A saisine was not retained, and nothing says why."""


class BeforeLastStep(Refusal):
    """A day before the step that came before."""


async def open_saisine(session: AsyncSession, actor: Actor, case_id: int) -> Interpellation:
    """A saisine that this person carries. Raises NotAllowed; OutOfDate when no step is left."""
    case = await load_interpellation(session, actor, case_id)
    check_carries(actor, case)
    if case.kind is not InterpellationKind.SAISINE:
        raise NotAllowed
    if not next_steps(case):
        raise OutOfDate
    return case


def next_steps(case: Interpellation) -> tuple[InterpellationState, ...]:
    """Which steps may come now, in their order."""
    if case.kind is not InterpellationKind.SAISINE:
        return ()
    may_follow = TRANSITIONS[case.kind].get(case.state, frozenset())
    return tuple(each for each in STEPS if each in may_follow)


async def check_step_day(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, case: Interpellation, day: date
) -> None:
    """A day on which the next step can have been. Raises FutureDay, BeforeSending, BeforeLastStep."""
    check_day(clock, programme, case, day)
    last = await last_step_on(session, case)
    if last is not None and day < last:
        raise BeforeLastStep


async def last_step_on(session: AsyncSession, case: Interpellation) -> date | None:
    """The day of the newest step; None before the first."""
    acts = tuple(InterpellationAct(each.value) for each in STEPS)
    of_case = col(InterpellationEvent.interpellation_id) == case.id, col(InterpellationEvent.act).in_(acts)
    return (await session.exec(select(func.max(col(InterpellationEvent.on))).where(*of_case))).one()


async def take_step(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    case_id: int,
    to: InterpellationState,
    on: date,
    *,
    words: str = "",
    file: KeptFile | None = None,
) -> InterpellationEvent:
    """Notes a step that was taken on that day (in the programme's time zone), and tells those whom it concerns.

    Raises:
        NotAllowed: somebody who does not carry it, or no saisine.
        OutOfDate: no such step may come now.
        FutureDay, BeforeSending, BeforeLastStep: no day on which it can have been.
        ReasonMissing, TooLong: of a saisine that is not retained people read why.
    """
    case = await open_saisine(session, actor, case_id)
    if to not in next_steps(case):
        raise OutOfDate
    await check_step_day(session, clock, programme, case, on)
    said = no_longer(words, WORDS_LIMIT)
    if to is InterpellationState.NOT_RETAINED and not said:
        raise ReasonMissing
    act = InterpellationAct(to.value)
    awaited = {} if to in AWAITED else {"next_look_at": None}
    event = await move(session, clock, case, to, act, actor, words=said, **awaited)
    event.on = on
    if file is not None:
        session.add(file_row(file, event_id=event.id))
    await session.flush()
    await tell_concerned(session, clock, case, act, actor=actor)
    return event
