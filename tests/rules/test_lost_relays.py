"""Words of a talk that ended without arriving: their author hears of it once, and the sweep then leaves them alone."""

import pytest
from meeting_scenes import told
from promise_scenes import animator_of
from query_plans import on_sqlite, readings, statements
from sqlmodel import col, update
from team_scenes import ask

from council.actors import Actor
from council.contents import Content
from council.notices import NoticeKind
from council.support_deliveries import LOOKED_BACK, tell_lost_relays
from council.support_talk import say_to_team
from storage import queue
from storage.outbox import Notice, NoticeState
from storage.support import ContentKind


async def writes(programme, rosa: Actor) -> None:
    """A request, and words about it that are on their way to the team."""
    request = await ask(programme, rosa)
    words = Content(ContentKind.TEXT, rosa.telegram_id, 1_000, ("Et le prix ?",))
    async with programme.database.write() as session:
        await say_to_team(session, programme.clock, programme.settings, rosa, request.id, (words,))


@pytest.mark.parametrize("state", [NoticeState.FAILED, NoticeState.UNCERTAIN, NoticeState.EXPIRED])
async def test_the_author_of_words_that_did_not_arrive_is_told_once(programme, state: NoticeState):
    await animator_of(programme, programme.nord)
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    await writes(programme, rosa)
    assert await tell_lost_relays(programme.database, programme.clock) == 0
    relays = col(Notice.kind) == NoticeKind.SUPPORT_RELAY
    async with programme.database.write() as session:
        await session.exec(update(Notice).where(relays).values(state=state, finished_at=programme.clock.now()))
    assert await tell_lost_relays(programme.database, programme.clock) == 1
    assert await told(programme, NoticeKind.SUPPORT_UNDELIVERED) == [rosa.person_id]
    assert await tell_lost_relays(programme.database, programme.clock) == 0
    assert await told(programme, NoticeKind.SUPPORT_UNDELIVERED) == [rosa.person_id]


async def test_an_old_loss_is_told_no_more(programme):
    await animator_of(programme, programme.nord)
    await writes(programme, await programme.person("Rosa", follows=(programme.nord,)))
    lost = {"state": NoticeState.EXPIRED, "finished_at": programme.clock.now()}
    async with programme.database.write() as session:
        await session.exec(update(Notice).where(col(Notice.kind) == NoticeKind.SUPPORT_RELAY).values(**lost))
    programme.clock.advance(seconds=LOOKED_BACK.total_seconds() + 1)
    assert await tell_lost_relays(programme.database, programme.clock) == 0


@on_sqlite
async def test_the_lost_are_found_without_going_through_all_that_was_relayed(programme):
    async with programme.database.read() as session:
        with statements(programme.database) as asked:
            await queue.lost_relays(session, programme.clock.now(), NoticeKind.SUPPORT_UNDELIVERED)
        (lost,) = [each for each in asked if "outbox" in each[0]]
        first, *others = await readings(session, lost, "outbox")
    assert "ix_outbox_lost_relay (kind=? AND finished_at>?)" in first
    assert all("(kind=? AND subject_id=?)" in each for each in others)
