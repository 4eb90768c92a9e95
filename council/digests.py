"""The digest: for people who want the news of a day in one message, at 18:00 local time.

Nothing is queued for it: what is in a digest is read from what was announced since the digest before.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

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
from storage.interpellations import (
    UNPUBLISHED,
    Interpellation,
    InterpellationAct,
    InterpellationEvent,
    InterpellationState,
)
from storage.meetings import Meeting, MeetingCouncil, MeetingState
from storage.outbox import Notice, NoticePriority
from storage.people import Follow, News, Person
from storage.proposals import NEVER_PUBLIC, Proposal

DIGEST_HOUR = time(18)
MOST_ITEMS = 10
"""Of each sort in one message: more than a programme announces in a day; what is beyond is counted, not hidden."""
_TOLD = (InterpellationAct.OPENED, InterpellationAct.ANSWERED)


@dataclass(frozen=True)
class Question:
    """An interpellation, and the last thing that has happened to it that everybody is told."""

    number: str
    title: str
    act: InterpellationAct


@dataclass(frozen=True)
class Digest:
    """What was announced in the councils that one person follows.

    Meetings that are still to come, words, proposals, and interpellations that can be signed or were answered.
    """

    meetings: tuple[Meeting, ...]
    announcements: tuple[Announcement, ...]
    proposals: tuple[Proposal, ...]
    questions: tuple[Question, ...]
    beyond: int = 0
    """How many more there are than the message holds."""

    @property
    def is_empty(self) -> bool:
        return not (self.meetings or self.announcements or self.proposals or self.questions)


async def send_due_digests(database: Database, clock: Clock, programme: ProgrammeSettings) -> int:
    """Writes today's digests once its hour has come; how many. Run again, it writes none."""
    now = clock.now()
    since, until = _span(now, programme)
    # Before today's hour, yesterday's digest is still owed when nobody swept since: news are late, not lost.
    if owed := now < until:
        since, until = _span(until - timedelta(days=1), programme)
    word = Word(
        NoticeKind.NEWS_DIGEST,
        local(until, programme.tz).toordinal(),
        NoticePriority.REMINDER,
        expires_at=until + timedelta(days=1),
    )
    async with database.write() as session:
        if owed and await _has_been_written(session, word):
            return 0
        people = reachable(word, col(Person.id)).where(*_reads_digest(since, until))
        return await copy_to(session, clock, word, people)


async def next_digest(session: AsyncSession, now: datetime, programme: ProgrammeSettings) -> datetime | None:
    """When the next digest leaves, as things stand. None: what has happened so far is told, or interests nobody."""
    since, until = _span(now, programme)
    if until <= now:
        since, until = _span(now + timedelta(days=1), programme)
    reader = select(col(Person.id)).where(*_reads_digest(since, until)).limit(1)
    return until if (await session.exec(reader)).first() is not None else None


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
    proposals = select(Proposal).where(
        col(Proposal.council_id).in_(followed),
        *_published_between(since, until),
        col(Proposal.author_id).is_distinct_from(person_id),
    )
    coming = (await session.exec(meetings.order_by(col(Meeting.starts_at)))).all()
    words = (await session.exec(announcements.order_by(col(Announcement.id)))).all()
    ideas = (await session.exec(proposals.order_by(col(Proposal.id)))).all()
    asked = await _questions(session, person_id, since, until)
    beyond = sum(max(0, len(each) - MOST_ITEMS) for each in (coming, words, ideas, asked))
    return Digest(
        tuple(coming[:MOST_ITEMS]), tuple(words[:MOST_ITEMS]), tuple(ideas[:MOST_ITEMS]), asked[:MOST_ITEMS], beyond
    )


async def _questions(session: AsyncSession, person_id: int, since: datetime, until: datetime) -> tuple[Question, ...]:
    """One line each, whatever has happened to it in that time; not the person's own, of which they hear at once."""
    query = (
        select(Interpellation, col(InterpellationEvent.act))
        .join(InterpellationEvent, col(InterpellationEvent.interpellation_id) == col(Interpellation.id))
        .where(
            col(Interpellation.council_id).in_(
                select(col(Follow.council_id)).where(col(Follow.person_id) == person_id)
            ),
            col(Interpellation.author_id).is_distinct_from(person_id),
            *_told_between(since, until),
        )
        .order_by(col(Interpellation.id), col(InterpellationEvent.id))
    )
    last = {each.id: Question(each.number, each.title, act) for each, act in (await session.exec(query)).all()}
    return tuple(last.values())


async def _has_been_written(session: AsyncSession, word: Word) -> bool:
    """Whether anybody has this digest already: who only now chose digests has had these news one by one."""
    query = select(col(Notice.id)).where(col(Notice.kind) == word.kind, col(Notice.subject_id) == word.subject_id)
    return (await session.exec(query.limit(1))).first() is not None


def _reads_digest(since: datetime, until: datetime) -> tuple[Any, ...]:
    """People who want a digest, and follow a council with news of that time."""
    news = or_(
        col(Follow.council_id).in_(_councils_with_announcements(since, until)),
        col(Follow.council_id).in_(_councils_with_meetings(since, until)),
        col(Follow.council_id).in_(_councils_with_proposals(since, until)),
        col(Follow.council_id).in_(_councils_with_questions(since, until)),
    )
    readers = select(col(Follow.person_id)).where(news)
    return col(Person.news) == News.DIGEST, col(Person.id).in_(readers)


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


def _councils_with_proposals(since: datetime, until: datetime) -> SelectOfScalar[int]:
    return select(col(Proposal.council_id)).where(*_published_between(since, until))


def _councils_with_questions(since: datetime, until: datetime) -> SelectOfScalar[int]:
    return (
        select(col(Interpellation.council_id))
        .join(InterpellationEvent, col(InterpellationEvent.interpellation_id) == col(Interpellation.id))
        .where(*_told_between(since, until))
    )


def _told_between(since: datetime, until: datetime) -> tuple[Any, ...]:
    """Opened to be signed, or answered, in that time, and public still."""
    return (
        col(Interpellation.changed_at) >= since,  # each step changes it: few are looked into
        col(Interpellation.state).not_in((*UNPUBLISHED, InterpellationState.WITHDRAWN)),
        col(InterpellationEvent.act).in_(_TOLD),
        col(InterpellationEvent.at) >= since,
        col(InterpellationEvent.at) < until,
    )


def _published_between(since: datetime, until: datetime) -> tuple[Any, ...]:
    """Published in that time, and public still."""
    return (
        col(Proposal.published_at) >= since,
        col(Proposal.published_at) < until,
        col(Proposal.state).not_in(NEVER_PUBLIC),
        col(Proposal.hidden_at).is_(None),
    )
