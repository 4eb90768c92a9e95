"""The team's queue: whatever is asked of it, it shows what a plain look through all requests would."""

import random
from datetime import timedelta

import pytest
from query_plans import on_sqlite, readings, statements

from council.actors import Actor
from council.errors import NotAllowed
from council.support_states import is_late
from council.support_views import COUNTED, NO_COUNCIL, QueueFilter, Shelf, queue_page
from storage.people import Person, Role
from storage.support import ENDED, SupportKind, SupportRequest, SupportState
from tests.conftest import FakeClock, SmallProgramme

SIZE = 7


async def many_requests(
    programme: SmallProgramme, people: list[Actor], team: list[Actor], count: int, seed: int
) -> list[SupportRequest]:
    """Requests of every sort, some of them promised for the very same moment."""
    chance, now = random.Random(seed), programme.clock.now()
    kinds, councils = list(SupportKind)[:4], [programme.nord, programme.sud, None]
    made = []
    for number in range(count):
        asked = now - timedelta(hours=chance.randrange(0, 200))
        promised = asked + timedelta(hours=chance.randrange(1, 60))
        made.append(
            SupportRequest(
                number=f"D-2026-{number:05d}",
                person_id=chance.choice(people).person_id,
                council_id=chance.choice(councils),
                kind=chance.choice(kinds),
                state=chance.choice(list(SupportState)),
                animator_id=chance.choice([*(each.person_id for each in team), None]),
                created_at=asked,
                changed_at=asked,
                asked_at=asked,
                promised_at=promised,
                calendar="",
                first_answer_at=promised if chance.random() < 0.5 else None,
                request_key=f"test:{number}",
            )
        )
    async with programme.database.write() as session:
        session.add_all(made)
    return made


def plainly(requests: list[SupportRequest], me: Actor, sought: QueueFilter, clock: FakeClock) -> list[SupportRequest]:
    found = [
        each
        for each in requests
        if each.state not in ENDED
        and (sought.shelf is not Shelf.MINE or each.animator_id == me.person_id)
        and (sought.shelf is not Shelf.QUEUE or each.animator_id is None)
        and (sought.council is None or (each.council_id or NO_COUNCIL) == sought.council)
        and sought.kind in (None, each.kind)
        and sought.state in (None, each.state)
        and (not sought.late or is_late(each, clock.now()))
    ]
    return sorted(found, key=lambda each: (each.first_answer_at is not None, each.promised_at, each.id))


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_filter_shows_what_a_plain_look_through_all_would(
    programme: SmallProgramme, clock: FakeClock, seed: int
):
    people = [await programme.person(name) for name in ("Ali", "Bea")]
    team = [await programme.person(name, roles=((Role.ANIMATOR, programme.nord),)) for name in ("Julien", "Inès")]
    requests = await many_requests(programme, people, team, 150, seed)
    me = team[0]
    sought = [
        QueueFilter(shelf, council, kind, state, late)
        for shelf in Shelf
        for council in (None, NO_COUNCIL, programme.sud)
        for kind in (None, SupportKind.RULES)
        for state in (None, SupportState.IN_PROGRESS)
        for late in (False, True)
    ]
    async with programme.database.read() as session:
        for each in sought:
            expected = plainly(requests, me, each, clock)
            shown, page = [], 0
            while True:
                seen = await queue_page(session, clock, me, each, page, SIZE)
                shown += seen.rows
                if not seen.more:
                    break
                page += 1
            assert [row.number for row in shown] == [row.number for row in expected], each
            late = [row for row in expected if is_late(row, clock.now())]
            assert seen.counts.late == len(late)
            assert {row.number for row in shown if row.late} == {row.number for row in late}
            assert [row.answered for row in shown] == [row.first_answer_at is not None for row in expected]
        for shelf, count in ((Shelf.MINE, seen.counts.mine), (Shelf.TEAM, seen.counts.team)):
            assert count == len(plainly(requests, me, QueueFilter(shelf), clock))
        assert seen.counts.queue == len(plainly(requests, me, QueueFilter(Shelf.QUEUE), clock))
        # A page that is not there (any more), or never was.
        first = await queue_page(session, clock, me, QueueFilter(Shelf.TEAM), 0, SIZE)
        for page in (-5, 199, 10**15):
            assert (await queue_page(session, clock, me, QueueFilter(Shelf.TEAM), page, SIZE)).rows == first.rows
        for nobody in (QueueFilter(council=999_999), QueueFilter(council=-1)):
            assert (await queue_page(session, clock, me, nobody, 0, SIZE)).rows == ()


async def test_names_and_councils_stand_on_the_row_and_an_erased_person_has_no_name(
    programme: SmallProgramme, clock: FakeClock
):
    rosa = await programme.person("Rosa")
    julien = await programme.person("Julien", roles=((Role.ANIMATOR, programme.nord),))
    now = clock.now()
    async with programme.database.write() as session:
        for number, council, animator in (("1", programme.nord, julien.person_id), ("2", None, None)):
            session.add(
                SupportRequest(
                    number=number,
                    person_id=rosa.person_id,
                    council_id=council,
                    kind=SupportKind.ROOM,
                    state=SupportState.RECEIVED,
                    animator_id=animator,
                    created_at=now,
                    changed_at=now,
                    asked_at=now,
                    promised_at=now,
                    calendar="",
                    request_key=number,
                )
            )
    async with programme.database.write() as session:
        first, second = (await queue_page(session, clock, julien, QueueFilter(Shelf.TEAM), 0, 5)).rows
        assert (first.council, first.first_name, first.animator, first.late) == (
            "Quartier Nord",
            "Rosa",
            "Julien",
            False,
        )
        assert (second.council, second.animator) == (None, None)
        (await session.get_one(Person, rosa.person_id)).erased_at = now
    clock.advance(seconds=1)
    async with programme.database.read() as session:
        first, second = (await queue_page(session, clock, julien, QueueFilter(Shelf.TEAM), 0, 5)).rows
        assert (first.first_name, first.late, second.late) == (None, True, True)


async def test_nobody_else_sees_the_queue(programme: SmallProgramme, clock: FakeClock):
    outsiders = [
        await programme.person("Rosa", follows=(programme.nord,)),
        await programme.person("Fatou", roles=((Role.LEAD, programme.nord),)),
        await programme.person("Milo", roles=((Role.MEMBER, programme.nord),)),
    ]
    async with programme.database.read() as session:
        for each in outsiders:
            with pytest.raises(NotAllowed):
                await queue_page(session, clock, each, QueueFilter(Shelf.TEAM), 0, 5)


async def test_tabs_stop_counting_where_it_says_nothing_more(programme: SmallProgramme, clock: FakeClock):
    rosa = await programme.person("Rosa")
    linda = await programme.person("Linda", roles=((Role.COORDINATOR, None),))
    await many_requests(programme, [rosa], [linda], COUNTED * 3, seed=3)
    async with programme.database.read() as session:
        page = await queue_page(session, clock, linda, QueueFilter(Shelf.TEAM), 0, SIZE)
    assert page.counts.team == COUNTED
    assert page.more


@on_sqlite
async def test_every_shelf_is_read_by_its_index(programme: SmallProgramme, clock: FakeClock):
    """However many requests there are: no table is read through, and it is always two statements."""
    julien = await programme.person("Julien", roles=((Role.ANIMATOR, programme.nord),))
    async with programme.database.read() as session:
        for shelf in Shelf:
            with statements(programme.database) as asked:
                await queue_page(session, clock, julien, QueueFilter(shelf), 0, SIZE)
            selected = [each for each in asked if each[0].startswith("SELECT")]
            assert len(selected) == 2
            for each in selected:
                steps = await readings(session, each, "support_request")
                assert steps
                assert all("USING" in step and "INDEX ix_support_request" in step for step in steps), steps
