"""Who gets a support request: a fair turn among those who accompany its council, their deputies, then the queue."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.clock import Clock
from council.local_time import local
from council.notices import NoticeKind, Word
from council.settings import ProgrammeSettings
from council.support_states import move
from council.working_time import NeverOpen, calendar_of
from storage import duty
from storage.animators import AnimatorPost
from storage.outbox import NoticePriority
from storage.support import SupportAct, SupportEvent, SupportKind, SupportRequest, SupportState

_NEVER = datetime.min.replace(tzinfo=UTC)
_QUEUE = (SupportState.RECEIVED, SupportState.QUALIFIED)
SEVERAL = "several"
"""Detail of a SUPPORT_QUEUED that tells of many requests at once."""
ONE_BY_ONE = 3
"""Requests that come back to the queue together and are each told by a message of their own (choice)."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who may get a request. `given_at` is when they were last given one, None: never."""

    person_id: int
    load: int
    capacity: int
    given_at: datetime | None = None

    @property
    def is_full(self) -> bool:
        return self.load >= self.capacity


def fair_turn(candidates: Iterable[Candidate]) -> list[Candidate]:
    """In the order of their turn: least load for what each takes on, then who was given one longest ago."""
    return sorted(candidates, key=_turn)


async def choose_animator(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    council_id: int | None,
    kind: SupportKind,
    *,
    before: int | None = None,
    besides: frozenset[int] = frozenset(),
) -> int | None:
    """Who gets a request of this kind; None: the team's queue. Never one of `besides`: nobody answers themselves.

    Who had it `before` when they are there, be it that they are full. Else an animator of the council who is there on
    the next working day and has room; else the deputy of one. Where the programme routes the kind by skill, those who
    have it come first, in the council and then elsewhere. Of no council: the only animator of the programme, if there
    is but one. Holds the posts of those who were asked until the end of the transaction: two requests at once do not
    both take the last room.
    """
    asked = await _who_is_asked(session, programme, council_id, kind) - besides
    held = frozenset() if before is None else frozenset({before}) - besides
    if not asked | held:
        return None
    stand_ins = await duty.deputies(session, asked)
    fit = await duty.team_among(session, stand_ins.values()) - besides
    posts = await duty.lock_posts(session, asked | fit | held)
    # A role that has ended meanwhile: whoever takes it away holds the post as well.
    there = await duty.team_among(session, posts)
    asked, fit, held = asked & there, fit & there, held & there
    away = await duty.away_on(session, asked | fit | held, next_working_day(clock, programme))
    if held - away:
        return before
    loads = await duty.loads(session, asked | fit)
    candidates = {
        each: Candidate(each, loads[each], posts[each].capacity or programme.support.capacity, posts[each].given_at)
        for each in asked | fit
    }
    in_turn = [each.person_id for each in fair_turn(candidates[person_id] for person_id in asked)]
    then = [stand_ins[each] for each in in_turn if stand_ins.get(each) in fit]
    return next((each for each in (*in_turn, *then) if each not in away and not candidates[each].is_full), None)


async def hand_over(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    request: SupportRequest,
    animator_id: int | None,
) -> None:
    """Puts the request into the hands of this animator, or into the queue, and tells them or the team.

    The queue is told to the animators of the council who are there, else to any who are, else to who coordinates.

    Raises:
        OutOfDate: somebody has changed the request since it was read, or it has ended for good.
    """
    if animator_id is not None:
        await duty.lock_posts(session, (animator_id,))
        await move(
            session,
            clock,
            request,
            SupportState.ASSIGNED,
            SupportAct.ASSIGNED,
            None,
            other_id=animator_id,
            animator_id=animator_id,
        )
        await given(session, clock, request, animator_id)
        return
    state = request.state if request.state in _QUEUE else SupportState.RECEIVED
    await move(session, clock, request, state, SupportAct.QUEUED, None, animator_id=None)
    await tell_queue(session, clock, programme, request)


async def given(session: AsyncSession, clock: Clock, request: SupportRequest, person_id: int) -> None:
    """Tells who has just been given this request, and moves them to the end of the turn.

    The caller holds their post since before it changed the request: two who lock both in another order would wait for
    each other.
    """
    await mark_given(session, clock, person_id)
    await notices.tell(session, clock, person_id, await word_about(session, request, NoticeKind.SUPPORT_ASSIGNED))


async def mark_given(session: AsyncSession, clock: Clock, person_id: int) -> None:
    """The fair turn goes on from here. The caller holds the post."""
    turn = update(AnimatorPost).where(col(AnimatorPost.person_id) == person_id).values(given_at=clock.now())
    await session.exec(turn)


async def tell_queue(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    request: SupportRequest,
    *,
    besides: frozenset[int] = frozenset(),
) -> None:
    """Tells the team that this request waits for somebody to take it; not `besides`, who know or may not."""
    told = await who_may_take(session, request, next_working_day(clock, programme), besides=besides)
    await notices.tell_each(session, clock, told, await word_about(session, request, NoticeKind.SUPPORT_QUEUED))


async def tell_queue_of(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    requests: Sequence[SupportRequest],
    *,
    besides: frozenset[int] = frozenset(),
) -> None:
    """Like `tell_queue` for requests that come back together; who would hear of many is told once, of them all."""
    day = next_working_day(clock, programme)
    told = {each.id: await who_may_take(session, each, day, besides=besides) for each in requests}
    heard = Counter(person_id for hearers in told.values() for person_id in hearers)
    busy = frozenset(person_id for person_id, n in heard.items() if n > ONE_BY_ONE)
    for each in requests:
        word = await word_about(session, each, NoticeKind.SUPPORT_QUEUED)
        await notices.tell_each(session, clock, told[each.id] - busy, word)
    if busy:
        word = await word_about(session, requests[0], NoticeKind.SUPPORT_QUEUED, SEVERAL)
        await notices.tell_each(session, clock, busy, word)


async def who_may_take(
    session: AsyncSession, request: SupportRequest, day: date, *, besides: frozenset[int] = frozenset()
) -> frozenset[int]:
    """Those of the team who are there on this local day: of the council, else of any, else who coordinates.

    Never who asked, and none of `besides`.
    """
    besides |= {request.person_id}
    nearest = await duty.animators(session, request.council_id) if request.council_id is not None else frozenset()
    return (
        await _there(session, nearest - besides, day)
        or await _there(session, await duty.animators(session) - besides, day)
        or await duty.coordinators(session) - besides
    )


async def word_about(session: AsyncSession, request: SupportRequest, kind: NoticeKind, detail: str = "") -> Word:
    """A word to the team that may be said again after each further step of the request; held at night."""
    steps = select(func.count()).where(col(SupportEvent.request_id) == request.id)
    revision = (await session.exec(steps)).one()
    return Word(kind, request.id, NoticePriority.TRANSACTIONAL, revision=revision, detail=detail)


def next_working_day(clock: Clock, programme: ProgrammeSettings) -> date:
    """The local day on which the team works next: today while it still does, or when it never does any more."""
    now = clock.now()
    try:
        return local(calendar_of(programme).next_open(now), programme.tz).date()
    except NeverOpen:
        return local(now, programme.tz).date()


async def _who_is_asked(
    session: AsyncSession, programme: ProgrammeSettings, council_id: int | None, kind: SupportKind
) -> frozenset[int]:
    everywhere = await duty.animators(session)
    there = await duty.animators(session, council_id) if council_id is not None else frozenset()
    if council_id is None and len(everywhere) == 1:
        there = everywhere
    if kind in programme.support.skills:
        return await duty.skilled(session, there, kind) or await duty.skilled(session, everywhere, kind) or there
    return there


async def _there(session: AsyncSession, person_ids: frozenset[int], day: date) -> frozenset[int]:
    return person_ids - await duty.away_on(session, person_ids, day)


def _turn(candidate: Candidate) -> tuple[Fraction, datetime, int]:
    return Fraction(candidate.load, candidate.capacity), candidate.given_at or _NEVER, candidate.person_id
