"""An interpellation before it is adopted: opened to signatures or sent back, prolonged, withdrawn; whose are whose."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, OutOfDate, Refusal
from council.interpellation_drafts import NEEDED, NotWritten, who_opens
from council.interpellation_news import TO_SIGN, tell_concerned, tell_people
from council.interpellation_signing import add_signature, lock, vote_when_enough
from council.interpellation_states import S, change, check_carries, move
from council.interpellation_votes import end_of_day, end_vote
from council.notices import Followers, NoticeKind, Word
from council.settings import ProgrammeSettings
from council.support import sits_on
from council.turns import each_due
from council.written import written
from storage import duty
from storage.database import Database
from storage.interpellations import (
    UNPUBLISHED,
    Interpellation,
    InterpellationAct,
    InterpellationEvent,
    InterpellationKind,
    InterpellationSignature,
    InterpellationState,
    InterpellationVote,
)
from storage.outbox import NoticePriority

REASON_LIMIT = 500
LISTED = 60
"""Nobody turns more pages than these fill."""
_REMINDED = 1
_PORTION = 200


class ProlongedAlready(Refusal):
    """The time to sign is made longer once."""


class Shelf(StrEnum):
    """Which ones are listed: one's own, those that wait for a signature, for a vote, or for being opened."""

    MINE = "mine"
    TO_SIGN = "sign"
    TO_VOTE = "vote"
    TO_OPEN = "open"


@dataclass(frozen=True)
class Listed:
    """One of a list."""

    id: int
    number: str
    title: str
    state: InterpellationState


async def open_to_sign(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    interpellation_id: int,
    revision: int,
) -> Interpellation:
    """A lead or an animator has read it: from now on it is public, and residents sign. The author's signature is first.

    Where no signatures are needed the council votes at once.

    Raises:
        NotAllowed: neither lead nor animator of the council.
        OutOfDate: its words have changed since they were read, or somebody was faster.
        NotWritten: what was said aloud is not written yet.
    """
    interpellation = await lock(session, actor, interpellation_id)
    check_carries(actor, interpellation)
    if interpellation.revision != revision:
        raise OutOfDate
    if any(not getattr(interpellation, each.value) for each in NEEDED):
        raise NotWritten
    until = end_of_day(clock.now(), programme.interpellations.sign_days, programme)
    await move(
        session,
        clock,
        interpellation,
        S.COSIGNING,
        InterpellationAct.OPENED,
        actor,
        threshold=_threshold(programme, interpellation.kind),
        cosign_until=until,
        next_look_at=_first_look(clock.now(), until, programme),
        alert_level=0,
    )
    if interpellation.author_id is not None:
        shows_name = not interpellation.anonymous
        await add_signature(session, clock, interpellation, interpellation.author_id, shows_name=shows_name)
    await tell_concerned(session, clock, interpellation, InterpellationAct.OPENED, actor=actor)
    await vote_when_enough(session, clock, programme, interpellation, actor)
    return interpellation


async def send_back(
    session: AsyncSession, clock: Clock, actor: Actor, interpellation_id: int, reason: str
) -> Interpellation:
    """The author has it again, and reads why.

    Raises:
        NotAllowed: neither lead nor animator of the council.
        OutOfDate: somebody was faster.
        EmptyWords, TooLong: the reason.
    """
    interpellation = await lock(session, actor, interpellation_id)
    check_carries(actor, interpellation)
    reason = written(reason, REASON_LIMIT)
    await move(session, clock, interpellation, S.DRAFT, InterpellationAct.SENT_BACK, actor, words=reason)
    author = frozenset({interpellation.author_id} if interpellation.author_id is not None else ())
    await tell_people(session, clock, interpellation, InterpellationAct.SENT_BACK, author, actor=actor)
    return interpellation


async def prolong_signing(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    interpellation_id: int,
    revision: int,
) -> Interpellation:
    """Too few have signed in time: as long again, once. Followers are not reminded a second time.

    Raises:
        NotAllowed: neither lead nor animator of the council.
        OutOfDate: the time is not over, or somebody was faster.
        ProlongedAlready.
    """
    interpellation = await lock(session, actor, interpellation_id)
    check_carries(actor, interpellation)
    until, now = interpellation.cosign_until, clock.now()
    if interpellation.state is not S.COSIGNING or until is None or until > now or interpellation.revision != revision:
        raise OutOfDate
    done = (
        col(InterpellationEvent.interpellation_id) == interpellation.id,
        col(InterpellationEvent.act) == InterpellationAct.PROLONGED,
    )
    if (await session.exec(select(InterpellationEvent).where(*done))).first() is not None:
        raise ProlongedAlready
    later = end_of_day(now, programme.interpellations.sign_days, programme)
    prolonged = InterpellationAct.PROLONGED
    await change(session, clock, interpellation, prolonged, actor, cosign_until=later, next_look_at=later)
    await tell_concerned(session, clock, interpellation, prolonged, actor=actor)
    return interpellation


async def withdraw_interpellation(
    session: AsyncSession, clock: Clock, actor: Actor, interpellation_id: int
) -> Interpellation:
    """The author takes it back before the vote; once it is public whoever carries it may too. Who signed is told.

    Raises:
        NotAllowed: neither of them.
        OutOfDate: the council votes, or it has ended.
    """
    interpellation = await lock(session, actor, interpellation_id)
    unpublished = interpellation.state in UNPUBLISHED
    carries = actor.manages(interpellation.council_id) and not unpublished
    if interpellation.author_id != actor.person_id and not carries:
        raise NotAllowed
    withdrawn = InterpellationAct.WITHDRAWN
    await move(session, clock, interpellation, S.WITHDRAWN, withdrawn, actor, closed_at=clock.now(), next_look_at=None)
    if not unpublished:
        await tell_concerned(session, clock, interpellation, withdrawn, actor=actor)
    return interpellation


async def list_interpellations(session: AsyncSession, clock: Clock, actor: Actor, shelf: Shelf) -> list[Listed]:
    """The newest first, LISTED at most; whoever has nothing on a shelf gets an empty list."""
    query = select(Interpellation).where(*_on(shelf, actor, clock.now()))
    found = (await session.exec(query.order_by(col(Interpellation.changed_at).desc()).limit(LISTED))).all()
    return [Listed(each.id, each.number, each.title or each.partner_name, each.state) for each in found]


async def look_after_interpellations(database: Database, clock: Clock, programme: ProgrammeSettings) -> int:
    """Reminds followers before the end of signing, and ends signing and votes whose time is over; how many were due."""
    due = col(Interpellation.next_look_at) <= clock.now(), col(Interpellation.state).in_((S.COSIGNING, S.VOTING))

    async def look(session: AsyncSession, interpellation_id: int) -> None:
        # Read again, and held: who signs at this very moment is counted before.
        one = select(Interpellation).where(col(Interpellation.id) == interpellation_id, *due).with_for_update()
        interpellation = (await session.exec(one)).first()
        if interpellation is not None:
            await _look(session, clock, interpellation)

    query = select(col(Interpellation.id)).where(*due).order_by(col(Interpellation.next_look_at))
    return await each_due(database, query, look, _PORTION)


async def _look(session: AsyncSession, clock: Clock, interpellation: Interpellation) -> None:
    if interpellation.state is S.VOTING:
        await end_vote(session, clock, interpellation)
        return
    until = interpellation.cosign_until
    if until is not None and clock.now() < until:
        if interpellation.alert_level < _REMINDED:
            await _remind_followers(session, clock, interpellation, until)
        interpellation.alert_level, interpellation.next_look_at = _REMINDED, until
        return
    short = InterpellationAct.NOT_ENOUGH
    await change(session, clock, interpellation, short, None, next_look_at=None)
    told = await duty.leads(session, interpellation.council_id) or await who_opens(session, interpellation)
    if interpellation.author_id is not None:
        told |= {interpellation.author_id}
    await tell_people(session, clock, interpellation, short, told)


async def _remind_followers(
    session: AsyncSession, clock: Clock, interpellation: Interpellation, until: datetime
) -> None:
    word = Word(
        NoticeKind.INTERPELLATION_CALL,
        interpellation.id,
        NoticePriority.REMINDER,
        detail=TO_SIGN,
        news=True,
        expires_at=until,
    )
    await notices.tell_all(session, clock, Followers((interpellation.council_id,)), word)


def _first_look(now: datetime, until: datetime, programme: ProgrammeSettings) -> datetime:
    """When followers are reminded; where that moment is past, or nobody is to be, the end."""
    days = programme.interpellations.remind_days
    reminder = until - timedelta(days=days)
    return reminder if days and reminder > now else until


def _threshold(programme: ProgrammeSettings, kind: InterpellationKind) -> int:
    settings = programme.interpellations
    return settings.saisine_signatures if kind is InterpellationKind.SAISINE else settings.signatures


def _on(shelf: Shelf, actor: Actor, now: datetime) -> Collection[Any]:
    state = col(Interpellation.state)
    match shelf:
        case Shelf.MINE:
            return (col(Interpellation.author_id) == actor.person_id, state != S.WITHDRAWN)
        case Shelf.TO_SIGN:
            signed = select(col(InterpellationSignature.interpellation_id)).where(
                col(InterpellationSignature.person_id) == actor.person_id
            )
            here = col(Interpellation.council_id).in_(actor.follows)
            open_now = state.in_((S.COSIGNING, S.VOTING)), col(Interpellation.cosign_until) > now
            return (here, *open_now, col(Interpellation.id).not_in(signed))
        case Shelf.TO_VOTE:
            voted = select(col(InterpellationVote.interpellation_id)).where(
                col(InterpellationVote.person_id) == actor.person_id
            )
            runs = state == S.VOTING, col(Interpellation.vote_until) > now
            return (col(Interpellation.council_id).in_(sits_on(actor)), *runs, col(Interpellation.id).not_in(voted))
        case Shelf.TO_OPEN:
            waits = (state == S.SUBMITTED,)
            if actor.is_coordinator:
                return waits
            return (*waits, col(Interpellation.council_id).in_(actor.managed_councils))
