"""A link gives a role once to each, to as many as it was made for, until it dies or is taken back."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, func, select

from council import invitations
from council.errors import NotAllowed
from council.invitations import (
    CouncilNeeded,
    LifeOutOfRange,
    OwnInvitation,
    TokenExpired,
    TokenRevoked,
    TokenUnknown,
    TokenUsedUp,
    UsesOutOfRange,
    WholeProgrammeRole,
)
from council.roles import revoke
from storage.audit import AuditLine
from storage.invitations import Invitation, InvitationUse
from storage.people import College, Role, RoleGrant


async def _invite(programme, actor, role, council_id, **terms):
    async with programme.database.write() as session:
        return await invitations.invite(session, programme.clock, actor, role, council_id, **terms)


async def _accept(programme, actor, token):
    async with programme.database.write() as session:
        return await invitations.accept(session, programme.clock, actor, token)


async def _uses_left(programme, made) -> int | None:
    async with programme.database.read() as session:
        return (await session.get_one(Invitation, made.invited.invitation_id)).uses_left


@pytest.fixture
async def coordinator(programme):
    return await programme.person("Claire", roles=((Role.COORDINATOR, None),))


@pytest.fixture
async def lead(programme):
    return await programme.person("Léa", roles=((Role.LEAD, programme.nord),))


async def test_the_first_coordinator_comes_by_the_operators_link(programme):
    made = await _invite(programme, None, Role.COORDINATOR, None)
    claire = await programme.person("Claire")
    await _accept(programme, claire, made.token)
    assert (await programme.again(claire.telegram_id)).is_coordinator


async def test_a_role_in_a_council_comes_with_following_it(programme, lead):
    made = await _invite(programme, lead, Role.MEMBER, programme.nord, college=College.ACTEURS_LOCAUX)
    zoe = await programme.person("Zoé")
    invited = await _accept(programme, zoe, made.token)
    assert (invited.role, invited.council_id, invited.college) == (
        Role.MEMBER,
        programme.nord,
        College.ACTEURS_LOCAUX,
    )
    zoe = await programme.again(zoe.telegram_id)
    assert [(each.role, each.council_id, each.college) for each in zoe.held] == [
        (Role.MEMBER, programme.nord, College.ACTEURS_LOCAUX)
    ]
    assert zoe.follows == {programme.nord}


async def test_a_preview_tells_and_spends_nothing(programme, lead):
    made = await _invite(programme, lead, Role.MEMBER, programme.nord, college=College.HABITANTS)
    async with programme.database.write() as session:
        for _ in range(3):
            assert await invitations.preview(session, programme.clock, made.token) == made.invited
    assert await _uses_left(programme, made) == 1


async def test_tokens_are_deep_links_and_only_their_hash_is_kept(programme, lead):
    made = await _invite(programme, lead, Role.MEMBER, programme.nord)
    assert re.fullmatch(r"[A-Za-z0-9_-]{32,64}", made.token)
    async with programme.database.read() as session:
        kept = await session.get_one(Invitation, made.invited.invitation_id)
        lines = (await session.exec(select(AuditLine))).all()
    assert made.token not in repr(kept) + repr(lines)
    assert kept.public_token is None


@pytest.mark.parametrize("token", ["", "x", "é" * 40, "A" * 64, "'; DROP TABLE person"])
async def test_an_unknown_token_gives_nothing(programme, token):
    zoe = await programme.person("Zoé")
    with pytest.raises(TokenUnknown):
        await _accept(programme, zoe, token)
    async with programme.database.read() as session:
        with pytest.raises(TokenUnknown):
            await invitations.preview(session, programme.clock, token)


async def test_a_link_dies_at_its_hour(programme, lead):
    made = await _invite(programme, lead, Role.MEMBER, programme.nord, uses=2, life=timedelta(days=7))
    zoe, marc = await programme.person("Zoé"), await programme.person("Marc")
    programme.clock.set(made.expires_at - timedelta(seconds=1))
    await _accept(programme, zoe, made.token)
    programme.clock.set(made.expires_at)
    with pytest.raises(TokenExpired):
        await _accept(programme, marc, made.token)
    async with programme.database.read() as session:
        with pytest.raises(TokenExpired):
            await invitations.preview(session, programme.clock, made.token)
    await _accept(programme, zoe, made.token)  # has it already: nothing is refused


async def test_a_link_serves_as_many_as_it_says_and_each_once(programme, lead):
    made = await _invite(programme, lead, Role.MEMBER, programme.nord, uses=2)
    zoe, marc, ali = [await programme.person(name) for name in ("Zoé", "Marc", "Ali")]
    for actor in (zoe, zoe, marc, zoe):
        await _accept(programme, actor, made.token)
    assert await _uses_left(programme, made) == 0
    with pytest.raises(TokenUsedUp):
        await _accept(programme, ali, made.token)
    assert (await programme.again(ali.telegram_id)).held == ()


async def test_two_people_at_the_last_use_one_gets_it(programme, lead):
    made = await _invite(programme, lead, Role.MEMBER, programme.nord, uses=1)
    people = [await programme.person(f"P{n}") for n in range(4)]
    results = await asyncio.gather(*(_accept(programme, each, made.token) for each in people), return_exceptions=True)
    assert sorted(type(each).__name__ for each in results) == ["Invited", "TokenUsedUp", "TokenUsedUp", "TokenUsedUp"]
    assert await _uses_left(programme, made) == 0
    async with programme.database.read() as session:
        assert (await session.exec(select(func.count()).select_from(InvitationUse))).one() == 1
        members = select(func.count()).select_from(RoleGrant).where(col(RoleGrant.role) == Role.MEMBER)
        assert (await session.exec(members)).one() == 1


async def test_the_same_person_twice_at_once_costs_one_use(programme, lead):
    made = await _invite(programme, lead, Role.MEMBER, programme.nord, uses=3)
    zoe = await programme.person("Zoé")
    results = await asyncio.gather(*(_accept(programme, zoe, made.token) for _ in range(3)), return_exceptions=True)
    assert "Invited" in {type(each).__name__ for each in results}
    assert await _uses_left(programme, made) == 2


async def test_a_refused_use_leaves_nothing_even_when_the_caller_goes_on(programme, lead):
    made = await _invite(programme, lead, Role.MEMBER, programme.nord)
    zoe = await programme.person("Zoé")
    async with programme.database.write() as session:
        loaded = await session.get_one(Invitation, made.invited.invitation_id)
        await session.exec(text("UPDATE invitation SET uses_left = 0"))  # another's, a moment after we looked
        assert loaded.uses_left == 1
        with pytest.raises(TokenUsedUp):
            await invitations.accept(session, programme.clock, zoe, made.token)
    async with programme.database.read() as session:
        assert (await session.exec(select(InvitationUse))).all() == []
        assert (await session.exec(select(RoleGrant).where(col(RoleGrant.role) == Role.MEMBER))).all() == []


async def test_a_role_that_was_taken_away_does_not_come_back_by_its_old_link(programme, coordinator):
    made = await _invite(programme, coordinator, Role.LEAD, programme.nord, uses=5)
    zoe = await programme.person("Zoé")
    await _accept(programme, zoe, made.token)
    async with programme.database.write() as session:
        await revoke(session, programme.clock, coordinator, zoe.person_id, Role.LEAD, programme.nord)
    with pytest.raises(TokenUsedUp):
        await _accept(programme, zoe, made.token)
    assert (await programme.again(zoe.telegram_id)).held == ()
    assert await _uses_left(programme, made) == 4


async def test_ones_own_link_is_not_spent(programme, lead):
    made = await _invite(programme, lead, Role.MEMBER, programme.nord)
    with pytest.raises(OwnInvitation):
        await _accept(programme, lead, made.token)
    assert await _uses_left(programme, made) == 1


async def test_a_closed_link_gives_nothing(programme, lead):
    made = await _invite(programme, lead, Role.MEMBER, programme.nord)
    for _ in range(2):
        async with programme.database.write() as session:
            await invitations.revoke(session, programme.clock, lead, made.invited.invitation_id)
    zoe = await programme.person("Zoé")
    with pytest.raises(TokenRevoked):
        await _accept(programme, zoe, made.token)
    async with programme.database.read() as session:
        closed = select(func.count()).select_from(AuditLine).where(col(AuditLine.act) == "invitation.revoked")
        assert (await session.exec(closed)).one() == 1


MAY = {
    "coordinator": {
        *(
            (role, where)
            for role in (Role.RESIDENT, Role.MEMBER, Role.LEAD, Role.ANIMATOR)
            for where in ("nord", "sud")
        ),
        (Role.COORDINATOR, None),
    },
    "lead": {(Role.RESIDENT, "nord"), (Role.MEMBER, "nord")},
    "animator": {(Role.RESIDENT, "nord")},
    "member": set(),
    "resident": set(),
}


@pytest.mark.parametrize("who", list(MAY))
async def test_who_may_invite_whom(programme, who):
    where = None if who == "coordinator" else programme.nord
    actor = await programme.person("Moi", follows=(programme.nord,), roles=((Role(who), where),))
    done = set()
    for role in Role:
        for name in (None,) if role is Role.COORDINATOR else ("nord", "sud"):
            try:
                await _invite(programme, actor, role, name and getattr(programme, name))
            except NotAllowed:
                continue
            done.add((role, name))
    assert done == MAY[who]


async def test_a_lead_may_not_close_what_they_could_not_make(programme, lead, coordinator):
    leads_link = await _invite(programme, coordinator, Role.LEAD, programme.nord)
    elsewhere = await _invite(programme, coordinator, Role.MEMBER, programme.sud)
    async with programme.database.write() as session:
        await invitations.public_link(session, programme.clock, programme.nord)
        public = (await session.exec(select(Invitation).where(col(Invitation.public_token).is_not(None)))).one()
    for number in (leads_link.invited.invitation_id, elsewhere.invited.invitation_id, public.id, 10**12):
        async with programme.database.write() as session:
            with pytest.raises(NotAllowed):
                await invitations.revoke(session, programme.clock, lead, number)


async def test_forged_figures_and_scopes_are_refused(programme, coordinator):
    for uses in (0, -1, invitations.MOST_USES + 1):
        with pytest.raises(UsesOutOfRange):
            await _invite(programme, coordinator, Role.MEMBER, programme.nord, uses=uses)
    for life in (timedelta(0), timedelta(days=-1), timedelta(days=367)):
        with pytest.raises(LifeOutOfRange):
            await _invite(programme, coordinator, Role.MEMBER, programme.nord, life=life)
    with pytest.raises(CouncilNeeded):
        await _invite(programme, None, Role.LEAD, None)
    with pytest.raises(WholeProgrammeRole):
        await _invite(programme, None, Role.COORDINATOR, programme.nord)
    with pytest.raises(NotAllowed):
        await _invite(programme, coordinator, Role.LEAD, 10**12)


async def test_the_public_link_is_one_and_stays(programme):
    async def link(council_id):
        async with programme.database.write() as session:
            return await invitations.public_link(session, programme.clock, council_id)

    async with programme.database.write() as session:
        first = await invitations.public_link(session, programme.clock, programme.nord)
        at_the_same_time = asyncio.create_task(link(programme.nord))
        await asyncio.sleep(0.3)  # it asks while the first is not committed yet
    assert {await at_the_same_time, await link(programme.nord)} == {first}
    assert await link(programme.sud) != first
    with pytest.raises(NotAllowed):
        await link(10**12)


async def test_the_public_link_serves_everybody_for_ever_and_again(programme, lead):
    async with programme.database.write() as session:
        token = await invitations.public_link(session, programme.clock, programme.nord)
    programme.clock.advance(days=4_000)
    for name in ("Zoé", "Marc", "Ali"):
        actor = await programme.person(name)
        for _ in range(2):
            invited = await _accept(programme, actor, token)
        actor = await programme.again(actor.telegram_id)
        assert (invited.role, actor.follows, actor.held) == (Role.RESIDENT, {programme.nord}, ())
    await _accept(programme, lead, token)
    assert (await programme.again(lead.telegram_id)).follows == {programme.nord}


async def test_open_links_are_listed_for_who_may_close_them(programme, lead, coordinator):
    members = await _invite(programme, lead, Role.MEMBER, programme.nord, life=timedelta(days=1))
    await _invite(programme, coordinator, Role.LEAD, programme.nord)
    south = await _invite(programme, coordinator, Role.MEMBER, programme.sud)
    zoe = await programme.person("Zoé")
    await _accept(programme, zoe, south.token)

    async def listed(actor, council_id=None):
        async with programme.database.read() as session:
            every = await invitations.list_open(session, programme.clock, actor, council_id)
        return [(each.role, each.council_name) for each in every]

    assert await listed(lead, programme.nord) == [(Role.MEMBER, "Quartier Nord")]
    assert await listed(coordinator) == [(Role.LEAD, "Quartier Nord"), (Role.MEMBER, "Quartier Nord")]
    programme.clock.set(members.expires_at)
    assert await listed(lead, programme.nord) == []
    for actor, council_id in ((lead, programme.sud), (lead, None), (zoe, programme.nord)):
        with pytest.raises(NotAllowed):
            await listed(actor, council_id)
