"""Joining, and a person's own choices."""

import asyncio
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, func, select

from council import people
from council.errors import EmptyWords, NotAllowed, TooLong
from council.joining import TooYoung, council_choices, councils_to_join, join, matching
from council.people import FIRST_NAME_LIMIT, readable_name
from storage.audit import AuditLine
from storage.database import has_written
from storage.meetings import Answer, Meeting, MeetingCouncil, MeetingKind, MeetingState, Rsvp
from storage.outbox import Notice, NoticeState
from storage.people import Consent, Follow, News, Person

AMINA = 7_100_000_001


async def _join(programme, telegram_id=AMINA, name="Amina", councils=(), old_enough=True):
    async with programme.database.write() as session:
        return await join(session, programme.clock, telegram_id, name, "fr", "1", old_enough, councils)


async def _count(programme, table) -> int:
    async with programme.database.read() as session:
        return (await session.exec(select(func.count()).select_from(table))).one()


async def test_who_joins_is_known_with_their_consent_and_council(programme):
    actor = await _join(programme, councils=(programme.nord,))
    assert (actor.first_name, actor.language, actor.follows) == ("Amina", "fr", {programme.nord})
    async with programme.database.read() as session:
        consent = (await session.exec(select(Consent))).one()
        acts = (await session.exec(select(col(AuditLine.act)).order_by(col(AuditLine.id)))).all()
    assert (consent.version, consent.given_at, consent.fifteen_or_over) == ("1", programme.clock.now(), True)
    assert acts == ["person.joined", "council.followed"]


async def test_a_double_tap_makes_one_person(programme):
    both = await asyncio.gather(*(_join(programme, councils=(programme.nord,)) for _ in range(2)))
    assert both[0].person_id == both[1].person_id
    counts = [await _count(programme, table) for table in (Person, Consent, Follow, AuditLine)]
    assert counts == [1, 1, 1, 2]


async def test_joining_again_only_adds_councils(programme):
    await _join(programme, councils=(programme.nord,))
    actor = await _join(programme, name="Autre", councils=(programme.sud,))
    assert actor.first_name == "Amina"
    assert actor.follows == {programme.nord, programme.sud}


async def test_under_fifteen_nothing_is_kept(programme):
    with pytest.raises(TooYoung):
        await _join(programme, old_enough=False)
    assert await _count(programme, Person) == 0


async def test_a_forged_council_lets_nobody_in(programme):
    with pytest.raises(NotAllowed):
        await _join(programme, councils=(999,))
    assert await _count(programme, Person) == 0


async def test_a_name_that_prints_nothing_is_no_name(programme):
    with pytest.raises(EmptyWords):
        await _join(programme, name="\u3164\u200f")
    actor = await programme.person("Amina")
    async with programme.database.write() as session:
        assert await people.change_first_name(session, programme.clock, actor, " <b>&\nأمينة ") == "<b>& أمينة"
        with pytest.raises(TooLong):
            await people.change_first_name(session, programme.clock, actor, "x" * (FIRST_NAME_LIMIT + 1))
    assert (await programme.again(actor.telegram_id)).first_name == "<b>& أمينة"


@given(st.text())
def test_a_readable_name_stands_on_one_line_and_turns_nothing_around(words):
    name = readable_name(words)
    assert readable_name(name) == name
    assert not any(unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} for each in name)
    assert not set(name) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


PARIS = (
    (1, "10e arrondissement", "Grand Belleville"),
    (2, "20e arrondissement", "Grand Belleville"),
    (2, "20e arrondissement", "Les Amandiers"),
    (3, "Saint-Exupéry", "Saint-Exupéry"),
    (4, "18e arrondissement", "La Chapelle - Évangile"),
    (5, "Conseil sans quartier", None),
)


def test_a_neighbourhood_with_several_councils_shows_the_councils():
    labels = [(each.council_id, each.label) for each in council_choices(PARIS)]
    assert labels == [
        (1, "10e arrondissement"),
        (2, "20e arrondissement"),
        (5, "Conseil sans quartier"),
        (4, "La Chapelle - Évangile"),
        (2, "Les Amandiers"),
        (3, "Saint-Exupéry"),
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("belleville", {1, 2}),
        ("EVANGILE", {4}),
        ("évang", {4}),
        ("st exup", {3}),
        ("20e", {2}),
        ("  ", {1, 2, 3, 4, 5}),
        ("Marseille", set()),
        ("bellvile", {1, 2}),
        ("shapel", {4}),
        ("la chapele evangil", {4}),
        ("zamandié", {2}),
        ("saintexupéri", {3}),
        ("xyz", set()),
        ("bonjour je voudrais une salle", set()),
    ],
)
def test_part_of_a_name_finds_the_council_with_or_without_accents(typed, found):
    assert {each.council_id for each in matching(council_choices(PARIS), typed)} == found


@given(st.sampled_from(PARIS), st.data())
def test_any_part_of_a_neighbourhood_finds_its_council(line, data):
    council_id, council, neighbourhood = line
    word = data.draw(st.sampled_from((neighbourhood or council).replace("-", " ").split()))
    part = word[: data.draw(st.integers(min_value=3 if len(word) > 3 else 1, max_value=len(word)))]
    bare = unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode()
    for typed in (part, part.upper(), bare):
        assert council_id in {each.council_id for each in matching(council_choices(PARIS), typed)}


async def test_councils_are_found_by_the_names_of_their_neighbourhoods(programme):
    async with programme.database.read() as session:
        choices = await councils_to_join(session)
    assert [(each.council_id, each.label) for each in choices] == [
        (programme.sud, "Empalot"),
        (programme.nord, "Les Izards"),
    ]


async def test_following_twice_and_leaving_twice_change_once(programme):
    actor = await programme.person("Amina")
    async with programme.database.write() as session:
        told = [await people.follow(session, programme.clock, actor, programme.sud) for _ in range(2)]
        left = [await people.unfollow(session, programme.clock, actor, programme.sud) for _ in range(2)]
        with pytest.raises(NotAllowed):
            await people.follow(session, programme.clock, actor, 999)
    assert (told, left) == ([True, False], [True, False])
    assert await _count(programme, AuditLine) == 2


async def test_leaving_a_council_gives_the_seat_to_who_waits(programme):
    amina = await programme.person("Amina", follows=(programme.nord,))
    marco = await programme.person("Marco", follows=(programme.nord,))
    meeting_id = await full_meeting(programme, amina, marco)
    async with programme.database.write() as session:
        await people.unfollow(session, programme.clock, amina, programme.nord)
    async with programme.database.read() as session:
        rsvps = (await session.exec(select(Rsvp).where(col(Rsvp.meeting_id) == meeting_id))).all()
    assert [(each.person_id, each.waiting_since) for each in rsvps] == [(marco.person_id, None)]


async def test_a_new_language_reaches_what_waits_to_be_sent(programme):
    actor = await programme.person("Amina")
    async with programme.database.write() as session:
        session.add(_notice(programme, actor, "w"))
    async with programme.database.write() as session:
        await people.change_language(session, programme.clock, actor, "ar", ("fr", "ar"))
        with pytest.raises(NotAllowed):
            await people.change_language(session, programme.clock, actor, "xx", ("fr", "ar"))
    async with programme.database.read() as session:
        assert (await session.exec(select(col(Notice.locale)))).one() == "ar"
    assert (await programme.again(actor.telegram_id)).language == "ar"


async def test_news_are_taken_as_one_likes(programme):
    actor = await programme.person("Amina")
    for news in (News.DIGEST, News.NONE, News.EACH):
        async with programme.database.write() as session:
            await people.mute_news(session, programme.clock, actor, news)
        async with programme.database.read() as session:
            assert await people.news_setting(session, actor) is news


async def test_who_blocked_the_bot_is_left_alone_until_they_are_heard(programme):
    actor = await programme.person("Amina")
    async with programme.database.write() as session:
        session.add_all([_notice(programme, actor, "w"), _notice(programme, actor, "s", NoticeState.SENT)])
    async with programme.database.write() as session:
        await people.became_unreachable(session, programme.clock, actor.telegram_id)
    async with programme.database.read() as session:
        states = (await session.exec(select(col(Notice.state)).order_by(col(Notice.id)))).all()
        person = await session.get_one(Person, actor.person_id)
    assert states == [NoticeState.CANCELLED, NoticeState.SENT]
    assert person.unreachable_since == programme.clock.now()
    async with programme.database.write() as session:
        await people.heard_from(session, programme.clock, actor.telegram_id)
    async with programme.database.read() as session:
        assert (await session.get_one(Person, actor.person_id)).unreachable_since is None


async def test_being_heard_is_written_once_a_day(programme):
    actor = await programme.person("Amina")
    wrote = []
    for hours in (1, 24, 1):
        programme.clock.advance(hours=hours)
        async with programme.database.write() as session:
            await people.heard_from(session, programme.clock, actor.telegram_id)
            wrote.append(await has_written(session))
    assert wrote == [False, True, False]


def _notice(programme, actor, key, state=NoticeState.PENDING) -> Notice:
    now = programme.clock.now()
    return Notice(
        dedup_key=key, person_id=actor.person_id, chat_id=actor.telegram_id, kind="announcement", subject_id=1,
        locale="fr", priority=4, not_before=now, created_at=now, state=state, detail="",
    )  # fmt: skip


async def full_meeting(programme, seated, waiting) -> int:
    """A meeting of the north in two days, with one seat."""
    now = programme.clock.now()
    async with programme.database.write() as session:
        meeting = Meeting(
            kind=MeetingKind.PLENARY, state=MeetingState.ANNOUNCED, title="Plénière", minutes=60, place="Salle",
            starts_at=now.replace(day=now.day + 2), capacity=1, announce_at=now, announced_at=now, created_at=now,
            request_key="m",
        )  # fmt: skip
        session.add(meeting)
        await session.flush()
        session.add(MeetingCouncil(meeting_id=meeting.id, council_id=programme.nord))
        for person, since in ((seated, None), (waiting, now)):
            session.add(
                Rsvp(
                    meeting_id=meeting.id,
                    person_id=person.person_id,
                    answer=Answer.YES,
                    waiting_since=since,
                    answered_at=now,
                )
            )
    return meeting.id
