"""Reminders: at their moment, to those they are for, once; and never of what is no longer true."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from meeting_scenes import START, announced, answers, delivered, lead_of, notices, residents
from sqlmodel import col, select, update

from council.meeting_notices import reminder_of, still_true
from council.meeting_plans import plan_of
from council.meetings import cancel_meeting, edit_meeting
from council.notices import NoticeKind
from council.reminders import remind_due
from council.settings import ReminderOffsets
from storage.meetings import Answer, Audience, Reminder
from storage.outbox import NoticePriority, NoticeState
from storage.people import News, Person


async def planned(programme, meeting):
    """What is still to come: audience, offset in minutes, moment."""
    query = select(Reminder).where(col(Reminder.meeting_id) == meeting.id, col(Reminder.done_at).is_(None))
    async with programme.database.read() as session:
        rows = (await session.exec(query.order_by(col(Reminder.due_at)))).all()
    return [(row.audience, row.offset_minutes, row.due_at) for row in rows]


async def edit(programme, lead, meeting, **changes):
    async with programme.database.write() as session:
        wanted = replace(plan_of(meeting), **changes)
        edited = await edit_meeting(
            session, programme.clock, programme.settings, lead, meeting.id, meeting.revision, wanted
        )
    return edited.meeting


async def reminded(programme):
    return [
        (notice.person_id, *reminder_of(notice)) for notice in await notices(programme, NoticeKind.MEETING_REMINDER)
    ]


async def holds(programme, notice):
    async with programme.database.read() as session:
        return await still_true(session, programme.clock, notice) is not None


async def test_the_programme_s_reminders_are_planned_at_the_same_hour_of_the_day(programme):
    lead = await lead_of(programme, programme.nord)
    meeting = await announced(programme, lead)
    assert await planned(programme, meeting) == [
        (Audience.UNANSWERED, 7 * 24 * 60, START - timedelta(days=7)),
        (Audience.COMING, 24 * 60, START - timedelta(days=1)),
        (Audience.COMING, 2 * 60, START - timedelta(hours=2)),
    ]


async def test_they_keep_the_hour_across_the_change_of_clocks_in_spring(programme):
    lead = await lead_of(programme, programme.nord)
    monday_after = datetime(2026, 3, 30, 16, 30, tzinfo=UTC)  # 18:30 in Paris, the day after the change
    meeting = await announced(programme, lead, starts_at=monday_after)
    (week, day, _) = await planned(programme, meeting)
    assert week[2] == datetime(2026, 3, 23, 17, 30, tzinfo=UTC)
    assert day[2] == datetime(2026, 3, 29, 16, 30, tzinfo=UTC)


async def test_a_meeting_may_have_its_own_reminders_or_none(programme):
    lead = await lead_of(programme, programme.nord)
    own = await announced(programme, lead, reminder_offsets=ReminderOffsets(unanswered=(), coming=(60,)))
    assert await planned(programme, own) == [(Audience.COMING, 60, START - timedelta(hours=1))]
    none = await edit(programme, lead, own, reminder_offsets=ReminderOffsets(unanswered=(), coming=()))
    assert await planned(programme, none) == []
    usual = await edit(programme, lead, none, reminder_offsets=None)
    assert len(await planned(programme, usual)) == 3


async def test_who_has_not_answered_is_asked_and_who_comes_is_reminded(programme):
    lead = await lead_of(programme, programme.nord)
    silent, yes, maybe, no, waits = await residents(programme, "Silence", "Oui", "Peut", "Non", "Attend")
    meeting = await announced(programme, lead, capacity=1)
    await delivered(programme)
    late = await programme.person("Tardive", follows=(programme.nord,))
    for actor, answer in ((yes, Answer.YES), (maybe, Answer.MAYBE), (no, Answer.NO), (waits, Answer.YES)):
        await answers(programme, actor, meeting, answer)
    assert await remind_due(programme.database, programme.clock) == 0
    programme.clock.set(START - timedelta(days=7))
    assert await remind_due(programme.database, programme.clock) == 2
    assert await reminded(programme) == [
        (lead.person_id, Audience.UNANSWERED, 10_080),
        (silent.person_id, Audience.UNANSWERED, 10_080),
    ]
    programme.clock.set(START - timedelta(days=1))
    assert await remind_due(programme.database, programme.clock) == 2
    assert await remind_due(programme.database, programme.clock) == 0
    assert (await reminded(programme))[2:] == [
        (yes.person_id, Audience.COMING, 1_440),
        (maybe.person_id, Audience.COMING, 1_440),
    ]
    notice = (await notices(programme, NoticeKind.MEETING_REMINDER))[2]
    assert (notice.priority, notice.expires_at, notice.quiet) == (NoticePriority.REMINDER, START, True)
    assert late.person_id not in [notice.person_id for notice in await notices(programme, NoticeKind.MEETING_REMINDER)]


async def test_muted_news_spare_the_question_and_not_the_reminder_of_one_s_own_yes(programme):
    lead = await lead_of(programme, programme.nord)
    silent, yes = await residents(programme, "Silence", "Oui")
    meeting = await announced(programme, lead)
    await delivered(programme)
    await answers(programme, yes, meeting, Answer.YES)
    async with programme.database.write() as session:
        await session.exec(update(Person).values(news=News.NONE))
    programme.clock.set(START - timedelta(days=7))
    assert await remind_due(programme.database, programme.clock) == 0
    programme.clock.set(START - timedelta(days=1))
    assert await remind_due(programme.database, programme.clock) == 1
    assert await reminded(programme) == [(yes.person_id, Audience.COMING, 1_440)]
    assert silent.person_id != yes.person_id


async def test_a_sweep_that_was_killed_before_its_end_repeats_nothing(programme):
    lead = await lead_of(programme, programme.nord)
    everybody = await residents(programme, *"ABCDEFG")
    meeting = await announced(programme, lead)
    for actor in everybody:
        await answers(programme, actor, meeting, Answer.YES)
    programme.clock.set(START - timedelta(days=1))
    assert await remind_due(programme.database, programme.clock, chunk=3) == 7
    async with programme.database.write() as session:
        await session.exec(update(Reminder).values(done_at=None))
    assert await remind_due(programme.database, programme.clock, chunk=2) == 0
    assert [person for person, *_ in await reminded(programme)] == [actor.person_id for actor in everybody]


async def test_many_reminders_at_once_are_gone_through_in_rounds(programme, monkeypatch):
    monkeypatch.setattr("council.reminders.AT_ONCE", 2)
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    for number in range(5):
        meeting = await announced(programme, lead, f"update:{number}", title=f"Atelier {number}")
        await answers(programme, amina, meeting, Answer.YES)
    programme.clock.set(START - timedelta(days=1))
    assert await remind_due(programme.database, programme.clock) == 5


async def test_after_a_long_stop_only_the_last_reminder_is_said(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    meeting = await announced(programme, lead)
    await answers(programme, amina, meeting, Answer.YES)
    programme.clock.set(START - timedelta(minutes=90))
    assert await remind_due(programme.database, programme.clock) == 1
    assert await reminded(programme) == [(amina.person_id, Audience.COMING, 120)]
    assert await planned(programme, meeting) == []


async def test_never_after_the_start(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    meeting = await announced(programme, lead)
    await answers(programme, amina, meeting, Answer.YES)
    programme.clock.set(START - timedelta(hours=2))
    await remind_due(programme.database, programme.clock)
    (notice,) = await notices(programme, NoticeKind.MEETING_REMINDER)
    assert await holds(programme, notice)
    programme.clock.set(START)
    assert not await holds(programme, notice)
    async with programme.database.write() as session:
        await session.exec(update(Reminder).values(done_at=None))
    assert await remind_due(programme.database, programme.clock) == 0


async def test_a_moved_meeting_is_reminded_of_by_its_new_time_only(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    meeting = await announced(programme, lead)
    await answers(programme, amina, meeting, Answer.YES)
    programme.clock.set(START - timedelta(days=1))
    await remind_due(programme.database, programme.clock)
    (waiting,) = await notices(programme, NoticeKind.MEETING_REMINDER)
    moved = await edit(programme, lead, meeting, starts_at=START + timedelta(days=7))
    assert not await holds(programme, waiting)
    assert [moment for _, _, moment in await planned(programme, moved)] == [
        START,
        START + timedelta(days=6),
        START + timedelta(days=7, hours=-2),
    ]
    programme.clock.set(START - timedelta(hours=2))
    assert await remind_due(programme.database, programme.clock) == 0
    programme.clock.set(START + timedelta(days=6))
    assert await remind_due(programme.database, programme.clock) == 1


async def test_another_agenda_neither_repeats_a_reminder_nor_loses_one(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    meeting = await announced(programme, lead)
    await answers(programme, amina, meeting, Answer.YES)
    programme.clock.set(START - timedelta(days=1))
    await remind_due(programme.database, programme.clock)
    (waiting,) = await notices(programme, NoticeKind.MEETING_REMINDER)
    await edit(programme, lead, meeting, agenda="1. Le square")
    assert await holds(programme, waiting)
    assert await remind_due(programme.database, programme.clock) == 0
    programme.clock.set(START - timedelta(hours=2))
    assert await remind_due(programme.database, programme.clock) == 1


async def test_a_cancelled_meeting_is_not_reminded_of(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    meeting = await announced(programme, lead)
    await answers(programme, amina, meeting, Answer.YES)
    programme.clock.set(START - timedelta(days=1))
    await remind_due(programme.database, programme.clock)
    (waiting,) = await notices(programme, NoticeKind.MEETING_REMINDER)
    async with programme.database.write() as session:
        await cancel_meeting(
            session, programme.clock, programme.settings, lead, meeting.id, meeting.revision, "Salle inondée"
        )
    assert not await holds(programme, waiting)
    programme.clock.set(START - timedelta(hours=2))
    assert await remind_due(programme.database, programme.clock) == 0


@pytest.mark.parametrize("answer", Answer)
async def test_a_reminder_is_right_when_it_leaves(programme, answer):
    lead = await lead_of(programme, programme.nord)
    asked, coming = await residents(programme, "Silence", "Oui")
    meeting = await announced(programme, lead)
    await delivered(programme, asked, state=NoticeState.SENT)
    await answers(programme, coming, meeting, Answer.YES)
    for moment in (START - timedelta(days=7), START - timedelta(days=1)):
        programme.clock.set(moment)
        await remind_due(programme.database, programme.clock)
    question, reminder = await notices(programme, NoticeKind.MEETING_REMINDER)
    assert (question.person_id, reminder.person_id) == (asked.person_id, coming.person_id)
    assert await holds(programme, question)
    await answers(programme, asked, meeting, answer)
    await answers(programme, coming, meeting, answer)
    assert not await holds(programme, question)
    assert await holds(programme, reminder) == (answer is not Answer.NO)
