"""When a row is due next, over all rows that wait for a moment of their own."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import mail_queue, queue
from storage.dialogues import Dialogue
from storage.interpellations import Interpellation
from storage.meetings import Meeting, MeetingState, Reminder
from storage.support import SupportRequest


async def next_due_row(session: AsyncSession, now: datetime) -> datetime | None:
    """The nearest reminder, announcement, alert or question about a request, held notice or mail after `now`.

    So is what an interpellation waits for: the end of its signing or vote, a partner's delay; and the pause of a
    dialogue that was left open. None: nothing waits.
    """
    reminder = select(func.min(col(Reminder.due_at))).where(col(Reminder.done_at).is_(None), col(Reminder.due_at) > now)
    draft = select(func.min(col(Meeting.announce_at))).where(
        col(Meeting.state) == MeetingState.DRAFT, col(Meeting.announce_at) > now
    )
    left_open = select(func.min(col(Dialogue.expires_at))).where(
        col(Dialogue.expires_at) > now, col(Dialogue.paused).is_(False), col(Dialogue.state).is_not(None)
    )
    looked_at = (
        col(SupportRequest.next_alert_at),
        col(SupportRequest.next_feedback_at),
        col(Interpellation.next_look_at),
    )
    moments = [
        (await session.exec(reminder)).one(),
        (await session.exec(draft)).one(),
        (await session.exec(left_open)).one(),
        *[(await session.exec(select(func.min(each)).where(each > now))).one() for each in looked_at],
        await queue.next_moment(session, now),
        await mail_queue.next_moment(session, now),
    ]
    return min((each for each in moments if each is not None), default=None)
