"""The outbox as a queue: the sender looks into it at every wake, however many notices have left already."""

import pytest
from query_plans import on_postgresql, on_sqlite, readings, statements
from sqlalchemy import text

from storage import queue


@on_sqlite
@pytest.mark.parametrize("at_night", [False, True])
async def test_notices_that_have_left_are_not_read_again(programme, at_night: bool):
    now = programme.clock.now()
    async with programme.database.write() as session:
        with statements(programme.database) as asked:
            await queue.claim(session, now, 16, at_night=at_night)
            await queue.next_relay(session, now)
            await queue.next_moment(session, now)
            await queue.recover_leases(session, now)
            await queue.expire(session, now)
        about_notices = [each for each in asked if "outbox" in each[0]]
        assert len(about_notices) == 5
        by_index = (
            "INTEGER PRIMARY KEY (rowid=?)",
            "ix_outbox_waiting",
            "ix_outbox_chat_queue",
        )
        for each in about_notices:
            steps = await readings(session, each, "outbox")
            assert steps
            assert all(any(way in step for way in by_index) for step in steps), steps


@on_postgresql
@pytest.mark.parametrize("at_night", [False, True])
async def test_an_announcement_that_has_just_been_written_is_read_once_along_its_line(database, clock, at_night: bool):
    now, waiting, claimed = clock.now(), 3_000, 16
    for _ in range(8):  # PostgreSQL keeps the plan of a statement that comes often: here that for an empty line
        async with database.write() as session:
            assert not await queue.claim(session, now, claimed, at_night=at_night)
    async with database.write() as session:
        await (await session.connection()).execute(text(_ANNOUNCED), {"waiting": waiting, "now": now})
    async with database.write() as session:
        assert len(await queue.claim(session, now, claimed, at_night=at_night)) == claimed
        read = (await (await session.connection()).execute(text(_READ))).scalar_one()
        assert read < waiting / 10


_ANNOUNCED = """
INSERT INTO outbox (dedup_key, chat_id, kind, subject_id, revision, priority, locale, not_before, created_at, state,
                    attempts, claims, quiet)
SELECT 'announced:' || n, n, 'announcement', 1, 0, 4, 'fr', :now, :now, 'pending', 0, 0, false
FROM generate_series(1, :waiting) AS n
"""
_READ = """
SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relname = 'outbox'
"""
