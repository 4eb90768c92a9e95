"""The public register of a council: what it asked of whom, when, how far that is, and what was answered.

Nobody's personal data: neither authors nor signatories stand in it, and nothing that is not published.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.council_choice import find_council
from council.errors import NotAllowed
from council.meeting_views import takes_part
from storage.interpellations import (
    AWAITED,
    UNPUBLISHED,
    Interpellation,
    InterpellationAct,
    InterpellationAnswer,
    InterpellationEvent,
    InterpellationKind,
    InterpellationSignature,
    InterpellationState,
)

LAST_PAGE = 200
"""Nobody turns so many pages; the register as a file holds the rest."""
NEVER_LISTED = (*UNPUBLISHED, InterpellationState.WITHDRAWN)
STEPS_TOLD = frozenset(
    {
        InterpellationAct.OPENED,
        InterpellationAct.VOTE_OPENED,
        InterpellationAct.ADOPTED,
        InterpellationAct.REJECTED,
        InterpellationAct.SENT,
        InterpellationAct.HANDED_OVER,
        InterpellationAct.ACKNOWLEDGED,
        InterpellationAct.ANSWERED,
        InterpellationAct.FORWARDED,
        InterpellationAct.RETAINED,
        InterpellationAct.NOT_RETAINED,
        InterpellationAct.DIAGNOSED,
        InterpellationAct.IN_STEERING,
        InterpellationAct.IN_MUNICIPAL_COUNCIL,
        InterpellationAct.FOLLOWED_UP,
        InterpellationAct.ASKED_AGAIN,
        InterpellationAct.REPORTED_BACK,
        InterpellationAct.CLOSED,
    }
)
"""Steps of the register; reminders, extensions and who passed what on to whom are no public matter."""
_OF_INSTITUTIONS = frozenset(
    {
        InterpellationAct.RETAINED,
        InterpellationAct.NOT_RETAINED,
        InterpellationAct.DIAGNOSED,
        InterpellationAct.IN_STEERING,
        InterpellationAct.IN_MUNICIPAL_COUNCIL,
        InterpellationAct.FOLLOWED_UP,
    }
)
"""Steps whose words are an institution's decision; those of other steps may name somebody."""


@dataclass(frozen=True)
class ListedInterpellation:
    """One line of the list. `due_at` only while an answer is due, by the delay agreed locally; moments are UTC."""

    id: int
    number: str
    kind: InterpellationKind
    state: InterpellationState
    title: str
    partner: str
    sent_at: datetime | None
    due_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True)
class InterpellationPage:
    """A page of a council's list, from 0. `more`: another follows. `may_take`: the reader may have the files."""

    council_id: int
    council: str
    rows: tuple[ListedInterpellation, ...]
    page: int
    more: bool
    may_take: bool


@dataclass(frozen=True)
class RegisterAnswer:
    """What the partner answered to the letter of that round."""

    round: int
    answered_on: date
    words: str


@dataclass(frozen=True)
class RegisterStep:
    """What happened at that moment (UTC); `on` is the day of it as it is told, when that is another."""

    act: InterpellationAct
    at: datetime
    on: date | None
    words: str


@dataclass(frozen=True)
class RegisterEntry:
    """One interpellation or saisine. `signatures` is how many residents stand behind it; moments are UTC."""

    number: str
    kind: InterpellationKind
    state: InterpellationState
    title: str
    theme: str
    partner: str
    facts: str
    place: str
    since: str
    tried: str
    asked: str
    signatures: int
    majority_position: str
    dissenting_views: tuple[str, ...]
    adopted_at: datetime | None
    sent_at: datetime | None
    acknowledged_at: datetime | None
    due_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    answers: tuple[RegisterAnswer, ...]
    steps: tuple[RegisterStep, ...]


@dataclass(frozen=True)
class Register:
    """All of a council's published questions, oldest first, as they stood at `as_of` (UTC)."""

    code: str
    council: str
    entries: tuple[RegisterEntry, ...]
    as_of: datetime


async def list_published(
    session: AsyncSession, actor: Actor, council_id: int, page: int, size: int
) -> InterpellationPage:
    """A page of what that council has asked, published and open to everybody; what has moved last comes first.

    Raises NotAllowed when there is no such council.
    """
    council = await find_council(session, council_id)
    page = min(max(page, 0), LAST_PAGE)
    query = (
        select(Interpellation)
        .where(*_listed(council_id))
        .order_by(col(Interpellation.changed_at).desc(), col(Interpellation.id).desc())
        .limit(size + 1)
        .offset(page * size)
    )
    found = (await session.exec(query)).all()
    rows = tuple(
        ListedInterpellation(
            id=each.id,
            number=each.number,
            kind=each.kind,
            state=each.state,
            title=each.title,
            partner=each.partner_name,
            sent_at=each.sent_at,
            due_at=each.due_at if each.state in AWAITED else None,
            answered_at=each.answered_at,
        )
        for each in found[:size]
    )
    may_take = takes_part(actor, frozenset({council_id}))
    return InterpellationPage(council.id, council.name, rows, page, len(found) > size, may_take)


async def read_register(session: AsyncSession, clock: Clock, actor: Actor, council_id: int) -> Register:
    """The whole register, for whoever follows the council or has a role in it. Raises NotAllowed for all others."""
    council = await find_council(session, council_id)
    if not takes_part(actor, frozenset({council_id})):
        raise NotAllowed
    query = select(Interpellation).where(*_listed(council_id)).order_by(col(Interpellation.id))
    found = (await session.exec(query)).all()
    ids = [each.id for each in found]
    answers, steps = await _answers(session, ids), await _steps(session, ids)
    signatures = await _signatures(session, ids)
    entries = tuple(
        _entry(each, signatures.get(each.id, 0), answers.get(each.id, ()), steps.get(each.id, ())) for each in found
    )
    return Register(council.code, council.name, entries, clock.now())


def _listed(council_id: int) -> tuple[Any, ...]:
    return col(Interpellation.council_id) == council_id, col(Interpellation.state).not_in(NEVER_LISTED)


def _entry(
    each: Interpellation, signatures: int, answers: Sequence[RegisterAnswer], steps: Sequence[RegisterStep]
) -> RegisterEntry:
    return RegisterEntry(
        number=each.number,
        kind=each.kind,
        state=each.state,
        title=each.title,
        theme=each.theme,
        partner=each.partner_name,
        facts=each.facts,
        place=each.place,
        since=each.since,
        tried=each.tried,
        asked=each.asked,
        signatures=signatures,
        majority_position=each.majority_position,
        dissenting_views=tuple(each.dissenting_views),
        adopted_at=each.adopted_at,
        sent_at=each.sent_at,
        acknowledged_at=each.acknowledged_at,
        due_at=each.due_at,
        answered_at=each.answered_at,
        closed_at=each.closed_at,
        answers=tuple(answers),
        steps=tuple(steps),
    )


async def _answers(session: AsyncSession, ids: Collection[int]) -> Mapping[int, Sequence[RegisterAnswer]]:
    """In the order in which they came."""
    query = select(InterpellationAnswer).where(col(InterpellationAnswer.interpellation_id).in_(ids))
    answers: dict[int, list[RegisterAnswer]] = {}
    for each in (await session.exec(query.order_by(col(InterpellationAnswer.id)))).all():
        said = RegisterAnswer(each.round, each.answered_on, each.words)
        answers.setdefault(each.interpellation_id, []).append(said)
    return answers


async def _steps(session: AsyncSession, ids: Collection[int]) -> Mapping[int, Sequence[RegisterStep]]:
    query = select(InterpellationEvent).where(
        col(InterpellationEvent.interpellation_id).in_(ids), col(InterpellationEvent.act).in_(STEPS_TOLD)
    )
    steps: dict[int, list[RegisterStep]] = {}
    for each in (await session.exec(query.order_by(col(InterpellationEvent.id)))).all():
        words = each.words if each.act in _OF_INSTITUTIONS else ""
        steps.setdefault(each.interpellation_id, []).append(RegisterStep(each.act, each.at, each.on, words))
    return steps


async def _signatures(session: AsyncSession, ids: Collection[int]) -> Mapping[int, int]:
    signed = col(InterpellationSignature.interpellation_id)
    query: Any = select(signed, func.count()).where(signed.in_(ids)).group_by(signed)
    return dict((await session.exec(query)).all())
