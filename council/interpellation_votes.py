"""The council's vote on an interpellation, and what a lead makes of its result.

The cadre de référence of June 2014 asks that where there is no consensus the majority position is carried and the views
that differ are stated: both are written down when a lead confirms.
"""

from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, live_cards, notices
from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, OutOfDate, Refusal
from council.interpellation_news import TO_VOTE, concerned, tell_concerned, tell_people
from council.interpellation_states import S, change, load_interpellation, may_vote, move, note
from council.interpellation_views import Votes, count_votes, has_members, voters
from council.live_cards import LiveKind
from council.local_time import last_showing, local
from council.notices import NoticeKind, Word
from council.settings import ProgrammeSettings
from council.written import written
from storage import duty
from storage.database import dialect_insert
from storage.interpellations import Interpellation, InterpellationAct, InterpellationVote, VoteChoice
from storage.outbox import NoticePriority
from storage.people import Role

VIEW_LIMIT = 1_000
POSITION_LIMIT = 1_000
_LAST_MINUTE = time(23, 59)


class NotAVoter(Refusal):
    """Only members of the council vote: the team, officials and other residents do not."""


class VoteOver(Refusal):
    """The time to vote is over."""


class VoteRuns(Refusal):
    """The vote is not over: nothing can be confirmed before its end."""


class OtherResult(Refusal):
    """The members have not voted for what the lead would confirm."""


class Outcome(StrEnum):
    """What the votes say. `undecided`: as many for as against, or nobody has voted. `no_vote`: nobody could."""

    FOR = "for"
    AGAINST = "against"
    UNDECIDED = "undecided"
    NO_VOTE = "no_vote"


def outcome_of(votes: Votes, *, has_members: bool) -> Outcome:
    """Abstentions are counted, and decide nothing."""
    if not votes.cast and not has_members:
        return Outcome.NO_VOTE
    if votes.in_favour == votes.against:
        return Outcome.UNDECIDED
    return Outcome.FOR if votes.in_favour > votes.against else Outcome.AGAINST


def end_of_day(moment: datetime, days: int, programme: ProgrammeSettings) -> datetime:
    """The last minute of the local day so many days after `moment`, in UTC."""
    day = local(moment, programme.tz).date() + timedelta(days=days)
    return last_showing(datetime.combine(day, _LAST_MINUTE), programme.tz)


async def begin_vote(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    interpellation: Interpellation,
    actor: Actor | None,
) -> None:
    """Enough have signed: members are called to vote. In a council without members a lead decides, and says why."""
    now = clock.now()
    votes = await has_members(session, interpellation.council_id)
    until = end_of_day(now, programme.interpellations.vote_days, programme) if votes else now
    looked_at = until if votes else None
    enough = InterpellationAct.SIGNED_ENOUGH
    await move(
        session, clock, interpellation, S.VOTING, enough, actor, vote_until=until, next_look_at=looked_at, alert_level=0
    )
    await tell_concerned(session, clock, interpellation, enough)
    if votes:
        await note(session, clock, interpellation, InterpellationAct.VOTE_OPENED, None)
        await _call_to_vote(session, clock, interpellation)
    else:
        await end_vote(session, clock, interpellation)


async def vote(
    session: AsyncSession, clock: Clock, actor: Actor, interpellation_id: int, choice: VoteChoice
) -> Interpellation:
    """What a member says, in the place of what they said before. A view that differed goes when they vote for it.

    Raises:
        NotAllowed: not public.
        NotAVoter: not a member of this council.
        VoteOver: the vote has ended.
        OutOfDate: there is no vote.
    """
    interpellation = await _voting(session, clock, actor, interpellation_id)
    kept = await session.get(InterpellationVote, (interpellation.id, actor.person_id))
    view = kept.view if kept is not None and choice is not VoteChoice.FOR else ""
    values = {"choice": choice, "view": view, "voted_at": clock.now()}
    voting = dialect_insert(session, InterpellationVote).values(
        interpellation_id=interpellation.id, person_id=actor.person_id, **values
    )
    await session.exec(
        voting.on_conflict_do_update(index_elements=["interpellation_id", "person_id"], set_=values).execution_options(
            synchronize_session=False
        )
    )
    if kept is not None:
        await session.refresh(kept)
    await audit.record(session, clock, actor, "interpellation.voted", "interpellation", interpellation.id)
    await live_cards.refresh(session, clock, LiveKind.INTERPELLATION, interpellation.id)
    return interpellation


async def write_view(
    session: AsyncSession, clock: Clock, actor: Actor, interpellation_id: int, words: str
) -> Interpellation:
    """The view of a member who did not vote for it, kept as written and shown without their name.

    Raises:
        NotAllowed, NotAVoter, VoteOver: as `vote`.
        OutOfDate: they have not voted, or have voted for it.
        EmptyWords, TooLong: the words.
    """
    words = written(words, VIEW_LIMIT)
    interpellation = await _voting(session, clock, actor, interpellation_id)
    kept = await session.get(InterpellationVote, (interpellation.id, actor.person_id))
    if kept is None or kept.choice is VoteChoice.FOR:
        raise OutOfDate
    kept.view = words
    await session.flush()
    await audit.record(session, clock, actor, "interpellation.view_written", "interpellation", interpellation.id)
    return interpellation


async def end_vote(session: AsyncSession, clock: Clock, interpellation: Interpellation) -> None:
    """The time is over: whoever confirms is told. The caller has seen that it is."""
    await change(session, clock, interpellation, InterpellationAct.VOTE_ENDED, None, next_look_at=None)
    told = await who_confirms(session, interpellation.council_id)
    await tell_people(session, clock, interpellation, InterpellationAct.VOTE_ENDED, told)


async def confirm(
    session: AsyncSession,
    clock: Clock,
    actor: Actor,
    interpellation_id: int,
    revision: int,
    position: str,
    *,
    adopted: bool,
) -> Interpellation:
    """A lead confirms what the members voted, with the position in words and the views that differ as written.

    Without a majority for it, it can only be turned down, or voted on again.

    Raises:
        NotAllowed: they do not lead the council.
        OutOfDate: somebody has changed it since it was seen, or confirmed it.
        VoteRuns: too early.
        OtherResult: the votes say something else.
        EmptyWords, TooLong: the position.
    """
    interpellation = await _ended(session, clock, actor, interpellation_id, revision)
    votes, views = await count_votes(session, interpellation.id), await dissent(session, interpellation.id)
    outcome = outcome_of(votes, has_members=await has_members(session, interpellation.council_id))
    if (adopted and outcome in (Outcome.AGAINST, Outcome.UNDECIDED)) or (not adopted and outcome is Outcome.FOR):
        raise OtherResult
    state, act = (S.ADOPTED, InterpellationAct.ADOPTED) if adopted else (S.REJECTED, InterpellationAct.REJECTED)
    position = written(position, POSITION_LIMIT)
    await move(
        session,
        clock,
        interpellation,
        state,
        act,
        actor,
        words=position,
        majority_position=position,
        dissenting_views=views,
        adopted_by=actor.person_id,
        adopted_at=clock.now(),
        next_look_at=None,
    )
    told = await concerned(session, interpellation) | await voters(session, interpellation.council_id)
    await tell_people(session, clock, interpellation, act, told, actor=actor)
    return interpellation


async def vote_again(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    interpellation_id: int,
    revision: int,
) -> Interpellation:
    """More time for a vote that has decided nothing; what was voted stays, and may be changed.

    Raises:
        NotAllowed, OutOfDate, VoteRuns: as `confirm`.
        OtherResult: the members have decided.
    """
    interpellation = await _ended(session, clock, actor, interpellation_id, revision)
    votes = await count_votes(session, interpellation.id)
    there = await has_members(session, interpellation.council_id)
    if not there or outcome_of(votes, has_members=there) is not Outcome.UNDECIDED:
        raise OtherResult
    until = end_of_day(clock.now(), programme.interpellations.vote_days, programme)
    prolonged = InterpellationAct.PROLONGED
    await change(session, clock, interpellation, prolonged, actor, vote_until=until, next_look_at=until)
    await _call_to_vote(session, clock, interpellation)
    return interpellation


async def dissent(session: AsyncSession, interpellation_id: int) -> list[str]:
    """The views of those who did not vote for it, in an order that tells nothing of who wrote them."""
    query = select(col(InterpellationVote.view)).where(
        col(InterpellationVote.interpellation_id) == interpellation_id,
        col(InterpellationVote.choice) != VoteChoice.FOR,
        col(InterpellationVote.view) != "",
    )
    return sorted((await session.exec(query)).all())


async def who_confirms(session: AsyncSession, council_id: int) -> frozenset[int]:
    """The leads of the council; where none can be written to, its animators, or who coordinates."""
    leads = await duty.leads(session, council_id)
    return leads or await duty.animators(session, council_id) or await duty.coordinators(session)


async def check_confirms(session: AsyncSession, actor: Actor, council_id: int) -> None:
    """A lead, or whoever stands in where none can be written to. Raises NotAllowed."""
    if actor.has(Role.LEAD, council_id):
        return
    if not actor.manages(council_id) or await duty.leads(session, council_id):
        raise NotAllowed


async def _ended(
    session: AsyncSession, clock: Clock, actor: Actor, interpellation_id: int, revision: int
) -> Interpellation:
    """As the lead has seen it, held: who votes at the last moment is counted.

    The time counts, not whether the sweep has come by.
    """
    interpellation = await load_interpellation(session, actor, interpellation_id)
    await session.refresh(interpellation, with_for_update=True)
    await check_confirms(session, actor, interpellation.council_id)
    if interpellation.state is not S.VOTING or interpellation.revision != revision:
        raise OutOfDate
    if interpellation.vote_until is None or clock.now() < interpellation.vote_until:
        raise VoteRuns
    return interpellation


async def _voting(session: AsyncSession, clock: Clock, actor: Actor, interpellation_id: int) -> Interpellation:
    """Held until the transaction ends: no vote comes in while the result is confirmed."""
    interpellation = await load_interpellation(session, actor, interpellation_id)
    await session.refresh(interpellation, with_for_update=True)
    if not may_vote(actor, interpellation):
        raise NotAVoter
    if interpellation.state in (S.DRAFT, S.SUBMITTED, S.COSIGNING):
        raise OutOfDate
    until = interpellation.vote_until
    if interpellation.state is not S.VOTING or until is None or until <= clock.now():
        raise VoteOver
    return interpellation


async def _call_to_vote(session: AsyncSession, clock: Clock, interpellation: Interpellation) -> None:
    word = Word(
        NoticeKind.INTERPELLATION_CALL,
        interpellation.id,
        NoticePriority.TRANSACTIONAL,
        revision=interpellation.revision,
        detail=TO_VOTE,
    )
    await notices.tell_each(session, clock, await voters(session, interpellation.council_id), word)
