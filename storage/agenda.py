"""When something is due next, over all that waits for its hour."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import queue
from storage.meetings import Meeting, MeetingState, Reminder


async def next_event(session: AsyncSession, now: datetime) -> datetime | None:
    """The nearest reminder, announcement or held notice after `now`; None when nothing waits."""
    reminder = select(func.min(col(Reminder.due_at))).where(col(Reminder.done_at).is_(None), col(Reminder.due_at) > now)
    draft = select(func.min(col(Meeting.announce_at))).where(
        col(Meeting.state) == MeetingState.DRAFT, col(Meeting.announce_at) > now
    )
    moments = [
        (await session.exec(reminder)).one(),
        (await session.exec(draft)).one(),
        await queue.next_moment(session, now),
    ]
    return min((each for each in moments if each is not None), default=None)
