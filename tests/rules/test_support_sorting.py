"""Requests put in their place: kind and council, waiting, meetings, links, duplicates; and the way to find one."""

import pytest
from meeting_scenes import plan
from promise_scenes import again, animator_of, change, coordinator_of, steps, told
from team_scenes import ask, together

from council.errors import NotAllowed, OutOfDate, Refusal
from council.meetings import create_meeting
from council.notices import NoticeKind
from council.support_history import Said, history_page
from council.support_near import find_request, near_requests
from council.support_overview import colleagues, team_view
from council.support_sorting import (
    AnswerFirst,
    MergedElsewhere,
    RequestOver,
    SameRequest,
    attach_meeting,
    link,
    meetings_to_attach,
    merge,
    qualify,
    wait_for_requester,
)
from council.support_taking import take
from storage.people import Role
from storage.support import SupportKind, SupportState

NEWS = NoticeKind.SUPPORT_NEWS


@pytest.fixture
async def ali(programme):
    return await programme.person("Ali", follows=(programme.sud,))


async def qualifies(programme, actor, request, **changes):
    async with programme.database.write() as session:
        return await qualify(session, programme.clock, programme.settings, actor, request.id, **changes)


async def merges(programme, actor, request, into):
    async with programme.database.write() as session:
        return await merge(session, programme.clock, actor, request.id, into.id)


async def sees(programme, actor, request):
    async with programme.database.read() as session:
        return await team_view(session, programme.clock, actor, request.id)


async def test_qualifying_what_waits_gives_it_to_who_is_found_and_changes_nothing_twice(programme, rosa):
    request = await ask(programme, rosa)
    linda = await coordinator_of(programme)
    await qualifies(programme, linda, request, kind=SupportKind.TRAINING)
    now = await again(programme, request)
    assert (now.kind, now.state, now.animator_id) == (SupportKind.TRAINING, SupportState.QUALIFIED, None)
    julien = await animator_of(programme, programme.sud)
    await qualifies(programme, linda, request, council_id=programme.sud)
    now = await again(programme, request)
    assert (now.council_id, now.state, now.animator_id) == (programme.sud, SupportState.ASSIGNED, julien.person_id)
    before = await steps(programme, request)
    await qualifies(programme, linda, request, council_id=programme.sud, kind=SupportKind.TRAINING)
    assert await steps(programme, request) == before
    assert ("qualified", "kind") in before
    assert ("qualified", "council_id") in before


async def test_qualifying_what_somebody_has_leaves_it_with_them(programme, rosa):
    julien = await animator_of(programme, programme.nord)
    await animator_of(programme, programme.sud, name="Amina")
    request = await ask(programme, rosa)
    await qualifies(programme, julien, request, council_id=programme.sud)
    now = await again(programme, request)
    assert (now.animator_id, now.state) == (julien.person_id, SupportState.ASSIGNED)


async def test_who_takes_and_who_qualifies_at_once_do_not_wait_for_each_other(programme, rosa):
    claire = await coordinator_of(programme)
    asked = [await ask(programme, rosa) for _ in range(4)]
    julien = await animator_of(programme, programme.nord)

    async def takes(request):
        async with programme.database.write() as session:
            await take(session, programme.clock, julien, request.id)

    acts = [act for each in asked for act in (takes(each), qualifies(programme, claire, each, kind=SupportKind.TOOLS))]
    ends = await together(*acts)
    assert [each for each in ends if isinstance(each, BaseException) and not isinstance(each, Refusal)] == []
    assert {(await again(programme, each)).animator_id for each in asked} == {julien.person_id}


async def test_nobody_else_sorts_anything_and_ended_requests_stay_as_they_are(programme, rosa, ali):
    julien = await animator_of(programme, programme.nord)
    lead = await programme.person("Fatou", roles=((Role.LEAD, programme.nord),))
    request, other = await ask(programme, rosa), await ask(programme, ali)
    clock = programme.clock
    for actor in (rosa, ali, lead):
        for act in (
            lambda session, a=actor: qualify(session, clock, programme.settings, a, request.id, kind=SupportKind.RULES),
            lambda session, a=actor: wait_for_requester(session, clock, a, request.id),
            lambda session, a=actor: attach_meeting(session, clock, a, request.id, 1),
            lambda session, a=actor: meetings_to_attach(session, clock, a, request.id, 5),
            lambda session, a=actor: link(session, clock, a, request.id, other.id),
            lambda session, a=actor: merge(session, clock, a, request.id, other.id),
            lambda session, a=actor: team_view(session, clock, a, request.id),
            lambda session, a=actor: history_page(session, a, request.id, 0, 5),
            lambda session, a=actor: colleagues(session, a, request.id),
            lambda session, a=actor: near_requests(session, a, request.id, 5),
        ):
            async with programme.database.write() as session:
                with pytest.raises(NotAllowed):
                    await act(session)
    for council in (999_999, -1, 0):
        with pytest.raises(NotAllowed):
            await qualifies(programme, julien, request, council_id=council)
    await change(programme, request, state=SupportState.CLOSED)
    for act in (
        qualifies(programme, julien, request, kind=SupportKind.RULES),
        merges(programme, julien, request, other),
        merges(programme, julien, other, request),
    ):
        with pytest.raises(RequestOver):
            await act


async def test_waiting_needs_an_answer_and_somebody_who_works_on_it(programme, rosa):
    julien = await animator_of(programme, programme.nord)
    request = await ask(programme, rosa)

    async def waits():
        async with programme.database.write() as session:
            return await wait_for_requester(session, programme.clock, julien, request.id)

    with pytest.raises(AnswerFirst):
        await waits()
    await change(programme, request, state=SupportState.IN_PROGRESS, first_answer_at=programme.clock.now())
    await waits()
    await waits()
    assert (await again(programme, request)).state is SupportState.WAITING
    assert (await steps(programme, request)).count(("waiting", "")) == 1
    await change(programme, request, state=SupportState.RECEIVED, animator_id=None)
    with pytest.raises(OutOfDate):
        await waits()


async def test_a_duplicate_goes_into_the_other_and_both_people_are_told(programme, rosa, ali):
    julien = await animator_of(programme, programme.nord)
    one, two = await ask(programme, rosa), await ask(programme, ali)
    into = await merges(programme, julien, one, two)
    assert into.id == two.id
    gone = await again(programme, one)
    assert (gone.state, gone.duplicate_of_id) == (SupportState.MERGED, two.id)
    assert gone.closed_at is not None
    news = [(each.person_id, each.subject_id) for each in await told(programme, NEWS) if each.detail == "merged"]
    assert sorted(news) == sorted([(rosa.person_id, one.id), (ali.person_id, two.id)])
    assert ("merged", two.number) in await steps(programme, one)
    assert ("attached", f"duplicate {one.number}") in await steps(programme, two)
    # The words of each are one tap from the other.
    assert [(each.id, each.merged_here) for each in (await sees(programme, julien, two)).related] == [(one.id, True)]
    assert [(each.id, each.merged_there) for each in (await sees(programme, julien, one)).related] == [(two.id, True)]


async def test_merging_never_goes_round_nor_into_itself(programme, rosa, ali):
    julien = await animator_of(programme, programme.nord)
    one, two, three = await ask(programme, rosa), await ask(programme, rosa), await ask(programme, ali)
    with pytest.raises(SameRequest):
        await merges(programme, julien, one, one)
    await merges(programme, julien, one, two)
    with pytest.raises(MergedElsewhere) as refused:
        await merges(programme, julien, three, one)
    assert refused.value.number == two.number
    with pytest.raises(MergedElsewhere):
        await merges(programme, julien, two, one)
    with pytest.raises(RequestOver):
        await merges(programme, julien, one, three)
    await merges(programme, julien, two, three)
    assert (await again(programme, one)).duplicate_of_id == three.id, "what was merged before follows"
    for unknown in (999_999, -1):
        async with programme.database.write() as session:
            with pytest.raises(NotAllowed):
                await merge(session, programme.clock, julien, three.id, unknown)


async def test_of_two_that_are_merged_into_each_other_at_once_one_goes_on(programme, rosa, ali):
    julien, amina = await animator_of(programme, programme.nord), await animator_of(programme, programme.sud)
    one, two = await ask(programme, rosa), await ask(programme, ali)
    ends = await together(merges(programme, julien, one, two), merges(programme, amina, two, one))
    assert len([each for each in ends if isinstance(each, BaseException)]) == 1
    states = {(await again(programme, each)).state for each in (one, two)}
    assert states == {SupportState.MERGED, SupportState.ASSIGNED}


async def test_the_same_person_is_told_once_of_a_merge(programme, rosa):
    julien = await animator_of(programme, programme.nord)
    one, two = await ask(programme, rosa), await ask(programme, rosa)
    await merges(programme, julien, one, two)
    assert [each.subject_id for each in await told(programme, NEWS) if each.detail == "merged"] == [one.id]


async def test_who_asked_is_not_of_the_team_for_their_own_request(programme):
    julien = await programme.person(
        "Julien", follows=(programme.nord,), roles=((Role.ANIMATOR, programme.nord), (Role.ANIMATOR, programme.sud))
    )
    own = await ask(programme, julien, programme.nord)
    with pytest.raises(NotAllowed):
        await qualifies(programme, julien, own, kind=SupportKind.RULES)
    async with programme.database.read() as session:
        assert await find_request(session, julien, own.number) == own.id


async def test_links_are_seen_from_both_sides(programme, rosa, ali):
    julien = await animator_of(programme, programme.nord)
    one, two = await ask(programme, rosa), await ask(programme, ali)
    async with programme.database.write() as session:
        with pytest.raises(SameRequest):
            await link(session, programme.clock, julien, one.id, one.id)
        await link(session, programme.clock, julien, one.id, two.id)
        await link(session, programme.clock, julien, one.id, two.id)
    for here, there in ((one, two), (two, one)):
        related = (await sees(programme, julien, here)).related
        assert [(each.number, each.merged_here, each.merged_there) for each in related] == [
            (there.number, False, False)
        ]
    assert (await steps(programme, one)).count(("attached", two.number)) == 1


async def test_only_meetings_of_its_council_can_be_attached(programme, rosa):
    julien = await animator_of(programme, programme.nord)
    linda = await coordinator_of(programme)
    request = await ask(programme, rosa)
    made = {}
    for name, council in (("nord", programme.nord), ("sud", programme.sud)):
        async with programme.database.write() as session:
            meeting = await create_meeting(
                session, programme.clock, programme.settings, linda, frozenset({council}),
                plan(title=name), f"test:{name}",
            )  # fmt: skip
            made[name] = meeting.id
    async with programme.database.write() as session:
        offered = await meetings_to_attach(session, programme.clock, julien, request.id, 5)
        assert [each.id for each in offered] == [made["nord"]]
        for foreign in (made["sud"], 999_999, -1):
            with pytest.raises(NotAllowed):
                await attach_meeting(session, programme.clock, julien, request.id, foreign)
        await attach_meeting(session, programme.clock, julien, request.id, made["nord"])
        await attach_meeting(session, programme.clock, julien, request.id, made["nord"])
    assert (await sees(programme, julien, request)).meeting == "nord"
    assert (await steps(programme, request)).count(("attached", "meeting")) == 1


async def test_the_story_has_everything_once_page_by_page(programme, rosa):
    julien = await animator_of(programme, programme.nord)
    request = await ask(programme, rosa)
    await qualifies(programme, julien, request, kind=SupportKind.RULES)
    whole = []
    async with programme.database.read() as session:
        page = 0
        while True:
            seen = await history_page(session, julien, request.id, page, 2)
            whole += seen.entries
            if not seen.more:
                break
            page += 1
        assert (await history_page(session, julien, request.id, 10**9, 2)).page == 0
    assert len([each for each in whole if isinstance(each, Said)]) == 1
    acts = [each.act.value for each in whole if not isinstance(each, Said)]
    assert acts == [act for act, _ in await steps(programme, request)]


async def test_colleagues_come_with_their_load_the_council_first(programme, rosa):
    julien = await animator_of(programme, programme.nord)
    request = await ask(programme, rosa)
    amina = await animator_of(programme, programme.sud, name="Amina")
    inès = await animator_of(programme, programme.nord, name="Inès")
    await coordinator_of(programme)
    async with programme.database.read() as session:
        found = await colleagues(session, julien, request.id)
    assert [(each.first_name, each.accompanies, each.load) for each in found] == [
        ("Inès", True, 0),
        ("Amina", False, 0),
        ("Claire", False, 0),
    ]
    assert {amina.person_id, inès.person_id} < {each.person_id for each in found}


async def test_a_number_opens_only_what_one_may_see(programme, rosa, ali):
    julien = await animator_of(programme, programme.nord)
    request = await ask(programme, rosa)
    async with programme.database.read() as session:
        for actor in (rosa, julien):
            assert await find_request(session, actor, request.number) == request.id
        with pytest.raises(NotAllowed):
            await find_request(session, ali, request.number)
        with pytest.raises(NotAllowed):
            await find_request(session, julien, "D-2026-999")
