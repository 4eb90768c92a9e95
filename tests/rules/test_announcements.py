"""News that a lead writes: who may, who hears it, and that it is said once."""

import pytest
from meeting_scenes import announced, answers, delivered, lead_of, notices, residents, told
from sqlmodel import col, func, select, update

from council.announcements import (
    Enclosure,
    announce,
    count_attendees,
    count_followers,
    count_told,
    load_announcement,
    write_to_attendees,
)
from council.errors import EmptyWords, NotAllowed, TooLong
from council.meeting_plans import MeetingCancelled, NeedsConfirmation
from council.meetings import cancel_meeting
from council.notices import NoticeKind
from storage.announcements import Announcement
from storage.meetings import Answer
from storage.outbox import NoticePriority
from storage.people import News, Person, Role
from storage.programme import Council, CouncilStatus

WORDS = "Le square rouvre <samedi> & dimanche."


async def says(programme, actor, *councils, words=WORDS, enclosure=None, key="update:1", confirmed=False):
    async with programme.database.write() as session:
        return await announce(
            session, programme.clock, actor, frozenset(councils), words, enclosure, key, confirmed=confirmed
        )


async def writes(programme, actor, meeting, words=WORDS, key="update:7"):
    async with programme.database.write() as session:
        return await write_to_attendees(session, programme.clock, actor, meeting.id, words, None, key)


async def test_followers_hear_the_words_as_written_once(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    await programme.person("Zoé", follows=(programme.sud,))
    photo = Enclosure("photo", "AgAC")
    first = await says(programme, lead, programme.nord, words=f"  {WORDS}\n", enclosure=photo)
    again = await says(programme, lead, programme.nord, words="Autre chose")
    assert first.id == again.id
    said = await notices(programme, NoticeKind.ANNOUNCEMENT)
    assert [notice.person_id for notice in said] == [lead.person_id, amina.person_id]
    assert {notice.priority for notice in said} == {NoticePriority.BROADCAST}
    async with programme.database.read() as session:
        view = await load_announcement(session, said[0].subject_id)
    assert (view.words, view.enclosure, view.councils, view.meeting_title) == (WORDS, photo, ("Quartier Nord",), None)


async def test_only_who_manages_every_council_announces(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    coordinator = await programme.person("Corinne", roles=((Role.COORDINATOR, None),))
    for actor, councils in ((amina, (programme.nord,)), (lead, (programme.sud,)), (lead, ()), (coordinator, (99,))):
        with pytest.raises(NotAllowed):
            await says(programme, actor, *councils)
        with pytest.raises(NotAllowed):
            async with programme.database.read() as session:
                await count_followers(session, actor, frozenset(councils))
    await says(programme, coordinator, programme.nord, programme.sud)
    assert await told(programme, NoticeKind.ANNOUNCEMENT) == [lead.person_id, amina.person_id]


@pytest.mark.parametrize(("words", "refusal"), [(" \n", EmptyWords), ("😀" * 1_501, TooLong)])
async def test_words_are_something_to_read_and_fit_a_message(programme, words, refusal):
    lead = await lead_of(programme, programme.nord)
    with pytest.raises(refusal):
        await says(programme, lead, programme.nord, words=words)
    assert (await says(programme, lead, programme.nord, words="😀" * 1_500)).id


async def test_news_in_an_electoral_reserve_need_a_lead_s_confirmation(programme):
    lead = await lead_of(programme, programme.nord)
    async with programme.database.write() as session:
        reserve = update(Council).where(col(Council.id) == programme.nord)
        await session.exec(reserve.values(status=CouncilStatus.ELECTORAL_RESERVE))
    with pytest.raises(NeedsConfirmation):
        await says(programme, lead, programme.nord)
    await says(programme, lead, programme.nord, confirmed=True)
    assert await told(programme, NoticeKind.ANNOUNCEMENT) == [lead.person_id]


async def test_who_said_yes_or_maybe_is_written_to_even_with_news_muted(programme):
    lead = await lead_of(programme, programme.nord)
    yes, maybe, no, _silent = await residents(programme, "Oui", "Peut", "Non", "Silence")
    meeting = await announced(programme, lead)
    for actor, answer in ((yes, Answer.YES), (maybe, Answer.MAYBE), (no, Answer.NO)):
        await answers(programme, actor, meeting, answer)
    async with programme.database.write() as session:
        await session.exec(update(Person).values(news=News.NONE))
        assert await count_attendees(session, lead, meeting.id) == 2
        assert await count_followers(session, lead, frozenset({programme.nord})) == 0
    await writes(programme, lead, meeting)
    await writes(programme, lead, meeting)
    assert await told(programme, NoticeKind.ANNOUNCEMENT) == [yes.person_id, maybe.person_id]
    (said, _) = await notices(programme, NoticeKind.ANNOUNCEMENT)
    assert said.priority == NoticePriority.TRANSACTIONAL
    async with programme.database.read() as session:
        view = await load_announcement(session, said.subject_id)
        assert (view.meeting_id, view.meeting_title) == (meeting.id, "Plénière de mars")
        assert (await session.exec(select(func.count()).select_from(Announcement))).one() == 1


async def test_nobody_else_writes_to_them_and_nobody_once_it_is_cancelled(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    stranger = await lead_of(programme, programme.sud, name="Sonia")
    meeting = await announced(programme, lead)
    draft = await announced(programme, lead, "update:2", announce_at=meeting.starts_at.replace(day=10))
    for actor, subject in ((amina, meeting), (stranger, meeting), (lead, draft)):
        with pytest.raises(NotAllowed):
            await writes(programme, actor, subject)
    with pytest.raises(NotAllowed):
        async with programme.database.read() as session:
            await count_attendees(session, stranger, meeting.id)
    async with programme.database.write() as session:
        await cancel_meeting(
            session, programme.clock, programme.settings, lead, meeting.id, meeting.revision, "Salle inondée"
        )
    with pytest.raises(MeetingCancelled):
        await writes(programme, lead, meeting)


async def test_the_lead_sees_how_many_will_hear(programme):
    lead = await lead_of(programme, programme.nord)
    amina, _marco = await residents(programme, "Amina", "Marco")
    meeting = await announced(programme, lead)
    async with programme.database.read() as session:
        assert await count_followers(session, lead, frozenset({programme.nord})) == 3
        assert await count_told(session, lead, meeting.id) == 0
    await delivered(programme, amina)
    async with programme.database.read() as session:
        assert await count_told(session, lead, meeting.id) == 1
