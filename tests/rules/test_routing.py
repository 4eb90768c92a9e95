"""Who gets a request: a fair turn, nobody over their capacity, nobody who is away, deputies, then the queue."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from promise_scenes import again, animator_of, away, coordinator_of, paris, stands_in, steps, told
from sqlmodel import col, update
from team_scenes import ask, together

from council.animator_posts import set_capacity
from council.notices import NoticeKind
from council.routing import Candidate, choose_animator, fair_turn
from storage.animators import AnimatorSkill
from storage.people import Person, Role
from storage.support import SupportKind, SupportRequest, SupportState

SATURDAY = paris(2026, 3, 7, 11)
NEVER = datetime(2026, 3, 2, tzinfo=UTC)


def with_support(programme, **changes) -> None:
    support = programme.settings.support.model_copy(update=changes)
    programme.settings = programme.settings.model_copy(update={"support": support})


async def capacity(programme, animator, most: int) -> None:
    async with programme.database.write() as session:
        await set_capacity(session, programme.clock, animator, animator.person_id, most)


async def chosen(programme, council_id, kind=SupportKind.ROOM, **besides) -> int | None:
    async with programme.database.write() as session:
        return await choose_animator(session, programme.clock, programme.settings, council_id, kind, **besides)


people = st.lists(
    st.builds(
        Candidate,
        person_id=st.integers(1, 50),
        load=st.integers(0, 40),
        capacity=st.integers(1, 40),
        given_at=st.none() | st.integers(0, 1000).map(lambda n: NEVER + timedelta(minutes=n)),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda each: each.person_id,
)


@given(people)
def test_the_first_in_turn_is_never_busier_than_another(candidates):
    first, *others = fair_turn(candidates)
    for other in others:
        assert first.load * other.capacity <= other.load * first.capacity
        if first.load * other.capacity == other.load * first.capacity and first.given_at is not None:
            assert other.given_at is not None
            assert first.given_at <= other.given_at


@given(people)
def test_the_turn_forgets_nobody_and_does_not_depend_on_the_order(candidates):
    turn = fair_turn(candidates)
    assert Counter(turn) == Counter(candidates)
    assert fair_turn(reversed(candidates)) == turn


@given(st.lists(st.integers(1, 12), min_size=1, max_size=6), st.integers(0, 60))
def test_work_is_shared_by_capacity_until_all_are_full(capacities, requests):
    loads = dict.fromkeys(range(len(capacities)), 0)
    given_at: dict[int, datetime | None] = dict.fromkeys(loads)
    for n in range(requests):
        free = [Candidate(each, loads[each], capacities[each], given_at[each]) for each in loads]
        free = [each for each in fair_turn(free) if not each.is_full]
        if not free:
            assert loads == dict(enumerate(capacities))
            return
        loads[free[0].person_id] += 1
        given_at[free[0].person_id] = NEVER + timedelta(minutes=n)
    shares = [Fraction(loads[each], capacities[each]) for each in loads]
    assert max(shares) - min(shares) <= Fraction(1, min(capacities))


async def test_two_animators_are_given_requests_in_turn(programme, rosa):
    julien, amina = await animator_of(programme, programme.nord), await animator_of(programme, programme.nord)
    holders = []
    for _ in range(4):
        request = await ask(programme, rosa)
        holders.append(request.animator_id)
        assert request.state is SupportState.ASSIGNED
        programme.clock.advance(minutes=5)
    assert Counter(holders) == {julien.person_id: 2, amina.person_id: 2}
    assert holders[0] == holders[2], "one, then the other"
    assert [each.person_id for each in await told(programme, NoticeKind.SUPPORT_ASSIGNED)] == holders


async def test_who_takes_on_more_is_given_more(programme, rosa):
    julien, amina = await animator_of(programme, programme.nord), await animator_of(programme, programme.nord)
    await capacity(programme, julien, 4)
    await capacity(programme, amina, 2)
    holders = Counter([(await ask(programme, rosa)).animator_id for _ in range(7)])
    assert holders == {julien.person_id: 4, amina.person_id: 2, None: 1}, "the seventh waits in the queue"


async def test_work_that_is_done_leaves_room_again(programme, rosa):
    julien = await animator_of(programme, programme.nord)
    await capacity(programme, julien, 1)
    first = await ask(programme, rosa)
    assert (await ask(programme, rosa)).animator_id is None
    async with programme.database.write() as session:
        done = update(SupportRequest).where(col(SupportRequest.id) == first.id)
        await session.exec(done.values(state=SupportState.CARRIED_OUT))
    assert (await ask(programme, rosa)).animator_id == julien.person_id


async def test_two_requests_at_once_do_not_both_take_the_last_room(programme, rosa):
    paul = await programme.person("Paul", follows=(programme.nord,))
    julien = await animator_of(programme, programme.nord)
    await capacity(programme, julien, 1)
    made = await together(ask(programme, rosa), ask(programme, paul))
    assert sorted(each.animator_id or 0 for each in made) == [0, julien.person_id]


async def test_who_is_away_on_the_next_working_day_is_passed_over(programme, rosa):
    julien, amina = await animator_of(programme, programme.nord), await animator_of(programme, programme.nord)
    programme.clock.set(SATURDAY)
    await away(programme, julien, date(2026, 3, 9), date(2026, 3, 9))
    assert {(await ask(programme, rosa)).animator_id for _ in range(3)} == {amina.person_id}
    programme.clock.set(paris(2026, 3, 9, 18, 30))  # after hours: the next working day is the tenth
    assert (await ask(programme, rosa)).animator_id == julien.person_id


async def test_the_deputy_stands_in_for_who_is_away_or_full_and_the_queue_for_both(programme, rosa):
    julien, amina = await animator_of(programme, programme.nord), await animator_of(programme, programme.sud)
    await stands_in(programme, julien, amina)
    await capacity(programme, amina, 1)
    await away(programme, julien, date(2026, 3, 1), date(2026, 3, 6))
    assert (await ask(programme, rosa)).animator_id == amina.person_id
    queued = await ask(programme, rosa)
    assert queued.animator_id is None
    assert queued.state is SupportState.RECEIVED
    told_of = [each.person_id for each in await told(programme, NoticeKind.SUPPORT_QUEUED)]
    assert told_of == [amina.person_id], "who animates the council is away: who is there hears of it"
    assert await steps(programme, queued) == [("asked", ""), ("queued", "")]


async def test_a_deputy_who_left_the_team_or_is_away_stands_in_no_more(programme, rosa):
    julien = await animator_of(programme, programme.nord)
    former = await programme.person("Denis")
    await stands_in(programme, julien, former)
    await away(programme, julien, date(2026, 3, 1), date(2026, 3, 6))
    assert (await ask(programme, rosa)).animator_id is None
    claire = await coordinator_of(programme)
    await stands_in(programme, julien, claire)
    assert (await ask(programme, rosa)).animator_id == claire.person_id
    await away(programme, claire, date(2026, 3, 1), date(2026, 3, 6))
    assert (await ask(programme, rosa)).animator_id is None


async def test_kinds_go_to_who_knows_them_where_the_programme_says_so(programme, rosa):
    julien = await animator_of(programme, programme.nord)
    amina, samir = await animator_of(programme, programme.nord), await animator_of(programme, programme.sud)
    async with programme.database.write() as session:
        session.add(AnimatorSkill(person_id=amina.person_id, kind=SupportKind.BUDGET))
        session.add(AnimatorSkill(person_id=samir.person_id, kind=SupportKind.SAISINE))
    with_support(programme, skills=(SupportKind.BUDGET, SupportKind.SAISINE, SupportKind.TRAINING))
    assert {(await ask(programme, rosa, kind=SupportKind.BUDGET)).animator_id for _ in range(3)} == {amina.person_id}
    assert (await ask(programme, rosa, kind=SupportKind.SAISINE)).animator_id == samir.person_id, "from elsewhere"
    assert (await ask(programme, rosa, kind=SupportKind.TRAINING)).animator_id == julien.person_id, "nobody knows it"
    paul = await programme.person("Paul")  # of no council
    assert (await ask(programme, paul, kind=SupportKind.SAISINE)).animator_id == samir.person_id
    assert (await ask(programme, paul, kind=SupportKind.TRAINING)).animator_id is None
    with_support(programme, skills=())
    assert {(await ask(programme, rosa, kind=SupportKind.SAISINE)).animator_id for _ in range(2)} <= {
        julien.person_id,
        amina.person_id,
    }


async def test_a_request_of_no_council_goes_to_the_only_animator_else_to_the_queue(programme):
    paul = await programme.person("Paul")
    julien = await animator_of(programme, programme.nord, programme.sud)
    assert (await ask(programme, paul)).animator_id == julien.person_id
    await animator_of(programme, programme.nord)
    assert (await ask(programme, paul)).animator_id is None


async def test_nobody_is_given_their_own_request(programme):
    julien = await programme.person("Julien", follows=(programme.nord,), roles=((Role.ANIMATOR, programme.nord),))
    claire = await coordinator_of(programme)
    request = await ask(programme, julien)
    assert request.animator_id is None
    assert [each.person_id for each in await told(programme, NoticeKind.SUPPORT_QUEUED)] == [claire.person_id]


async def test_a_programme_without_animators_tells_who_coordinates(programme, rosa):
    claire = await coordinator_of(programme)
    request = await ask(programme, rosa)
    assert (request.state, request.animator_id) == (SupportState.RECEIVED, None)
    assert [each.person_id for each in await told(programme, NoticeKind.SUPPORT_QUEUED)] == [claire.person_id]


async def test_who_cannot_be_written_to_is_given_nothing(programme, rosa):
    julien = await animator_of(programme, programme.nord)
    async with programme.database.write() as session:
        gone = update(Person).where(col(Person.id) == julien.person_id)
        await session.exec(gone.values(unreachable_since=programme.clock.now()))
    request = await ask(programme, rosa)
    assert request.animator_id is None
    assert (await again(programme, request)).state is SupportState.RECEIVED


async def test_the_choice_is_the_same_until_it_is_made(programme):
    julien, _ = await animator_of(programme, programme.nord), await animator_of(programme, programme.nord)
    assert await chosen(programme, programme.nord) == await chosen(programme, programme.nord) == julien.person_id
    assert await chosen(programme, programme.nord, besides=frozenset({julien.person_id})) != julien.person_id
    assert await chosen(programme, programme.sud) is None
