"""Planning, announcing, changing and cancelling meetings: who may, who hears of it, and how often."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from meeting_scenes import START, announced, answers, delivered, lead_of, notices, plan, residents, told
from sqlmodel import col, func, select, update

from council.digests import send_due_digests
from council.errors import EmptyWords, NotAllowed, OutOfDate
from council.local_time import PastMoment, TooFarAway
from council.meeting_notices import cannot_wait, changed_fields, quiet_hours, still_true
from council.meeting_plans import (
    AgendaTooLong,
    AnnouncedTooLate,
    CapacityOutOfRange,
    EmptyPlace,
    EmptyTitle,
    LengthOutOfRange,
    MeetingBegun,
    MeetingCancelled,
    NeedsConfirmation,
    OffsetsOutOfRange,
    PlaceTooLong,
    ReasonTooLong,
    TitleTooLong,
    check_plan,
    plan_of,
)
from council.meeting_views import attendance, managed_by, open_managed, open_meeting, past_for, upcoming_for
from council.meetings import (
    announce_due_meetings,
    announce_meeting,
    cancel_meeting,
    create_meeting,
    edit_meeting,
    tell_held_meetings,
)
from council.notices import NoticeKind, copy_chunk
from council.settings import ReminderOffsets
from storage.audit import AuditLine
from storage.meetings import Answer, Meeting, MeetingState, Reminder
from storage.outbox import Fanout, Notice, NoticeState
from storage.people import News, Person, Role
from storage.programme import Council, CouncilStatus
from storage.queue import claim


async def edit(programme, lead, meeting, **changes):
    async with programme.database.write() as session:
        wanted = replace(plan_of(meeting), **changes)
        return await edit_meeting(
            session, programme.clock, programme.settings, lead, meeting.id, meeting.revision, wanted
        )


async def cancel(programme, lead, meeting, reason="Salle inondée"):
    async with programme.database.write() as session:
        return await cancel_meeting(
            session, programme.clock, programme.settings, lead, meeting.id, meeting.revision, reason
        )


async def view_of(programme, notice):
    async with programme.database.read() as session:
        return await still_true(session, programme.clock, notice)


async def status(programme, council_id, status):
    async with programme.database.write() as session:
        await session.exec(update(Council).where(col(Council.id) == council_id).values(status=status))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"starts_at": START - timedelta(days=30)}, PastMoment),
        ({"starts_at": START + timedelta(days=900)}, TooFarAway),
        ({"title": "  \n "}, EmptyTitle),
        ({"title": "😀" * 61}, TitleTooLong),
        ({"place": ""}, EmptyPlace),
        ({"place": "a" * 201}, PlaceTooLong),
        ({"agenda": "a" * 2_001}, AgendaTooLong),
        ({"minutes": 14}, LengthOutOfRange),
        ({"minutes": 721}, LengthOutOfRange),
        ({"capacity": -1}, CapacityOutOfRange),
        ({"capacity": 5_001}, CapacityOutOfRange),
        ({"reminder_offsets": ReminderOffsets(coming=(90 * 24 * 60,))}, OffsetsOutOfRange),
        ({"announce_at": START}, AnnouncedTooLate),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_name(clock, changes, refusal):
    with pytest.raises(refusal):
        check_plan(plan(**changes), clock.now())


def test_a_plan_at_its_limits_is_taken_as_it_is(clock):
    widest = plan(
        title="😀" * 60, place="a" * 200, agenda="a" * 2_000, minutes=720, capacity=5_000, announce_at=clock.now()
    )
    assert check_plan(widest, clock.now()) == widest
    on_the_map = plan(title=" Marche \n exploratoire ", place=" ", latitude=43.6, longitude=1.4)
    checked = check_plan(on_the_map, clock.now())
    assert (checked.title, checked.place) == ("Marche exploratoire", "")


async def test_followers_hear_of_a_meeting_and_the_lead_may_press_twice(programme):
    lead = await lead_of(programme, programme.nord)
    amina, marco = await residents(programme, "Amina", "Marco")
    await programme.person("Zoé", follows=(programme.sud,))
    first = await announced(programme, lead)
    again = await announced(programme, lead)
    assert first.id == again.id
    assert first.state == MeetingState.ANNOUNCED
    assert await told(programme, NoticeKind.MEETING_ANNOUNCED) == [lead.person_id, amina.person_id, marco.person_id]
    async with programme.database.read() as session:
        assert (await session.exec(select(func.count()).select_from(Meeting))).one() == 1
        acts = (await session.exec(select(col(AuditLine.act)).order_by(col(AuditLine.id)))).all()
    assert acts == ["meeting.created", "meeting.announced"]


async def test_two_councils_need_a_lead_of_both_or_the_coordinator(programme):
    both = (programme.nord, programme.sud)
    coordinator = await programme.person("Corinne", roles=((Role.COORDINATOR, None),))
    animator = await programme.person("Ali", roles=((Role.ANIMATOR, programme.nord), (Role.ANIMATOR, programme.sud)))
    lead = await lead_of(programme, programme.nord)
    amina = await programme.person("Amina", follows=both)
    for number, actor in enumerate((coordinator, animator)):
        meeting = await announced(programme, actor, f"update:{number}", councils=both)
        async with programme.database.read() as session:
            view = await open_meeting(session, programme.clock, amina, meeting.id)
        assert [council.name for council in view.councils] == ["Quartier Nord", "Quartier Sud"]
    for actor, councils in ((lead, both), (amina, (programme.nord,)), (coordinator, (9_999,))):
        with pytest.raises(NotAllowed):
            await announced(programme, actor, "update:9", councils=councils)
    assert await told(programme, NoticeKind.MEETING_ANNOUNCED) == [lead.person_id, amina.person_id] * 2


async def test_a_council_in_its_electoral_reserve_is_announced_once_a_lead_confirms(programme):
    lead = await lead_of(programme, programme.nord)
    await status(programme, programme.nord, CouncilStatus.ELECTORAL_RESERVE)
    with pytest.raises(NeedsConfirmation):
        await announced(programme, lead)
    async with programme.database.write() as session:
        meeting = await create_meeting(
            session,
            programme.clock,
            programme.settings,
            lead,
            frozenset({programme.nord}),
            plan(),
            "update:2",
            confirmed=True,
        )
    assert meeting.state == MeetingState.ANNOUNCED


async def test_a_dormant_council_may_announce(programme):
    lead = await lead_of(programme, programme.nord)
    await status(programme, programme.nord, CouncilStatus.DORMANT)
    assert (await announced(programme, lead)).state == MeetingState.ANNOUNCED


async def test_a_draft_is_announced_at_its_time_and_only_once(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    chosen = programme.clock.now() + timedelta(days=2)
    draft = await announced(programme, lead, announce_at=chosen)
    assert draft.state == MeetingState.DRAFT
    with pytest.raises(NotAllowed):
        async with programme.database.read() as session:
            await open_meeting(session, programme.clock, amina, draft.id)
    with pytest.raises(NotAllowed):
        await answers(programme, amina, draft, Answer.YES)
    assert await announce_due_meetings(programme.database, programme.clock, programme.settings) == 0
    draft = (await edit(programme, lead, draft, title="Plénière de printemps")).meeting
    programme.clock.set(chosen)
    assert await announce_due_meetings(programme.database, programme.clock, programme.settings) == 1
    assert await announce_due_meetings(programme.database, programme.clock, programme.settings) == 0
    assert await told(programme, NoticeKind.MEETING_ANNOUNCED) == [lead.person_id, amina.person_id]
    assert await told(programme, NoticeKind.MEETING_CHANGED) == []
    (notice, _) = await notices(programme, NoticeKind.MEETING_ANNOUNCED)
    assert (await view_of(programme, notice)).title == "Plénière de printemps"


async def test_a_draft_is_held_when_its_council_has_entered_its_reserve_until_a_lead_confirms(programme):
    lead = await lead_of(programme, programme.nord)
    draft = await announced(programme, lead, announce_at=programme.clock.now() + timedelta(days=1))
    await status(programme, programme.nord, CouncilStatus.ELECTORAL_RESERVE)
    other = await lead_of(programme, programme.nord)
    await lead_of(programme, programme.sud)
    assert await tell_held_meetings(programme.database, programme.clock) == 0
    programme.clock.advance(days=1)
    assert await announce_due_meetings(programme.database, programme.clock, programme.settings) == 0
    assert await tell_held_meetings(programme.database, programme.clock) == 1
    assert await tell_held_meetings(programme.database, programme.clock) == 0
    assert await told(programme, NoticeKind.MEETING_HELD) == [lead.person_id, other.person_id]
    async with programme.database.read() as session:
        assert (await managed_by(session, programme.clock, lead, 5))[0].awaits_confirmation
    with pytest.raises(NeedsConfirmation):
        async with programme.database.write() as session:
            await announce_meeting(session, programme.clock, programme.settings, lead, draft.id)
    async with programme.database.write() as session:
        meeting = await announce_meeting(session, programme.clock, programme.settings, lead, draft.id, confirmed=True)
    assert meeting.state == MeetingState.ANNOUNCED
    with pytest.raises(OutOfDate):
        async with programme.database.write() as session:
            await announce_meeting(session, programme.clock, programme.settings, lead, draft.id, confirmed=True)


async def test_a_draft_is_changed_and_cancelled_without_a_word(programme):
    lead = await lead_of(programme, programme.nord)
    draft = await announced(programme, lead, announce_at=programme.clock.now() + timedelta(days=1))
    edited = await edit(programme, lead, draft, place="Bibliothèque")
    assert (edited.changed, edited.told) == ({"place"}, False)
    await cancel(programme, lead, edited.meeting)
    programme.clock.advance(days=2)
    assert await announce_due_meetings(programme.database, programme.clock, programme.settings) == 0
    async with programme.database.read() as session:
        assert (await session.exec(select(func.count()).select_from(Notice))).one() == 0


async def test_whoever_was_told_is_told_of_a_move_and_the_others_hear_the_new_time(programme):
    lead = await lead_of(programme, programme.nord)
    amina, marco, late = await residents(programme, "Amina", "Marco", "Tardif")
    meeting = await announced(programme, lead)
    await delivered(programme, amina)
    await delivered(programme, marco, state=NoticeState.UNCERTAIN)
    programme.clock.advance(minutes=5)
    moved = START + timedelta(days=7)
    async with programme.database.write() as session:
        plan = replace(plan_of(meeting), starts_at=moved)
        await edit_meeting(session, programme.clock, programme.settings, lead, meeting.id, meeting.revision, plan)
    changed = await notices(programme, NoticeKind.MEETING_CHANGED)
    assert [notice.person_id for notice in changed] == [amina.person_id, marco.person_id]
    assert changed_fields(changed[0]) == {"starts_at"}
    assert (await view_of(programme, changed[0])).starts_at == moved
    waiting = next(
        notice
        for notice in await notices(programme, NoticeKind.MEETING_ANNOUNCED)
        if notice.person_id == late.person_id
    )
    assert (await view_of(programme, waiting)).starts_at == moved
    programme.clock.set(START + timedelta(hours=1))
    assert await view_of(programme, waiting) is not None, "the old start is no moment of its own any more"


async def test_who_answered_from_the_list_is_told_too(programme):
    lead = await lead_of(programme, programme.nord)
    meeting = await announced(programme, lead)
    newcomer = await programme.person("Nouvelle", follows=(programme.nord,))
    await answers(programme, newcomer, meeting, Answer.YES)
    await cancel(programme, lead, meeting)
    assert await told(programme, NoticeKind.MEETING_CANCELLED) == [newcomer.person_id]


async def test_who_read_of_it_in_the_digest_of_its_day_is_told_too(programme):
    lead = await lead_of(programme, programme.nord)
    reader, later_reader = await residents(programme, "Lectrice", "Tardif")
    elsewhere = await programme.person("Sonia", follows=(programme.sud,))
    async with programme.database.write() as session:
        await session.exec(update(Person).values(news=News.DIGEST))
    meeting = await announced(programme, lead)
    await announced(
        programme, await lead_of(programme, programme.sud, name="Omar"), "update:2", councils=(programme.sud,)
    )
    programme.clock.advance(hours=9)
    assert await send_due_digests(programme.database, programme.clock, programme.settings) == 4
    async with programme.database.write() as session:
        sent = update(Notice).where(col(Notice.person_id).in_((reader.person_id, elsewhere.person_id)))
        await session.exec(sent.values(state=NoticeState.SENT, started_at=programme.clock.now()))
    programme.clock.advance(minutes=5)
    await cancel(programme, lead, meeting)
    assert await told(programme, NoticeKind.MEETING_CANCELLED) == [reader.person_id]
    assert later_reader.person_id != reader.person_id


async def test_of_two_changes_only_the_last_is_said_with_all_that_was_not_heard(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    meeting = await announced(programme, lead)
    await delivered(programme, amina)
    moved = (await edit(programme, lead, meeting, starts_at=START + timedelta(hours=1))).meeting
    await edit(programme, lead, moved, place="Bibliothèque")
    first, second = await notices(programme, NoticeKind.MEETING_CHANGED)
    assert await view_of(programme, first) is None
    assert (await view_of(programme, second)).place == "Bibliothèque"
    assert changed_fields(second) == {"starts_at", "place"}


async def test_what_nobody_needs_to_hear_is_not_said_and_leaves_what_is_being_said_true(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    meeting = await announced(programme, lead)
    await delivered(programme, amina)
    same = await edit(programme, lead, meeting)
    assert (same.changed, same.told, same.meeting.revision) == (frozenset(), False, meeting.revision)
    moved = (await edit(programme, lead, meeting, starts_at=START + timedelta(hours=1))).meeting
    larger = await edit(programme, lead, moved, capacity=40)
    assert (larger.changed, larger.told) == ({"capacity"}, False)
    (said,) = await notices(programme, NoticeKind.MEETING_CHANGED)
    assert await view_of(programme, said) is not None


async def test_the_second_of_two_leads_sees_what_the_first_has_done(programme):
    lead = await lead_of(programme, programme.nord)
    other = await lead_of(programme, programme.nord, name="Omar")
    meeting = await announced(programme, lead)
    await edit(programme, lead, meeting, place="Bibliothèque")
    with pytest.raises(OutOfDate):
        await edit(programme, other, meeting, place="Gymnase")
    with pytest.raises(OutOfDate):
        await cancel(programme, other, meeting)
    async with programme.database.read() as session:
        assert (await open_managed(session, programme.clock, other, meeting.id)).place == "Bibliothèque"


async def test_two_leads_at_the_very_same_moment_one_is_out_of_date(programme):
    lead = await lead_of(programme, programme.nord)
    meeting = await announced(programme, lead)
    both = await asyncio.gather(
        edit(programme, lead, meeting, place="Bibliothèque"),
        edit(programme, lead, meeting, place="Gymnase"),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in both) == ["MeetingChanged", "MeetingEdit"]


async def test_a_cancelled_meeting_is_said_once_and_nothing_else_of_it_is(programme):
    lead = await lead_of(programme, programme.nord)
    amina, late = await residents(programme, "Amina", "Tardif")
    meeting = await announced(programme, lead)
    await delivered(programme, amina)
    cancelled = await cancel(programme, lead, meeting, "  Salle inondée ")
    assert (cancelled.state, cancelled.cancel_reason) == (MeetingState.CANCELLED, "Salle inondée")
    (said,) = await notices(programme, NoticeKind.MEETING_CANCELLED)
    assert said.person_id == amina.person_id
    assert (await view_of(programme, said)).cancelled
    for notice in await notices(programme, NoticeKind.MEETING_ANNOUNCED):
        assert await view_of(programme, notice) is None
    async with programme.database.read() as session:
        open_ones = select(func.count()).select_from(Reminder).where(col(Reminder.done_at).is_(None))
        assert (await session.exec(open_ones)).one() == 0
        assert (await upcoming_for(session, programme.clock, late, 5))[0].cancelled
    with pytest.raises(MeetingCancelled):
        await cancel(programme, lead, cancelled)
    with pytest.raises(MeetingCancelled):
        await edit(programme, lead, cancelled, place="Gymnase")


@pytest.mark.parametrize(("reason", "refusal"), [(" ", EmptyWords), ("a" * 501, ReasonTooLong)])
async def test_a_reason_is_something_to_read(programme, reason, refusal):
    lead = await lead_of(programme, programme.nord)
    meeting = await announced(programme, lead)
    with pytest.raises(refusal):
        await cancel(programme, lead, meeting, reason)


async def test_a_revoked_lead_and_a_begun_meeting_change_nothing(programme):
    lead = await lead_of(programme, programme.nord)
    meeting = await announced(programme, lead)
    (amina,) = await residents(programme, "Amina")
    stranger = await lead_of(programme, programme.sud, name="Sonia")
    for actor in (amina, stranger):
        with pytest.raises(NotAllowed):
            await edit(programme, actor, meeting, place="Gymnase")
        with pytest.raises(NotAllowed):
            await cancel(programme, actor, meeting)
    with pytest.raises(NotAllowed):
        async with programme.database.write() as session:
            await cancel_meeting(session, programme.clock, programme.settings, lead, 9_999, 1, "Forgé")
    programme.clock.set(START)
    with pytest.raises(MeetingBegun):
        await cancel(programme, lead, meeting)


async def test_a_closed_door_is_said_at_night(programme):
    lead = await lead_of(programme, programme.nord)
    await residents(programme, "Amina")
    tomorrow_at_seven = START.replace(day=3, hour=6, minute=0)
    soon = await announced(programme, lead, starts_at=tomorrow_at_seven)
    later = await announced(programme, lead, "update:2", starts_at=START)
    await delivered(programme)
    programme.clock.set(START.replace(day=2, hour=21))  # 22:00 in Paris
    await cancel(programme, lead, soon)
    await cancel(programme, lead, later)
    said = {notice.subject_id: notice.quiet for notice in await notices(programme, NoticeKind.MEETING_CANCELLED)}
    assert said == {soon.id: False, later.id: True}


async def test_a_meeting_moved_from_tomorrow_early_to_next_week_is_said_at_night(programme):
    lead = await lead_of(programme, programme.nord)
    meeting = await announced(programme, lead, starts_at=START.replace(day=3, hour=6))
    await delivered(programme)
    programme.clock.set(START.replace(day=2, hour=21))
    renamed = (await edit(programme, lead, meeting, title="Autre nom")).meeting
    await edit(programme, lead, renamed, starts_at=START)
    assert [notice.quiet for notice in await notices(programme, NoticeKind.MEETING_CHANGED)] == [True, False]


def test_the_next_night_is_tonight_by_day_and_this_one_by_night(clock, programme_settings):
    quiet = quiet_hours(programme_settings)
    monday_10h, tuesday_8h = clock.now(), clock.now() + timedelta(hours=22)
    assert cannot_wait(tuesday_8h - timedelta(minutes=1), monday_10h, quiet)
    assert not cannot_wait(tuesday_8h, monday_10h, quiet)
    two_at_night = monday_10h + timedelta(hours=16)
    assert cannot_wait(tuesday_8h - timedelta(minutes=1), two_at_night, quiet)
    assert not cannot_wait(tuesday_8h, two_at_night, quiet)
    never = replace(quiet, start=quiet.end)
    assert not cannot_wait(tuesday_8h, two_at_night, never)


@pytest.fixture
def programme_settings():
    from tests.conftest import small_settings

    return small_settings()


async def test_in_the_middle_of_the_sending_each_person_hears_what_is_true_once(programme):
    """Some have been told, some have the announcement waiting, some are not in the outbox yet."""
    lead = await lead_of(programme, programme.nord)
    sent, waiting, uncopied = await residents(programme, "Amina", "Marco", "Tardif")
    meeting = await announced(programme, lead)
    await delivered(programme, sent)
    async with programme.database.write() as session:
        await session.exec(
            Notice.__table__.delete().where(col(Notice.person_id) == uncopied.person_id)  # the chunk to come
        )
        fanout = (await session.exec(_fanouts())).one()
        fanout.cursor, fanout.finished_at = waiting.person_id, None
    programme.clock.advance(minutes=1)
    await edit(programme, lead, meeting, place="Bibliothèque")
    async with programme.database.write() as session:
        await copy_chunk(session, programme.clock, await session.get_one(Fanout, fanout.id))
    assert await told(programme, NoticeKind.MEETING_CHANGED) == [sent.person_id]
    announcements = await notices(programme, NoticeKind.MEETING_ANNOUNCED)
    assert [notice.person_id for notice in announcements] == [
        lead.person_id,
        sent.person_id,
        waiting.person_id,
        uncopied.person_id,
    ]
    assert (await view_of(programme, announcements[-1])).place == "Bibliothèque"


async def test_an_announcement_that_left_after_the_change_brings_no_second_word(programme):
    lead = await lead_of(programme, programme.nord)
    before, after = await residents(programme, "Amina", "Marco")
    meeting = await announced(programme, lead)
    await delivered(programme, before)
    await edit(programme, lead, meeting, place="Bibliothèque")
    programme.clock.advance(minutes=1)
    await delivered(programme, after)
    async with programme.database.write() as session:
        of_change = (await session.exec(_fanouts().where(_kind() == NoticeKind.MEETING_CHANGED))).one()
        of_change.finished_at = None  # as if more chunks were to come
        await session.flush()
        await copy_chunk(session, programme.clock, of_change)
    assert await told(programme, NoticeKind.MEETING_CHANGED) == [before.person_id]


async def test_no_announcement_leaves_while_a_change_is_being_written(programme):
    """It would say what was true before, and its reader would count as not told yet."""
    lead = await lead_of(programme, programme.nord)
    meeting = await announced(programme, lead)

    async def leave() -> list[str]:
        async with programme.database.write() as session:
            return [notice.kind for notice in await claim(session, programme.clock.now(), 10, at_night=False)]

    async with programme.database.write() as session:
        wanted = replace(plan_of(meeting), place="Bibliothèque")
        await edit_meeting(session, programme.clock, programme.settings, lead, meeting.id, meeting.revision, wanted)
        leaving = asyncio.create_task(leave())
        await asyncio.wait({leaving}, timeout=0.3)
        assert not leaving.done() or leaving.result() == []
    await leaving
    assert NoticeKind.MEETING_ANNOUNCED in [*leaving.result(), *await leave()]
    assert await told(programme, NoticeKind.MEETING_CHANGED) == []


async def test_who_left_the_council_hears_no_announcement_that_was_waiting(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    await announced(programme, lead)
    async with programme.database.write() as session:
        from storage.people import Follow

        await session.delete(await session.get_one(Follow, (programme.nord, amina.person_id)))
    of_amina = next(
        notice
        for notice in await notices(programme, NoticeKind.MEETING_ANNOUNCED)
        if notice.person_id == amina.person_id
    )
    assert await view_of(programme, of_amina) is None


async def test_lists_show_what_is_coming_what_is_past_and_what_one_looks_after(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    other = await lead_of(programme, programme.sud, name="Sonia")
    first = await announced(programme, lead, "update:1", starts_at=START)
    second = await announced(programme, lead, "update:2", starts_at=START + timedelta(days=1))
    draft = await announced(programme, lead, "update:3", announce_at=programme.clock.now() + timedelta(days=3))
    await announced(programme, other, "update:4", councils=(programme.sud,))
    await answers(programme, amina, second, Answer.MAYBE)
    async with programme.database.read() as session:
        coming = await upcoming_for(session, programme.clock, amina, 5)
        assert [(view.id, view.answer) for view in coming] == [(first.id, None), (second.id, Answer.MAYBE)]
        assert [view.id for view in await upcoming_for(session, programme.clock, amina, 1, 1)] == [second.id]
        assert [view.id for view in await managed_by(session, programme.clock, lead, 5)] == [
            first.id,
            draft.id,
            second.id,
        ]
        assert await managed_by(session, programme.clock, amina, 5) == []
        with pytest.raises(NotAllowed):
            await open_managed(session, programme.clock, amina, first.id)
        with pytest.raises(NotAllowed):
            await open_meeting(session, programme.clock, other, first.id)
    programme.clock.set(START + timedelta(minutes=1))
    async with programme.database.read() as session:
        assert [view.id for view in await upcoming_for(session, programme.clock, amina, 5)] == [second.id]
        (past,) = await past_for(session, programme.clock, amina, 5)
        assert (past.id, past.begun) == (first.id, True)


async def test_a_lead_of_one_council_does_not_look_after_a_meeting_of_two(programme):
    coordinator = await programme.person("Corinne", roles=((Role.COORDINATOR, None),))
    lead = await lead_of(programme, programme.nord)
    meeting = await announced(programme, coordinator, councils=(programme.nord, programme.sud))
    async with programme.database.read() as session:
        assert await managed_by(session, programme.clock, lead, 5) == []
        assert [view.id for view in await managed_by(session, programme.clock, coordinator, 5)] == [meeting.id]


async def test_names_come_with_seats_first_then_the_queue_in_its_order(programme):
    lead = await lead_of(programme, programme.nord)
    meeting = await announced(programme, lead, capacity=1)
    names = ("Amina", "Marco", "Zoé", "Paul", "Inès")
    said = (Answer.YES, Answer.YES, Answer.YES, Answer.NO, Answer.MAYBE)
    for actor, answer in zip(await residents(programme, *names), said, strict=True):
        await answers(programme, actor, meeting, answer)
    async with programme.database.read() as session:
        listed = await attendance(session, meeting.id)
        rest = await attendance(session, meeting.id, limit=2, offset=3)
    assert [(each.first_name, each.waiting) for each in listed] == [
        ("Amina", False),
        ("Marco", True),
        ("Zoé", True),
        ("Inès", False),
        ("Paul", False),
    ]
    assert [each.first_name for each in rest] == ["Inès", "Paul"]


def _fanouts():
    from storage.outbox import Fanout

    return select(Fanout)


def _kind():
    from storage.outbox import Fanout

    return col(Fanout.kind)
