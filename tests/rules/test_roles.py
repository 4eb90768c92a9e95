"""Roles are given and taken away by who may, told to the person, and never leave the programme without coordinator."""

import asyncio

import pytest
from sqlmodel import col, select

from council import invitations, roles
from council.errors import NotAllowed, OutOfDate
from council.invitations import TokenRevoked, invite
from council.roles import LastCoordinator
from handlers.notices import Delivery, render
from handlers.notices import role as _renderers
from locales.translator import translator
from storage.invitations import Invitation
from storage.outbox import Notice
from storage.people import College, Person, Role, RoleGrant

assert _renderers


@pytest.fixture
async def coordinator(programme):
    return await programme.person("Claire", roles=((Role.COORDINATOR, None),))


async def _revoke(programme, actor, person, role, council_id):
    async with programme.database.write() as session:
        await roles.revoke(session, programme.clock, actor, person.person_id, role, council_id)


async def _grant(programme, actor, person, role, council_id, college=None):
    async with programme.database.write() as session:
        await roles.grant(session, programme.clock, actor, person.person_id, role, council_id, college)


async def _told(programme) -> list[tuple[int, str | None]]:
    """To whom each notice goes, and what it says now."""
    async with programme.database.read() as session:
        told = []
        for notice in (await session.exec(select(Notice).order_by(col(Notice.id)))).all():
            card = await render(
                Delivery(session, notice, translator("fr"), programme.settings, programme.clock, "portevoix_bot")
            )
            told.append((notice.chat_id, str(card.text) if card else None))
        return told


async def test_a_role_taken_away_is_gone_at_once_and_told_to_the_person(programme, coordinator):
    lea = await programme.person("Léa", follows=(programme.nord,), roles=((Role.LEAD, programme.nord),))
    await _revoke(programme, coordinator, lea, Role.LEAD, programme.nord)
    after = await programme.again(lea.telegram_id)
    assert (after.held, after.follows) == ((), {programme.nord})
    ((chat, words),) = await _told(programme)
    assert chat == lea.telegram_id
    assert "Vous n’avez plus ce rôle." in words
    assert "référent ou référente – Quartier Nord" in words


async def test_a_notice_is_no_longer_true_once_the_role_came_back(programme, coordinator):
    lea = await programme.person("Léa", roles=((Role.LEAD, programme.nord),))
    await _revoke(programme, coordinator, lea, Role.LEAD, programme.nord)
    await _grant(programme, coordinator, lea, Role.LEAD, programme.nord)
    (_, revoked), (_, given) = await _told(programme)
    assert revoked is None
    assert "Vous avez un nouveau rôle." in given
    await _revoke(programme, coordinator, lea, Role.LEAD, programme.nord)
    assert [words is None for _, words in await _told(programme)] == [False, True, False]


async def test_taking_away_what_is_not_held_is_out_of_date(programme, coordinator):
    lea = await programme.person("Léa", roles=((Role.LEAD, programme.nord),))
    for person, role, council_id in (
        (lea, Role.LEAD, programme.sud),
        (lea, Role.MEMBER, programme.nord),
        (lea, Role.COORDINATOR, None),
    ):
        with pytest.raises(OutOfDate):
            await _revoke(programme, coordinator, person, role, council_id)
    results = await asyncio.gather(
        *(_revoke(programme, coordinator, lea, Role.LEAD, programme.nord) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in results) == ["NoneType", "OutOfDate"]
    assert len(await _told(programme)) == 1


async def test_only_the_coordinator_and_leads_for_their_members_take_away(programme, coordinator):
    zoe = await programme.person("Zoé", roles=((Role.MEMBER, programme.nord),))
    for name, held in (
        ("Animatrice", (Role.ANIMATOR, programme.nord)),
        ("Référent du sud", (Role.LEAD, programme.sud)),
        ("Membre", (Role.MEMBER, programme.nord)),
    ):
        actor = await programme.person(name, roles=(held,))
        with pytest.raises(NotAllowed):
            await _revoke(programme, actor, zoe, Role.MEMBER, programme.nord)
    lea = await programme.person("Léa", roles=((Role.LEAD, programme.nord),))
    for role, council_id, person in ((Role.LEAD, programme.nord, lea), (Role.COORDINATOR, None, coordinator)):
        with pytest.raises(NotAllowed):
            await _revoke(programme, lea, person, role, council_id)
    await _revoke(programme, lea, zoe, Role.MEMBER, programme.nord)
    assert (await programme.again(zoe.telegram_id)).held == ()


async def test_the_last_coordinator_stays(programme, coordinator):
    with pytest.raises(LastCoordinator):
        await _revoke(programme, coordinator, coordinator, Role.COORDINATOR, None)
    paul = await programme.person("Paul", roles=((Role.COORDINATOR, None),))
    await _revoke(programme, coordinator, coordinator, Role.COORDINATOR, None)
    assert await _told(programme) == []  # their own act
    with pytest.raises(LastCoordinator):
        await _revoke(programme, paul, paul, Role.COORDINATOR, None)
    async with programme.database.read() as session:
        assert await roles.has_coordinator(session)


async def test_two_coordinators_who_dismiss_each_other_one_stays(programme, coordinator):
    paul = await programme.person("Paul", roles=((Role.COORDINATOR, None),))
    results = await asyncio.gather(
        _revoke(programme, coordinator, paul, Role.COORDINATOR, None),
        _revoke(programme, paul, coordinator, Role.COORDINATOR, None),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in results) == ["LastCoordinator", "NoneType"]
    left = [(await programme.again(each.telegram_id)).is_coordinator for each in (coordinator, paul)]
    assert sorted(left) == [False, True]


async def test_links_that_rested_on_the_role_close_with_it(programme, coordinator):
    lea = await programme.person("Léa", roles=((Role.LEAD, programme.nord), (Role.LEAD, programme.sud)))
    async with programme.database.write() as session:
        north = await invite(session, programme.clock, lea, Role.MEMBER, programme.nord)
        south = await invite(session, programme.clock, lea, Role.MEMBER, programme.sud)
        public = await invitations.public_link(session, programme.clock, programme.nord)
    await _revoke(programme, coordinator, lea, Role.LEAD, programme.nord)
    async with programme.database.read() as session:
        with pytest.raises(TokenRevoked):
            await invitations.preview(session, programme.clock, north.token)
        assert (await invitations.preview(session, programme.clock, south.token)).council_id == programme.sud
        assert (await invitations.preview(session, programme.clock, public)).role is Role.RESIDENT
        assert len((await session.exec(select(Invitation).where(col(Invitation.revoked_at).is_not(None)))).all()) == 1


async def test_the_coordinator_gives_a_role_in_one_more_council(programme, coordinator):
    ana = await programme.person("Ana", roles=((Role.ANIMATOR, programme.nord),))
    for _ in range(2):
        await _grant(programme, coordinator, ana, Role.ANIMATOR, programme.sud)
    after = await programme.again(ana.telegram_id)
    assert after.managed_councils == {programme.nord, programme.sud}
    assert after.follows == {programme.sud}
    assert [(chat, "Quartier Sud" in words) for chat, words in await _told(programme)] == [(ana.telegram_id, True)]


async def test_forged_gifts_are_refused(programme, coordinator):
    ana = await programme.person("Ana", roles=((Role.ANIMATOR, programme.nord),))
    gone = await programme.person("Partie")
    async with programme.database.write() as session:
        (await session.get_one(Person, gone.person_id)).erased_at = programme.clock.now()
    for actor, person, role, council_id in (
        (ana, ana, Role.COORDINATOR, None),
        (ana, ana, Role.ANIMATOR, programme.sud),
        (coordinator, gone, Role.LEAD, programme.nord),
        (coordinator, ana, Role.LEAD, 10**12),
        (coordinator, ana, Role.LEAD, None),
        (coordinator, ana, Role.COORDINATOR, programme.nord),
        (coordinator, ana, Role.RESIDENT, programme.nord),
    ):
        with pytest.raises(NotAllowed):
            await _grant(programme, actor, person, role, council_id)
    async with programme.database.read() as session:
        assert len((await session.exec(select(RoleGrant))).all()) == 2


async def test_lists_show_who_is_there_to_who_may_see_them(programme, coordinator):
    ana = await programme.person("Ana", roles=((Role.ANIMATOR, programme.nord),))
    lea = await programme.person("Léa", roles=((Role.LEAD, programme.sud), (Role.LEAD, programme.nord)))
    zoe = await programme.person("Zoé")
    await _grant(programme, coordinator, zoe, Role.MEMBER, programme.nord, College.HABITANTS)
    async with programme.database.read() as session:
        team = await roles.team(session, coordinator)
        assert [(each.first_name, each.role, each.council_name) for each in team] == [
            ("Claire", Role.COORDINATOR, None),
            ("Ana", Role.ANIMATOR, "Quartier Nord"),
            ("Léa", Role.LEAD, "Quartier Nord"),
            ("Léa", Role.LEAD, "Quartier Sud"),
        ]
        assert await roles.team(session, ana) == team
        (member,) = await roles.members(session, ana, programme.nord)
        assert (member.first_name, member.college) == ("Zoé", College.HABITANTS)
        assert await roles.members(session, lea, programme.sud) == []
        assert await roles.leads(session, programme.nord) == ["Léa"]
        assert await roles.role_of(session, lea, member.grant_id) == member
        for actor in (lea, zoe):
            with pytest.raises(NotAllowed):
                await roles.team(session, actor)
        with pytest.raises(NotAllowed):
            await roles.members(session, zoe, programme.nord)
        with pytest.raises(NotAllowed):
            await roles.role_of(session, lea, team[0].grant_id)
    await _revoke(programme, coordinator, zoe, Role.MEMBER, programme.nord)
    async with programme.database.read() as session:
        with pytest.raises(OutOfDate):
            await roles.role_of(session, lea, member.grant_id)
