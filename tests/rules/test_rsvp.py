"""Answering a meeting: one answer a person, and a queue that loses nobody."""

import asyncio
import itertools
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from meeting_scenes import START, announced, answers, lead_of, notices, residents, told
from sqlalchemy import event
from sqlmodel import col, delete, select

from council.errors import NotAllowed
from council.live_cards import LiveKind, keep
from council.meeting_notices import still_true
from council.meeting_plans import MeetingBegun, MeetingCancelled, plan_of
from council.meeting_views import attendance, count_answers, load_meeting_view
from council.meetings import cancel_meeting, edit_meeting
from council.notices import NoticeKind
from council.rsvp import Standing, promote_waiting, release_answers
from storage.meetings import Answer, Meeting, Rsvp
from storage.people import Follow, Role


async def reseat(programme, lead, meeting, capacity):
    async with programme.database.write() as session:
        meeting = await session.get_one(Meeting, meeting.id)
        wanted = plan_of(meeting)
        from dataclasses import replace

        await edit_meeting(
            session,
            programme.clock,
            programme.settings,
            lead,
            meeting.id,
            meeting.revision,
            replace(wanted, capacity=capacity),
        )


async def leaves(programme, actor, council_id):
    async with programme.database.write() as session:
        await session.exec(
            delete(Follow).where(col(Follow.council_id) == council_id, col(Follow.person_id) == actor.person_id)
        )
        return await release_answers(session, programme.clock, actor.person_id)


async def seats(programme, meeting):
    """First names with a seat, and those who wait, in the order of the queue."""
    async with programme.database.read() as session:
        everybody = [each for each in await attendance(session, meeting.id) if each.answer is Answer.YES]
    return [each.first_name for each in everybody if not each.waiting], [
        each.first_name for each in everybody if each.waiting
    ]


async def test_an_answer_can_be_changed_until_the_start(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    meeting = await announced(programme, lead)
    for answer, standing in ((Answer.YES, Standing.SEATED), (Answer.MAYBE, Standing.MAYBE), (Answer.NO, Standing.NO)):
        outcome = await answers(programme, amina, meeting, answer)
        assert (outcome.standing, outcome.changed, outcome.view.answer) == (standing, True, answer)
        async with programme.database.read() as session:
            counts = await count_answers(session, meeting.id)
        assert {name: getattr(counts, name) for name in ("yes", "maybe", "no", "waiting")} == {
            "yes": int(answer is Answer.YES),
            "maybe": int(answer is Answer.MAYBE),
            "no": int(answer is Answer.NO),
            "waiting": 0,
        }
    assert not (await answers(programme, amina, meeting, Answer.NO)).changed
    programme.clock.set(START)
    with pytest.raises(MeetingBegun):
        await answers(programme, amina, meeting, Answer.YES)


async def test_nobody_answers_a_cancelled_meeting_or_one_of_another_council(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    stranger = await programme.person("Sonia", follows=(programme.sud,))
    animator = await programme.person("Ali", roles=((Role.ANIMATOR, programme.nord),))
    meeting = await announced(programme, lead)
    for actor, subject in ((stranger, meeting), (amina, Meeting(id=9_999))):
        with pytest.raises(NotAllowed):
            await answers(programme, actor, subject, Answer.YES)
    assert (await answers(programme, animator, meeting, Answer.YES)).changed
    async with programme.database.write() as session:
        await cancel_meeting(
            session, programme.clock, programme.settings, lead, meeting.id, meeting.revision, "Salle inondée"
        )
    with pytest.raises(MeetingCancelled):
        await answers(programme, amina, meeting, Answer.YES)


async def test_who_left_the_council_presses_an_old_button_in_vain_and_their_seat_is_given_on(programme):
    lead = await lead_of(programme, programme.nord)
    amina, marco = await residents(programme, "Amina", "Marco")
    meeting = await announced(programme, lead, capacity=1)
    await answers(programme, amina, meeting, Answer.YES)
    assert (await answers(programme, marco, meeting, Answer.YES)).standing is Standing.WAITING
    assert await leaves(programme, amina, programme.nord) == 1
    assert await seats(programme, meeting) == (["Marco"], [])
    assert await told(programme, NoticeKind.SEAT_GIVEN) == [marco.person_id]
    amina = await programme.again(amina.telegram_id)
    with pytest.raises(NotAllowed):
        await answers(programme, amina, meeting, Answer.YES)


async def test_leaving_one_council_keeps_the_seat_in_a_meeting_of_two(programme):
    coordinator = await programme.person("Corinne", roles=((Role.COORDINATOR, None),))
    amina = await programme.person("Amina", follows=(programme.nord, programme.sud))
    meeting = await announced(programme, coordinator, councils=(programme.nord, programme.sud))
    await answers(programme, amina, meeting, Answer.YES)
    assert await leaves(programme, amina, programme.nord) == 0
    assert await seats(programme, meeting) == (["Amina"], [])
    assert await leaves(programme, amina, programme.sud) == 1


async def test_erasure_gives_the_seat_on_whatever_the_person_follows(programme):
    lead = await lead_of(programme, programme.nord)
    amina, marco = await residents(programme, "Amina", "Marco")
    meeting = await announced(programme, lead, capacity=1)
    for actor in (amina, marco):
        await answers(programme, actor, meeting, Answer.YES)
    async with programme.database.write() as session:
        assert await release_answers(session, programme.clock, amina.person_id) == 0
        assert await release_answers(session, programme.clock, amina.person_id, everything=True) == 1
    assert await seats(programme, meeting) == (["Marco"], [])


async def test_first_in_first_out_and_the_same_tap_keeps_the_place(programme):
    """The clock stands still: the order of the taps decides, not the order of joining."""
    lead = await lead_of(programme, programme.nord)
    a, b, c, d = await residents(programme, "A", "B", "C", "D")
    meeting = await announced(programme, lead, capacity=1)
    places = [(await answers(programme, each, meeting, Answer.YES)).view.waiting_position for each in (d, c, a, b)]
    assert places == [None, 1, 2, 3]
    again = await answers(programme, c, meeting, Answer.YES)
    assert (again.changed, again.standing, again.view.waiting_position) == (False, Standing.WAITING, 1)
    freed = await answers(programme, d, meeting, Answer.MAYBE)
    assert (freed.view.counts.yes, freed.view.counts.waiting, freed.view.counts.maybe) == (1, 2, 1)
    assert await seats(programme, meeting) == (["C"], ["A", "B"])
    assert (await answers(programme, d, meeting, Answer.YES)).view.waiting_position == 3
    async with programme.database.read() as session:
        assert (await load_meeting_view(session, programme.clock, meeting.id, b.person_id)).waiting_position == 2


async def test_who_gives_a_seat_back_and_gets_one_again_is_told_again(programme):
    lead = await lead_of(programme, programme.nord)
    a, b = await residents(programme, "A", "B")
    meeting = await announced(programme, lead, capacity=1)
    for actor, answer in ((a, Answer.YES), (b, Answer.YES), (a, Answer.NO), (b, Answer.NO), (a, Answer.YES)):
        await answers(programme, actor, meeting, answer)
    programme.clock.advance(seconds=1)
    await answers(programme, b, meeting, Answer.YES)
    await answers(programme, a, meeting, Answer.NO)
    said = await notices(programme, NoticeKind.SEAT_GIVEN)
    assert [notice.person_id for notice in said] == [b.person_id, b.person_id]
    async with programme.database.read() as session:
        assert await still_true(session, programme.clock, said[-1]) is not None
    await answers(programme, b, meeting, Answer.MAYBE)
    async with programme.database.read() as session:
        assert await still_true(session, programme.clock, said[-1]) is None


async def test_a_seat_for_tomorrow_early_is_said_at_night(programme):
    lead = await lead_of(programme, programme.nord)
    a, b = await residents(programme, "A", "B")
    soon = await announced(programme, lead, capacity=1, starts_at=START.replace(day=3, hour=6))
    later = await announced(programme, lead, "update:2", capacity=1)
    programme.clock.set(START.replace(day=2, hour=21))
    for meeting, actor in itertools.product((soon, later), (a, b)):
        await answers(programme, actor, meeting, Answer.YES)
    for meeting in (soon, later):
        await answers(programme, a, meeting, Answer.NO)
    said = await notices(programme, NoticeKind.SEAT_GIVEN)
    assert [(notice.subject_id, notice.quiet, notice.expires_at) for notice in said] == [
        (soon.id, False, soon.starts_at),
        (later.id, True, later.starts_at),
    ]


async def test_more_seats_are_given_at_once_and_fewer_take_nobody_s(programme):
    lead = await lead_of(programme, programme.nord)
    everybody = await residents(programme, "A", "B", "C", "D", "E")
    meeting = await announced(programme, lead, capacity=2)
    for actor in everybody:
        await answers(programme, actor, meeting, Answer.YES)
    await reseat(programme, lead, meeting, 3)
    assert await seats(programme, meeting) == (["A", "B", "C"], ["D", "E"])
    await reseat(programme, lead, meeting, 1)
    await answers(programme, everybody[0], meeting, Answer.NO)
    assert await seats(programme, meeting) == (["B", "C"], ["D", "E"])
    await reseat(programme, lead, meeting, 0)
    assert await seats(programme, meeting) == (["B", "C", "D", "E"], [])
    assert sorted(await told(programme, NoticeKind.SEAT_GIVEN)) == [each.person_id for each in everybody[2:]]
    programme.clock.set(START)
    async with programme.database.write() as session:
        assert await promote_waiting(session, programme.clock, meeting.id) == 0


async def test_the_last_seat_goes_to_one_of_those_who_tap_at_the_same_moment(programme):
    lead = await lead_of(programme, programme.nord)
    everybody = await residents(programme, *"ABCDEFGH")
    meeting = await announced(programme, lead, capacity=1)
    outcomes = await asyncio.gather(*(answers(programme, actor, meeting, Answer.YES) for actor in everybody))
    assert sorted(outcome.standing for outcome in outcomes) == ["seated"] + ["waiting"] * 7
    assert sorted(outcome.view.waiting_position or 0 for outcome in outcomes) == list(range(8))
    # The queue moves while others leave it and more come: one seat, never two, and nobody is lost.
    seated = next(a for a, outcome in zip(everybody, outcomes, strict=True) if outcome.standing is Standing.SEATED)
    others = [actor for actor in everybody if actor is not seated]
    await asyncio.gather(
        answers(programme, seated, meeting, Answer.NO),
        *(answers(programme, actor, meeting, Answer.NO) for actor in others[:3]),
        *(answers(programme, actor, meeting, Answer.YES) for actor in others[3:]),
    )
    with_seat, waiting = await seats(programme, meeting)
    assert len(with_seat) == 1
    assert len(waiting) == 3


async def test_a_tap_takes_few_statements(programme):
    """The way of every tap: what it costs is counted here, since benchmarks are not run with the tests."""
    lead = await lead_of(programme, programme.nord)
    a, b = await residents(programme, "A", "B")
    free = await announced(programme, lead)
    seated = await announced(programme, lead, "update:2", capacity=1)
    sent: list[str] = []
    listen = programme.database.engine.sync_engine
    event.listen(listen, "before_cursor_execute", lambda _c, _cur, statement, *_: sent.append(statement))
    for meeting, actor in ((free, a), (seated, a), (seated, b)):
        sent.clear()
        await answers(programme, actor, meeting, Answer.YES)
        assert len([each for each in sent if not each.startswith(("BEGIN", "COMMIT"))]) <= 6


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.integers(0, 5), st.sampled_from(Answer)),
            st.tuples(st.just("capacity"), st.integers(0, 4)),
            st.tuples(st.just("leaves"), st.integers(0, 5)),
        ),
        max_size=25,
    )
)
async def test_the_queue_never_loses_anybody(programme, acts):
    """A model of the queue in plain lists beside the real one: same seats, same order, whatever people do."""
    lead, everybody = await _cast(programme)
    meeting = await announced(programme, lead, f"update:{next(_keys)}", capacity=2)
    capacity, seated, queue = 2, [], []
    for act in acts:
        programme.clock.advance(milliseconds=1)
        match act:
            case ("capacity", capacity):
                await reseat(programme, lead, meeting, capacity)
            case ("leaves", number):
                name = everybody[number].first_name
                seated, queue = _without(seated, name), _without(queue, name)
                async with programme.database.write() as session:
                    await release_answers(session, programme.clock, everybody[number].person_id, everything=True)
            case (number, answer):
                name = everybody[number].first_name
                if answer is not Answer.YES:
                    seated, queue = _without(seated, name), _without(queue, name)
                elif name not in seated and name not in queue:
                    queue = [*queue, name]
                await answers(programme, everybody[number], meeting, answer)
        free = len(queue) if capacity == 0 else max(0, capacity - len(seated))
        seated, queue = [*seated, *queue[:free]], queue[free:]
        with_seat, waiting = await seats(programme, meeting)
        assert sorted(with_seat) == sorted(seated)
        assert waiting == queue
    async with programme.database.write() as session:
        for actor in everybody:
            await release_answers(session, programme.clock, actor.person_id, everything=True)
        assert (await session.exec(select(Rsvp))).all() == []


_keys = itertools.count(100)


def _without(names, name):
    return [each for each in names if each != name]


async def _cast(programme):
    """Examples of one test share their database: the same people come again."""
    if not hasattr(programme, "cast"):
        programme.cast = await lead_of(programme, programme.nord), await residents(programme, *"ABCDEF")
    return programme.cast


async def test_the_lead_s_card_is_refreshed_by_an_answer_and_not_by_the_same_one(programme):
    lead = await lead_of(programme, programme.nord)
    a, _ = await residents(programme, "A", "B")
    meeting = await announced(programme, lead)
    async with programme.database.write() as session:
        await keep(session, programme.clock, lead.person_id, lead.telegram_id, 55, LiveKind.MEETING, meeting.id)
    await answers(programme, a, meeting, Answer.YES)
    assert await told(programme, NoticeKind.LIVE_CARD) == [lead.person_id]
    programme.clock.advance(seconds=30)
    await answers(programme, a, meeting, Answer.YES)
    assert len(await notices(programme, NoticeKind.LIVE_CARD)) == 1
    programme.clock.advance(minutes=1)
    assert timedelta(0) < programme.clock.now() - (await notices(programme, NoticeKind.LIVE_CARD))[0].not_before
