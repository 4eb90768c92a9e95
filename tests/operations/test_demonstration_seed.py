"""What a newcomer finds in the demonstration: a council at work, by the rules that hold for everybody."""

from collections import Counter

import pytest
from sqlmodel import col, select

from bot.demo.directory import with_partners
from bot.demo.people import people_of
from bot.demo.seed import seed
from council.actors import load_actor
from council.notices import NoticeKind
from council.programme_file import programme_path, read_programme_file
from council.team_load import team_load
from locales.translator import translator
from storage.database import Database
from storage.meetings import Meeting, MeetingState
from storage.outbox import Notice
from storage.people import Person, Role, RoleGrant
from storage.programme import Council
from storage.proposals import Proposal
from storage.support import SupportRequest, SupportState


@pytest.mark.parametrize(("name", "councils", "animators"), [("toulouse", 12, 2), ("paris", 8, 8)])
async def test_it_begins_with_a_council_at_work(database: Database, clock, name: str, councils: int, animators: int):
    say = translator("fr")
    await seed(database, clock, name, with_partners(read_programme_file(programme_path(name)), say), say)
    async with database.read() as session:
        assert len((await session.exec(select(Council))).all()) == councils
        joined = (await session.exec(select(col(Person.first_name)))).all()
        roles = (await session.exec(select(col(RoleGrant.role)))).all()
        meetings = (await session.exec(select(Meeting))).all()
        stage = select(col(Council.id)).where(col(Council.code).in_(["empalot", "paris-18"])).scalar_subquery()
        requests = (await session.exec(select(SupportRequest).where(col(SupportRequest.council_id) == stage))).all()
        proposals = (await session.exec(select(col(Proposal.theme), col(Proposal.title)))).all()
        new = col(Notice.kind) == NoticeKind.SUPPORT_ASSIGNED
        called_new = (await session.exec(select(col(Notice.subject_id)).where(new))).all()
        received = col(SupportRequest.state).in_([SupportState.RECEIVED, SupportState.ASSIGNED])
        to_begin = (await session.exec(select(col(SupportRequest.id)).where(received))).all()
    assert sorted(joined) == sorted(each.first_name for each in people_of(name) if each.role is not None)
    assert {Role.LEAD, Role.ANIMATOR, Role.COORDINATOR, Role.MEMBER} <= set(roles)
    assert [each.state for each in meetings if each.starts_at > clock.now()] == [MeetingState.ANNOUNCED]
    assert Counter(each.state for each in requests) == {
        SupportState.RECEIVED: 1,
        SupportState.IN_PROGRESS: 1,
        SupportState.WAITING: 1,
        SupportState.CARRIED_OUT: 1,
        SupportState.CLOSED: 1,
    }
    assert all(each.created_at <= each.changed_at <= clock.now() for each in requests)
    assert set(called_new) <= set(to_begin)
    assert Counter(roles)[Role.ANIMATOR] == animators, "a request can be handed on"
    themes = {theme: title.split()[0] for theme, title in proposals}
    assert themes == {"espaces-verts": "Des", "securite": "Remettre", "vivre-ensemble": "Un"}


async def test_the_coordinator_of_paris_finds_a_team_at_work(database: Database, clock):
    say = translator("fr")
    programme = with_partners(read_programme_file(programme_path("paris")), say)
    await seed(database, clock, "paris", programme, say)
    async with database.read() as session:
        [coordinator] = [each for each in people_of("paris") if each.role is Role.COORDINATOR]
        team = await team_load(session, clock, programme, await load_actor(session, coordinator.telegram_id))
    animators = [each for each in team.people if each.capacity is not None]
    assert len(animators) == programme.team.animators == 8
    assert len(team.people) == programme.team.animators + programme.team.coordinators
    assert {each.open for each in animators} >= {0, 1, 2, 3, 4}, "some have more in hand than others"
    assert [each.first_name for each in animators if each.open == each.capacity] == ["Moussa"], "nobody else is full"
    assert [(each.first_name, each.late) for each in animators if each.late] == [("Moussa", 1)]
    assert [each.first_name for each in animators if each.away_until is not None] == ["Aïcha"]
    assert team.unassigned == 1


async def test_each_council_of_paris_has_an_animator(database: Database, clock):
    say = translator("fr")
    await seed(database, clock, "paris", with_partners(read_programme_file(programme_path("paris")), say), say)
    async with database.read() as session:
        accompanied = select(col(RoleGrant.council_id)).where(col(RoleGrant.role) == Role.ANIMATOR)
        assert sorted((await session.exec(accompanied)).all()) == sorted(await session.exec(select(col(Council.id))))


@pytest.mark.parametrize("name", ["toulouse", "paris"])
def test_nobody_reads_of_a_controller_who_is_still_to_be_named(name: str):
    written = read_programme_file(programme_path(name))
    shown = with_partners(written, translator("fr")).controller
    assert "à désigner" in written.controller.name
    assert "à " not in shown.name
    assert "@" in shown.contact
