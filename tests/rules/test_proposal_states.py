"""The states of a proposal: every step that leads from one to another, allowed and refused, from the one table."""

import pytest
from proposal_scenes import kept, moderated, proposed
from sqlmodel import col, func, select, update

from council.errors import EmptyWords, NotAllowed, OutOfDate
from council.proposal_moderation import ask_author, merge, publish, set_aside
from council.proposal_states import TALKED_OF_AGAIN, TRANSITIONS, move
from council.proposal_support import report
from council.proposal_treatment import NEED_WORDS, STEPS, may_go_on_agenda, steps_from, take_step
from storage.audit import AuditLine
from storage.people import Role
from storage.proposals import ENDED, NEVER_PUBLIC, Proposal, ProposalAct, ProposalEvent, ProposalState, ReportReason

ALL = [(before, after) for before in ProposalState for after in ProposalState]


async def brought_to(programme, proposal, state: ProposalState, **values) -> None:
    """As if all the steps before had been taken."""
    published = None if state in (ProposalState.SUBMITTED, ProposalState.TO_CORRECT) else programme.clock.now()
    async with programme.database.write() as session:
        changed = update(Proposal).where(col(Proposal.id) == proposal.id)
        await session.exec(changed.values(state=state, published_at=published, **values))


async def step(programme, proposal, to: ProposalState, actor) -> None:
    async with programme.database.write() as session:
        loaded = await session.get_one(Proposal, proposal.id)
        await move(session, programme.clock, loaded, to, ProposalAct.DISCUSSED, actor, said="<b>")


async def count_of(programme, table) -> int:
    async with programme.database.read() as session:
        return (await session.exec(select(func.count()).select_from(table))).one()


async def people(programme):
    author = await programme.person("Rosa", follows=(programme.nord,))
    lead = await programme.person("Fatou", roles=((Role.LEAD, programme.nord),))
    return author, lead


def test_the_table_names_every_state_and_ends_where_it_says():
    assert TRANSITIONS.keys() == set(ProposalState)
    over = {state for state, after in TRANSITIONS.items() if not after}
    assert over == {ProposalState.MERGED, ProposalState.SET_ASIDE, ProposalState.WITHDRAWN}
    for state in ENDED:
        assert TRANSITIONS[state] <= {ProposalState.REPORTED_BACK, ProposalState.SET_ASIDE}
    assert not any(state in after for state, after in TRANSITIONS.items())


async def test_a_proposal_moves_where_the_table_leads_and_nowhere_else(programme):
    author, lead = await people(programme)
    proposal = await proposed(programme, author)
    for before, after in ALL:
        await brought_to(programme, proposal, before)
        events, lines = await count_of(programme, ProposalEvent), await count_of(programme, AuditLine)
        now = await kept(programme, proposal)
        if after in TRANSITIONS[before]:
            await step(programme, proposal, after, lead)
            moved = await kept(programme, proposal)
            assert (moved.state, moved.revision) == (after, now.revision + 1)
            assert await count_of(programme, ProposalEvent) == events + 1
            assert await count_of(programme, AuditLine) == lines + 1
        else:
            with pytest.raises(OutOfDate):
                await step(programme, proposal, after, lead)
            assert (await kept(programme, proposal)).revision == now.revision
            assert await count_of(programme, ProposalEvent) == events


async def test_each_step_of_the_council_is_taken_from_the_states_of_the_table_alone(programme):
    author, lead = await people(programme)
    proposal = await proposed(programme, author)
    for before in ProposalState:
        for act, after in STEPS.items():
            await brought_to(programme, proposal, before)
            again = act is ProposalAct.DISCUSSED and before in TALKED_OF_AGAIN
            if (again or after in TRANSITIONS[before]) and before not in NEVER_PUBLIC:
                assert act in steps_from(before)
                await moderated(programme, take_step, lead, proposal, act, "Voilà.")
                assert (await kept(programme, proposal)).state is (before if again else after)
            else:
                assert act not in steps_from(before) or before in NEVER_PUBLIC
                with pytest.raises((OutOfDate, NotAllowed)):
                    await moderated(programme, take_step, lead, proposal, act, "Voilà.")
                assert (await kept(programme, proposal)).state is before


async def test_each_decision_of_moderators_is_taken_from_the_states_of_the_table_alone(programme):
    author, lead = await people(programme)
    other = await proposed(programme, author, "Une fontaine sur la place.")
    await moderated(programme, publish, lead, other)
    proposal = await proposed(programme, author)
    decisions = {
        ProposalState.RECEIVED: (publish,),
        ProposalState.TO_CORRECT: (ask_author, "Où est-ce ?"),
        ProposalState.SET_ASIDE: (set_aside, "De la publicité."),
        ProposalState.MERGED: (merge, other.id),
    }
    for before in ProposalState:
        for after, (decide, *values) in decisions.items():
            await brought_to(programme, proposal, before)
            if after in TRANSITIONS[before]:
                await moderated(programme, decide, lead, proposal, *values)
                assert (await kept(programme, proposal)).state is after
            else:
                with pytest.raises(OutOfDate):
                    await moderated(programme, decide, lead, proposal, *values)


PUBLIC = [state for state in ProposalState if state not in NEVER_PUBLIC]


@pytest.mark.parametrize("state", PUBLIC)
async def test_a_text_that_residents_reported_can_be_set_aside_whatever_the_council_has_done_with_it(programme, state):
    author, lead = await people(programme)
    proposal = await proposed(programme, author)
    await brought_to(programme, proposal, state)
    for n in range(programme.settings.proposals.reports):
        neighbour = await programme.person(f"Ana {n}", follows=(programme.nord,))
        async with programme.database.write() as session:
            await report(session, programme.clock, programme.settings, neighbour, proposal.id, ReportReason.PERSONAL)
    assert (await kept(programme, proposal)).hidden_at is not None
    await moderated(programme, set_aside, lead, proposal, "Le texte parle d’une personne.")
    gone = await kept(programme, proposal)
    assert (gone.state, gone.hidden_at) == (ProposalState.SET_ASIDE, None)


async def test_what_says_nothing_without_words_needs_them(programme):
    author, lead = await people(programme)
    proposal = await proposed(programme, author)
    for act in STEPS:
        if STEPS[act] in TRANSITIONS[ProposalState.ANSWERED]:
            await brought_to(programme, proposal, ProposalState.ANSWERED)
        else:
            await brought_to(programme, proposal, ProposalState.RECEIVED)
        if act in NEED_WORDS:
            with pytest.raises(EmptyWords):
                await moderated(programme, take_step, lead, proposal, act, " \n ")
        else:
            await moderated(programme, take_step, lead, proposal, act)
            assert (await kept(programme, proposal)).state is STEPS[act]


@pytest.mark.parametrize("state", ProposalState)
def test_what_goes_on_an_agenda_can_be_said_to_have_been_discussed_there(state):
    assert may_go_on_agenda(state) == (state not in NEVER_PUBLIC and ProposalAct.DISCUSSED in steps_from(state))


@pytest.mark.parametrize("state", ProposalState)
def test_only_what_is_public_and_open_goes_on_an_agenda(state):
    assert may_go_on_agenda(state) == (state not in NEVER_PUBLIC and state not in ENDED)
