"""A request changes hands: once, with its promise and its history, and never into the wrong ones."""

import pytest
from promise_scenes import again, animator_of, coordinator_of, stands_in, steps, told
from sqlmodel import col, select, update
from team_scenes import ask, together

from council import roles
from council.actors import Actor
from council.contents import Content
from council.errors import NotAllowed, OutOfDate
from council.notices import NoticeKind
from council.privacy import erase_person
from council.support_states import may_handle, move
from council.support_taking import (
    NotOnTheTeam,
    TakenBy,
    TheirOwnRequest,
    release,
    take,
    transfer,
)
from council.support_talk import say_to_requester
from storage.animators import AnimatorPost
from storage.people import Role
from storage.support import ContentKind, SupportAct, SupportRequest, SupportState

ASSIGNED, LEFT, QUEUED, NEWS = (
    NoticeKind.SUPPORT_ASSIGNED,
    NoticeKind.SUPPORT_LEFT_YOU,
    NoticeKind.SUPPORT_QUEUED,
    NoticeKind.SUPPORT_NEWS,
)


async def takes(programme, actor: Actor, request: SupportRequest) -> SupportRequest:
    async with programme.database.write() as session:
        return await take(session, programme.clock, actor, request.id)


async def gives(programme, actor: Actor, request: SupportRequest, to: Actor) -> SupportRequest:
    async with programme.database.write() as session:
        return await transfer(session, programme.clock, programme.settings, actor, request.id, to.person_id)


async def releases(programme, actor: Actor, request: SupportRequest) -> SupportRequest:
    async with programme.database.write() as session:
        return await release(session, programme.clock, programme.settings, actor, request.id)


async def revokes(programme, actor: Actor, person: Actor, role: Role, council_id: int | None) -> None:
    async with programme.database.write() as session:
        await roles.revoke(session, programme.clock, actor, person.person_id, role, council_id)


async def hears(programme, kind: NoticeKind) -> list[int]:
    return [each.person_id for each in await told(programme, kind)]


async def test_of_two_who_take_at_once_one_has_it_and_the_other_knows_who(programme, rosa):
    request = await ask(programme, rosa)
    julien = await animator_of(programme, programme.nord)
    amina = await animator_of(programme, programme.sud, name="Amina")
    ends = await together(takes(programme, julien, request), takes(programme, amina, request))
    [refused] = [each for each in ends if isinstance(each, BaseException)]
    assert isinstance(refused, TakenBy)
    now = await again(programme, request)
    assert now.state is SupportState.ASSIGNED
    assert (refused.person_id, refused.name) == (
        now.animator_id,
        "Julien" if now.animator_id == julien.person_id else "Amina",
    )
    assert await steps(programme, request) == [("asked", ""), ("queued", ""), ("taken", "")]
    assert now.promised_at == request.promised_at


async def test_taking_again_changes_nothing_and_an_ended_request_is_not_taken(programme, rosa):
    request, julien = await ask(programme, rosa), await animator_of(programme, programme.nord)
    await takes(programme, julien, request)
    await takes(programme, julien, request)
    assert len(await steps(programme, request)) == 3
    ended = await ask(programme, await programme.person("Paul"))  # of no council: to the only animator
    async with programme.database.write() as session:
        one = await session.get_one(SupportRequest, ended.id)
        await move(session, programme.clock, one, SupportState.WITHDRAWN, SupportAct.WITHDRAWN, None)
    with pytest.raises(OutOfDate):
        await takes(programme, julien, ended)


async def test_only_the_team_takes_and_nobody_their_own(programme, rosa):
    request = await ask(programme, rosa)
    fatou = await programme.person("Fatou", roles=((Role.LEAD, programme.nord),))
    for nobody in (rosa, fatou):
        with pytest.raises(NotAllowed):
            await takes(programme, nobody, request)
    julien = await programme.person("Julien", follows=(programme.nord,), roles=((Role.ANIMATOR, programme.nord),))
    own = await ask(programme, julien)
    assert not may_handle(julien, own)
    for act in (takes(programme, julien, own), gives(programme, julien, own, julien), releases(programme, julien, own)):
        with pytest.raises(NotAllowed):
            await act
    claire = await coordinator_of(programme)
    with pytest.raises(TheirOwnRequest):
        await gives(programme, claire, own, julien)


async def test_a_request_given_to_a_colleague_keeps_its_promise_and_its_state(programme, rosa):
    julien = await animator_of(programme, programme.nord)
    amina = await animator_of(programme, programme.sud, name="Amina")
    request = await ask(programme, rosa)
    async with programme.database.write() as session:
        one = await session.get_one(SupportRequest, request.id)
        await move(session, programme.clock, one, SupportState.IN_PROGRESS, SupportAct.ANSWERED, julien)
    programme.clock.advance(hours=1)
    with pytest.raises(NotAllowed):  # not hers to take from him
        await gives(programme, amina, request, amina)
    given = await gives(programme, julien, request, amina)
    assert (given.animator_id, given.state) == (amina.person_id, SupportState.IN_PROGRESS)
    assert (given.promised_at, given.asked_at) == (request.promised_at, request.asked_at)
    assert await hears(programme, ASSIGNED) == [julien.person_id, amina.person_id]
    assert await hears(programme, LEFT) == [], "who gives it away knows"
    assert [(each.person_id, each.detail) for each in await told(programme, NEWS)] == [(rosa.person_id, "transferred")]
    await gives(programme, amina, request, amina)
    assert len(await hears(programme, ASSIGNED)) == 2, "to oneself: nothing happens"


async def test_the_coordinator_gives_any_to_anybody_and_back_and_each_is_told_again(programme, rosa):
    julien = await animator_of(programme, programme.nord)
    amina = await animator_of(programme, programme.sud, name="Amina")
    claire = await coordinator_of(programme)
    request = await ask(programme, rosa)
    await gives(programme, claire, request, amina)
    await gives(programme, claire, request, julien)
    await gives(programme, claire, request, amina)
    assert await hears(programme, ASSIGNED) == [each.person_id for each in (julien, amina, julien, amina)]
    assert await hears(programme, LEFT) == [each.person_id for each in (julien, amina, julien)]
    with pytest.raises(NotOnTheTeam):
        await gives(programme, claire, request, await programme.person("Fatou"))
    await gives(programme, claire, request, claire)
    assert (await again(programme, request)).animator_id == claire.person_id


async def test_of_two_who_give_at_once_the_second_is_out_of_date(programme, rosa):
    await animator_of(programme, programme.nord)
    amina = await animator_of(programme, programme.sud, name="Amina")
    one, two = await coordinator_of(programme), await coordinator_of(programme, name="Denis")
    request = await ask(programme, rosa)
    await together(gives(programme, one, request, amina), gives(programme, two, request, two))
    now = await again(programme, request)
    hands = [each for each in await steps(programme, request) if each[0] == "transferred"]
    assert now.animator_id in (amina.person_id, two.person_id)
    assert len(hands) in (1, 2), "one after the other, or the second refused; never two holders"
    assert (await hears(programme, ASSIGNED))[-1] == now.animator_id or now.animator_id == two.person_id


async def test_a_deputy_takes_over_and_gives_nothing_away(programme, rosa):
    julien = await animator_of(programme, programme.nord)
    amina = await animator_of(programme, programme.sud, name="Amina")
    await stands_in(programme, julien, amina)
    request = await ask(programme, rosa)
    with pytest.raises(NotAllowed):
        await gives(programme, amina, request, await coordinator_of(programme))
    await gives(programme, amina, request, amina)
    assert await hears(programme, LEFT) == [julien.person_id]
    assert await hears(programme, ASSIGNED) == [julien.person_id], "who takes it knows"


async def test_a_request_put_back_is_told_to_the_others(programme, rosa):
    julien = await animator_of(programme, programme.nord)
    request = await ask(programme, rosa)
    amina = await animator_of(programme, programme.nord, name="Amina")
    claire = await coordinator_of(programme)
    with pytest.raises(NotAllowed):
        await releases(programme, amina, request)
    back = await releases(programme, julien, request)
    assert (back.state, back.animator_id, back.promised_at) == (SupportState.RECEIVED, None, request.promised_at)
    assert await hears(programme, QUEUED) == [amina.person_id]
    with pytest.raises(OutOfDate):
        await releases(programme, claire, request)
    await takes(programme, amina, request)
    await releases(programme, claire, request)
    assert await hears(programme, LEFT) == [amina.person_id]
    assert await hears(programme, QUEUED) == [amina.person_id, julien.person_id]


async def test_what_is_held_goes_to_the_queue_when_the_role_ends(programme, rosa):
    claire = await coordinator_of(programme)
    julien = await animator_of(programme, programme.nord, programme.sud)
    paul = await programme.person("Paul", follows=(programme.sud,))
    north, south, done = await ask(programme, rosa), await ask(programme, paul), await ask(programme, paul)
    async with programme.database.write() as session:
        ending = update(SupportRequest).where(col(SupportRequest.id) == done.id)
        await session.exec(ending.values(state=SupportState.CARRIED_OUT))
    await revokes(programme, claire, julien, Role.ANIMATOR, programme.nord)
    assert ((await again(programme, north)).animator_id, (await again(programme, south)).animator_id) == (
        None,
        julien.person_id,
    ), "in the other council he goes on"
    await revokes(programme, claire, julien, Role.ANIMATOR, programme.sud)
    assert (await again(programme, south)).state is SupportState.RECEIVED
    assert (await again(programme, done)).state is SupportState.CARRIED_OUT, "that work is done"
    assert await hears(programme, QUEUED) == [claire.person_id, claire.person_id]
    with pytest.raises(NotAllowed):
        await takes(programme, await programme.again(julien.telegram_id), south)


async def test_a_role_that_ends_at_the_same_moment_leaves_nothing_behind(programme, rosa):
    claire = await coordinator_of(programme)
    request = await ask(programme, rosa)
    for n in range(3):
        julien = await animator_of(programme, programme.nord, name=f"Julien {n}")
        await together(
            revokes(programme, claire, julien, Role.ANIMATOR, programme.nord), takes(programme, julien, request)
        )
        assert (await again(programme, request)).animator_id is None


async def test_many_that_come_back_at_once_are_told_in_one_word(programme, rosa):
    claire = await coordinator_of(programme)
    julien = await animator_of(programme, programme.nord)
    for _ in range(4):
        await ask(programme, rosa)
    await revokes(programme, claire, julien, Role.ANIMATOR, programme.nord)
    assert [(each.person_id, each.detail) for each in await told(programme, QUEUED)] == [(claire.person_id, "several")]


async def test_a_coordinator_who_animates_no_more_keeps_what_they_hold(programme, rosa):
    claire = await programme.person("Claire", roles=((Role.COORDINATOR, None), (Role.ANIMATOR, programme.nord)))
    await coordinator_of(programme, name="Denis")
    request = await ask(programme, rosa)
    await revokes(programme, claire, claire, Role.ANIMATOR, programme.nord)
    assert (await again(programme, request)).animator_id == claire.person_id
    await revokes(programme, claire, claire, Role.COORDINATOR, None)
    assert (await again(programme, request)).animator_id is None


async def test_an_erased_account_leaves_its_requests_to_the_team(programme, rosa):
    claire = await coordinator_of(programme)
    julien = await animator_of(programme, programme.nord)
    request = await ask(programme, rosa)
    async with programme.database.write() as session:
        await erase_person(session, programme.clock, julien)
    now = await again(programme, request)
    assert (now.state, now.animator_id) == (SupportState.RECEIVED, None)
    assert await hears(programme, QUEUED) == [claire.person_id]
    async with programme.database.read() as session:
        posts = (await session.exec(select(AnimatorPost.person_id))).all()
    assert julien.person_id not in posts


async def test_an_answer_at_the_moment_when_the_role_ends_leaves_nothing_behind(programme, rosa):
    claire = await coordinator_of(programme)
    for n in range(3):
        request = await ask(programme, rosa)
        julien = await animator_of(programme, programme.nord, name=f"Julien {n}")

        async def answers(animator: Actor = julien, asked: SupportRequest = request, n: int = n) -> None:
            words = Content(ContentKind.TEXT, animator.telegram_id, 700 + n, ("Bonjour",))
            async with programme.database.write() as session:
                await say_to_requester(session, programme.clock, programme.settings, animator, asked.id, (words,))

        await together(revokes(programme, claire, julien, Role.ANIMATOR, programme.nord), answers())
        assert (await again(programme, request)).animator_id is None
        with pytest.raises(NotOnTheTeam):
            await answers(n=n + 10)
