"""Writing notices: the same word reaches each person of an audience once, chunk by chunk."""

from dataclasses import replace

from sqlalchemy import event
from sqlmodel import col, func, select

from council import notices
from council.notices import Followers, NoticeKind, Word, copy_chunk, count_audience, tell, tell_all, unfinished_fanouts
from storage.outbox import Fanout, Notice, NoticePriority
from storage.people import News, Person


def news() -> Word:
    return Word(NoticeKind.ANNOUNCEMENT, 1, NoticePriority.BROADCAST, news=True)


async def _told(database) -> list[int]:
    async with database.read() as session:
        return list((await session.exec(select(col(Notice.chat_id)).order_by(col(Notice.id)))).all())


async def test_an_audience_of_two_councils_hears_once_even_who_follows_both(programme):
    amina = await programme.person("Amina", follows=(programme.nord, programme.sud))
    marco = await programme.person("Marco", follows=(programme.sud,))
    await programme.person("Zoé")
    async with programme.database.write() as session:
        assert await count_audience(session, Followers((programme.nord, programme.sud)), news()) == 2
        await tell_all(session, programme.clock, Followers((programme.nord, programme.sud)), news())
    assert await _told(programme.database) == [amina.telegram_id, marco.telegram_id]


async def test_news_spare_who_muted_them_and_nothing_goes_to_who_blocked_the_bot(programme):
    muted = await programme.person("Muette", follows=(programme.nord,))
    gone = await programme.person("Parti", follows=(programme.nord,))
    async with programme.database.write() as session:
        (await session.get_one(Person, muted.person_id)).news = News.NONE
        (await session.get_one(Person, gone.person_id)).unreachable_since = programme.clock.now()
    async with programme.database.write() as session:
        await tell_all(session, programme.clock, Followers((programme.nord,)), news())
        about_you = Word(NoticeKind.SEAT_GIVEN, 1, NoticePriority.TRANSACTIONAL)
        await tell(session, programme.clock, muted.person_id, about_you)
        await tell(session, programme.clock, gone.person_id, about_you)
    assert await _told(programme.database) == [muted.telegram_id]


async def test_a_word_said_twice_is_heard_once(programme):
    amina = await programme.person("Amina", follows=(programme.nord,))
    for _ in range(2):
        async with programme.database.write() as session:
            await tell_all(session, programme.clock, Followers((programme.nord,)), news())
            await tell(session, programme.clock, amina.person_id, news())
    assert await _told(programme.database) == [amina.telegram_id]


async def test_a_fan_out_goes_on_from_where_it_stood(programme):
    people = [await programme.person(f"P{n}", follows=(programme.nord,)) for n in range(7)]
    async with programme.database.write() as session:
        await tell_all(session, programme.clock, Followers((programme.sud,)), news())
        assert (await session.exec(unfinished_fanouts())).first() is None
    async with programme.database.write() as session:
        done = (await session.exec(select(Fanout))).one()
        done.audience, done.finished_at = {"followers": [programme.nord]}, None
    rounds = 0
    while True:
        async with programme.database.write() as session:
            fanout_id = (await session.exec(unfinished_fanouts())).first()
            if fanout_id is None:
                break
            await copy_chunk(session, programme.clock, await session.get_one(Fanout, fanout_id), chunk=3)
            rounds += 1
    assert rounds == 3
    assert await _told(programme.database) == [each.telegram_id for each in people]
    async with programme.database.read() as session:
        assert (await session.exec(select(func.count()).select_from(Notice))).one() == 7


async def test_who_announces_waits_for_the_first_chunk_alone(programme, monkeypatch):
    """Whoever taps meanwhile waits for one chunk, however many follow the council."""
    monkeypatch.setattr(notices, "CHUNK", 3)
    monkeypatch.setattr(notices, "CHUNK_SIDE_BY_SIDE", 3)
    people = [await programme.person(f"P{n}", follows=(programme.nord,)) for n in range(7)]
    async with programme.database.write() as session:
        await tell_all(session, programme.clock, Followers((programme.nord,)), news())
    seen = [len(await _told(programme.database))]
    while seen[-1] < len(people):
        async with programme.database.write() as session:
            fanout_id = (await session.exec(unfinished_fanouts())).one()
            await copy_chunk(session, programme.clock, await session.get_one(Fanout, fanout_id))
        seen.append(len(await _told(programme.database)))
    assert seen == [3, 6, 7]


def test_a_chunk_is_small_enough_for_who_taps_meanwhile():
    assert notices.CHUNK <= 10_000  # about a tenth of a second of SQLite's one writer
    assert notices.CHUNK_SIDE_BY_SIDE <= 100_000


async def test_no_row_of_a_fan_out_passes_through_python(programme):
    """As many statements for twenty people as for one, and the one that writes reads them itself."""
    sent: list[str] = []
    engine = programme.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, statement, *_: sent.append(statement))
    for council, people in ((programme.nord, 1), (programme.sud, 20)):
        for number in range(people):
            await programme.person(f"P{number}", follows=(council,))
    costs = []
    for council in (programme.nord, programme.sud):
        word = replace(news(), subject_id=council)
        sent.clear()
        async with programme.database.write() as session:
            await tell_all(session, programme.clock, Followers((council,)), word)
        costs.append([each.split()[0] for each in sent])
        (writing,) = [each for each in sent if each.startswith(f"INSERT INTO {Notice.__tablename__}")]
        assert "FROM person" in writing
    assert costs[0] == costs[1]
    assert len(await _told(programme.database)) == 21
