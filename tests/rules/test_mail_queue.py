"""The queue of e-mail: the sender looks into it at every wake, however many letters have left already."""

from query_plans import on_sqlite, readings, statements

from storage import mail_queue


@on_sqlite
async def test_letters_that_have_left_are_not_read_again(programme):
    now = programme.clock.now()
    async with programme.database.write() as session:
        with statements(programme.database) as asked:
            await mail_queue.claim(session, now, 10)
            await mail_queue.abandoned(session, now)
            await mail_queue.is_due(session, now)
            await mail_queue.next_moment(session, now)
            await mail_queue.unfinished(session, now)
        about_mail = [each for each in asked if "mail" in each[0]]
        assert len(about_mail) == 5
        for each in about_mail:
            steps = await readings(session, each, "mail")
            assert steps
            assert all("ix_mail_waiting" in step or "INTEGER PRIMARY KEY" in step for step in steps), steps
