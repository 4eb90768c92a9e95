"""The paths of interpellations and saisines: every step that the one table allows or refuses, and who may take it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col, func, select, update

from council.actors import Actor
from council.errors import NotAllowed, OutOfDate, Refusal
from council.interpellation_drafts import Question, submit_draft, write_answer
from council.interpellation_signing import sign, unsign
from council.interpellation_states import TRANSITIONS, S, load_interpellation, move, note
from council.interpellation_views import SIGNED_IN, Votes, view_interpellation
from council.interpellation_votes import Outcome, confirm, outcome_of, vote, vote_again, who_confirms, write_view
from council.interpellations import open_to_sign, prolong_signing, send_back, withdraw_interpellation
from storage.audit import AuditLine
from storage.interpellations import (
    ENDED,
    UNPUBLISHED,
    Interpellation,
    InterpellationAct,
    InterpellationEvent,
    InterpellationKind,
    InterpellationState,
    VoteChoice,
)
from storage.people import Person, Role

KINDS = list(InterpellationKind)


async def put(programme, state: InterpellationState, author: Actor, kind=KINDS[0], **values: Any) -> Interpellation:
    """One in this state, as if it had come there; one more each time."""
    now = programme.clock.now()
    async with programme.database.write() as session:
        count = (await session.exec(select(func.count()).select_from(Interpellation))).one()
        row = Interpellation(
            number=f"I-2026-{count + 1:03d}",
            kind=kind,
            state=state,
            council_id=programme.nord,
            author_id=author.person_id,
            partner_code="mairie",
            partner_name="Mairie",
            title="Un ascenseur",
            facts=f"En panne {count}",
            asked="Réparer",
            created_at=now,
            changed_at=now,
            request_key=f"test:{count}",
            **values,
        )
        session.add(row)
    return row


async def state_of(programme, row: Interpellation) -> InterpellationState:
    async with programme.database.read() as session:
        return (await session.get_one(Interpellation, row.id)).state


async def events(programme, row: Interpellation) -> list[InterpellationEvent]:
    async with programme.database.read() as session:
        query = select(InterpellationEvent).where(col(InterpellationEvent.interpellation_id) == row.id)
        return list((await session.exec(query)).all())


@pytest.mark.parametrize("kind", KINDS)
async def test_a_step_goes_where_the_table_says_and_nowhere_else(programme, kind: InterpellationKind):
    author = await programme.person("Rosa", follows=(programme.nord,))
    for state in InterpellationState:
        for to in InterpellationState:
            row = await put(programme, state, author, kind)
            allowed = to in TRANSITIONS[kind].get(state, frozenset())
            moved = True
            try:
                async with programme.database.write() as session:
                    read = await session.get_one(Interpellation, row.id)
                    await move(session, programme.clock, read, to, InterpellationAct.OPENED, author)
            except OutOfDate:
                moved = False
            assert moved == allowed, (kind, state, to)
            assert await state_of(programme, row) is (to if allowed else state)
            assert [each.state for each in await events(programme, row)] == ([to] if allowed else [])


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_of_a_path_is_reached_from_the_draft_and_leads_to_an_end(kind: InterpellationKind):
    table = TRANSITIONS[kind]
    reached, new = {S.DRAFT}, {S.DRAFT}
    while new:
        new = {to for state in new for to in table.get(state, ())} - reached
        reached |= new
    assert reached == set(table)
    for state in reached:
        ends, seen = {state}, {state}
        while ends:
            ends = {to for each in ends for to in table[each]} - seen
            seen |= ends
        assert seen & set(ENDED), state
    assert all(not table[each] for each in (S.CLOSED, S.WITHDRAWN))


async def test_of_two_who_move_it_from_the_same_reading_one_does(programme):
    author = await programme.person("Rosa", follows=(programme.nord,))
    row = await put(programme, S.DRAFT, author)

    async def moves() -> None:
        async with programme.database.write() as session:
            stale = await session.get_one(Interpellation, row.id)
            set_committed_value(stale, "revision", row.revision)
            set_committed_value(stale, "state", row.state)
            await move(session, programme.clock, stale, S.SUBMITTED, InterpellationAct.SUBMITTED, author)

    await moves()
    with pytest.raises(OutOfDate):
        await moves()
    assert len(await events(programme, row)) == 1


Act = Callable[[Any, Any, Interpellation], Awaitable[object]]


async def acts(programme) -> tuple[Actor, dict[str, tuple[Act, frozenset[InterpellationState]]]]:
    """Each use case before the adoption, with the states in which it does something; the author of all rows."""
    nord, clock, settings = programme.nord, programme.clock, programme.settings
    author = await programme.person("Rosa", follows=(nord,))
    lead = await programme.person("Léa", follows=(nord,), roles=((Role.LEAD, nord),))
    member = await programme.person("Max", follows=(nord,), roles=((Role.MEMBER, nord),))
    neighbour = await programme.person("Ben", follows=(nord,))
    table: dict[str, tuple[Act, frozenset[InterpellationState]]] = {
        "submit": (lambda s, _p, r: submit_draft(s, clock, author, r.id), frozenset({S.DRAFT})),
        "write": (
            lambda s, _p, r: write_answer(s, clock, lead, r.id, Question.PLACE, "Au 12"),
            frozenset(UNPUBLISHED),
        ),
        "open": (
            lambda s, _p, r: open_to_sign(s, clock, settings, lead, r.id, r.revision),
            frozenset({S.SUBMITTED}),
        ),
        "send_back": (lambda s, _p, r: send_back(s, clock, lead, r.id, "Où ?"), frozenset({S.SUBMITTED})),
        "withdraw": (
            lambda s, _p, r: withdraw_interpellation(s, clock, author, r.id),
            frozenset({*UNPUBLISHED, S.COSIGNING}),
        ),
        "sign": (lambda s, _p, r: sign(s, clock, settings, neighbour, r.id), frozenset(SIGNED_IN)),
        "vote": (lambda s, _p, r: vote(s, clock, member, r.id, VoteChoice.FOR), frozenset({S.VOTING})),
    }
    return author, table


@pytest.mark.parametrize("name", ["submit", "write", "open", "send_back", "withdraw", "sign", "vote"])
async def test_a_use_case_does_something_in_its_states_alone(programme, name: str):
    author, table = await acts(programme)
    act, states = table[name]
    ahead = programme.clock.now() + timedelta(days=5)
    for state in InterpellationState:
        row = await put(programme, state, author, cosign_until=ahead, vote_until=ahead, threshold=9)
        done = True
        try:
            async with programme.database.write() as session:
                await act(session, programme, row)
        except Refusal:
            done = False
        assert done == (state in states), (name, state)
        if not done:
            assert await state_of(programme, row) is state
            assert await events(programme, row) == []


@pytest.mark.parametrize("name", ["prolong", "confirm", "vote_again"])
async def test_what_ends_a_step_does_something_when_its_time_is_over_alone(programme, name: str):
    nord, clock, settings = programme.nord, programme.clock, programme.settings
    author = await programme.person("Rosa", follows=(nord,))
    lead = await programme.person("Léa", roles=((Role.LEAD, nord), (Role.MEMBER, nord)))
    calls: dict[str, tuple[Act, InterpellationState]] = {
        "prolong": (lambda s, _p, r: prolong_signing(s, clock, settings, lead, r.id, r.revision), S.COSIGNING),
        "confirm": (lambda s, _p, r: confirm(s, clock, lead, r.id, r.revision, "Non.", adopted=False), S.VOTING),
        "vote_again": (lambda s, _p, r: vote_again(s, clock, settings, lead, r.id, r.revision), S.VOTING),
    }
    act, its_state = calls[name]
    for state in InterpellationState:
        for over in (False, True):
            until = clock.now() + timedelta(days=-1 if over else 1)
            row = await put(programme, state, author, cosign_until=until, vote_until=until, threshold=9)
            done = True
            try:
                async with programme.database.write() as session:
                    await act(session, programme, row)
            except Refusal:
                done = False
            assert done == (over and state is its_state), (name, state, over)


async def test_who_may_not_is_refused_without_a_trace(programme):
    nord, sud, clock, settings = programme.nord, programme.sud, programme.clock, programme.settings
    author = await programme.person("Rosa", follows=(nord,))
    elsewhere = await programme.person("Tom", follows=(sud,), roles=((Role.LEAD, sud), (Role.ANIMATOR, sud)))
    neighbour = await programme.person("Ben", follows=(nord,))
    row = await put(programme, S.SUBMITTED, author)
    for who in (elsewhere, neighbour):
        for act in (
            lambda s, w: open_to_sign(s, clock, settings, w, row.id, row.revision),
            lambda s, w: send_back(s, clock, w, row.id, "Non"),
            lambda s, w: write_answer(s, clock, w, row.id, Question.FACTS, "Autre chose"),
            lambda s, w: withdraw_interpellation(s, clock, w, row.id),
            lambda s, w: sign(s, clock, settings, w, row.id),
            lambda s, w: unsign(s, clock, w, row.id),
            lambda s, w: vote(s, clock, w, row.id, VoteChoice.FOR),
            lambda s, w: write_view(s, clock, w, row.id, "Non"),
            lambda s, w: view_interpellation(s, clock, settings, w, row.id),
            lambda s, w: load_interpellation(s, w, 999_999),
        ):
            with pytest.raises(NotAllowed):
                async with programme.database.write() as session:
                    await act(session, who)
    assert await events(programme, row) == []
    async with programme.database.read() as session:
        lines = (await session.exec(select(AuditLine).where(col(AuditLine.subject) == "interpellation"))).all()
    assert lines == []


@pytest.mark.parametrize(
    ("votes", "has_members", "outcome"),
    [
        (Votes(), False, Outcome.NO_VOTE),
        (Votes(), True, Outcome.UNDECIDED),
        (Votes(1, 0, 0), True, Outcome.FOR),
        (Votes(1, 0, 9), True, Outcome.FOR),
        (Votes(0, 1, 0), True, Outcome.AGAINST),
        (Votes(2, 2, 1), True, Outcome.UNDECIDED),
        (Votes(0, 0, 3), True, Outcome.UNDECIDED),
        (Votes(2, 1, 0), False, Outcome.FOR),
    ],
)
def test_abstentions_are_counted_and_decide_nothing(votes: Votes, has_members: bool, outcome: Outcome):
    assert outcome_of(votes, has_members=has_members) is outcome


async def test_what_is_kept_of_an_author_who_is_gone_is_no_name(programme):
    nord = programme.nord
    author = await programme.person("Rosa", follows=(nord,))
    neighbour = await programme.person("Ben", follows=(nord,))
    row = await put(programme, S.COSIGNING, author, threshold=2)
    async with programme.database.write() as session:
        kept = await session.get_one(Interpellation, row.id)
        kept.author_id = None
    async with programme.database.read() as session:
        view = await view_interpellation(session, programme.clock, programme.settings, neighbour, row.id)
    assert (view.author, view.is_author, view.signatures) == (None, False, 0)


async def test_a_vote_of_the_last_moment_is_counted_before_the_result_is_confirmed(programme, rosa):
    lea = await programme.person("Léa", roles=((Role.LEAD, programme.nord),))
    tom = await programme.person("Tom", roles=((Role.MEMBER, programme.nord),))
    until = programme.clock.now() + timedelta(minutes=1)
    row = await put(programme, S.VOTING, rosa, vote_until=until)

    async def confirms() -> Interpellation:
        async with programme.database.write() as session:
            return await confirm(session, programme.clock, lea, row.id, row.revision, "D’accord.", adopted=True)

    async with programme.database.write() as session:
        await vote(session, programme.clock, tom, row.id, VoteChoice.FOR)
        programme.clock.set(until)
        confirming = asyncio.create_task(confirms())
        # The lead comes as far as the row that is held here, and waits for it.
        await asyncio.wait({confirming}, timeout=0.5)
    assert (await confirming).state is S.ADOPTED


async def test_who_stands_in_confirms_only_where_no_lead_can_be_written_to(programme):
    author = await programme.person("Rosa", follows=(programme.nord,))
    lead = await programme.person("Léna", roles=((Role.LEAD, programme.nord),))
    animator = await programme.person("Julien", roles=((Role.ANIMATOR, programme.nord),))
    row = await put(programme, S.VOTING, author, vote_until=programme.clock.now())

    async def confirmed(who: Actor) -> None:
        async with programme.database.write() as session:
            await confirm(session, programme.clock, who, row.id, row.revision, "Oui.", adopted=True)

    with pytest.raises(NotAllowed):
        await confirmed(animator)
    async with programme.database.write() as session:
        await session.exec(
            update(Person).where(col(Person.id) == lead.person_id).values(unreachable_since=programme.clock.now())
        )
        assert await who_confirms(session, programme.nord) == {animator.person_id}
    with pytest.raises(NotAllowed):
        await confirmed(author)
    await confirmed(animator)
    assert await state_of(programme, row) is S.ADOPTED


async def test_words_that_were_for_the_author_or_the_council_alone_stand_in_no_history_of_others(programme, rosa):
    lea = await programme.person("Léa", roles=((Role.LEAD, programme.nord),))
    sam = await programme.person("Sam", follows=(programme.nord,))
    row = await put(programme, S.SENT, rosa)
    act = InterpellationAct
    said = {
        act.SENT_BACK: "Enlevez le nom de Paul.",
        act.ACKNOWLEDGED: "Anne Dupont",
        act.PASSED_ON: "Jean Martin",
        act.ASKING_AGAIN_WISHED: "Et Paul ?",
    }
    async with programme.database.write() as session:
        for each, words in said.items():
            await note(session, programme.clock, row, each, None, words=words)
        await note(session, programme.clock, row, act.EXTENDED, None, words="C’est l’été.")

    async def reads(actor: Actor) -> list[str]:
        async with programme.database.read() as session:
            view = await view_interpellation(session, programme.clock, programme.settings, actor, row.id)
        return [each.words for each in view.steps]

    assert await reads(sam) == ["", "", "", "", "C’est l’été."]
    assert await reads(lea) == await reads(rosa) == [*said.values(), "C’est l’été."]
