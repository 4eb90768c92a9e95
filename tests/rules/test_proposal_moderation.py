"""Joined proposals lose nobody; what stands still is told once; who moderates is asked anew each time."""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from meeting_scenes import told
from proposal_scenes import kept, moderated, proposed, standing
from sqlmodel import col, select, update

from council.errors import NotAllowed, OutOfDate
from council.notices import NoticeKind
from council.privacy import erase_person
from council.proposal_desk import open_desk
from council.proposal_moderation import (
    DecidedAlready,
    NotToBeJoined,
    OwnWords,
    merge,
    moderators_of,
    publish,
    set_aside,
    show_again,
)
from council.proposal_near import near_proposals
from council.proposal_news import count_told
from council.proposal_stale import stale_proposals, tell_stale
from council.proposal_support import follow, report, support
from council.proposal_treatment import take_step
from council.proposal_views import view_proposal
from storage.people import Person, Role
from storage.proposals import Proposal, ProposalAct, ProposalReport, ProposalState, ReportReason

PARIS = ZoneInfo("Europe/Paris")


async def cast(programme):
    author = await programme.person("Rosa", follows=(programme.nord,))
    other = await programme.person("Tom", follows=(programme.nord,))
    lead = await programme.person("Fatou", roles=((Role.LEAD, programme.nord),))
    return author, other, lead


async def public(programme, author, lead, words) -> Proposal:
    made = await proposed(programme, author, words)
    await moderated(programme, publish, lead, made)
    return made


async def supported(programme, actor, proposal, by=support) -> None:
    async with programme.database.write() as session:
        await by(session, programme.clock, actor, proposal.id)


STANDS = st.sampled_from((None, True, False))
"""Towards one proposal: None is neither, False follows, True supports."""


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(STANDS, STANDS), min_size=4, max_size=4), st.booleans())
async def test_whoever_stood_behind_one_of_two_joined_proposals_stands_behind_the_one_that_goes_on(
    programme, stands, was_public
):
    author, other, lead = await cast(programme)
    people = [await programme.person(f"Ana {n}", follows=(programme.nord,)) for n in range(len(stands))]
    into, made = await public(programme, other, lead, "Une fontaine."), await proposed(programme, author)
    if was_public:
        await moderated(programme, publish, lead, made)
    for person, (one, two) in zip(people, stands, strict=True):
        for proposal, how in ((into, one), (made, two if was_public else None)):
            if how is not None:
                await supported(programme, person, proposal, support if how else follow)
    before = [await standing(programme, into), await standing(programme, made)]
    await moderated(programme, merge, lead, made, into.id)
    after = await standing(programme, into)
    supporters = {each for rows in before for each, supports in rows.items() if supports} | {author.person_id}
    assert {each for each, supports in after.items() if supports} == supporters
    assert after.keys() == before[0].keys() | before[1].keys() | {author.person_id}
    assert after[author.person_id] is True


async def test_one_joined_to_another_that_was_joined_itself_leads_to_the_last(programme):
    author, other, lead = await cast(programme)
    first, second, last = [await public(programme, author, lead, words) for words in ("Un.", "Deux.", "Trois.")]
    await moderated(programme, merge, lead, first, second.id)
    await moderated(programme, merge, lead, second, last.id)
    async with programme.database.read() as session:
        assert (await view_proposal(session, programme.clock, other, first.id)).id == last.id


async def test_the_author_of_both_does_not_support_their_own(programme):
    author, _, lead = await cast(programme)
    into, made = await public(programme, author, lead, "Une fontaine."), await proposed(programme, author)
    await moderated(programme, merge, lead, made, into.id)
    assert await standing(programme, into) == {}


async def test_who_supports_it_while_it_is_joined_with_another_is_not_left_behind(programme):
    author, other, lead = await cast(programme)
    tom = await programme.person("Ana", follows=(programme.nord,))
    into, made = (
        await public(programme, other, lead, "Une fontaine."),
        await public(programme, author, lead, "Un banc."),
    )
    async with programme.database.write() as session:
        await support(session, programme.clock, tom, made.id)
        joining = asyncio.create_task(moderated(programme, merge, lead, made, into.id))
        # The one who joins them comes as far as the row that is held here, or has not begun.
        for _ in range(100):
            await asyncio.sleep(0)
    await joining
    assert (await standing(programme, into))[tom.person_id] is True


async def test_only_a_published_one_of_the_same_council_takes_another_in(programme):
    author, other, lead = await cast(programme)
    sara = await programme.person("Sara", follows=(programme.sud,), roles=((Role.LEAD, programme.sud),))
    elsewhere = await proposed(
        programme, await programme.person("Sam", follows=(programme.sud,)), "Un banc.", programme.sud
    )
    await moderated(programme, publish, sara, elsewhere)
    waiting, made = await proposed(programme, other, "Une fontaine."), await proposed(programme, author)
    for into_id in (elsewhere.id, waiting.id, made.id, 10**12):
        with pytest.raises(NotToBeJoined):
            await moderated(programme, merge, lead, made, into_id)
    assert (await kept(programme, made)).state is ProposalState.SUBMITTED


async def test_who_comes_second_is_told_who_did_what_and_their_own_second_tap_nobody(programme):
    author, _, lead = await cast(programme)
    karim = await programme.person("Karim", roles=((Role.ANIMATOR, programme.nord),))
    made = await proposed(programme, author)
    await moderated(programme, publish, lead, made)
    for actor, name in ((karim, "Fatou"), (lead, "")):
        with pytest.raises(DecidedAlready) as refused:
            async with programme.database.write() as session:
                await publish(session, programme.clock, actor, made.id, made.revision)
        assert (refused.value.name, refused.value.act) == (name, ProposalAct.PUBLISHED)
    assert len(await told(programme, NoticeKind.PROPOSAL_NEWS)) == 2


async def test_moderators_are_those_of_the_council_and_the_coordinator_only_where_there_is_nobody_else(programme):
    author, _, lead = await cast(programme)
    claire = await programme.person("Claire", roles=((Role.COORDINATOR, None),))
    await programme.person("Sara", roles=((Role.LEAD, programme.sud),))
    made, own = await proposed(programme, author), await proposed(programme, lead, "Une fontaine.")
    async with programme.database.read() as session:
        assert await moderators_of(session, made) == {lead.person_id}
        assert await moderators_of(session, own) == {claire.person_id}
    with pytest.raises(OwnWords):
        await moderated(programme, publish, lead, own)
    with pytest.raises(NotAllowed):
        await moderated(programme, publish, author, made)
    async with programme.database.write() as session:
        gone = update(Person).where(col(Person.id) == lead.person_id)
        await session.exec(gone.values(unreachable_since=programme.clock.now()))
    async with programme.database.read() as session:
        assert await moderators_of(session, made) == {claire.person_id}
    await moderated(programme, publish, claire, made)


async def test_a_step_is_told_to_author_supporters_and_followers_once_each_and_counted_before(programme):
    author, _, lead = await cast(programme)
    ana, bea = [await programme.person(name, follows=(programme.nord,)) for name in ("Ana", "Bea")]
    made = await public(programme, author, lead, "Un banc.")
    await supported(programme, ana, made)
    await supported(programme, bea, made, follow)
    await supported(programme, lead, made)
    async with programme.database.read() as session:
        assert await count_told(session, lead, made.id) == 3
    before = await told(programme, NoticeKind.PROPOSAL_NEWS)
    await moderated(programme, take_step, lead, made, ProposalAct.DISCUSSED)
    after = await told(programme, NoticeKind.PROPOSAL_NEWS)
    # The row of who did it is written too, and says nothing when it is rendered.
    assert sorted(after) == sorted([*before, *(each.person_id for each in (author, ana, bea, lead))])


async def test_what_stands_still_is_told_once_in_each_standstill_in_one_notice_for_each_council(programme):
    author, _, lead = await cast(programme)
    karim = await programme.person("Karim", roles=((Role.ANIMATOR, programme.nord),))
    claire = await programme.person("Claire", roles=((Role.COORDINATOR, None),))
    sam = await programme.person("Sam", follows=(programme.sud,))
    first = await public(programme, author, lead, "Un banc.")
    second = await proposed(programme, author, "Une fontaine.")  # which nobody has read yet
    done = await public(programme, author, lead, "Un arbre.")
    await moderated(programme, take_step, lead, done, ProposalAct.DONE)
    elsewhere = await proposed(programme, sam, "Un verger.", programme.sud)
    programme.clock.advance(weeks=programme.settings.proposals.stale_weeks)
    assert await swept(programme) == 0
    programme.clock.advance(hours=23)
    assert await swept(programme) == 2  # all of that day together, not one by one
    assert await swept(programme) == 0
    assert sorted(await told(programme, NoticeKind.PROPOSAL_STALE)) == sorted(
        [lead.person_id, karim.person_id, claire.person_id]
    )
    async with programme.database.read() as session:
        theirs = await stale_proposals(session, programme.clock, programme.settings, lead)
        every = await stale_proposals(session, programme.clock, programme.settings, claire)
        nobody = await stale_proposals(session, programme.clock, programme.settings, author)
    assert [each.id for each in theirs] == [first.id, second.id]
    assert [each.id for each in every] == [first.id, second.id, elsewhere.id]
    assert list(nobody) == []
    await moderated(programme, take_step, lead, first, ProposalAct.DISCUSSED)
    programme.clock.advance(weeks=programme.settings.proposals.stale_weeks, days=1)
    assert await swept(programme) == 1
    assert len(await told(programme, NoticeKind.PROPOSAL_STALE)) == 5


async def test_what_it_may_be_joined_with_is_offered_even_in_another_language(programme):
    author, other, lead = await cast(programme)
    trees, benches = [await public(programme, other, lead, words) for words in ("Des arbres.", "Des bancs au parc.")]
    arabic, french = [await proposed(programme, author, words) for words in ("مقاعد في الحديقة", "Bancs, parc")]
    async with programme.database.read() as session:
        for made, near in ((arabic, [benches.id, trees.id]), (french, [benches.id, trees.id]), (trees, [benches.id])):
            assert [each.id for each in await near_proposals(session, lead, made.id, 5)] == near
        assert len(await near_proposals(session, lead, arabic.id, 1)) == 1
        with pytest.raises(NotAllowed):
            await near_proposals(session, author, arabic.id, 5)


async def test_of_a_moderator_whose_account_is_erased_it_is_said_that_something_has_changed(programme):
    """Not that the reader has done it themselves, which is what an empty name stands for."""
    author, _, lead = await cast(programme)
    karim = await programme.person("Karim", roles=((Role.ANIMATOR, programme.nord),))
    made = await proposed(programme, author, "Un banc.")
    await moderated(programme, publish, karim, made)
    async with programme.database.write() as session:
        await erase_person(session, programme.clock, karim)
    async with programme.database.write() as session:
        with pytest.raises(OutOfDate):
            await publish(session, programme.clock, lead, made.id, made.revision)
    async with programme.database.read() as session:
        assert (await open_desk(session, lead, made.id)).decided_by is None


@pytest.mark.parametrize(
    ("read_on", "moved_at"),
    [("2026-04-01T12:00", "2026-02-17T23:30"), ("2026-11-04T12:00", "2026-09-22T23:30")],
    ids=["spring", "autumn"],
)
async def test_weeks_are_counted_on_the_clock_of_the_programme(programme, read_on, moved_at):
    """The evening before the day that is six weeks ago is over in both seasons, and the day itself is not."""
    author, _, lead = await cast(programme)
    made = await public(programme, author, lead, "Un banc.")
    programme.clock.set(datetime.fromisoformat(read_on).replace(tzinfo=PARIS))
    for hours, stands in ((0, True), (1, False)):
        moved = datetime.fromisoformat(moved_at).replace(tzinfo=PARIS) + timedelta(hours=hours)
        async with programme.database.write() as session:
            await session.exec(update(Proposal).where(col(Proposal.id) == made.id).values(moved_at=moved))
        async with programme.database.read() as session:
            found = await stale_proposals(session, programme.clock, programme.settings, lead)
        assert bool(found) is stands


async def test_at_night_and_on_sundays_nobody_hears_of_what_stands_still(programme):
    author, _, lead = await cast(programme)
    programme.clock.advance(days=4)
    await public(programme, author, lead, "Un banc.")
    programme.clock.advance(weeks=programme.settings.proposals.stale_weeks, days=2)  # a Sunday
    assert await swept(programme) == 0
    programme.clock.advance(hours=19)
    assert await swept(programme) == 0
    programme.clock.advance(hours=5)
    assert await swept(programme) == 1


async def test_reports_that_a_moderator_has_answered_do_not_count_again(programme):
    author, _, lead = await cast(programme)
    made = await public(programme, author, lead, "Un banc.")
    for n in range(programme.settings.proposals.reports):
        neighbour = await programme.person(f"Ana {n}", follows=(programme.nord,))
        async with programme.database.write() as session:
            await report(session, programme.clock, programme.settings, neighbour, made.id, ReportReason.FALSE)
    assert (await kept(programme, made)).hidden_at is not None
    await moderated(programme, show_again, lead, made)
    last = await programme.person("Bea", follows=(programme.nord,))
    async with programme.database.write() as session:
        await report(session, programme.clock, programme.settings, last, made.id, ReportReason.FALSE)
    assert (await kept(programme, made)).hidden_at is None


async def swept(programme) -> int:
    return await tell_stale(programme.database, programme.clock, programme.settings)


@pytest.mark.parametrize("joined", [True, False])
async def test_what_goes_no_further_has_no_report_to_look_at(programme, joined: bool):
    author, other, lead = await cast(programme)
    made, into = await public(programme, author, lead, "Un banc."), await public(programme, author, lead, "Un arbre.")
    async with programme.database.write() as session:
        await report(session, programme.clock, programme.settings, other, made.id, ReportReason.FALSE)
    if joined:
        await moderated(programme, merge, lead, made, into.id)
    else:
        await moderated(programme, set_aside, lead, made, "C’est faux.")
    async with programme.database.read() as session:
        (reported,) = (await session.exec(select(ProposalReport))).all()
    assert (reported.reason, reported.settled_at) == (ReportReason.FALSE, programme.clock.now())
