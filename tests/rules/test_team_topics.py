"""The team's group and its topics: one group at most, nobody's words lost by a crash or a new number."""

import pytest
from query_plans import statements
from sqlmodel import col, select, update

from council.actors import load_actor
from council.contents import Content
from council.errors import NotAllowed
from council.groups import GroupOfTeam, leave_topic, link_group, move_group
from council.notices import NoticeKind
from council.support import SupportDraft, ask_support
from council.support_settings import SupportSettings
from council.support_talk import say_to_team
from council.support_topics import request_in, settle_topics, topic_made
from council.team_group import GroupOfCouncil, TeamIsPrivate, TopicsAreOff, leave_team, link_team, linked_team
from storage.outbox import LiveCard, Notice, NoticeState
from storage.people import Person, Role
from storage.support import ContentKind, SupportCopy, SupportKind, SupportRequest, SupportState

GROUP, OTHER = -1_001_800_000_001, -1_001_800_000_002


def in_topics(programme):
    return programme.settings.model_copy(update={"support": SupportSettings(talk="topics")})


async def linked(programme, chat_id=GROUP):
    carole = await programme.person("Carole", roles=((Role.COORDINATOR, None),))
    async with programme.database.write() as session:
        await link_team(session, programme.clock, in_topics(programme), carole, chat_id, has_topics=True)
    return carole


async def asked(programme, words="Une salle ?", key="one"):
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    async with programme.database.write() as session:
        draft = SupportDraft(
            SupportKind.ROOM, (Content(ContentKind.TEXT, rosa.telegram_id, 1, (words,)),), programme.nord
        )
        return (await ask_support(session, programme.clock, in_topics(programme), rosa, draft, key)).id


async def writes(programme, request_id, message_id, words):
    """The requester goes on."""
    async with programme.database.write() as session:
        request = await session.get_one(SupportRequest, request_id)
        rosa = await load_actor(session, (await session.get_one(Person, request.person_id)).telegram_id)
        assert rosa is not None
        content = Content(ContentKind.TEXT, rosa.telegram_id, message_id, (words,))
        await say_to_team(session, programme.clock, in_topics(programme), rosa, request_id, (content,))


async def notices_of(programme, kind):
    async with programme.database.read() as session:
        query = select(Notice).where(col(Notice.kind) == kind).order_by(col(Notice.id))
        return list((await session.exec(query)).all())


async def ends(programme, notice, state):
    async with programme.database.write() as session:
        await session.exec(update(Notice).where(col(Notice.id) == notice.id).values(state=state))


async def test_only_the_coordinator_links_a_group_with_topics_that_is_no_councils(programme):
    carole = await programme.person("Carole", roles=((Role.COORDINATOR, None),))
    julien = await programme.person("Julien", roles=((Role.ANIMATOR, programme.nord),))
    topics, clock = in_topics(programme), programme.clock
    async with programme.database.write() as session:
        with pytest.raises(NotAllowed):
            await link_team(session, clock, topics, julien, GROUP, has_topics=True)
        with pytest.raises(TeamIsPrivate):
            await link_team(session, clock, programme.settings, carole, GROUP, has_topics=True)
        with pytest.raises(TopicsAreOff):
            await link_team(session, clock, topics, carole, GROUP, has_topics=False)
        await link_group(session, clock, julien, OTHER, programme.nord, None)
        with pytest.raises(GroupOfCouncil):
            await link_team(session, clock, topics, carole, OTHER, has_topics=True)
        await link_team(session, clock, topics, carole, GROUP, has_topics=True)
        with pytest.raises(GroupOfTeam):
            await link_group(session, clock, julien, GROUP, programme.nord, None)
        assert await linked_team(session) == GROUP


async def test_another_group_takes_the_place_of_the_first(programme):
    carole = await linked(programme)
    julien = await programme.person("Julien", roles=((Role.ANIMATOR, programme.nord),))
    request_id = await asked(programme)
    async with programme.database.write() as session:
        await link_team(session, programme.clock, in_topics(programme), carole, OTHER, has_topics=True)
        assert await linked_team(session) == OTHER
        assert (await session.get_one(SupportRequest, request_id)).topic_chat_id is None
    (relay,) = await notices_of(programme, NoticeKind.SUPPORT_RELAY)
    assert (relay.person_id, relay.chat_id) == (julien.person_id, julien.telegram_id)
    assert await notices_of(programme, NoticeKind.SUPPORT_TOPIC) == []


async def test_a_topic_whose_making_was_interrupted_is_tried_once_more_then_given_up(programme):
    carole = await linked(programme)
    julien = await programme.person("Julien", roles=((Role.ANIMATOR, programme.nord),))
    request_id = await asked(programme)
    assert await settle_topics(programme.database, programme.clock) == 0
    (first,) = await notices_of(programme, NoticeKind.SUPPORT_TOPIC)
    await ends(programme, first, NoticeState.UNCERTAIN)
    await settle_topics(programme.database, programme.clock)
    _, second = await notices_of(programme, NoticeKind.SUPPORT_TOPIC)
    await ends(programme, second, NoticeState.UNCERTAIN)
    await settle_topics(programme.database, programme.clock)
    assert await settle_topics(programme.database, programme.clock) == 0
    async with programme.database.read() as session:
        assert (await session.get_one(SupportRequest, request_id)).topic_chat_id is None
    (relay,) = await notices_of(programme, NoticeKind.SUPPORT_RELAY)
    (trouble,) = await notices_of(programme, NoticeKind.SUPPORT_TOPIC_TROUBLE)
    assert (relay.person_id, trouble.person_id) == (julien.person_id, carole.person_id)


async def test_made_twice_the_first_topic_that_is_told_of_is_the_one(programme):
    await linked(programme)
    request_id = await asked(programme)
    (notice,) = await notices_of(programme, NoticeKind.SUPPORT_TOPIC)
    for thread_id in (41, 42):
        async with programme.database.write() as session:
            await topic_made(session, programme.clock, notice, thread_id)
    async with programme.database.read() as session:
        assert (await session.get_one(SupportRequest, request_id)).topic_thread_id == 41
        assert await request_in(session, GROUP, 42) is None
    assert {each.thread_id for each in await notices_of(programme, NoticeKind.SUPPORT_RELAY)} == {41}


async def test_a_request_from_before_the_link_gets_its_topic_with_the_next_words(programme):
    request_id = await asked(programme)
    await linked(programme)
    assert await notices_of(programme, NoticeKind.SUPPORT_TOPIC) == []
    await writes(programme, request_id, 2, "Nous serons douze.")
    await writes(programme, request_id, 3, "Ou treize.")
    (notice,) = await notices_of(programme, NoticeKind.SUPPORT_TOPIC)
    async with programme.database.write() as session:
        await topic_made(session, programme.clock, notice, 41)
    relays = [each for each in await notices_of(programme, NoticeKind.SUPPORT_RELAY) if each.chat_id == GROUP]
    assert [each.thread_id for each in relays] == [41, 41, 41]


async def test_a_topic_that_was_given_up_is_not_asked_for_by_the_next_words(programme):
    await linked(programme)
    request_id = await asked(programme)
    for _ in range(2):
        notice = (await notices_of(programme, NoticeKind.SUPPORT_TOPIC))[-1]
        await ends(programme, notice, NoticeState.UNCERTAIN)
        await settle_topics(programme.database, programme.clock)
    before = len(await notices_of(programme, NoticeKind.SUPPORT_TOPIC))
    await writes(programme, request_id, 2, "Nous serons douze.")
    assert len(await notices_of(programme, NoticeKind.SUPPORT_TOPIC)) == before
    async with programme.database.read() as session:
        assert (await session.get_one(SupportRequest, request_id)).topic_chat_id is None


async def test_a_group_that_is_left_is_forgotten_by_what_has_ended_however_much_that_is(programme):
    await linked(programme)
    request_id = await asked(programme)
    (notice,) = await notices_of(programme, NoticeKind.SUPPORT_TOPIC)
    of_its_own = {"id", "number", "request_key", "topic_thread_id"}
    async with programme.database.write() as session:
        await topic_made(session, programme.clock, notice, 41)
        request = await session.get_one(SupportRequest, request_id)
        request.state = SupportState.CLOSED
        card = {"kind": "support", "subject_id": request_id, "made_at": request.asked_at}
        session.add(LiveCard(chat_id=GROUP, message_id=9, **card))
        for topic in range(100, 150):
            same = {name: getattr(request, name) for name in SupportRequest.model_fields if name not in of_its_own}
            session.add(SupportRequest(number=f"E-{topic}", request_key=f"{topic}", topic_thread_id=topic, **same))
    await ends(programme, notice, NoticeState.SENT)
    with statements(programme.database) as said:
        async with programme.database.write() as session:
            assert await leave_team(session, programme.clock, GROUP)
    assert len(said) < 20
    async with programme.database.read() as session:
        places = select(col(SupportRequest.topic_chat_id), col(SupportRequest.topic_thread_id)).distinct()
        assert (await session.exec(places)).all() == [(None, None)]
        assert (await session.exec(select(LiveCard))).all() == []
        waiting = select(Notice).where(col(Notice.chat_id) == GROUP, col(Notice.id) != notice.id)
        assert (await session.exec(waiting)).all() == []


async def test_what_waits_for_a_deleted_topic_never_goes_to_the_general_one(programme):
    await linked(programme)
    await asked(programme)
    (notice,) = await notices_of(programme, NoticeKind.SUPPORT_TOPIC)
    async with programme.database.write() as session:
        await topic_made(session, programme.clock, notice, 41)
        await leave_topic(session, programme.clock, GROUP, 41)
        await leave_topic(session, programme.clock, GROUP, 41)
    assert await notices_of(programme, NoticeKind.SUPPORT_RELAY) == []
    assert [each.detail for each in await notices_of(programme, NoticeKind.SUPPORT_TOPIC)] == ["first", "again"]


async def test_a_new_number_is_taken_by_link_topics_and_copies_together(programme):
    await linked(programme)
    request_id = await asked(programme)
    (notice,) = await notices_of(programme, NoticeKind.SUPPORT_TOPIC)
    async with programme.database.write() as session:
        await topic_made(session, programme.clock, notice, 41)
        words = (
            await session.exec(select(Notice.subject_id).where(col(Notice.kind) == NoticeKind.SUPPORT_RELAY))
        ).one()
        session.add(SupportCopy(chat_id=GROUP, message_id=7, support_message_id=words))
        session.add(SupportCopy(chat_id=GROUP, message_id=8, support_message_id=words))
        session.add(SupportCopy(chat_id=OTHER, message_id=8, support_message_id=words))
        await session.flush()
        await move_group(session, GROUP, OTHER)
    async with programme.database.read() as session:
        assert await linked_team(session) == OTHER
        found = await request_in(session, OTHER, 41)
        assert found is not None
        assert found.id == request_id
        assert await session.get(SupportCopy, (OTHER, 7)) is not None
    assert {each.chat_id for each in await notices_of(programme, NoticeKind.SUPPORT_RELAY)} == {OTHER}
