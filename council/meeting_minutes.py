"""The minutes of a meeting: a file that a lead publishes once it has been held."""

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit
from council.actors import Actor
from council.clock import Clock
from council.errors import Refusal
from council.live_cards import LiveKind, refresh
from council.meeting_plans import MeetingCancelled
from council.meeting_views import open_managed
from storage.meetings import Meeting


class MeetingNotHeld(Refusal):
    """It has not begun: there is nothing to write down yet."""


async def publish_minutes(session: AsyncSession, clock: Clock, actor: Actor, meeting_id: int, file_id: str) -> None:
    """Everybody who sees the meeting can open the file from now on; a later one takes its place.

    Raises:
        NotAllowed: the actor does not manage every one of its councils.
        MeetingCancelled, MeetingNotHeld: it was never held, or not yet.
    """
    await check_may_have_minutes(session, clock, actor, meeting_id)
    await session.exec(update(Meeting).where(col(Meeting.id) == meeting_id).values(minutes_file_id=file_id))
    await refresh(session, clock, LiveKind.MEETING, meeting_id)
    await audit.record(session, clock, actor, "meeting.minutes_published", "meeting", meeting_id)


async def check_may_have_minutes(session: AsyncSession, clock: Clock, actor: Actor, meeting_id: int) -> None:
    """Raises what `publish_minutes` raises, before anybody has looked for the file."""
    view = await open_managed(session, clock, actor, meeting_id)
    if view.cancelled:
        raise MeetingCancelled
    if not view.begun:
        raise MeetingNotHeld
