"""Reminders: planned as rows when a meeting is announced, written as notices when their moment comes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, cast, exists, literal, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from council.clock import Clock
from council.meeting_notices import quiet_hours, reminder_detail
from council.meeting_plans import offsets_of
from council.notices import CHUNK, TOLD, NoticeKind, Word, notice_columns, reachable
from council.reminder_times import reminder_schedule
from council.settings import ProgrammeSettings
from storage.database import Database, dialect_insert, wake_sender_after
from storage.meetings import Answer, Audience, Meeting, MeetingCouncil, MeetingState, Reminder, Rsvp
from storage.outbox import Notice, NoticePriority
from storage.people import Follow, Person

AT_ONCE = 500
"""Reminders of one round: a sweep after a long stop goes on in as many rounds as it needs."""


async def plan_reminders(session: AsyncSession, clock: Clock, programme: ProgrammeSettings, meeting: Meeting) -> None:
    """Writes when people will be reminded of an announced meeting; what was planned before is done without a word."""
    await drop_reminders(session, clock, meeting.id)
    offsets = offsets_of(meeting.reminder_offsets) or programme.reminders
    quiet, now = quiet_hours(programme), clock.now()
    session.add_all(
        Reminder(
            meeting_id=meeting.id,
            revision=meeting.revision,
            offset_minutes=offset,
            audience=audience,
            due_at=due_at,
        )
        for audience, chosen in ((Audience.UNANSWERED, offsets.unanswered), (Audience.COMING, offsets.coming))
        for offset, due_at in reminder_schedule(meeting.starts_at, chosen, quiet, programme.tz, now)
    )
    await session.flush()


async def drop_reminders(session: AsyncSession, clock: Clock, meeting_id: int) -> None:
    """Nothing more is said of what was planned for this meeting."""
    open_ones = col(Reminder.meeting_id) == meeting_id, col(Reminder.done_at).is_(None)
    await session.exec(update(Reminder).where(*open_ones).values(done_at=clock.now()))


async def remind_due(database: Database, clock: Clock, chunk: int = CHUNK) -> int:
    """Writes a notice to everybody whose reminder is due. How many notices.

    Opens its own short transactions, one for each `chunk` of people, so that a tap in between waits for one chunk only.
    Reminders are done once all their people are through: after a crash they are gone through again, and keys that are
    there already keep anybody from being told twice. Of several that have become due for one meeting while nobody
    swept, only the last is said.
    """
    now = clock.now()
    written = 0
    while True:
        async with database.read() as session:
            due = (await session.exec(_due(now))).all()
        if not due:
            return written
        # Who answers meanwhile goes from the second audience to the first, which has been served: nobody hears twice.
        for audience in (Audience.COMING, Audience.UNANSWERED):
            written += await _remind(database, now, audience, due, chunk)
        async with database.write() as session:
            await session.exec(update(Reminder).where(col(Reminder.id).in_(due)).values(done_at=now))


def _due(now: datetime) -> SelectOfScalar[int]:
    query = select(col(Reminder.id)).where(col(Reminder.done_at).is_(None), col(Reminder.due_at) <= now)
    return query.order_by(col(Reminder.due_at)).limit(AT_ONCE)


async def _remind(database: Database, now: datetime, audience: Audience, due: Sequence[int], chunk: int) -> int:
    word = Word(
        NoticeKind.MEETING_REMINDER,
        0,
        NoticePriority.REMINDER,
        # Only the question to who has not answered is news, which may be muted.
        news=audience is Audience.UNANSWERED,
    )
    columns = _columns(word, audience, now)
    written, cursor = 0, 0
    while True:
        ids = _reminded(word, audience, due, now, col(Person.id)).where(col(Person.id) > cursor)
        people = _reminded(word, audience, due, now, *columns.values()).where(col(Person.id) > cursor)
        async with database.write() as session:
            last = (await session.exec(ids.order_by(col(Person.id)).offset(chunk - 1).limit(1))).first()
            if last is not None:
                people = people.where(col(Person.id) <= last)
            insert = dialect_insert(session, Notice).from_select(list(columns), people.order_by(col(Person.id)))
            wake_sender_after(session)
            written += (await session.exec(insert.on_conflict_do_nothing())).rowcount
        if last is None:
            return written
        cursor = last


def _columns(word: Word, audience: Audience, now: datetime) -> dict[str, Any]:
    """The columns of a notice, as expressions over Person, Meeting and Reminder."""
    key: Any = literal(f"{word.kind.value}:", String) + cast(col(Reminder.id), String)
    return {
        **notice_columns(word, now),
        "dedup_key": key + ":" + cast(col(Person.id), String),
        "subject_id": col(Meeting.id),
        "revision": col(Meeting.revision),
        "detail": literal(reminder_detail(audience, ""), String) + cast(col(Reminder.offset_minutes), String),
        "expires_at": col(Meeting.starts_at),
    }


def _reminded(word: Word, audience: Audience, due: Sequence[int], now: datetime, *columns: Any) -> Any:
    """The people whom these reminders are for, once for each reminder."""
    later = aliased(Reminder)
    superseded = exists().where(
        col(later.meeting_id) == col(Reminder.meeting_id),
        col(later.audience) == col(Reminder.audience),
        col(later.offset_minutes) < col(Reminder.offset_minutes),
        col(later.done_at).is_(None),
        col(later.due_at) <= now,
    )
    reminded = (
        reachable(word, *columns)
        .select_from(Reminder)
        .join(Meeting, col(Meeting.id) == col(Reminder.meeting_id))
        .where(
            col(Reminder.id).in_(due),
            col(Reminder.done_at).is_(None),
            col(Reminder.audience) == audience,
            col(Meeting.state) == MeetingState.ANNOUNCED,
            col(Meeting.starts_at) > now,
            ~superseded,
        )
    )
    return _who_come(reminded) if audience is Audience.COMING else _who_have_not_answered(reminded)


def _who_come(reminded: Any) -> Any:
    """Who said yes or maybe. Who waits for a seat is not reminded to come: they have none."""
    coming = col(Rsvp.answer).in_((Answer.YES, Answer.MAYBE)), col(Rsvp.waiting_since).is_(None)
    return (
        reminded.join(Rsvp, col(Rsvp.meeting_id) == col(Meeting.id))
        .join(Person, col(Person.id) == col(Rsvp.person_id))
        .where(*coming)
    )


def _who_have_not_answered(reminded: Any) -> Any:
    """Whom the announcement reached, who still follow one of the councils and have not answered."""
    announced = aliased(Notice)
    follows = exists().where(
        col(MeetingCouncil.meeting_id) == col(Meeting.id),
        col(Follow.council_id) == col(MeetingCouncil.council_id),
        col(Follow.person_id) == col(Person.id),
    )
    answered = exists().where(col(Rsvp.meeting_id) == col(Meeting.id), col(Rsvp.person_id) == col(Person.id))
    told = (
        col(announced.kind) == NoticeKind.MEETING_ANNOUNCED,
        col(announced.subject_id) == col(Meeting.id),
        col(announced.state).in_(TOLD),
    )
    return (
        reminded.join(announced, and_(*told))
        .join(Person, col(Person.id) == col(announced.person_id))
        .where(follows.correlate(Meeting, Person), ~answered.correlate(Meeting, Person))
    )
