"""Telling those whom an interpellation concerns what has become of it, once each."""

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.actors import Actor
from council.clock import Clock
from council.notices import NoticeKind, Word
from storage import duty
from storage.interpellations import Interpellation, InterpellationAct, InterpellationEvent, InterpellationSignature
from storage.outbox import NoticePriority

TO_SIGN, TO_VOTE = "sign", "vote"
"""Details of INTERPELLATION_CALL: what the reader is asked for."""


async def tell_concerned(
    session: AsyncSession,
    clock: Clock,
    interpellation: Interpellation,
    act: InterpellationAct,
    *,
    actor: Actor | None = None,
    detail: str = "",
) -> None:
    """The newest event of this act, to the author, those who signed and the leads; not to `actor`, who did it.

    The event stands in the history already: `move`, `change` or `note` of council/interpellation_states.py wrote it.
    """
    whom = await concerned(session, interpellation)
    await tell_people(session, clock, interpellation, act, whom, actor=actor, detail=detail)


async def tell_people(
    session: AsyncSession,
    clock: Clock,
    interpellation: Interpellation,
    act: InterpellationAct,
    person_ids: frozenset[int],
    *,
    actor: Actor | None = None,
    detail: str = "",
) -> None:
    """Like `tell_concerned`, to these people alone."""
    word = Word(
        NoticeKind.INTERPELLATION_NEWS,
        interpellation.id,
        NoticePriority.TRANSACTIONAL,
        revision=await _newest(session, interpellation.id, act),
        detail=detail,
    )
    others = person_ids - ({actor.person_id} if actor is not None else set())
    await notices.tell_each(session, clock, others, word)


async def concerned(session: AsyncSession, interpellation: Interpellation) -> frozenset[int]:
    """The author, those who signed, and the leads of the council."""
    author = {interpellation.author_id} if interpellation.author_id is not None else set()
    leads = await duty.leads(session, interpellation.council_id)
    return await signatories(session, interpellation.id) | leads | author


async def signatories(session: AsyncSession, interpellation_id: int) -> frozenset[int]:
    """Everybody who has signed it."""
    signed = col(InterpellationSignature.interpellation_id) == interpellation_id
    return frozenset((await session.exec(select(col(InterpellationSignature.person_id)).where(signed))).all())


async def _newest(session: AsyncSession, interpellation_id: int, act: InterpellationAct) -> int:
    """The id of the newest event of this act; raises LookupError when there is none: nothing has happened to tell."""
    done = col(InterpellationEvent.interpellation_id) == interpellation_id, col(InterpellationEvent.act) == act
    found = (await session.exec(select(func.max(col(InterpellationEvent.id))).where(*done))).one()
    if found is None:
        raise LookupError(act)
    return int(found)
