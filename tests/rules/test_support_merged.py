"""Requests that were put together: whatever becomes of the one that goes on, nobody waits in silence for it."""

import pytest
from promise_scenes import again, animator_of, coordinator_of, told
from team_scenes import ask

from council.mails import MailWords
from council.notices import NoticeKind
from council.privacy import erase_person
from council.resource_actors import add_actor
from council.support_end import withdraw
from council.support_redirect import redirect
from council.support_sorting import merge
from storage.support import SupportState

NEWS, ASSIGNED = NoticeKind.SUPPORT_NEWS, NoticeKind.SUPPORT_ASSIGNED


class Together:
    """Rosa's request goes on for Ali's and Zoé's, in Julien's hands."""

    def __init__(self, programme, julien, rosa, ali, zoe) -> None:
        self.programme, self.julien, self.rosa, self.ali, self.zoe = programme, julien, rosa, ali, zoe

    async def merged(self) -> None:
        self.one, self.two, self.three = [await ask(self.programme, each) for each in (self.rosa, self.ali, self.zoe)]
        for each in (self.two, self.three):
            async with self.programme.database.write() as session:
                await merge(session, self.programme.clock, self.julien, each.id, self.one.id)

    async def states(self) -> list[tuple[SupportState, int | None, int | None]]:
        now = [await again(self.programme, each) for each in (self.one, self.two, self.three)]
        return [(each.state, each.animator_id, each.duplicate_of_id) for each in now]


@pytest.fixture
async def case(programme) -> Together:
    julien = await animator_of(programme, programme.nord)
    await coordinator_of(programme)
    people = [await programme.person(name, follows=(programme.nord,)) for name in ("Rosa", "Ali", "Zoé")]
    made = Together(programme, julien, *people)
    await made.merged()
    return made


@pytest.mark.parametrize("how", ["withdrawn", "erased"])
async def test_taken_back_by_its_requester_it_goes_on_as_the_next_ones(case, how):
    case.programme.clock.advance(hours=30)
    async with case.programme.database.write() as session:
        if how == "withdrawn":
            await withdraw(session, case.programme.clock, case.rosa, case.one.id)
        else:
            await erase_person(session, case.programme.clock, case.rosa)
    assert await case.states() == [
        (SupportState.WITHDRAWN, case.julien.person_id, None),
        (SupportState.ASSIGNED, case.julien.person_id, None),
        (SupportState.MERGED, case.julien.person_id, case.two.id),
    ]
    heir = await again(case.programme, case.two)
    assert (heir.rounds, heir.closed_at) == (2, None)
    assert heir.promised_at > case.programme.clock.now()
    news = [(each.person_id, each.subject_id, each.detail) for each in await told(case.programme, NEWS)]
    assert news[-1] == (case.ali.person_id, case.two.id, "transferred")
    assert (case.julien.person_id, case.two.id) in [
        (each.person_id, each.subject_id) for each in await told(case.programme, ASSIGNED)
    ]


async def test_who_has_left_inherits_nothing(case):
    for person in (case.ali, case.rosa, case.zoe):
        async with case.programme.database.write() as session:
            await erase_person(session, case.programme.clock, person)
    assert [state for state, _, _ in await case.states()] == [
        SupportState.WITHDRAWN,
        SupportState.MERGED,
        SupportState.WITHDRAWN,
    ]


async def test_redirected_all_who_asked_hear_where_to_turn(case):
    clock = case.programme.clock
    async with case.programme.database.write() as session:
        entry = await add_actor(session, clock, case.julien, "Maison des associations", [])
        letter = MailWords("Objet", "Texte")
        await redirect(
            session, clock, case.programme.settings, case.julien, case.one.id, entry, lambda _redirection: letter
        )
    assert [state for state, _, _ in await case.states()] == [SupportState.REDIRECTED] * 3
    assert (await again(case.programme, case.three)).resource_actor_id == entry
    news = [each.person_id for each in await told(case.programme, NEWS) if each.detail == "redirected"]
    assert sorted(news) == sorted(each.person_id for each in (case.rosa, case.ali, case.zoe))
