"""How requests end: each state leads where the table says and nowhere else; verdicts, silence, reopening, erasure."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from council.contents import Content
from council.errors import EmptyWords, NotAllowed, OutOfDate, TooLong
from council.people import became_unreachable
from council.privacy import erase_person
from council.roles import revoke
from council.support import SupportDraft, ask_support
from council.support_adding import How, add_words, requests_to_add_to
from council.support_end import carry_out, follow_up_due, judge, rate, reopen, say_more, withdraw
from council.support_mine import open_mine
from council.support_states import TRANSITIONS, move
from council.support_taking import take
from storage.outbox import Notice
from storage.people import Role
from storage.support import (
    ContentKind,
    SupportAct,
    SupportEvent,
    SupportKind,
    SupportMessage,
    SupportRequest,
    SupportState,
    Verdict,
)

S = SupportState
ALLOWED = {
    S.RECEIVED: "qualified assigned carried_out redirected withdrawn merged",
    S.QUALIFIED: "assigned carried_out redirected withdrawn merged",
    S.ASSIGNED: "received qualified in_progress waiting carried_out redirected withdrawn merged",
    S.IN_PROGRESS: "received qualified assigned waiting carried_out redirected withdrawn merged",
    S.WAITING: "received qualified assigned in_progress carried_out redirected withdrawn merged",
    S.CARRIED_OUT: "received assigned closed",
    S.CLOSED: "received assigned",
    S.REDIRECTED: "received assigned",
    S.WITHDRAWN: "",
    S.MERGED: "received redirected",
}
"""What domain.md, section 4, says, beside the code that says it too. Staying where one is changes no state."""


class Case:
    """One request of Amina's that Julien has, and whatever they do with it."""

    def __init__(self, programme, amina, julien, claire) -> None:
        self.programme, self.amina, self.julien, self.claire = programme, amina, julien, claire
        self.messages = 0
        self.id = 0

    def content(self, words: str = "Aidez-nous") -> Content:
        self.messages += 1
        return Content(ContentKind.TEXT, self.amina.telegram_id, 1_000 + self.messages, (words,))

    async def asked(self, kind=SupportKind.ROOM) -> None:
        draft = SupportDraft(kind, (self.content(),), self.programme.nord)
        async with self.programme.database.write() as session:
            request = await ask_support(
                session, self.programme.clock, self.programme.settings, self.amina, draft, f"key {self.messages}"
            )
            self.id = request.id

    async def does(self, use_case, actor, *given):
        """A use case that takes the programme."""
        async with self.programme.database.write() as session:
            return await use_case(session, self.programme.clock, self.programme.settings, actor, self.id, *given)

    async def rates(self, face: int, round_: int = 1) -> None:
        async with self.programme.database.write() as session:
            await rate(session, self.programme.clock, self.amina, self.id, round_, face)

    async def withdraws(self, actor=None) -> None:
        async with self.programme.database.write() as session:
            await withdraw(session, self.programme.clock, actor or self.amina, self.id)

    async def adds(self, words: str = "Encore"):
        content = self.content(words)
        return await self.does(add_words, self.amina, (content,), f"add {content.message_id}")

    async def later(self, **span: float) -> None:
        self.programme.clock.advance(**span)
        await follow_up_due(self.programme.database, self.programme.clock, self.programme.settings)

    async def now(self) -> SupportRequest:
        async with self.programme.database.read() as session:
            return await session.get_one(SupportRequest, self.id)

    async def told(self, person) -> list[str]:
        """Kinds and details of the notices about the request, in their order."""
        async with self.programme.database.read() as session:
            query = select(Notice).where(
                col(Notice.person_id) == person.person_id, col(Notice.kind).startswith("support")
            )
            rows = (await session.exec(query.order_by(col(Notice.id)))).all()
        return [f"{each.kind} {each.detail}".strip() for each in rows]

    async def history(self) -> list[SupportAct]:
        async with self.programme.database.read() as session:
            query = select(SupportEvent).where(col(SupportEvent.request_id) == self.id).order_by(col(SupportEvent.id))
            return [each.act for each in (await session.exec(query)).all()]


@pytest.fixture
async def case(programme) -> Case:
    amina = await programme.person("Amina", follows=(programme.nord,))
    julien = await programme.person("Julien", roles=((Role.ANIMATOR, programme.nord),))
    claire = await programme.person("Claire", roles=((Role.COORDINATOR, None),))
    made = Case(programme, amina, julien, claire)
    await made.asked()
    return made


def test_the_table_of_the_domain_is_that_of_the_code():
    assert {state: {S(each) for each in words.split()} for state, words in ALLOWED.items()} == {
        state: set(after) - {state} for state, after in TRANSITIONS.items()
    }


@pytest.mark.parametrize("to", list(S))
@pytest.mark.parametrize("state", list(S))
async def test_a_state_leads_where_the_table_says_and_nowhere_else(case, state, to):
    async with case.programme.database.write() as session:
        request = await session.get_one(SupportRequest, case.id)
        request.state = state
    async with case.programme.database.write() as session:
        request = await session.get_one(SupportRequest, case.id)
        moving = move(session, case.programme.clock, request, to, SupportAct.QUALIFIED, case.julien)
        if to is state or to.value in ALLOWED[state].split():
            await moving
        else:
            with pytest.raises(OutOfDate):
                await moving
    expected = to if to is state or to.value in ALLOWED[state].split() else state
    assert (await case.now()).state is expected


async def test_a_result_closes_after_yes_and_a_face(case):
    case.programme.clock.advance(hours=2)
    with pytest.raises(EmptyWords):
        await case.does(carry_out, case.julien, "  ")
    with pytest.raises(TooLong):
        await case.does(carry_out, case.julien, "é" * 1001)
    with pytest.raises(NotAllowed):
        await case.does(carry_out, case.amina, "Moi-même")
    await case.does(carry_out, case.julien, "é" * 1000)
    with pytest.raises(OutOfDate):
        await case.does(carry_out, case.julien, "Deux fois")
    request = await case.now()
    assert (request.completion_minutes, request.first_answer_minutes) == (120, 120)
    assert "support_verdict_asked" in await case.told(case.amina)
    for stranger in (case.julien, case.claire):
        with pytest.raises(NotAllowed):
            await case.does(judge, stranger, 1, Verdict.SOLVED)
    with pytest.raises(OutOfDate):
        await case.does(judge, case.amina, 2, Verdict.SOLVED)
    with pytest.raises(OutOfDate):
        await case.rates(5)
    await case.does(judge, case.amina, 1, Verdict.SOLVED)
    with pytest.raises(OutOfDate):
        await case.does(judge, case.amina, 1, Verdict.NO)
    for face in (0, 6):
        with pytest.raises(NotAllowed):
            await case.rates(face)
    await case.rates(4)
    request = await case.now()
    assert (request.state, request.verdict, request.face) == (S.CLOSED, Verdict.SOLVED, 4)
    assert request.next_feedback_at is None
    with pytest.raises(OutOfDate):
        await case.rates(5)
    await case.does(say_more, case.amina, (case.content("Merci"),))
    assert (await case.now()).state is S.CLOSED
    assert any("support_relay" in each for each in await case.told(case.julien))


async def test_partly_closes_and_the_team_hears_of_it(case):
    await case.does(carry_out, case.julien, "Fait")
    await case.does(judge, case.amina, 1, Verdict.PARTLY)
    await case.rates(3)
    assert (await case.now()).state is S.CLOSED
    assert "support_news partly" in await case.told(case.claire)
    assert "support_news partly" in await case.told(case.julien)


async def test_no_reopens_with_a_fresh_promise_for_the_same_animator(case):
    before = await case.now()
    case.programme.clock.advance(days=1)
    await case.does(carry_out, case.julien, "Fait")
    await case.does(judge, case.amina, 1, Verdict.NO)
    request = await case.now()
    assert (request.state, request.animator_id, request.rounds) == (S.ASSIGNED, case.julien.person_id, 2)
    assert request.promised_at > before.promised_at
    assert (request.result, request.verdict, request.first_answer_at, request.next_feedback_at) == (None,) * 4
    assert "support_reopened" in await case.told(case.julien)
    assert "support_reopened" in await case.told(case.claire)
    assert (await case.history())[-2:] == [SupportAct.JUDGED, SupportAct.REOPENED]
    with pytest.raises(OutOfDate):
        await case.does(judge, case.amina, 1, Verdict.SOLVED)
    await case.does(carry_out, case.julien, "Vraiment fait")
    await case.does(judge, case.amina, 2, Verdict.SOLVED)
    await case.rates(5, 2)
    assert (await case.now()).state is S.CLOSED


async def test_reopened_it_goes_to_somebody_who_is_there(case):
    lea = await case.programme.person("Léa", roles=((Role.ANIMATOR, case.programme.nord),))
    await case.does(carry_out, case.julien, "Fait")
    async with case.programme.database.write() as session:
        await became_unreachable(session, case.programme.clock, case.julien.telegram_id)
    await case.does(judge, case.amina, 1, Verdict.NO)
    request = await case.now()
    assert (request.state, request.animator_id) == (S.ASSIGNED, lea.person_id)


async def test_silence_is_asked_once_more_then_closed_and_said(case):
    await case.does(carry_out, case.julien, "Fait")  # a Monday at ten
    await case.later(days=2, hours=23)
    assert "support_verdict_asked again" not in await case.told(case.amina)
    await case.later(hours=2)
    assert "support_verdict_asked again" in await case.told(case.amina)
    await case.later(minutes=5)
    await case.later(days=4)  # over the weekend: three working days are not over
    assert (await case.now()).state is S.CARRIED_OUT
    await case.later(days=1)
    request = await case.now()
    assert (request.state, request.verdict) == (S.CLOSED, None)
    told = await case.told(case.amina)
    assert told.count("support_verdict_asked again") == 1
    assert told[-1] == "support_news closed"
    await case.later(days=30)
    assert await case.told(case.amina) == told


async def test_a_verdict_without_a_face_closes_without_asking_again(case):
    await case.does(carry_out, case.julien, "Fait")
    await case.does(judge, case.amina, 1, Verdict.SOLVED)
    await case.later(days=4)
    request = await case.now()
    assert (request.state, request.verdict, request.face) == (S.CLOSED, Verdict.SOLVED, None)
    assert not {"support_news closed", "support_verdict_asked again"} & set(await case.told(case.amina))


async def test_who_cannot_be_asked_leaves_it_closed(case):
    async with case.programme.database.write() as session:
        await became_unreachable(session, case.programme.clock, case.amina.telegram_id)
    await case.does(carry_out, case.julien, "Fait")
    assert (await case.now()).state is S.CLOSED


async def test_withdrawn_once_and_who_has_it_is_told(case):
    for stranger in (case.julien, case.claire):
        with pytest.raises(NotAllowed):
            await case.withdraws(stranger)
    await case.withdraws()
    assert (await case.now()).state is S.WITHDRAWN
    assert "support_news withdrawn" in await case.told(case.julien)
    with pytest.raises(OutOfDate):
        await case.withdraws()
    with pytest.raises(OutOfDate):
        await case.does(carry_out, case.julien, "Fait")


async def test_words_within_a_fortnight_reopen_and_later_ones_begin_another(case):
    await case.does(carry_out, case.julien, "Fait")
    await case.does(judge, case.amina, 1, Verdict.SOLVED)
    await case.rates(5)
    case.programme.clock.advance(days=14)
    added = await case.adds()
    assert (added.how, added.request.id, added.request.rounds) == (How.REOPENED, case.id, 2)
    assert (await case.adds()).how is How.ADDED
    await case.does(carry_out, case.julien, "Fait")
    await case.does(judge, case.amina, 2, Verdict.SOLVED)
    await case.rates(5, 2)
    case.programme.clock.advance(days=14, seconds=1)
    added = await case.adds()
    assert added.how is How.LINKED
    assert (added.request.linked_to_id, added.request.kind) == (case.id, SupportKind.ROOM)
    assert (await case.now()).state is S.CLOSED


async def test_what_was_withdrawn_is_never_reopened(case):
    await case.withdraws()
    assert (await case.adds()).how is How.LINKED
    async with case.programme.database.write() as session:
        request = await session.get_one(SupportRequest, case.id)
        with pytest.raises(OutOfDate):
            await reopen(session, case.programme.clock, case.programme.settings, case.amina, request, None)


async def test_words_are_offered_to_three_requests_open_ones_first(case):
    first = case.id
    await case.does(carry_out, case.julien, "Fait")
    await case.does(judge, case.amina, 1, Verdict.SOLVED)
    await case.rates(5)
    for kind in (SupportKind.MINUTES, SupportKind.TOOLS):
        case.programme.clock.advance(minutes=1)
        await case.asked(kind)
    async with case.programme.database.read() as session:
        clock, settings = case.programme.clock, case.programme.settings
        offered = await requests_to_add_to(session, clock, settings, case.amina)
        assert [each.kind for each in offered] == [SupportKind.TOOLS, SupportKind.MINUTES, SupportKind.ROOM]
        assert offered[-1].id == first
        clock.advance(days=15)
        assert len(await requests_to_add_to(session, clock, settings, case.amina)) == 2
        assert not await requests_to_add_to(session, clock, settings, case.julien)


async def test_erasing_the_account_leaves_the_request_without_words(case):
    place = Content(ContentKind.LOCATION, case.amina.telegram_id, 77, latitude=43.6, longitude=1.44)
    photo = Content(ContentKind.PHOTO, case.amina.telegram_id, 78, ("légende secrète",), "secret file")
    await case.does(add_words, case.amina, (place, photo), "add")
    async with case.programme.database.write() as session:
        await erase_person(session, case.programme.clock, case.amina)
    request = await case.now()
    assert (request.state, request.person_id, request.theme) == (S.WITHDRAWN, case.amina.person_id, None)
    assert "support_news withdrawn" in await case.told(case.julien)
    async with case.programme.database.read() as session:
        rows = (await session.exec(select(SupportMessage))).all()
        view_of_nobody = [(each.parts, each.file_id, each.latitude, each.chat_id) for each in rows]
    assert view_of_nobody == [([], None, None, None)] * 3


async def test_erasing_the_account_closes_what_waited_for_a_verdict(case):
    await case.does(carry_out, case.julien, "Fait")
    async with case.programme.database.write() as session:
        await erase_person(session, case.programme.clock, case.amina)
    assert (await case.now()).state is S.CLOSED


async def test_the_view_says_who_has_it_and_hides_it_from_others(case):
    async with case.programme.database.read() as session:
        view = await open_mine(session, case.programme.clock, case.amina, case.id)
        assert (view.animator, view.council, view.is_open, view.is_late) == ("Julien", "Quartier Nord", True, False)
        for stranger in (case.julien, case.claire):
            with pytest.raises(NotAllowed):
                await open_mine(session, case.programme.clock, stranger, case.id)
    case.programme.clock.advance(days=5)
    async with case.programme.database.read() as session:
        assert (await open_mine(session, case.programme.clock, case.amina, case.id)).is_late


async def test_a_request_taken_from_the_queue_is_shown_so(case):
    async with case.programme.database.write() as session:
        request = await session.get_one(SupportRequest, case.id)
        await move(
            session, case.programme.clock, request, S.RECEIVED, SupportAct.RELEASED, case.julien, animator_id=None
        )
    async with case.programme.database.write() as session:
        await take(session, case.programme.clock, case.claire, case.id)
    async with case.programme.database.read() as session:
        view = await open_mine(session, case.programme.clock, case.amina, case.id)
    assert view.animator == "Claire"
    assert [each.who for each in view.steps][-1] == "Claire"
    assert view.created_at + timedelta(days=1) > view.now


async def test_words_for_who_has_left_the_team_reach_who_coordinates(case):
    await case.does(carry_out, case.julien, "Fait")
    async with case.programme.database.write() as session:
        await revoke(
            session, case.programme.clock, case.claire, case.julien.person_id, Role.ANIMATOR, case.programme.nord
        )
    await case.adds("Encore une chose")
    assert "support_relay 0" in await case.told(case.claire)
    assert "support_relay 0" not in await case.told(case.julien)
