"""The end of a request: carried out, judged by who asked, reopened when it is not solved, closed or withdrawn."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.actors import Actor
from council.clock import Clock
from council.contents import Content
from council.errors import EmptyWords, NotAllowed, OutOfDate
from council.notices import NoticeKind, Word
from council.promises import renew_promise
from council.routing import choose_animator, hand_over, next_working_day, who_may_take, word_about
from council.settings import ProgrammeSettings
from council.support_merged import go_on_without, hold_before_its_end
from council.support_mine import load_mine
from council.support_relays import relay
from council.support_sorting import tell_merged_done
from council.support_states import check_handles, load_support, move
from council.support_talk import keep_words
from council.turns import each_due
from council.working_time import calendar_of
from council.written import written
from storage import duty
from storage.database import Database
from storage.outbox import NoticePriority
from storage.people import Person
from storage.support import ENDED, SupportAct, SupportRequest, SupportSide, SupportState, Verdict

RESULT_LIMIT = 1_000
"""UTF-16 units of the sentence that says what was done."""
LEAST_FACE, BEST_FACE = 1, 5
ASKED_ONCE, ASKED_TWICE = 1, 2
SILENCE, UNREACHABLE = "silence", "unreachable"
"""Why a request was closed, in its history, when nobody said that it is solved."""
CLOSED, WITHDRAWN, PARTLY, ASKED_AGAIN = "closed", "withdrawn", "partly", "again"
"""Details of notices: what is told of the end."""
_PORTION = 200


async def carry_out(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    request_id: int,
    result: str,
) -> SupportRequest:
    """The work is done: the requester reads the sentence of result, and is asked whether it is solved.

    A result without an answer before it is the answer. Who cannot be asked any more leaves the request closed.

    Raises:
        NotAllowed: not of the team, or no such request.
        EmptyWords: nothing says what was done.
        TooLong: more than RESULT_LIMIT.
        OutOfDate: it has ended, or is carried out already.
    """
    request = await load_support(session, actor, request_id)
    check_handles(actor, request)
    words = written(result, RESULT_LIMIT)
    if request.state is SupportState.CARRIED_OUT:
        raise OutOfDate
    now = clock.now()
    minutes = _working_minutes(programme, request.asked_at, now)
    answer: dict[str, Any] = {}
    if request.first_answer_at is None:
        answer = {"first_answer_at": now, "first_answer_minutes": minutes}
    await move(
        session,
        clock,
        request,
        SupportState.CARRIED_OUT,
        SupportAct.CARRIED_OUT,
        actor,
        result=words,
        carried_out_at=now,
        completion_minutes=minutes,
        verdict=None,
        face=None,
        next_alert_at=None,
        feedback_asked=ASKED_ONCE,
        next_feedback_at=calendar_of(programme).add_days(now, programme.support.ask_again_days),
        **answer,
    )
    await tell_merged_done(session, clock, request)
    if not await _can_be_asked(session, request):
        await _close(session, clock, request, None, UNREACHABLE)
        return request
    await notices.tell(session, clock, request.person_id, _verdict_asked(request))
    return request


async def judge(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    request_id: int,
    round_: int,
    verdict: Verdict,
) -> SupportRequest:
    """The requester says whether it is solved. « Non » reopens it with a fresh promise; partly is told to the team.

    Raises:
        NotAllowed: not their request.
        OutOfDate: of an earlier round, or nothing is asked any more.
    """
    request = await load_mine(session, actor, request_id)
    next_one = await who_goes_on(session, clock, programme, request) if verdict is Verdict.NO else None
    await session.refresh(request, with_for_update=True)  # of two verdicts at once one counts
    if request.rounds != round_ or request.state is not SupportState.CARRIED_OUT or request.verdict is not None:
        raise OutOfDate
    await _note_verdict(session, clock, programme, request, actor, verdict)
    if verdict is Verdict.NO:
        await reopen(session, clock, programme, actor, request, next_one)
    if verdict is Verdict.PARTLY:
        told = await duty.coordinators(session) | _holder(request)
        word = Word(NoticeKind.SUPPORT_NEWS, request.id, NoticePriority.TRANSACTIONAL, revision=round_, detail=PARTLY)
        await notices.tell_each(session, clock, told - {request.person_id}, word)
    return request


async def rate(
    session: AsyncSession, clock: Clock, actor: Actor, request_id: int, round_: int, face: int
) -> SupportRequest:
    """How it was, from 1 to 5, after « Oui » or « En partie »: that closes the request.

    Raises:
        NotAllowed: not their request, or no such face.
        OutOfDate: of an earlier round, or it was said already.
    """
    request = await load_mine(session, actor, request_id)
    if not LEAST_FACE <= face <= BEST_FACE:
        raise NotAllowed
    if request.rounds != round_ or request.state is not SupportState.CARRIED_OUT or request.verdict is None:
        raise OutOfDate
    await _close(session, clock, request, actor, face=face)
    return request


async def say_more(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    request_id: int,
    contents: Sequence[Content],
) -> None:
    """A last word of the requester, kept with the request and relayed, which leaves it closed.

    Raises:
        NotAllowed: not their request.
        EmptyWords: nothing was said.
    """
    request = await load_mine(session, actor, request_id)
    if not contents:
        raise EmptyWords
    kept = await keep_words(session, clock, request, actor, SupportSide.REQUESTER, contents)
    if kept:
        await relay(session, clock, programme, request, kept)


async def withdraw(session: AsyncSession, clock: Clock, actor: Actor, request_id: int) -> SupportRequest:
    """The requester does not need it any more; who has it is told, and those who asked the same do not lose theirs.

    Raises:
        NotAllowed: not their request.
        OutOfDate: it has ended, or is carried out.
    """
    request = await load_mine(session, actor, request_id)
    await hold_before_its_end(session, request)
    if request.state in (*ENDED, SupportState.CARRIED_OUT):
        raise OutOfDate
    await move(session, clock, request, SupportState.WITHDRAWN, SupportAct.WITHDRAWN, actor)
    word = await word_about(session, request, NoticeKind.SUPPORT_NEWS, WITHDRAWN)
    await notices.tell_each(session, clock, _holder(request) - {request.person_id}, word)
    await go_on_without(session, clock, request)
    return request


def may_reopen(programme: ProgrammeSettings, request: SupportRequest, now: datetime) -> bool:
    """Whether words written now go on with this request; after `reopen_days` of the calendar they begin another."""
    if request.state not in (SupportState.CLOSED, SupportState.REDIRECTED) or request.closed_at is None:
        return False
    return now <= request.closed_at + timedelta(days=programme.support.reopen_days)


async def who_goes_on(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, request: SupportRequest
) -> int | None:
    """Who has a request that is about to be reopened: who had it if they are there, else whose turn it is.

    Their post is held from now on, so this comes before the request is.
    """
    return await choose_animator(
        session,
        clock,
        programme,
        request.council_id,
        request.kind,
        before=request.animator_id,
        besides=frozenset({request.person_id}),
    )


async def reopen(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    request: SupportRequest,
    next_one: int | None,
) -> None:
    """A new round with a fresh promise, with the one whom `who_goes_on` has found, or in the queue.

    Who has it now and the coordinators are told, each of them once.

    Raises:
        OutOfDate: somebody has changed the request since it was read, or it cannot be reopened.
    """
    holder = next_one if next_one == request.animator_id else None
    fresh: dict[str, Any] = {
        "rounds": request.rounds + 1,
        "carried_out_at": None,
        "completion_minutes": None,
        "result": None,
        "verdict": None,
        "face": None,
        "feedback_asked": 0,
        "next_feedback_at": None,
        "closed_at": None,
        "animator_id": holder,
    }
    state = SupportState.RECEIVED if holder is None else SupportState.ASSIGNED
    await move(session, clock, request, state, SupportAct.REOPENED, actor, other_id=holder, **fresh)
    know: frozenset[int] = frozenset()  # by the word that it is theirs, or waits for them
    if holder is None:
        await hand_over(session, clock, programme, request, next_one)
        if next_one is None:
            know = await who_may_take(session, request, next_working_day(clock, programme))
        else:
            know = frozenset({next_one})
    await renew_promise(session, clock, programme, request)
    told = (await duty.coordinators(session) | _holder(request)) - know
    word = Word(NoticeKind.SUPPORT_REOPENED, request.id, NoticePriority.TRANSACTIONAL, revision=request.rounds)
    await notices.tell_each(session, clock, told - {request.person_id}, word)


async def follow_up_due(database: Database, clock: Clock, programme: ProgrammeSettings) -> int:
    """Asks once more who has not said whether it is solved, then closes the request; how many were looked at."""
    due = col(SupportRequest.next_feedback_at) <= clock.now(), col(SupportRequest.next_feedback_at).is_not(None)

    async def look(session: AsyncSession, request_id: int) -> None:
        # Read again, and held: who answers at this very moment is not asked.
        one = select(SupportRequest).where(col(SupportRequest.id) == request_id, *due).with_for_update()
        request = (await session.exec(one)).first()
        if request is not None:
            await _follow_up(session, clock, programme, request)

    query = select(col(SupportRequest.id)).where(*due).order_by(col(SupportRequest.next_feedback_at))
    return await each_due(database, query, look, _PORTION)


async def _follow_up(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, request: SupportRequest
) -> None:
    if request.state is not SupportState.CARRIED_OUT:
        request.next_feedback_at = None
        return
    if not await _can_be_asked(session, request):
        await _close(session, clock, request, None, UNREACHABLE)
    elif request.verdict is not None:
        await _close(session, clock, request, None)
    elif request.feedback_asked < ASKED_TWICE:
        request.feedback_asked = ASKED_TWICE
        request.next_feedback_at = calendar_of(programme).add_days(clock.now(), programme.support.close_days)
        await session.flush()
        await notices.tell(session, clock, request.person_id, _verdict_asked(request, ASKED_AGAIN))
    else:
        await _close(session, clock, request, None, SILENCE)
        word = Word(
            NoticeKind.SUPPORT_NEWS, request.id, NoticePriority.TRANSACTIONAL, revision=request.rounds, detail=CLOSED
        )
        await notices.tell(session, clock, request.person_id, word)


async def _note_verdict(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    request: SupportRequest,
    actor: Actor,
    verdict: Verdict,
) -> None:
    """Until a face is given too, the request waits a while, and is closed without one."""
    closes_at = calendar_of(programme).add_days(clock.now(), programme.support.close_days)
    values: dict[str, Any] = {"verdict": verdict, "next_feedback_at": closes_at}
    await move(session, clock, request, request.state, SupportAct.JUDGED, actor, detail=verdict.value, **values)


async def _close(
    session: AsyncSession,
    clock: Clock,
    request: SupportRequest,
    actor: Actor | None,
    why: str = "",
    **values: Any,
) -> None:
    await move(session, clock, request, SupportState.CLOSED, SupportAct.CLOSED, actor, detail=why, **values)


def _verdict_asked(request: SupportRequest, detail: str = "") -> Word:
    kind, priority = NoticeKind.SUPPORT_VERDICT_ASKED, NoticePriority.TRANSACTIONAL
    return Word(kind, request.id, priority, revision=request.rounds, detail=detail)


async def _can_be_asked(session: AsyncSession, request: SupportRequest) -> bool:
    """Neither erased nor out of reach."""
    there = col(Person.telegram_id).is_not(None), col(Person.unreachable_since).is_(None)
    query = select(col(Person.id)).where(col(Person.id) == request.person_id, *there)
    return (await session.exec(query)).first() is not None


def _holder(request: SupportRequest) -> frozenset[int]:
    return frozenset() if request.animator_id is None else frozenset({request.animator_id})


def _working_minutes(programme: ProgrammeSettings, start: datetime, end: datetime) -> int:
    return int(calendar_of(programme).between(start, end) / timedelta(minutes=1))
