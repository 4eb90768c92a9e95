"""A requester who blocks the bot in the middle of a talk: whoever writes to them is told, once until they come back."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.clock import Clock
from council.notices import NoticeKind, Word
from storage import duty
from storage.outbox import Notice, NoticePriority
from storage.people import Person
from storage.support import SupportRequest


async def tell_holders(session: AsyncSession, clock: Clock, telegram_id: int) -> None:
    """Somebody cannot be written to any more: those who have their requests in hand are told."""
    query = (
        select(SupportRequest)
        .join(Person, col(Person.id) == col(SupportRequest.person_id))
        .where(
            col(Person.telegram_id) == telegram_id,
            duty.is_open(),
            col(SupportRequest.state).in_(duty.IN_HAND),
            col(SupportRequest.animator_id).is_not(None),
        )
    )
    for request in (await session.exec(query)).all():
        word = await gone_word(session, request.id, request.person_id)
        if word is not None and request.animator_id is not None:
            await notices.tell(session, clock, request.animator_id, word)


async def gone_word(session: AsyncSession, request_id: int, person_id: int) -> Word | None:
    """What the team is told of a requester who cannot be written to; None when they can."""
    person = await session.get(Person, person_id, populate_existing=True)
    if person is None or person.unreachable_since is None:
        return None
    since = str(int(person.unreachable_since.timestamp()))
    return Word(NoticeKind.SUPPORT_REQUESTER_GONE, request_id, NoticePriority.TRANSACTIONAL, detail=since)


async def still_gone(session: AsyncSession, notice: Notice) -> SupportRequest | None:
    """The request that a SUPPORT_REQUESTER_GONE notice is about; None when its requester has been heard again."""
    request = await session.get(SupportRequest, notice.subject_id)
    if request is None or await gone_word(session, request.id, request.person_id) is None:
        return None
    return request
