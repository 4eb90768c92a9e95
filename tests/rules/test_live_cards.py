"""Cards that are kept true: one edit in five seconds, of the newest card only."""

from datetime import timedelta
from types import SimpleNamespace

from markupsafe import Markup
from meeting_scenes import notices
from query_plans import on_sqlite, readings, statements
from sqlmodel import col, select, update

from bot.messages import mark_of
from bot.sender.post import Fate, Outcome
from bot.sender.sender import Sender
from council.live_cards import (
    MARGIN,
    SPACING,
    LiveKind,
    forget,
    is_followed,
    keep,
    live_card_of,
    look_again,
    refresh,
)
from council.notices import NoticeKind
from handlers.cards.card import Card, Live
from storage.outbox import LiveCard, Notice, NoticePriority, NoticeState
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


async def looked_at_again(programme, actor, message_id, shown):
    async with programme.database.write() as session:
        await look_again(session, programme.clock, actor.telegram_id, message_id, shown)


async def followed(programme):
    """Of each edit that waits, whether another of the same card waits behind it."""
    waiting = await notices(programme, NoticeKind.LIVE_CARD)
    async with programme.database.read() as session:
        return [await is_followed(session, each) for each in waiting]


async def test_one_message_alone_is_looked_at_again_as_soon_as_a_change_would_have_it_edited(programme):
    lead, other = await programme.person("Léa", language="ar"), await programme.person("Omar")
    await shows(programme, lead, 41)
    await shows(programme, other, 42)
    begin = programme.clock.now()
    await looked_at_again(programme, lead, 41, shown=2**31 - 1)
    await looked_at_again(programme, lead, 40, shown=5)
    (look,) = await notices(programme, NoticeKind.LIVE_CARD)
    assert (look.chat_id, look.locale, look.detail, look.revision) == (lead.telegram_id, "ar", "41", 2**31 - 1)
    assert look.not_before == begin + SPACING + MARGIN
    assert await followed(programme) == [False]


async def test_a_change_right_after_makes_an_edit_of_its_own_and_the_look_leaves_it_to_that(programme):
    lead = await programme.person("Léa")
    await shows(programme, lead, 41)
    for shown in (7, 7, 8):  # a second press shows the card as it was, a third another
        await looked_at_again(programme, lead, 41, shown)
    await changes(programme)
    assert [each.revision for each in await notices(programme, NoticeKind.LIVE_CARD)] == [7, 8, 0]
    assert await followed(programme) == [True, True, False]
    await shows(programme, lead, 43, subject_id=8)
    await looked_at_again(programme, lead, 43, shown=9)
    assert await followed(programme) == [True, True, False, False]


async def test_a_card_that_goes_to_many_is_put_right_with_the_next_change_alone(programme):
    lead = await programme.person("Léa")
    sender, moment = Sender(SimpleNamespace(clock=programme.clock), None), programme.clock.now()
    async with programme.database.write() as session:
        for priority, subject_id in ((NoticePriority.BROADCAST, 7), (NoticePriority.REMINDER, 8)):
            chat = {"person_id": lead.person_id, "chat_id": lead.telegram_id, "locale": "fr", "not_before": moment}
            notice = Notice(kind=NoticeKind.PROPOSAL_NEWS, subject_id=1, priority=priority, **chat)
            card = Card(Markup("Un banc"), live=Live(LiveKind.PROPOSAL, subject_id))
            await sender._keep_true(session, notice, Outcome(Fate.DELIVERED, (40 + subject_id,)), card)
    async with programme.database.read() as session:
        assert set((await session.exec(select(LiveCard.message_id))).all()) == {47, 48}
    (look,) = await notices(programme, NoticeKind.LIVE_CARD)
    assert (look.detail, look.revision) == ("48", mark_of(card))


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
            await look_again(session, programme.clock, 1, 2, 5)
        found = [each for each in asked if "live_card" in each[0] and "VALUES" not in each[0]]
        assert len(found) == 7
        for each in found:
            steps = await readings(session, each, "live_card")
            assert steps
            whole = ("(chat_id=? AND message_id=?)", "(kind=? AND subject_id=? AND person_id=?)")
            assert all(any(way in step for way in whole) for step in steps), steps


@on_sqlite
async def test_an_edit_that_waits_behind_is_found_in_the_line_of_its_chat(programme):
    async with programme.database.read() as session:
        with statements(programme.database) as asked:
            await is_followed(session, Notice(id=1, kind=NoticeKind.LIVE_CARD, chat_id=1, detail="2", priority=2))
        (step,) = await readings(session, asked[-1], "outbox")
    assert "ix_outbox_chat_queue" in step
