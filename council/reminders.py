"""Reminders: planned as rows when a meeting is announced, written as notices when their moment comes."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

from sqlalchemy import BigInteger, Integer, String, Subquery, and_, bindparam, cast, exists, func, literal, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

from council.clock import Clock
from council.meeting_notices import quiet_hours, reminder_detail
from council.meeting_plans import offsets_of
from council.notices import CHUNK, TOLD, NoticeKind, Word, notice_columns, reachable
from council.reminder_times import reminder_schedule
from council.settings import ProgrammeSettings
from storage.among import among
from storage.database import Database, Insert, InsertInto, engine_insert, plain_table, wake_sender_after
from storage.meetings import Answer, Audience, Meeting, MeetingCouncil, MeetingState, Reminder, Rsvp
from storage.outbox import Notice, NoticePriority
from storage.people import Follow, Person

AT_ONCE = 500
"""Reminders that one statement copies: a sweep after a long stop goes on in as many as it needs."""


_ANNOUNCEMENT = aliased(Notice)
_PERSON_ID: dict[Audience, Any] = {
    Audience.COMING: col(Rsvp.person_id),
    Audience.UNANSWERED: col(_ANNOUNCEMENT.person_id),
}


_NOW = bindparam("now", type_=UTCDateTime)


@dataclass(frozen=True)
class _Due:
    id: int
    meeting_id: int
    audience: Audience
    offset_minutes: int


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


async def remind_due(database: Database, clock: Clock, chunk: int | None = None) -> int:
    """Writes a notice to everybody whose reminder is due. How many notices.

    Opens its own transactions, on SQLite one for each `chunk` of people, so that a tap in between waits for one chunk
    only; on PostgreSQL nobody waits, and each round is one, unless a `chunk` is given.
    Reminders are done in the last one: after a crash they are gone through again, and keys that are there already keep
    anybody from being told twice. Of several that have become due for one meeting while nobody swept, only the last is
    said.
    """
    now = clock.now()
    if chunk is None and database.is_sqlite:
        chunk = CHUNK // 2
    async with database.read() as session:
        due = [_Due(*row) for row in (await session.exec(_due_ones(), params={"now": now})).all()]
    said = {each.id for each in _last_of_each_meeting(due)}
    written = 0
    for start in range(0, len(due), AT_ONCE):
        written += await _remind(database, now, due[start : start + AT_ONCE], said, chunk)
    return written


@lru_cache(maxsize=1)
def _due_ones() -> Any:
    query = select(col(Reminder.id), col(Reminder.meeting_id), col(Reminder.audience), col(Reminder.offset_minutes))
    return query.where(col(Reminder.done_at).is_(None), col(Reminder.due_at) <= _NOW).order_by(col(Reminder.due_at))


def _last_of_each_meeting(due: Iterable[_Due]) -> Iterable[_Due]:
    """The nearest to the start, for each meeting and audience."""
    last: dict[tuple[int, Audience], _Due] = {}
    for each in due:
        known = last.setdefault((each.meeting_id, each.audience), each)
        if each.offset_minutes < known.offset_minutes:
            last[each.meeting_id, each.audience] = each
    return last.values()


async def _remind(database: Database, now: datetime, due: Sequence[_Due], said: Set[int], chunk: int | None) -> int:
    """One round: full chunks in a transaction each, then what remains together with the mark that all is done."""
    full, remaining = [], []
    # Who answers meanwhile goes from the second audience to the first, which has been served: nobody hears twice.
    for audience in (Audience.COMING, Audience.UNANSWERED):
        ids = [each.id for each in due if each.audience is audience and each.id in said]
        if ids:
            copies = _Copies(database, now, audience, ids)
            ends = await copies.ends_of_chunks(chunk) if chunk else ()
            full += [(copies, after, until) for after, until in pairwise((0, *ends))]
            remaining.append((copies, ends[-1] if ends else 0))
    written = 0
    for copies, after, until in full:
        async with database.write() as session:
            written += await copies.write(session, after, until)
    async with database.write() as session:
        for copies, after in remaining:
            written += await copies.write(session, after, None)
        ids = [each.id for each in due]
        await session.exec(_done(database.is_sqlite), params={"ids": ids, "now": now})
    return written


@lru_cache(maxsize=2)
def _done(is_sqlite: bool) -> Any:
    reminder: Any = plain_table(Reminder)
    return update(reminder).where(among(is_sqlite, reminder.c.id, "ids")).values(done_at=_NOW)


@dataclass(frozen=True)
class _Copies:
    """The notices of some reminders for one audience: as many rows as people, and none of them passes through here."""

    database: Database
    now: datetime
    audience: Audience
    ids: Sequence[int]

    async def ends_of_chunks(self, chunk: int) -> Sequence[int]:
        """The last person of each full chunk, found before anybody has to wait for the writing."""
        ends = _ends_of_chunks(self.database.is_sqlite, self.audience)
        async with self.database.read() as session:
            found: Sequence[int] = (
                await session.exec(ends, params={"ids": self.ids, "now": self.now, "chunk": chunk})
            ).all()
        return found

    async def write(self, session: AsyncSession, after: int, until: int | None) -> int:
        """Those of the people after one id, until another (None: the last). How many notices."""
        copy = _copying(engine_insert(session), self.database.is_sqlite, self.audience, is_last=until is None)
        bounds = {"after": after} if until is None else {"after": after, "until": until}
        wake_sender_after(session)
        return (await session.exec(copy, params={"ids": self.ids, "now": self.now, **bounds})).rowcount


# Statements are built once for each engine: to build one takes longer than to copy a hundred people by it.


@lru_cache(maxsize=8)
def _ends_of_chunks(is_sqlite: bool, audience: Audience) -> Any:
    person_id = _PERSON_ID[audience]
    number = func.row_number().over(order_by=person_id).label("number")
    numbered = _people(audience, _said(is_sqlite), person_id.label("person_id"), number).subquery()
    is_end = numbered.c.number % bindparam("chunk", type_=Integer) == 0
    return select(numbered.c.person_id).where(is_end).distinct().order_by(numbered.c.person_id)


@lru_cache(maxsize=8)
def _copying(insert: InsertInto, is_sqlite: bool, audience: Audience, *, is_last: bool) -> Insert:
    due, person_id = _said(is_sqlite), _PERSON_ID[audience]
    columns = _columns(audience, due)
    people = _people(audience, due, *columns.values()).where(person_id > bindparam("after", type_=BigInteger))
    if not is_last:
        people = people.where(person_id <= bindparam("until", type_=BigInteger))
    copies = insert(plain_table(Notice)).from_select(list(columns), people.order_by(person_id))
    return copies.on_conflict_do_nothing(index_elements=["dedup_key"])


def _people(audience: Audience, due: Subquery, *columns: Any) -> Any:
    """The people whom the reminders are for, once for each reminder."""
    people = reachable(_word(audience), *columns).select_from(due)
    return (_who_come if audience is Audience.COMING else _who_have_not_answered)(people, due)


def _word(audience: Audience) -> Word:
    """Only the question to who has not answered is news, which may be muted."""
    is_news = audience is Audience.UNANSWERED
    return Word(NoticeKind.MEETING_REMINDER, 0, NoticePriority.REMINDER, news=is_news)


def _said(is_sqlite: bool) -> Subquery:
    """The reminders to be said, with their meetings.

    Few are due of very many rows, which SQLite cannot know: the limit makes it find these before anything else, and
    `announcing` (the kind of notice that told of the meeting), not being a constant, keeps it from beginning with every
    announcement there ever was.
    """
    query = (
        select(
            col(Reminder.id),
            col(Reminder.offset_minutes),
            col(Meeting.id).label("meeting_id"),
        )
        .add_columns(
            col(Meeting.revision),
            col(Meeting.starts_at),
            literal(NoticeKind.MEETING_ANNOUNCED.value, String).label("announcing"),
        )
        .join(Meeting, col(Meeting.id) == col(Reminder.meeting_id))
        .where(
            among(is_sqlite, col(Reminder.id), "ids"),
            col(Reminder.done_at).is_(None),
            col(Meeting.state) == MeetingState.ANNOUNCED,
            col(Meeting.starts_at) > _NOW,
        )
    )
    return query.limit(AT_ONCE).subquery("due")


def _columns(audience: Audience, due: Subquery) -> dict[str, Any]:
    """The columns of a notice, as expressions over Person and the reminders that are due."""
    word = _word(audience)
    key: Any = literal(f"{word.kind.value}:", String) + cast(due.c.id, String)
    return {
        **notice_columns(word, datetime.now(UTC)),
        "created_at": _NOW,
        "not_before": _NOW,
        "dedup_key": key + ":" + cast(col(Person.id), String),
        "subject_id": due.c.meeting_id,
        "revision": due.c.revision,
        "detail": literal(reminder_detail(audience, ""), String) + cast(due.c.offset_minutes, String),
        "expires_at": due.c.starts_at,
    }


def _who_come(people: Any, due: Subquery) -> Any:
    """Who said yes or maybe. Who waits for a seat is not reminded to come: they have none."""
    coming = col(Rsvp.answer).in_((Answer.YES, Answer.MAYBE)), col(Rsvp.waiting_since).is_(None)
    return (
        people.join(Rsvp, col(Rsvp.meeting_id) == due.c.meeting_id)
        .join(Person, col(Person.id) == col(Rsvp.person_id))
        .where(*coming)
    )


def _who_have_not_answered(people: Any, due: Subquery) -> Any:
    """Whom the announcement reached, who still follow one of the councils and have not answered."""
    follows = exists().where(
        col(MeetingCouncil.meeting_id) == due.c.meeting_id,
        col(Follow.council_id) == col(MeetingCouncil.council_id),
        col(Follow.person_id) == col(_ANNOUNCEMENT.person_id),
    )
    answered = exists().where(
        col(Rsvp.meeting_id) == due.c.meeting_id, col(Rsvp.person_id) == col(_ANNOUNCEMENT.person_id)
    )
    told = (
        col(_ANNOUNCEMENT.kind) == due.c.announcing,
        col(_ANNOUNCEMENT.subject_id) == due.c.meeting_id,
        col(_ANNOUNCEMENT.state).in_(TOLD),
    )
    return (
        people.join(_ANNOUNCEMENT, and_(*told))
        .join(Person, col(Person.id) == col(_ANNOUNCEMENT.person_id))
        .where(follows.correlate(due, _ANNOUNCEMENT), ~answered.correlate(due, _ANNOUNCEMENT))
    )
