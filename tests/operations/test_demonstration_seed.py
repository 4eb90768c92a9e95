"""What a newcomer finds in the demonstration: a council at work, by the rules that hold for everybody."""

from collections import Counter

import pytest
from sqlmodel import col, select

from bot.demo.directory import with_partners
from bot.demo.people import PEOPLE
from bot.demo.seed import seed
from council.notices import NoticeKind
from council.programme_file import programme_path, read_programme_file
from locales.translator import translator
from storage.database import Database
from storage.meetings import Meeting, MeetingState
from storage.outbox import Notice
from storage.people import Person, Role, RoleGrant
from storage.programme import Council
from storage.proposals import Proposal
from storage.support import SupportRequest, SupportState


@pytest.mark.parametrize(("name", "councils"), [("toulouse", 12), ("paris", 8)])
async def test_it_begins_with_a_council_at_work(database: Database, clock, name: str, councils: int):
    say = translator("fr")
    await seed(database, clock, name, with_partners(read_programme_file(programme_path(name)), say), say)
    async with database.read() as session:
        assert len((await session.exec(select(Council))).all()) == councils
        joined = (await session.exec(select(col(Person.first_name)))).all()
        roles = (await session.exec(select(col(RoleGrant.role)))).all()
        meetings = (await session.exec(select(Meeting))).all()
        requests = (await session.exec(select(SupportRequest))).all()
        proposals = (await session.exec(select(col(Proposal.theme), col(Proposal.title)))).all()
        new = col(Notice.kind) == NoticeKind.SUPPORT_ASSIGNED
        called_new = (await session.exec(select(col(Notice.subject_id)).where(new))).all()
    assert sorted(joined) == sorted(each.first_name for each in PEOPLE if each.role is not None)
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
    assert set(called_new) <= {each.id for each in requests if each.state is SupportState.RECEIVED}
    assert Counter(roles)[Role.ANIMATOR] == 2, "a request can be handed on"
    themes = {theme: title.split()[0] for theme, title in proposals}
    assert themes == {"espaces-verts": "Des", "securite": "Remettre", "vivre-ensemble": "Un"}


@pytest.mark.parametrize("name", ["toulouse", "paris"])
def test_nobody_reads_of_a_controller_who_is_still_to_be_named(name: str):
    written = read_programme_file(programme_path(name))
    shown = with_partners(written, translator("fr")).controller
    assert "à désigner" in written.controller.name
    assert "à " not in shown.name
    assert "@" in shown.contact
