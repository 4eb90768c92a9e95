"""The morning digest: on working days, to who is there and has something, once, and true when it leaves."""

from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from council.notices import NoticeKind
from council.team_digest import TeamDigest, load_team_digest, send_due_team_digests
from storage.animators import Absence
from storage.outbox import Notice
from storage.people import Role
from storage.support import SupportKind, SupportRequest, SupportState

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 3, 2)
NUMBERS = count(1)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=PARIS)


@pytest.fixture
async def team(programme):
    """Rosa asks, Julien and Inès animate, Awa coordinates; it is Monday, 9:00."""
    programme.clock.set(at(MONDAY, 9))
    return {
        "rosa": await programme.person("Rosa", follows=(programme.nord,)),
        "julien": await programme.person("Julien", roles=((Role.ANIMATOR, programme.nord),)),
        "ines": await programme.person("Inès", roles=((Role.ANIMATOR, programme.sud),)),
        "awa": await programme.person("Awa", roles=((Role.COORDINATOR, None),)),
    }


async def asked(programme, team, holder, *, asked_at, promised_at, state=SupportState.ASSIGNED, answered=False):
    number = next(NUMBERS)
    async with programme.database.write() as session:
        request = SupportRequest(
            number=f"D-{number}",
            person_id=team["rosa"].person_id,
            kind=SupportKind.OTHER,
            state=state,
            animator_id=team[holder].person_id if holder else None,
            created_at=asked_at,
            changed_at=asked_at,
            asked_at=asked_at,
            promised_at=promised_at,
            first_answer_at=asked_at if answered else None,
            calendar="",
            request_key=f"digest:{number}",
        )
        session.add(request)
    return request


async def sweep(programme) -> set[str]:
    """Who has a digest of that day, by first name."""
    await send_due_team_digests(programme.database, programme.clock, programme.settings)
    today = programme.clock.now().astimezone(PARIS).date().toordinal()
    async with programme.database.read() as session:
        query = select(col(Notice.chat_id)).where(col(Notice.kind) == NoticeKind.TEAM_DIGEST)
        chats = (await session.exec(query.where(col(Notice.subject_id) == today))).all()
    assert len(chats) == len(set(chats))
    return set(chats)


async def digest(programme, person) -> TeamDigest | None:
    day = programme.clock.now().astimezone(PARIS).date().toordinal()
    async with programme.database.read() as session:
        return await load_team_digest(session, programme.clock, programme.settings, person.person_id, day)


def chats(team, *names):
    return {team[each].telegram_id for each in names}


async def test_each_hears_of_their_own_and_the_coordinator_of_all(programme, team):
    friday = MONDAY - timedelta(days=3)
    await asked(programme, team, "julien", asked_at=at(friday, 18), promised_at=at(MONDAY, 12))
    await asked(programme, team, "julien", asked_at=at(friday, 8), promised_at=at(friday, 16))
    waiting = {"state": SupportState.WAITING, "answered": True}
    await asked(programme, team, "julien", asked_at=at(friday, 8), promised_at=at(friday, 16), **waiting)
    await asked(programme, team, None, asked_at=at(MONDAY, 7), promised_at=at(MONDAY, 16), state=SupportState.RECEIVED)
    assert await sweep(programme) == chats(team, "julien", "awa")
    assert await sweep(programme) == chats(team, "julien", "awa")
    assert await digest(programme, team["julien"]) == TeamDigest(False, new=1, due=1, late=1, waiting=1)
    assert await digest(programme, team["awa"]) == TeamDigest(True, new=2, due=2, late=1, waiting=1, unassigned=1)
    assert await digest(programme, team["ines"]) is None
    assert await digest(programme, team["rosa"]) is None


async def test_nothing_is_said_when_there_is_nothing_nor_later_that_day(programme, team):
    assert await sweep(programme) == set()
    programme.clock.advance(hours=2)
    await asked(programme, team, "julien", asked_at=at(MONDAY, 10), promised_at=at(MONDAY, 16))
    assert await sweep(programme) == set()


async def test_what_was_answered_and_is_being_worked_on_needs_no_word(programme, team):
    friday = MONDAY - timedelta(days=3)
    await asked(programme, team, "julien", asked_at=at(friday, 8), promised_at=at(friday, 16), answered=True)
    assert await sweep(programme) == set()


@pytest.mark.parametrize(
    ("day", "hour", "said"),
    [
        (MONDAY, 8, False),
        (MONDAY, 16, True),
        (MONDAY, 23, False),
        (MONDAY - timedelta(days=1), 10, False),
        (date(2026, 4, 6), 9, False),  # Easter Monday
        (date(2026, 4, 7), 9, True),
    ],
)
async def test_it_leaves_on_working_days_from_nine_until_the_end_of_hours(programme, team, day, hour, said):
    await asked(programme, team, "julien", asked_at=at(date(2026, 2, 26), 10), promised_at=at(date(2026, 2, 26), 16))
    programme.clock.set(at(day, hour))
    assert await sweep(programme) == (chats(team, "julien", "awa") if said else set())


async def test_at_nine_of_the_local_clock_on_both_sides_of_its_change(programme, team):
    await asked(programme, team, "julien", asked_at=at(date(2026, 2, 26), 10), promised_at=at(date(2026, 2, 26), 16))
    for day in (date(2026, 3, 27), date(2026, 3, 30)):
        programme.clock.set(at(day, 8, 59))
        assert await sweep(programme) == set()
        programme.clock.set(at(day, 9))
        assert await sweep(programme) == chats(team, "julien", "awa")


async def test_who_is_away_has_none_and_hears_afterwards_of_all_that_came_meanwhile(programme, team):
    friday = MONDAY - timedelta(days=3)
    async with programme.database.write() as session:
        session.add(
            Absence(person_id=team["julien"].person_id, starts_on=friday, ends_on=MONDAY, created_at=at(friday, 8))
        )
    await asked(programme, team, "julien", asked_at=at(friday, 10), promised_at=at(friday, 16), answered=True)
    assert await sweep(programme) == chats(team, "awa")
    assert await digest(programme, team["julien"]) is None
    programme.clock.set(at(MONDAY + timedelta(days=1), 9))
    assert await sweep(programme) == chats(team, "julien")
    assert await digest(programme, team["julien"]) == TeamDigest(False, new=1)


async def test_what_is_over_when_it_leaves_is_not_said(programme, team):
    request = await asked(programme, team, "julien", asked_at=at(MONDAY, 8), promised_at=at(MONDAY, 16))
    assert await sweep(programme) == chats(team, "julien", "awa")
    async with programme.database.write() as session:
        (await session.get_one(SupportRequest, request.id)).state = SupportState.CLOSED
    assert await digest(programme, team["julien"]) is None
