"""1,000,000 reminders of which 500 are due: the whole sweep, against the bare select of the due ones by their index.

The aim is for reminders of one reader each, as many notices as rows; with three readers each, what more readers cost.
"""

import time
from datetime import datetime, timedelta
from functools import partial
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, case, cast, delete, literal, null, text, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from benchmarks.figures import Aim, Figure, in_turns
from benchmarks.stores import (
    COUNCIL,
    FIRST_TELEGRAM_ID,
    constant,
    engines,
    fill_people,
    fill_rows,
    filled,
    kind_of,
    opened,
)
from council.clock import SystemClock
from council.notices import NoticeKind
from council.reminders import remind_due
from storage.database import Database
from storage.meetings import Answer, Audience, Meeting, MeetingCouncil, MeetingKind, MeetingState, Reminder, Rsvp
from storage.outbox import Notice, NoticePriority, NoticeState
from storage.people import Person

REMINDERS = 1_000_000
OF_ONE_MEETING = 4
MEETINGS = REMINDERS // OF_ONE_MEETING
DUE = 500
EVERY = MEETINGS // DUE
"""One meeting of so many has a reminder that is due: in turns the question to who has not answered, and the first to
who comes."""
RESIDENTS = 2_000
READERS: dict[int, Aim | None] = {1: Aim(50), 3: None}
"""Of each of these reminders."""
TIMES = 7

CLOCK = SystemClock()
BARE = text("SELECT id, meeting_id, audience FROM reminder WHERE done_at IS NULL AND due_at <= :now")


async def measure() -> list[Figure]:
    figures = []
    for engine, (readers, aim) in product(await engines(), READERS.items()):
        async with filled(engine, partial(_fill, readers)) as store, store.copy() as url, opened(url) as database:
            sweep = partial(_sweep, database, DUE * readers)
            await sweep()
            pairs = await in_turns(TIMES, sweep, partial(_select, database))
        name = f"sweep of {REMINDERS:,} reminders, {DUE} due to {readers}, {engine}"
        figures.append(Figure(name, pairs, "ms", "bare indexed select of the due", aim))
    return figures


async def _sweep(database: Database, notices: int) -> float:
    """Milliseconds; then all is as before."""
    started = time.perf_counter()
    written = await remind_due(database, CLOCK)
    seconds = time.perf_counter() - started
    if written != notices:
        raise AssertionError(f"{written} notices of {notices}")
    async with database.write() as session:
        await session.exec(delete(Notice).where(col(Notice.kind) == NoticeKind.MEETING_REMINDER))
        done_now = col(Reminder.done_at) > CLOCK.now() - timedelta(minutes=30)
        await session.exec(update(Reminder).where(done_now).values(done_at=None))
    return seconds * 1000


async def _select(database: Database) -> float:
    async with database.read() as session:
        bare = BARE.bindparams(bindparam("now", CLOCK.now(), type_=kind_of(Reminder.due_at)))
        await session.exec(bare)  # type: ignore[call-overload]
        started = time.perf_counter()
        due = (await session.exec(bare)).all()  # type: ignore[call-overload]
        seconds = time.perf_counter() - started
    if len(due) != DUE:
        raise AssertionError(f"{len(due)} due of {DUE}")
    return seconds * 1000


async def _fill(readers: int, session: AsyncSession) -> None:
    now = CLOCK.now()
    await fill_people(session, RESIDENTS)
    await fill_rows(session, Meeting, MEETINGS, partial(_meeting, now))
    await fill_rows(session, MeetingCouncil, MEETINGS, lambda n: {"meeting_id": n, "council_id": literal(COUNCIL)})
    await fill_rows(session, Reminder, REMINDERS, partial(_reminder, now))
    await fill_rows(session, Rsvp, DUE // 2 * readers, partial(_rsvp, now, readers))
    await fill_rows(session, Notice, DUE // 2 * readers, partial(_announcement, now, readers))


def _meeting(now: datetime, n: ColumnElement[int]) -> dict[str, Any]:
    return {
        "id": n,
        "kind": constant(MeetingKind.PLENARY, Meeting.kind),
        "state": constant(MeetingState.ANNOUNCED, Meeting.state),
        "title": literal("Plénière"),
        "agenda": literal(""),
        "starts_at": constant(now + timedelta(days=5), Meeting.starts_at),
        "minutes": literal(60),
        "place": literal("Salle 2"),
        "capacity": literal(0),
        "revision": literal(1),
        "told_revision": literal(1),
        "confirmed": literal(False),
        "announce_at": constant(now, Meeting.announce_at),
        "announced_at": constant(now, Meeting.announce_at),
        "created_at": constant(now, Meeting.created_at),
        "request_key": literal("benchmark:", String) + cast(n, String),
    }


def _reminder(now: datetime, n: ColumnElement[int]) -> dict[str, Any]:
    """Four for each meeting. Of those that are not due, half were done an hour ago, and half are to come."""
    meeting: Any = (n - 1) // OF_ONE_MEETING + 1
    which: Any = (n - 1) % OF_ONE_MEETING
    is_due = and_(meeting % EVERY == 0, which == (meeting // EVERY) % 2)
    is_done = and_(meeting % 2 == 1, ~is_due)
    past, future = now - timedelta(hours=1), now + timedelta(days=1)
    return {
        "meeting_id": meeting,
        "revision": literal(1),
        "offset_minutes": which * 60 + 60,
        "audience": case(
            (which == 0, constant(Audience.UNANSWERED, Reminder.audience)),
            else_=constant(Audience.COMING, Reminder.audience),
        ),
        "due_at": case(
            (is_due, constant(past, Reminder.due_at)),
            (is_done, constant(past, Reminder.due_at)),
            else_=constant(future, Reminder.due_at),
        ),
        "done_at": case((is_done, constant(past, Reminder.due_at)), else_=null()),
    }


def _rsvp(now: datetime, readers: int, n: ColumnElement[int]) -> dict[str, Any]:
    """Who comes to the meetings whose first reminder to them is due: every second of those with one."""
    return {
        "meeting_id": (2 * ((n - 1) // readers) + 1) * EVERY,
        "person_id": n % RESIDENTS + 1,
        "answer": constant(Answer.YES, Rsvp.answer),
        "answered_at": constant(now, Rsvp.answered_at),
    }


def _announcement(now: datetime, readers: int, n: ColumnElement[int]) -> dict[str, Any]:
    """Who was told of the other meetings and has not answered."""
    person: Any = n % RESIDENTS + 1
    moment = constant(now - timedelta(days=2), Notice.created_at)
    return {
        "dedup_key": literal("benchmark:", String) + cast(n, String),
        "person_id": person,
        "chat_id": constant(FIRST_TELEGRAM_ID, Person.telegram_id) + person,
        "kind": literal(NoticeKind.MEETING_ANNOUNCED.value),
        "subject_id": (2 * ((n - 1) // readers) + 2) * EVERY,
        "revision": literal(1),
        "locale": literal("fr"),
        "priority": constant(NoticePriority.BROADCAST, Notice.priority),
        "quiet": literal(True),
        "not_before": moment,
        "state": constant(NoticeState.SENT, Notice.state),
        "attempts": constant(0, Notice.attempts),
        "claims": literal(1),
        "started_at": moment,
        "created_at": moment,
        "finished_at": moment,
    }
