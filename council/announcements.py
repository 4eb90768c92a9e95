"""News that a lead writes: to who follows the councils, or who comes to a meeting. The words are frozen once sent."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, notices
from council.actors import Actor, check_manages
from council.clock import Clock
from council.council_choice import councils_of_meeting
from council.errors import NotAllowed
from council.meeting_notices import cannot_wait, quiet_hours_in_force
from council.meeting_plans import MeetingCancelled, NeedsConfirmation
from council.meetings import check_council_choice, needs_confirmation
from council.notices import Attendees, Audience, Followers, NoticeKind, Told, Word
from council.quiet_hours import QuietHours
from council.written import no_longer, written
from storage.announcements import Announcement, AnnouncementAudience, AnnouncementCouncil
from storage.database import dialect_insert
from storage.meetings import Meeting, MeetingState
from storage.outbox import NoticePriority
from storage.programme import Council

WORDS_LIMIT = 3_000
"""UTF-16 units: leaves room in a message for who wrote it and to whom (choice)."""


@dataclass(frozen=True)
class Enclosure:
    """A picture, voice or document that goes with the words: its kind and Telegram's name for the file."""

    kind: str
    file_id: str


@dataclass(frozen=True)
class AnnouncementView:
    """What readers see; `meeting_title` is set when it was written to who comes to a meeting."""

    words: str
    enclosure: Enclosure | None
    councils: tuple[str, ...]
    meeting_id: int | None
    meeting_title: str | None


async def announce(
    session: AsyncSession,
    clock: Clock,
    actor: Actor,
    council_ids: frozenset[int],
    words: str,
    enclosure: Enclosure | None,
    request_key: str,
    confirmed: bool = False,
) -> Announcement:
    """News to everybody who follows one of the councils. The same `request_key` again does nothing.

    Raises:
        NotAllowed: the actor does not manage every one of the councils.
        EmptyWords, TooLong: the words; with an enclosure they may be missing.
        NeedsConfirmation: a council is in its electoral reserve and nobody has confirmed.
    """
    await check_council_choice(session, actor, council_ids)
    words = _checked(words, enclosure)
    if not confirmed and await needs_confirmation(session, council_ids):
        raise NeedsConfirmation
    announcement, is_new = await _write(
        session, clock, actor, AnnouncementAudience.FOLLOWERS, None, council_ids, words, enclosure, request_key
    )
    if is_new:
        followers = Followers(tuple(sorted(council_ids)))
        await notices.tell_all(session, clock, followers, _news(announcement.id))
        in_group = Word(NoticeKind.ANNOUNCEMENT_IN_GROUP, announcement.id, NoticePriority.BROADCAST)
        await notices.tell_groups(session, clock, council_ids, in_group)
    return announcement


async def write_to_attendees(
    session: AsyncSession,
    clock: Clock,
    actor: Actor,
    meeting_id: int,
    words: str,
    enclosure: Enclosure | None,
    request_key: str,
) -> Announcement:
    """To everybody who said yes or maybe, those who wait for a seat too; also once the meeting is over.

    Raises:
        NotAllowed: the actor does not manage the meeting, or it was never announced.
        MeetingCancelled: it was cancelled, which those people have been told.
        EmptyWords, TooLong: the words; with an enclosure they may be missing.
    """
    meeting, council_ids = await _managed_meeting(session, actor, meeting_id)
    if meeting.state == MeetingState.CANCELLED:
        raise MeetingCancelled
    if meeting.state != MeetingState.ANNOUNCED:
        raise NotAllowed
    words = _checked(words, enclosure)
    announcement, is_new = await _write(
        session, clock, actor, AnnouncementAudience.ATTENDEES, meeting_id, council_ids, words, enclosure, request_key
    )
    if is_new:
        urgent = _is_urgent(meeting.starts_at, clock.now(), await quiet_hours_in_force(session))
        word = replace(_about_coming(announcement.id), quiet=not urgent)
        await notices.tell_all(session, clock, Attendees(meeting_id), word)
    return announcement


def heard_at(now: datetime, quiet: QuietHours, starts_at: datetime | None = None) -> datetime:
    """When words that are sent now reach people; `starts_at` is that of the meeting when they are for who comes."""
    return now if starts_at is not None and _is_urgent(starts_at, now, quiet) else quiet.ends_after(now)


def _is_urgent(starts_at: datetime, now: datetime, quiet: QuietHours) -> bool:
    """Whether in the morning these words would come too late for a meeting that is still ahead."""
    return now < starts_at and cannot_wait(starts_at, now, quiet)


async def load_announcement(session: AsyncSession, announcement_id: int) -> AnnouncementView | None:
    """What an ANNOUNCEMENT notice (its subject) says; None when it is gone."""
    announcement = await session.get(Announcement, announcement_id)
    if announcement is None:
        return None
    names = (
        select(col(Council.name))
        .join(AnnouncementCouncil, col(AnnouncementCouncil.council_id) == col(Council.id))
        .where(col(AnnouncementCouncil.announcement_id) == announcement_id)
        .order_by(col(Council.position), col(Council.id))
    )
    meeting = await session.get(Meeting, announcement.meeting_id) if announcement.meeting_id else None
    kind, file_id = announcement.media_kind, announcement.media_file_id
    return AnnouncementView(
        announcement.words,
        Enclosure(kind, file_id) if kind and file_id else None,
        tuple((await session.exec(names)).all()),
        announcement.meeting_id,
        meeting.title if meeting else None,
    )


async def count_followers(session: AsyncSession, actor: Actor, council_ids: frozenset[int]) -> int:
    """How many people news, or a meeting, of these councils would reach now. Raises NotAllowed."""
    await check_council_choice(session, actor, council_ids)
    return await notices.count_audience(session, Followers(tuple(sorted(council_ids))), _news(0))


async def count_attendees(session: AsyncSession, actor: Actor, meeting_id: int) -> int:
    """How many people a word to who comes would reach now. Raises NotAllowed."""
    return await _count(session, actor, meeting_id, Attendees(meeting_id))


async def count_told(session: AsyncSession, actor: Actor, meeting_id: int) -> int:
    """How many people would hear now that the meeting is changed or cancelled. Raises NotAllowed."""
    return await _count(session, actor, meeting_id, Told(meeting_id))


async def _count(session: AsyncSession, actor: Actor, meeting_id: int, audience: Audience) -> int:
    await _managed_meeting(session, actor, meeting_id)
    return await notices.count_audience(session, audience, _about_coming(0))


async def _managed_meeting(session: AsyncSession, actor: Actor, meeting_id: int) -> tuple[Meeting, frozenset[int]]:
    meeting = await session.get(Meeting, meeting_id)
    council_ids = await councils_of_meeting(session, meeting_id)
    check_manages(actor, council_ids)
    if meeting is None:
        raise NotAllowed
    return meeting, council_ids


async def _write(
    session: AsyncSession,
    clock: Clock,
    actor: Actor,
    audience: AnnouncementAudience,
    meeting_id: int | None,
    council_ids: frozenset[int],
    words: str,
    enclosure: Enclosure | None,
    request_key: str,
) -> tuple[Announcement, bool]:
    """The announcement of this request, and whether it is new."""
    row = dialect_insert(session, Announcement).values(
        audience=audience,
        meeting_id=meeting_id,
        author_id=actor.person_id,
        words=words,
        media_kind=enclosure.kind if enclosure else None,
        media_file_id=enclosure.file_id if enclosure else None,
        created_at=clock.now(),
        request_key=request_key,
    )
    is_new = bool((await session.exec(row.on_conflict_do_nothing())).rowcount)
    query = select(Announcement).where(col(Announcement.request_key) == request_key)
    announcement = (await session.exec(query)).one()
    if is_new:
        session.add_all(
            AnnouncementCouncil(announcement_id=announcement.id, council_id=each) for each in sorted(council_ids)
        )
        await session.flush()
        await audit.record(
            session, clock, actor, "announcement.sent", "announcement", announcement.id, audience=audience.value
        )
    return announcement, is_new


def _checked(words: str, enclosure: Enclosure | None) -> str:
    """Words may be missing where a voice, a picture or a document speaks. Raises EmptyWords or TooLong."""
    return written(words, WORDS_LIMIT) if enclosure is None else no_longer(words, WORDS_LIMIT)


def _news(announcement_id: int) -> Word:
    return Word(NoticeKind.ANNOUNCEMENT, announcement_id, NoticePriority.BROADCAST, news=True)


def _about_coming(announcement_id: int) -> Word:
    return Word(NoticeKind.ANNOUNCEMENT, announcement_id, NoticePriority.TRANSACTIONAL)
