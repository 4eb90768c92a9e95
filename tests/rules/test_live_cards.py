"""Cards that are kept true: one edit in five seconds, of the newest card only."""

from datetime import timedelta

from meeting_scenes import notices
from query_plans import on_sqlite, readings, statements
from sqlmodel import col, select, update

from council.live_cards import MARGIN, SPACING, LiveKind, forget, keep, live_card_of, refresh
from council.notices import NoticeKind
from storage.outbox import LiveCard, Notice, NoticeState
from storage.people import Person


async def shows(programme, actor, message_id, subject_id=7, kind=LiveKind.MEETING):
    async with programme.database.write() as session:
        await keep(session, programme.clock, actor.person_id, actor.telegram_id, message_id, kind, subject_id)


async def changes(programme, subject_id=7):
    async with programme.database.write() as session:
        await refresh(session, programme.clock, LiveKind.MEETING, subject_id)


async def edits(programme):
    """Message ids that will be edited, with the moment."""
    found = []
    for notice in await notices(programme, NoticeKind.LIVE_CARD):
        async with programme.database.read() as session:
            card = await live_card_of(session, notice)
        found.append((card.message_id if card else None, notice.not_before))
    return found


async def test_many_changes_within_five_seconds_make_one_edit_that_comes_after_them(programme):
    lead = await programme.person("Léa", language="ar")
    await shows(programme, lead, 41)
    begin = programme.clock.now()
    for _ in range(4):
        await changes(programme)
        programme.clock.advance(seconds=1)
    (edit,) = await edits(programme)
    assert edit == (41, begin + SPACING + MARGIN)
    programme.clock.advance(seconds=1)
    await changes(programme)
    assert [moment for _, moment in await edits(programme)] == [begin + SPACING + MARGIN, begin + 2 * SPACING + MARGIN]
    (notice, _) = await notices(programme, NoticeKind.LIVE_CARD)
    assert (notice.chat_id, notice.locale, notice.quiet, notice.subject_id) == (lead.telegram_id, "ar", False, 7)


async def test_a_change_after_the_edit_has_left_makes_another(programme):
    lead = await programme.person("Léa")
    await shows(programme, lead, 41)
    await changes(programme)
    async with programme.database.write() as session:
        await session.exec(update(Notice).values(state=NoticeState.SENT))
    programme.clock.advance(seconds=(SPACING + MARGIN).total_seconds())
    await changes(programme)
    states = [notice.state for notice in await notices(programme, NoticeKind.LIVE_CARD)]
    assert states == [NoticeState.SENT, NoticeState.PENDING]


async def test_a_newer_card_of_the_same_thing_replaces_the_older(programme):
    lead, other = await programme.person("Léa"), await programme.person("Omar")
    await shows(programme, lead, 41)
    await changes(programme)
    await shows(programme, lead, 42)
    await shows(programme, lead, 43, subject_id=8)
    await shows(programme, other, 41)
    programme.clock.advance(minutes=1)
    await changes(programme)
    assert [message_id for message_id, _ in await edits(programme)] == [None, 42, 41]


async def test_a_message_that_shows_something_else_is_left_alone(programme):
    lead = await programme.person("Léa")
    await shows(programme, lead, 41)
    await shows(programme, lead, 41, subject_id=8)
    await changes(programme)
    assert await edits(programme) == []
    async with programme.database.write() as session:
        await forget(session, lead.telegram_id, 41)
    async with programme.database.read() as session:
        assert (await session.exec(select(LiveCard))).all() == []


async def test_nothing_is_edited_for_who_blocked_the_bot(programme):
    lead = await programme.person("Léa")
    await shows(programme, lead, 41)
    async with programme.database.write() as session:
        gone = update(Person).where(col(Person.id) == lead.person_id)
        await session.exec(gone.values(unreachable_since=programme.clock.now() - timedelta(days=1)))
    await changes(programme)
    assert await edits(programme) == []


async def test_a_card_that_a_group_reads_is_edited_too(programme):
    lead = await programme.person("Léa", language="ar")
    group = -1001800000005
    async with programme.database.write() as session:
        await keep(session, programme.clock, None, group, 8, LiveKind.MEETING, 7)
        await keep(session, programme.clock, None, group, 9, LiveKind.MEETING, 7)
    await shows(programme, lead, 41)
    await changes(programme)
    told = await notices(programme, NoticeKind.LIVE_CARD)
    assert {(each.chat_id, each.person_id, each.locale, each.detail) for each in told} == {
        (lead.telegram_id, lead.person_id, "ar", "41"),
        (group, None, "fr", "9"),
    }


@on_sqlite
async def test_one_card_is_found_among_those_of_all_who_read_the_same(programme):
    """Each press and each message of a broadcast looks for it."""
    reader = await programme.person("Amina")
    async with programme.database.write() as session:
        with statements(programme.database) as asked:
            for person_id in (reader.person_id, None):
                await keep(session, programme.clock, person_id, 1, 2, LiveKind.MEETING, 3)
                await session.flush()
            await forget(session, 1, 2)
            await live_card_of(session, Notice(chat_id=1, detail="2", subject_id=3))
        found = [each for each in asked if "live_card" in each[0] and not each[0].startswith("INSERT")]
        assert len(found) == 6
        for each in found:
            steps = await readings(session, each, "live_card")
            assert steps
            whole = ("(chat_id=? AND message_id=?)", "(kind=? AND subject_id=? AND person_id=?)")
            assert all(any(way in step for way in whole) for step in steps), steps
