"""Requests put in their place by the team: of which kind and council, with which meeting, the same as which other."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.actors import Actor
from council.clock import Clock
from council.council_choice import check_councils
from council.errors import NotAllowed, Refusal
from council.notices import NoticeKind, Word
from council.routing import choose_animator, hand_over
from council.settings import ProgrammeSettings
from council.support_merged import hold_with_merged
from council.support_states import check_handles, load_support, move, note
from storage.meetings import Meeting, MeetingCouncil, MeetingState
from storage.outbox import NoticePriority
from storage.support import ENDED, SupportAct, SupportKind, SupportRequest, SupportState

DUPLICATE = "duplicate"
"""Detail of the event on a request that another one was merged into; its number follows after a blank."""
MERGED = "merged"
"""Detail of the SUPPORT_NEWS that tells both people."""
DONE = "done"
"""Detail of the SUPPORT_NEWS to who asked the same and was merged: the work is done."""
MEETINGS_SINCE = timedelta(days=60)
"""How far back a meeting may lie that a request is attached to (choice)."""
_QUEUE = (SupportState.RECEIVED, SupportState.QUALIFIED)


class RequestOver(Refusal):
    """The request has ended: nothing is sorted about it any more."""


class AnswerFirst(Refusal):
    """Nobody waits for the requester before anything has been said to them."""


class SameRequest(Refusal):
    """A request is no duplicate of itself."""


class MergedElsewhere(Refusal):
    """The other request has been merged into a third one, which is the one to take."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


async def open_for_team(session: AsyncSession, actor: Actor, request_id: int) -> SupportRequest:
    """A request that the actor may work on. Raises NotAllowed for all but the team, and when there is none."""
    request = await load_support(session, actor, request_id)
    check_handles(actor, request)
    return request


async def qualify(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    request_id: int,
    *,
    kind: SupportKind | None = None,
    council_id: int | None = None,
) -> SupportRequest:
    """Says of which kind, or of which council, the request is; None leaves it.

    One that waits in the queue is routed anew, and stays there as qualified when nobody is found for it.

    Raises:
        NotAllowed: not of the team, or no such council.
        RequestOver: it has ended.
        OutOfDate: somebody has changed it at the same time.
    """
    request = await _open(session, actor, request_id)
    if council_id is not None:
        await check_councils(session, frozenset({council_id}))
    changes: dict[str, Any] = {}
    if kind is not None and kind is not request.kind:
        changes["kind"] = kind
    if council_id is not None and council_id != request.council_id:
        changes["council_id"] = council_id
    waits = request.animator_id is None and request.state in _QUEUE
    if not changes and not (waits and request.state is SupportState.RECEIVED):
        return request
    found = None
    if waits:  # asked before the request is held: who takes one holds their post first
        found = await choose_animator(
            session,
            clock,
            programme,
            council_id or request.council_id,
            kind or request.kind,
            besides=frozenset({request.person_id}),
        )
    to = SupportState.QUALIFIED if waits else request.state
    await move(session, clock, request, to, SupportAct.QUALIFIED, actor, detail=" ".join(changes), **changes)
    if found is not None:
        await hand_over(session, clock, programme, request, found)
    return request


async def wait_for_requester(session: AsyncSession, clock: Clock, actor: Actor, request_id: int) -> SupportRequest:
    """The next word is the requester's; their card says so, and their answer takes the request up again.

    Raises:
        NotAllowed: not of the team.
        RequestOver: it has ended.
        AnswerFirst: nothing has been said to the requester yet.
        OutOfDate: nobody works on it, or somebody has changed it at the same time.
    """
    request = await _open(session, actor, request_id)
    if request.state is SupportState.WAITING:
        return request
    if request.first_answer_at is None:
        raise AnswerFirst
    await move(session, clock, request, SupportState.WAITING, SupportAct.WAITING, actor)
    return request


@dataclass(frozen=True)
class MeetingChoice:
    """A meeting that a request may be attached to."""

    id: int
    title: str
    starts_at: datetime


async def meetings_to_attach(
    session: AsyncSession, clock: Clock, actor: Actor, request_id: int, limit: int
) -> list[MeetingChoice]:
    """Announced meetings of the request's council, the farthest ahead first, and drafts of who manages it.

    A request of no council: meetings of any.

    Raises:
        NotAllowed: not of the team.
    """
    request = await open_for_team(session, actor, request_id)
    return await _meetings(session, clock, actor, request, limit)


async def attach_meeting(
    session: AsyncSession, clock: Clock, actor: Actor, request_id: int, meeting_id: int
) -> SupportRequest:
    """From now on the request names this meeting. Attaching the same again changes nothing.

    Raises:
        NotAllowed: not of the team, or not a meeting of the request's council that the actor may see.
        RequestOver: it has ended.
    """
    request = await _open(session, actor, request_id)
    if not await _meetings(session, clock, actor, request, 1, meeting_id):
        raise NotAllowed
    if request.meeting_id != meeting_id:
        await move(
            session, clock, request, request.state, SupportAct.ATTACHED, actor, detail="meeting", meeting_id=meeting_id
        )
    return request


async def link(session: AsyncSession, clock: Clock, actor: Actor, request_id: int, other_id: int) -> SupportRequest:
    """Says that a request has to do with another one; both go on by themselves.

    Raises:
        NotAllowed: not of the team, or no such request.
        SameRequest: it would be linked to itself.
        RequestOver: it has ended; the other one may have.
    """
    request = await _open(session, actor, request_id)
    other = await open_for_team(session, actor, other_id)
    if request.id == other.id:
        raise SameRequest
    if request.linked_to_id != other.id:
        await move(
            session, clock, request, request.state, SupportAct.ATTACHED, actor,
            detail=other.number, linked_to_id=other.id,
        )  # fmt: skip
    return request


async def merge(session: AsyncSession, clock: Clock, actor: Actor, request_id: int, into_id: int) -> SupportRequest:
    """The request asks the same as another one, which alone goes on; both people are told. The other one.

    What was merged into the request before follows it. Two that are merged into each other at once: one goes on.

    Raises:
        NotAllowed: not of the team, or no such request.
        SameRequest: it would be merged into itself.
        RequestOver: one of them has ended.
        MergedElsewhere: the other one was merged itself.
        OutOfDate: it is carried out already, or somebody has changed it at the same time.
    """
    await open_for_team(session, actor, request_id)
    await open_for_team(session, actor, into_id)
    if request_id == into_id:
        raise SameRequest
    both = await hold_with_merged(session, request_id, into_id)
    request, into = both[request_id], both[into_id]
    if into.state is SupportState.MERGED and into.duplicate_of_id is not None:
        raise MergedElsewhere((await session.get_one(SupportRequest, into.duplicate_of_id)).number)
    if into.state in ENDED or request.state in ENDED:
        raise RequestOver
    await move(
        session,
        clock,
        request,
        SupportState.MERGED,
        SupportAct.MERGED,
        actor,
        detail=into.number,
        duplicate_of_id=into.id,
    )
    followers = update(SupportRequest).where(col(SupportRequest.duplicate_of_id) == request.id)
    await session.exec(followers.values(duplicate_of_id=into.id))
    await note(session, clock, into, SupportAct.ATTACHED, actor, detail=f"{DUPLICATE} {request.number}")
    await _tell_merged(session, clock, request, request.id)
    if into.person_id != request.person_id:
        await _tell_merged(session, clock, into, request.id)
    return into


async def tell_merged_done(session: AsyncSession, clock: Clock, request: SupportRequest) -> None:
    """The request is carried out: those whose own was merged into it hear so, once a round.

    What was done is not told them: those words were written to somebody else.
    """
    query = select(SupportRequest).where(
        col(SupportRequest.duplicate_of_id) == request.id, col(SupportRequest.person_id) != request.person_id
    )
    for each in (await session.exec(query)).all():
        word = Word(
            NoticeKind.SUPPORT_NEWS, each.id, NoticePriority.TRANSACTIONAL, revision=request.rounds, detail=DONE
        )
        await notices.tell(session, clock, each.person_id, word)


async def _tell_merged(session: AsyncSession, clock: Clock, request: SupportRequest, revision: int) -> None:
    word = Word(NoticeKind.SUPPORT_NEWS, request.id, NoticePriority.TRANSACTIONAL, revision=revision, detail=MERGED)
    await notices.tell(session, clock, request.person_id, word)


async def _open(session: AsyncSession, actor: Actor, request_id: int) -> SupportRequest:
    """Raises NotAllowed, and RequestOver when nothing can be sorted about it any more."""
    request = await open_for_team(session, actor, request_id)
    if request.state in ENDED:
        raise RequestOver
    return request


async def _meetings(
    session: AsyncSession,
    clock: Clock,
    actor: Actor,
    request: SupportRequest,
    limit: int,
    meeting_id: int | None = None,
) -> list[MeetingChoice]:
    council_id = request.council_id
    states = [MeetingState.ANNOUNCED]
    if council_id is not None and actor.manages(council_id):
        states.append(MeetingState.DRAFT)
    query = (
        select(col(Meeting.id), col(Meeting.title), col(Meeting.starts_at))
        .where(col(Meeting.state).in_(states), col(Meeting.starts_at) > clock.now() - MEETINGS_SINCE)
        .order_by(col(Meeting.starts_at).desc(), col(Meeting.id))
        .limit(limit)
    )
    if council_id is not None:
        theirs = select(col(MeetingCouncil.meeting_id)).where(col(MeetingCouncil.council_id) == council_id)
        query = query.where(col(Meeting.id).in_(theirs))
    if meeting_id is not None:
        query = query.where(col(Meeting.id) == meeting_id)
    return [MeetingChoice(*row) for row in (await session.exec(query)).all()]
