"""Who hears what is said about a request: the one place that decides it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.clock import Clock
from council.notices import GROUP_LANGUAGE, Word, notice_values
from council.settings import ProgrammeSettings
from storage import duty
from storage.database import dialect_insert, wake_sender_after
from storage.outbox import Notice
from storage.people import Person
from storage.support import SupportRequest, SupportSide


@dataclass(frozen=True)
class Hearer:
    """A chat in which words are put: a person's own, or a topic of the team's group (no `person_id`)."""

    chat_id: int
    person_id: int | None = None
    thread_id: int | None = None


async def hearers_of(
    session: AsyncSession, programme: ProgrammeSettings, request: SupportRequest, side: SupportSide
) -> tuple[Hearer, ...]:
    """Where words of this side go. Nobody: a note, a request in the queue, or a requester who cannot be written to.

    Who takes a request from the queue reads the talk on its card. A request that has a topic is talked about there;
    while the topic is being made nobody hears yet, and all words follow once it is there (council/support_topics.py).
    """
    if side is SupportSide.REQUESTER:
        if programme.support.talk == "topics" and request.topic_chat_id is not None:
            thread_id = request.topic_thread_id
            return (Hearer(request.topic_chat_id, None, thread_id),) if thread_id is not None else ()
        return await _people(session, await _who_answers(session, request))
    if side is SupportSide.TEAM:
        return await _people(session, (request.person_id,))
    return ()


async def _who_answers(session: AsyncSession, request: SupportRequest) -> frozenset[int]:
    """Who has the request; once they have left the team or blocked the bot, who coordinates."""
    if request.animator_id is None:
        return frozenset()
    holder = await duty.team_among(session, (request.animator_id,))
    return holder or await duty.coordinators(session) - {request.person_id}


async def _people(session: AsyncSession, person_ids: Iterable[int]) -> tuple[Hearer, ...]:
    query = select(col(Person.telegram_id), col(Person.id)).where(
        col(Person.id).in_(tuple(person_ids)),
        col(Person.telegram_id).is_not(None),
        col(Person.unreachable_since).is_(None),
    )
    rows = (await session.exec(query.order_by(col(Person.id)))).all()
    return tuple(Hearer(chat_id, person_id) for chat_id, person_id in rows if chat_id is not None)


async def hearer_in(session: AsyncSession, chat_id: int, thread_id: int | None = None) -> Hearer | None:
    """Who hears in this chat; None when it is the private chat of somebody who has left."""
    if chat_id < 0:
        return Hearer(chat_id, None, thread_id)
    person_id = (await session.exec(select(col(Person.id)).where(col(Person.telegram_id) == chat_id))).first()
    return Hearer(chat_id, person_id) if person_id is not None else None


async def tell_hearer(session: AsyncSession, clock: Clock, hearer: Hearer, word: Word) -> None:
    """One notice into that chat; nothing when it was told there already."""
    if hearer.person_id is not None:
        await notices.tell(session, clock, hearer.person_id, word)
        return
    row = {
        **notice_values(word, clock.now()),
        "dedup_key": f"{word.key}chat:{hearer.chat_id}:{hearer.thread_id or 0}",
        "chat_id": hearer.chat_id,
        "thread_id": hearer.thread_id,
        "locale": GROUP_LANGUAGE,
    }
    wake_sender_after(session)
    await session.exec(dialect_insert(session, Notice).values(**row).on_conflict_do_nothing())
