"""The digest: for people who want the news of a day in one message, at 18:00 local time.

Nothing is queued for it: what is in a digest is read from what was announced since the digest before.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from council.clock import Clock
from council.local_time import first_showing, local
from council.notices import NoticeKind, Word, copy_to, reachable
from council.settings import ProgrammeSettings
from storage.announcements import Announcement, AnnouncementAudience, AnnouncementCouncil
from storage.database import Database
from storage.meetings import Meeting, MeetingCouncil, MeetingState
from storage.outbox import NoticePriority
from storage.people import Follow, News, Person

DIGEST_HOUR = time(18)
MOST_ITEMS = 10


@dataclass(frozen=True)
class Digest:
    """What was announced in the councils that one person follows: meetings that are still to come, and words."""

    meetings: tuple[Meeting, ...]
    announcements: tuple[Announcement, ...]


async def send_due_digests(database: Database, clock: Clock, programme: ProgrammeSettings) -> int:
    """Writes today's digests once its hour has come; how many. Run again, it writes none."""
    now = clock.now()
    since, until = _span(now, programme)
    if now < until:
        return 0
    word = Word(
        NoticeKind.NEWS_DIGEST,
        local(until, programme.tz).toordinal(),
        NoticePriority.REMINDER,
        expires_at=until + timedelta(days=1),
    )
    news = or_(
        col(Follow.council_id).in_(_councils_with_announcements(since, until)),
        col(Follow.council_id).in_(_councils_with_meetings(since, until)),
    )
    readers = select(col(Follow.person_id)).where(news)
    async with database.write() as session:
        people = reachable(word, col(Person.id)).where(col(Person.news) == News.DIGEST, col(Person.id).in_(readers))
        return await copy_to(session, clock, word, people)


async def load_digest(session: AsyncSession, programme: ProgrammeSettings, person_id: int, day: int) -> Digest:
    """The digest of the day with that ordinal, as it is true now."""
    until = first_showing(datetime.combine(datetime.fromordinal(day).date(), DIGEST_HOUR), programme.tz)
    since, until = _span(until, programme)
    followed = select(col(Follow.council_id)).where(col(Follow.person_id) == person_id)
    meetings = select(Meeting).where(
        col(Meeting.id).in_(select(col(MeetingCouncil.meeting_id)).where(col(MeetingCouncil.council_id).in_(followed))),
        col(Meeting.state) == MeetingState.ANNOUNCED,
        col(Meeting.announced_at) >= since,
        col(Meeting.announced_at) < until,
        col(Meeting.starts_at) > until,
    )
    announcements = select(Announcement).where(
        col(Announcement.id).in_(
            select(col(AnnouncementCouncil.announcement_id)).where(col(AnnouncementCouncil.council_id).in_(followed))
        ),
        col(Announcement.audience) == AnnouncementAudience.FOLLOWERS,
        col(Announcement.created_at) >= since,
        col(Announcement.created_at) < until,
    )
    return Digest(
        tuple((await session.exec(meetings.order_by(col(Meeting.starts_at)).limit(MOST_ITEMS))).all()),
        tuple((await session.exec(announcements.order_by(col(Announcement.id)).limit(MOST_ITEMS))).all()),
    )


def digest_day(announced_at: datetime, programme: ProgrammeSettings) -> int:
    """The ordinal of the day whose digest tells what was announced at that moment."""
    today = local(announced_at, programme.tz).date()
    in_time = announced_at < first_showing(datetime.combine(today, DIGEST_HOUR), programme.tz)
    return today.toordinal() if in_time else today.toordinal() + 1


def _span(now: datetime, programme: ProgrammeSettings) -> tuple[datetime, datetime]:
    """From the digest of the day before to that of the local day of `now`."""
    today = local(now, programme.tz).date()
    bounds = (
        first_showing(datetime.combine(each, DIGEST_HOUR), programme.tz) for each in (today - timedelta(1), today)
    )
    since, until = bounds
    return since, until


def _councils_with_announcements(since: datetime, until: datetime) -> SelectOfScalar[int]:
    return (
        select(col(AnnouncementCouncil.council_id))
        .join(Announcement, col(Announcement.id) == col(AnnouncementCouncil.announcement_id))
        .where(
            col(Announcement.audience) == AnnouncementAudience.FOLLOWERS,
            col(Announcement.created_at) >= since,
            col(Announcement.created_at) < until,
        )
    )


def _councils_with_meetings(since: datetime, until: datetime) -> SelectOfScalar[int]:
    return (
        select(col(MeetingCouncil.council_id))
        .join(Meeting, col(Meeting.id) == col(MeetingCouncil.meeting_id))
        .where(
            col(Meeting.state) == MeetingState.ANNOUNCED,
            col(Meeting.announced_at) >= since,
            col(Meeting.announced_at) < until,
        )
    )
