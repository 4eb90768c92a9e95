"""Requests that have a topic, held before what is on its way there: the order of council/lock_order.py."""

from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.deliveries import holds_first
from council.notices import NoticeKind
from storage.outbox import Notice
from storage.support import SupportRequest


async def held_request(session: AsyncSession, *conditions: Any) -> SupportRequest | None:
    """Held until the end of the transaction: words that are written at this moment find the topic, or are found."""
    query = select(SupportRequest).where(*conditions).with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).first()


async def hold_requests_in(session: AsyncSession, chat_id: int) -> None:
    """All requests that have a topic in this group; over the years they become many, and none passes through Python."""
    there = select(col(SupportRequest.id)).where(col(SupportRequest.topic_chat_id) == chat_id)
    held = there.order_by(col(SupportRequest.id)).with_for_update().subquery()
    await session.exec(select(func.count()).select_from(held))


@holds_first(NoticeKind.SUPPORT_TOPIC)
@holds_first(NoticeKind.SUPPORT_RELAY)
async def hold_request(session: AsyncSession, notice: Notice) -> None:
    """Of a notice into a topic, before its fate is written down. A private chat has no topic."""
    if notice.chat_id > 0:
        return
    here = col(SupportRequest.topic_chat_id) == notice.chat_id
    about = col(SupportRequest.id) == notice.subject_id
    in_topic = col(SupportRequest.topic_thread_id) == notice.thread_id
    await held_request(session, here, about if notice.kind == NoticeKind.SUPPORT_TOPIC else in_topic)
