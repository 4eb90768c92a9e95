"""Support, following and reports of proposals: distinct people, whatever the order of taps."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from council.errors import NotAllowed
from council.live_cards import LiveKind, keep
from council.proposal_support import (
    FEW,
    NotOfTheCouncil,
    OwnProposal,
    ProposalDecided,
    follow,
    report,
    support,
    unfollow,
    withdraw_support,
)
from council.proposal_views import view_proposal
from storage.outbox import Notice
from storage.people import Role
from storage.proposals import (
    ENDED,
    NEVER_PUBLIC,
    Proposal,
    ProposalAct,
    ProposalEvent,
    ProposalFollower,
    ProposalReport,
    ProposalState,
    ReportReason,
)

ACTS = {"support": support, "withdraw": withdraw_support, "follow": follow, "unfollow": unfollow}


async def proposal_of(programme, author, state=ProposalState.RECEIVED, **values) -> Proposal:
    """In that state, whatever the way to it."""
    now = programme.clock.now()
    async with programme.database.write() as session:
        made = len((await session.exec(select(Proposal))).all())
        proposal = Proposal(
            number=f"P-2026-{made + 1:03d}",
            council_id=programme.nord,
            author_id=author.person_id,
            theme="autre",
            title="Une fontaine",
            state=state,
            created_at=now,
            published_at=now,
            moved_at=now,
            request_key=f"rule:{made}",
            **values,
        )
        session.add(proposal)
    return proposal


@given(taps=st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 2)), max_size=12))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_count_is_that_of_distinct_people_whatever_the_order_of_taps(programme, rosa, taps):
    proposal = await proposal_of(programme, rosa)
    people = [await programme.person(f"Voisin {n}", follows=(programme.nord,)) for n in range(3)]
    supports, follows = set(), set()
    for act, who in taps:
        async with programme.database.write() as session:
            await ACTS[act](session, programme.clock, people[who], proposal.id)
        match act:
            case "support":
                supports.add(who)
                follows.discard(who)
            case "withdraw":
                supports.discard(who)
            case "follow" if who not in supports:
                follows.add(who)
            case "unfollow":
                follows.discard(who)
    async with programme.database.read() as session:
        for who, person in enumerate(people):
            view = await view_proposal(session, programme.clock, person, proposal.id)
            assert (view.supporters, view.supports, view.follows) == (len(supports), who in supports, who in follows)


async def test_who_taps_twice_at_once_is_counted_once(programme, rosa):
    proposal = await proposal_of(programme, rosa)
    people = [await programme.person(f"Voisin {n}", follows=(programme.nord,)) for n in range(3)]

    async def tap(person):
        async with programme.database.write() as session:
            return await support(session, programme.clock, person, proposal.id)

    news = await asyncio.gather(*(tap(person) for person in people * 3))
    assert sum(news) == 3
    async with programme.database.read() as session:
        assert (await view_proposal(session, programme.clock, rosa, proposal.id)).supporters == 3


@pytest.mark.parametrize("state", ProposalState)
async def test_only_what_is_published_and_not_decided_is_supported(programme, rosa, state):
    proposal = await proposal_of(programme, rosa, state)
    ali = await programme.person("Ali", follows=(programme.nord,))
    refused = NotAllowed if state in NEVER_PUBLIC else ProposalDecided if state in ENDED else None
    async with programme.database.write() as session:
        if refused is not None:
            with pytest.raises(refused):
                await support(session, programme.clock, ali, proposal.id)
        else:
            assert await support(session, programme.clock, ali, proposal.id)
            assert not await support(session, programme.clock, ali, proposal.id)


async def test_support_is_for_those_of_the_council_and_not_for_its_author(programme, rosa):
    proposal = await proposal_of(programme, rosa)
    sami = await programme.person("Sami", follows=(programme.sud,))
    animator = await programme.person("Julien", roles=((Role.ANIMATOR, programme.nord),))
    async with programme.database.write() as session:
        with pytest.raises(NotOfTheCouncil) as refused:
            await support(session, programme.clock, sami, proposal.id)
        assert refused.value.council_id == programme.nord
        assert await follow(session, programme.clock, sami, proposal.id), "anybody may follow"
        assert await support(session, programme.clock, animator, proposal.id)
        for act in ACTS.values():
            with pytest.raises(OwnProposal):
                await act(session, programme.clock, rosa, proposal.id)
            with pytest.raises(NotAllowed):
                await act(session, programme.clock, sami, 999_999)


async def test_so_many_distinct_reports_hide_a_text_and_tell_its_moderators_once(programme, rosa):
    lead = await programme.person("Fatou", follows=(programme.nord,), roles=((Role.LEAD, programme.nord),))
    proposal = await proposal_of(programme, rosa)
    people = [await programme.person(f"Voisin {n}") for n in range(programme.settings.proposals.reports + 1)]

    async def tell(person, reason=ReportReason.OFFENSIVE):
        async with programme.database.write() as session:
            return await report(session, programme.clock, programme.settings, person, proposal.id, reason)

    with pytest.raises(OwnProposal):
        await tell(rosa)
    for person in people[:-2]:
        assert await tell(person)
        assert not await tell(person, ReportReason.OTHER), "once each"
    async with programme.database.read() as session:
        assert (await session.get_one(Proposal, proposal.id)).hidden_at is None
    assert await tell(people[-2])
    with pytest.raises(NotAllowed):
        await tell(people[-1])
    async with programme.database.read() as session:
        assert (await session.get_one(Proposal, proposal.id)).hidden_at is not None
        assert len((await session.exec(select(ProposalReport))).all()) == len(people) - 1
        events = (await session.exec(select(ProposalEvent))).all()
        assert [each.act for each in events] == [ProposalAct.HIDDEN]
        told = [each.person_id for each in (await session.exec(select(Notice))).all()]
        assert told.count(lead.person_id) == 1


async def test_reports_that_come_together_hide_it_too(programme, rosa):
    proposal = await proposal_of(programme, rosa)
    people = [await programme.person(f"Voisin {n}") for n in range(programme.settings.proposals.reports)]

    async def tell(person):
        async with programme.database.write() as session:
            await report(session, programme.clock, programme.settings, person, proposal.id, ReportReason.FALSE)

    await asyncio.gather(*(tell(person) for person in people))
    async with programme.database.read() as session:
        assert (await session.get_one(Proposal, proposal.id)).hidden_at is not None


async def test_a_merged_one_leads_its_readers_on(programme, rosa):
    whole = await proposal_of(programme, rosa)
    merged = await proposal_of(programme, rosa, ProposalState.MERGED, merged_into_id=whole.id)
    ali = await programme.person("Ali", follows=(programme.nord,))
    async with programme.database.write() as session:
        assert (await view_proposal(session, programme.clock, ali, merged.id)).id == whole.id
        own = await view_proposal(session, programme.clock, rosa, merged.id)
        assert (own.id, own.merged_into) == (merged.id, whole.number)
        session.add(ProposalFollower(proposal_id=whole.id, person_id=ali.person_id, supports=True, since=rosa.heard_at))
    async with programme.database.read() as session:
        assert (await view_proposal(session, programme.clock, ali, merged.id)).supports


async def test_cards_of_a_popular_proposal_are_edited_once_an_hour(programme, rosa):
    proposal = await proposal_of(programme, rosa)
    people = [await programme.person(f"Voisin {n}", follows=(programme.nord,)) for n in range(FEW + 5)]
    async with programme.database.write() as session:
        await keep(session, programme.clock, rosa.person_id, rosa.telegram_id, 7, LiveKind.PROPOSAL, proposal.id)
    edits = []
    for person in people:
        async with programme.database.write() as session:
            await support(session, programme.clock, person, proposal.id)
            edits.append(len((await session.exec(select(Notice))).all()))
        programme.clock.advance(seconds=6)
    assert edits == [*range(1, FEW + 1), *[FEW + 1] * 5]
