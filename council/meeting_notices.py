"""What is said about a meeting, and whether it is still true when it leaves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from council import notices
from council.clock import Clock
from council.digests import digest_day
from council.local_time import first_showing, local
from council.meeting_plans import HeardTooLate
from council.meeting_views import MeetingView, load_meeting_view
from council.notices import TOLD, Followers, NoticeKind, Told, Word
from council.quiet_hours import QuietHours
from council.settings import ProgrammeSettings
from storage.meetings import Answer, Audience, Meeting, MeetingCouncil, MeetingState
from storage.outbox import Fanout, Notice, NoticePriority, NoticeState
from storage.people import Follow, Person
from storage.programme import Programme

NEXT_MEETINGS = 2
"""Of so many a newcomer hears at once; the list has the others."""
SLACK = timedelta(seconds=2)
"""By how much the clocks of the processes may differ: to be told of a change twice is better than not at all."""


def quiet_hours(programme: ProgrammeSettings) -> QuietHours:
    """The programme's quiet hours, by its own clock."""
    return QuietHours(programme.quiet_hours.start, programme.quiet_hours.end, programme.tz)


async def quiet_hours_in_force(session: AsyncSession) -> QuietHours:
    """The same, read from the database, for acts that are handed no programme."""
    stored: dict[str, Any] = (await session.exec(select(col(Programme.settings)))).one()
    return quiet_hours(ProgrammeSettings.model_validate(stored))


def cannot_wait(starts_at: datetime, now: datetime, quiet: QuietHours) -> bool:
    """Whether a word about this meeting would come too late after a night's rest.

    True when it begins before the quiet hours of now, or the next to come, are over: whoever hears of it in the morning
    stands before a closed door. Moments are aware.
    """
    return starts_at < _end_of_next_night(now, quiet)


def check_heard_in_time(announced_at: datetime, starts_at: datetime, quiet: QuietHours) -> datetime:
    """When people hear of what is announced at that moment: then, or when the night is over. Raises HeardTooLate."""
    heard_at = quiet.ends_after(announced_at)
    if heard_at >= starts_at:
        raise HeardTooLate
    return heard_at


def _end_of_next_night(now: datetime, quiet: QuietHours) -> datetime:
    if quiet.start == quiet.end:
        return now
    if quiet.covers(now):
        return quiet.ends_after(now)
    today = local(now, quiet.tz).date()
    begins = (first_showing(datetime.combine(today + timedelta(days=n), quiet.start), quiet.tz) for n in (0, 1))
    return quiet.ends_after(next(begin for begin in begins if begin > now))


async def tell_announced(session: AsyncSession, clock: Clock, meeting: Meeting, council_ids: frozenset[int]) -> None:
    """To who follows the councils. No moment of expiry: it would stay behind when the meeting is moved."""
    word = Word(
        NoticeKind.MEETING_ANNOUNCED, meeting.id, NoticePriority.BROADCAST, revision=meeting.revision, news=True
    )
    await notices.tell_all(session, clock, Followers(tuple(sorted(council_ids))), word)
    await _tell_groups(session, clock, meeting, quiet=True)


async def tell_newcomer(session: AsyncSession, clock: Clock, person_id: int, council_id: int) -> None:
    """To who follows the council from now on: of the next meetings that were announced before they came.

    They belong to those who were told then: they are reminded, and hear when it is moved or cancelled.
    """
    theirs = (
        col(Notice.kind) == NoticeKind.MEETING_ANNOUNCED,
        col(Notice.subject_id) == col(Meeting.id),
        col(Notice.person_id) == person_id,
    )
    query = (
        select(Meeting)
        .join(MeetingCouncil, col(MeetingCouncil.meeting_id) == col(Meeting.id))
        .where(
            col(MeetingCouncil.council_id) == council_id,
            col(Meeting.state) == MeetingState.ANNOUNCED,
            col(Meeting.starts_at) > clock.now(),
            ~exists().where(*theirs).correlate(Meeting),
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
        .limit(NEXT_MEETINGS)
    )
    for meeting in (await session.exec(query)).all():
        kind, revision = NoticeKind.MEETING_ANNOUNCED, meeting.revision
        word = Word(kind, meeting.id, NoticePriority.TRANSACTIONAL, revision=revision, news=True)
        await notices.tell(session, clock, person_id, word)


async def tell_changed(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    meeting: Meeting,
    changed: frozenset[str],
    old_start: datetime,
    *,
    quiet: bool,
) -> None:
    """To all who were told, with the names of the fields; also of an earlier change that some have not heard yet.

    `old_start` is when the meeting was to begin before this change: who has not
    heard of an earlier change knows the start before that one.
    """
    unheard = await session.exec(
        select(Notice)
        .where(
            col(Notice.kind) == NoticeKind.MEETING_CHANGED,
            col(Notice.subject_id) == meeting.id,
            col(Notice.state) == NoticeState.PENDING,
        )
        .limit(1)
    )
    earlier = unheard.first()
    names = changed | changed_fields(earlier) if earlier else changed
    known_start = (start_before(earlier) if earlier else None) or old_start
    detail = ",".join(f"{name}@{known_start.isoformat()}" if name == "starts_at" else name for name in sorted(names))
    await _tell_told(session, clock, programme, meeting, NoticeKind.MEETING_CHANGED, detail, quiet=quiet)
    await _tell_groups(session, clock, meeting, quiet=quiet)


async def tell_cancelled(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, meeting: Meeting, *, quiet: bool
) -> None:
    """To all who were told; nobody else hears of the meeting any more."""
    announcing = (
        col(Fanout.kind) == NoticeKind.MEETING_ANNOUNCED,
        col(Fanout.subject_id) == meeting.id,
        col(Fanout.finished_at).is_(None),
    )
    await session.exec(update(Fanout).where(*announcing).values(finished_at=clock.now()))
    await _tell_told(session, clock, programme, meeting, NoticeKind.MEETING_CANCELLED, quiet=quiet)
    await _tell_groups(session, clock, meeting, quiet=quiet)


async def _tell_groups(session: AsyncSession, clock: Clock, meeting: Meeting, *, quiet: bool) -> None:
    """To the linked groups: what is true when it leaves, once for each state that people are told of."""
    councils = select(col(MeetingCouncil.council_id)).where(col(MeetingCouncil.meeting_id) == meeting.id)
    word = Word(
        NoticeKind.MEETING_IN_GROUP,
        meeting.id,
        NoticePriority.BROADCAST,
        revision=meeting.told_revision,
        quiet=quiet,
        expires_at=meeting.starts_at,
    )
    await notices.tell_groups(session, clock, frozenset((await session.exec(councils)).all()), word)


async def _tell_told(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    meeting: Meeting,
    kind: NoticeKind,
    detail: str = "",
    *,
    quiet: bool,
) -> None:
    await _hold_announcements(session, meeting.id)
    word = Word(
        kind,
        meeting.id,
        NoticePriority.TRANSACTIONAL,
        revision=meeting.revision,
        detail=detail,
        quiet=quiet,
        expires_at=meeting.starts_at,
    )
    before = clock.now() + SLACK
    await notices.tell_all(session, clock, Told(meeting.id, before), word)
    by_digest = col(Person.id).in_(_told_by_digest(programme, meeting, before))
    await notices.copy_to(session, clock, word, notices.reachable(word, col(Person.id)).where(by_digest))


def _told_by_digest(programme: ProgrammeSettings, meeting: Meeting, before: datetime) -> SelectOfScalar[int | None]:
    """Who had the announcement among the news of its day, as they follow one of the councils."""
    councils = select(col(MeetingCouncil.council_id)).where(col(MeetingCouncil.meeting_id) == meeting.id)
    return (
        select(col(Notice.person_id))
        .join(Follow, col(Follow.person_id) == col(Notice.person_id))
        .where(
            col(Notice.kind) == NoticeKind.NEWS_DIGEST,
            col(Notice.subject_id) == digest_day(meeting.announced_at or before, programme),
            col(Notice.state).in_(TOLD),
            or_(col(Notice.started_at).is_(None), col(Notice.started_at) <= before),
            col(Follow.council_id).in_(councils),
        )
    )


async def _hold_announcements(session: AsyncSession, meeting_id: int) -> None:
    """No announcement is leased until this transaction ends: each has left before it, or will say what it writes.

    On SQLite a write transaction is alone as it is.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    waiting = (
        select(col(Notice.id))
        .where(
            col(Notice.kind) == NoticeKind.MEETING_ANNOUNCED,
            col(Notice.subject_id) == meeting_id,
            col(Notice.state) == NoticeState.PENDING,
        )
        .with_for_update()
        .subquery()
    )
    await session.exec(select(func.count()).select_from(waiting))


async def still_true(session: AsyncSession, clock: Clock, notice: Notice) -> MeetingView | None:
    """The reader's view of the meeting when the notice may be said now, None when it is to be dropped.

    An announcement says what is true when it leaves, whatever was changed since it was written. A reminder is dropped
    when its meeting was moved, was cancelled or began, or the reader has answered meanwhile (or has lost the seat).
    """
    if notice.person_id is None:
        return None
    view = await load_meeting_view(session, clock, notice.subject_id, notice.person_id)
    if view is None or not _HOLDS[NoticeKind(notice.kind)](notice, view):
        return None
    if notice.kind == NoticeKind.MEETING_ANNOUNCED and not await _follows(session, notice.person_id, view):
        return None
    return view


def changed_fields(notice: Notice) -> frozenset[str]:
    """What a MEETING_CHANGED notice is about: names of fields of the meeting."""
    return frozenset(each.partition("@")[0] for each in (notice.detail or "").split(",")) - {""}


def start_before(notice: Notice) -> datetime | None:
    """When the meeting was to begin, as who is told of a MEETING_CHANGED knew it; None when that has not changed."""
    moments = (each.partition("@")[2] for each in (notice.detail or "").split(",") if each.startswith("starts_at@"))
    return next((datetime.fromisoformat(moment) for moment in moments), None)


def reminder_detail(audience: Audience, offset_minutes: int | str) -> str:
    """What `reminder_of` reads."""
    return f"{audience.value}:{offset_minutes}"


def reminder_of(notice: Notice) -> tuple[Audience, int]:
    """Who a MEETING_REMINDER notice is for, and how many minutes before the start it was planned."""
    audience, _, offset_minutes = (notice.detail or "").partition(":")
    return Audience(audience), int(offset_minutes)


def _announcement_holds(_notice: Notice, view: MeetingView) -> bool:
    return view.open_to_answers


def _change_holds(notice: Notice, view: MeetingView) -> bool:
    return view.open_to_answers and notice.revision == view.told_revision


def _cancellation_holds(_notice: Notice, view: MeetingView) -> bool:
    return view.cancelled and not view.begun


def _seat_holds(_notice: Notice, view: MeetingView) -> bool:
    return view.open_to_answers and has_seat(view)


def _reminder_holds(notice: Notice, view: MeetingView) -> bool:
    # A reminder expires at the start that it was written for: another start means that the meeting was moved.
    if not view.open_to_answers or notice.expires_at != view.starts_at:
        return False
    if reminder_of(notice)[0] is Audience.UNANSWERED:
        return view.answer is None
    return has_seat(view) or view.answer is Answer.MAYBE


def has_seat(view: MeetingView) -> bool:
    """Whether the reader said yes and need not wait."""
    return view.answer == Answer.YES and view.waiting_since is None


async def _follows(session: AsyncSession, person_id: int, view: MeetingView) -> bool:
    following = select(col(Follow.person_id)).where(
        col(Follow.person_id) == person_id, col(Follow.council_id).in_(view.council_ids)
    )
    return (await session.exec(following.limit(1))).first() is not None


_HOLDS: dict[NoticeKind, Callable[[Notice, MeetingView], bool]] = {
    NoticeKind.MEETING_ANNOUNCED: _announcement_holds,
    NoticeKind.MEETING_CHANGED: _change_holds,
    NoticeKind.MEETING_CANCELLED: _cancellation_holds,
    NoticeKind.MEETING_REMINDER: _reminder_holds,
    NoticeKind.SEAT_GIVEN: _seat_holds,
}
