"""The outbox as a queue: the sender looks into it at every wake, however many notices have left already."""

import pytest
from query_plans import on_sqlite, readings, statements

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
