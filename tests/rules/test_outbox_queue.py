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
        [claim, next_relay] = asked
        waiting, held_back, *rest = await readings(session, claim, "outbox")
        assert "ix_outbox_waiting" in waiting
        assert "ix_outbox_chat_queue (chat_id=? AND priority=? AND id<?)" in held_back
        assert all("INTEGER PRIMARY KEY (rowid=?)" in step for step in rest), rest
        [step] = await readings(session, next_relay, "outbox")
        assert "ix_outbox_waiting" in step
