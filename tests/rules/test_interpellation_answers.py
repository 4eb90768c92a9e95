"""What a partner may do in each state of a case, and what the council may note: in tables, for both kinds."""

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.actors import Actor
from council.errors import NotAllowed, OutOfDate
from council.interpellation_answers import (
    ANSWERABLE,
    AnswerDraft,
    AnswersClosed,
    BeforeSending,
    FutureDay,
    KeptFile,
    NameMissing,
    NothingAnswered,
    TooManyFiles,
    acknowledge,
    answer,
    troubles_in,
)
from council.interpellation_end import close_case, report_back
from council.interpellation_opinions import ask_again, judge_answer, view_answer
from council.interpellation_states import TRANSITIONS
from council.saisine_steps import STEPS, BeforeLastStep, ReasonMissing, take_step
from documents.answer_files import KINDS, FileRefused, Upload, clean_name, kind_of, taken
from storage.interpellations import (
    ENDED,
    AnswerWay,
    Interpellation,
    InterpellationKind,
    InterpellationSignature,
    InterpellationState,
    Opinion,
)
from storage.people import Role
from tests.conftest import SmallProgramme

S = InterpellationState
TODAY = date(2026, 3, 2)
EVERY = [(kind, state) for kind in InterpellationKind for state in InterpellationState]
SENT_ON = TODAY - timedelta(days=5)


async def case_in(programme: SmallProgramme, state: S, kind: InterpellationKind, author: Actor | None = None) -> int:
    now = programme.clock.now()
    async with programme.database.write() as session:
        case = Interpellation(
            number=f"I-2026-{state}-{kind}",
            kind=kind,
            state=state,
            council_id=programme.nord,
            author_id=author.person_id if author else None,
            partner_code="mairie",
            partner_name="La mairie",
            title="Ascenseur",
            sent_at=now - timedelta(days=5),
            created_at=now,
            changed_at=now,
            request_key=f"{state}:{kind}",
        )
        session.add(case)
        await session.flush()
        return case.id


async def lead_of(programme: SmallProgramme) -> Actor:
    return await programme.person("Léna", follows=(programme.nord,), roles=((Role.LEAD, programme.nord),))


async def answers(programme: SmallProgramme, case_id: int, by: Actor, words: str = "Lundi.", on: date = TODAY) -> int:
    async with programme.database.write() as session:
        case = await session.get_one(Interpellation, case_id)
        draft = AnswerDraft("Mairie", words, on, AnswerWay.PAPER)
        made = await answer(session, programme.clock, programme.settings, case, draft, f"{case_id}:{words}", by=by)
        return made.id


async def state_of(programme: SmallProgramme, case_id: int) -> S:
    async with programme.database.read() as session:
        return (await session.get_one(Interpellation, case_id)).state


def after_answer(kind: InterpellationKind, state: S) -> S:
    if state not in (S.SENT, S.ACKNOWLEDGED):
        return state
    return S.ANSWERED if kind is InterpellationKind.INTERPELLATION else S.ACKNOWLEDGED


async def test_an_answer_is_taken_in_just_the_states_that_wait_for_one_or_have_had_one(programme: SmallProgramme):
    lead = await lead_of(programme)
    for kind, state in EVERY:
        case_id = await case_in(programme, state, kind)
        if state in ANSWERABLE:
            await answers(programme, case_id, lead)
            assert await state_of(programme, case_id) is after_answer(kind, state), (kind, state)
        else:
            with pytest.raises(AnswersClosed):
                await answers(programme, case_id, lead)
            assert await state_of(programme, case_id) is state


async def test_a_receipt_is_news_once(programme: SmallProgramme):
    lead = await lead_of(programme)
    for kind, state in EVERY:
        case_id = await case_in(programme, state, kind)
        async with programme.database.write() as session:
            case = await session.get_one(Interpellation, case_id)
            if state in ANSWERABLE:
                is_news = await acknowledge(session, programme.clock, programme.settings, case, lead)
                assert is_news is (state is S.SENT)
            else:
                with pytest.raises(AnswersClosed):
                    await acknowledge(session, programme.clock, programme.settings, case, lead)


async def test_steps_of_a_saisine_follow_the_table_and_nothing_else(programme: SmallProgramme):
    lead = await lead_of(programme)
    for kind, state in EVERY:
        case_id = await case_in(programme, state, kind)
        for step in STEPS:
            async with programme.database.write() as session:
                case = await session.get_one(Interpellation, case_id)
                case.state = state
            allowed = kind is InterpellationKind.SAISINE and step in TRANSITIONS[kind].get(state, frozenset())
            async with programme.database.write() as session:
                noting = take_step(
                    session, programme.clock, programme.settings, lead, case_id, step, TODAY, words="Parce que."
                )
                if allowed:
                    event = await noting
                    assert (event.on, event.state) == (TODAY, step)
                else:
                    with pytest.raises((NotAllowed, OutOfDate)):
                        await noting


async def test_reporting_back_and_closing_follow_the_table(programme: SmallProgramme):
    lead = await lead_of(programme)
    for kind, state in EVERY:
        case_id = await case_in(programme, state, kind)
        async with programme.database.write() as session:
            reporting = report_back(session, programme.clock, programme.settings, lead, case_id, None)
            if S.REPORTED_BACK in TRANSITIONS[kind].get(state, frozenset()):
                await reporting
            else:
                with pytest.raises(OutOfDate):
                    await reporting
        async with programme.database.write() as session:
            now = (await session.get_one(Interpellation, case_id)).state
            closing = close_case(session, programme.clock, lead, case_id)
            if S.CLOSED in TRANSITIONS[kind].get(now, frozenset()):
                await closing
            else:
                with pytest.raises(OutOfDate):
                    await closing


async def test_whoever_does_not_carry_it_notes_nothing(programme: SmallProgramme):
    somebody = await programme.person("Sami", follows=(programme.nord,), roles=((Role.LEAD, programme.sud),))
    case_id = await case_in(programme, S.SENT, InterpellationKind.SAISINE)
    clock, settings = programme.clock, programme.settings
    async with programme.database.write() as session:
        with pytest.raises(NotAllowed):
            await take_step(session, clock, settings, somebody, case_id, S.FORWARDED, TODAY)
        with pytest.raises(NotAllowed):
            await report_back(session, clock, settings, somebody, case_id, None)
        with pytest.raises(NotAllowed):
            await close_case(session, clock, somebody, case_id)
    with pytest.raises(NotAllowed):
        await answers(programme, case_id, somebody)


@pytest.mark.parametrize(
    ("day", "refusal"),
    [
        (TODAY + timedelta(days=1), FutureDay),
        (TODAY, None),
        (SENT_ON, None),
        (SENT_ON - timedelta(days=1), BeforeSending),
    ],
)
async def test_a_day_lies_between_the_letter_and_today(programme: SmallProgramme, day, refusal):
    lead = await lead_of(programme)
    case_id = await case_in(programme, S.SENT, InterpellationKind.SAISINE)
    clock, settings = programme.clock, programme.settings
    if refusal is None:
        await answers(programme, case_id, lead, on=day)
        async with programme.database.write() as session:
            await take_step(session, clock, settings, lead, case_id, S.FORWARDED, day)
        return
    with pytest.raises(refusal):
        await answers(programme, case_id, lead, on=day)
    async with programme.database.write() as session:
        with pytest.raises(refusal):
            await take_step(session, clock, settings, lead, case_id, S.FORWARDED, day)


async def test_steps_go_forward_in_time_and_a_refusal_has_a_reason(programme: SmallProgramme):
    lead = await lead_of(programme)
    case_id = await case_in(programme, S.SENT, InterpellationKind.SAISINE)
    clock, settings = programme.clock, programme.settings
    async with programme.database.write() as session:
        await take_step(session, clock, settings, lead, case_id, S.FORWARDED, TODAY - timedelta(days=1))
    async with programme.database.write() as session:
        with pytest.raises(BeforeLastStep):
            await take_step(session, clock, settings, lead, case_id, S.RETAINED, TODAY - timedelta(days=2))
        with pytest.raises(ReasonMissing):
            await take_step(session, clock, settings, lead, case_id, S.NOT_RETAINED, TODAY, words="  ")


async def test_who_may_say_whether_it_answers(programme: SmallProgramme):
    lead = await lead_of(programme)
    author = await programme.person("Rosa")
    signer = await programme.person("Karim")
    follower = await programme.person("Fatou", follows=(programme.nord,))
    other = await programme.person("Sami", follows=(programme.sud,))
    case_id = await case_in(programme, S.SENT, InterpellationKind.INTERPELLATION, author)
    async with programme.database.write() as session:
        session.add(
            InterpellationSignature(
                interpellation_id=case_id, person_id=signer.person_id, signed_at=programme.clock.now()
            )
        )
    answer_id = await answers(programme, case_id, lead)
    async with programme.database.write() as session:
        for person, opinion in ((author, Opinion.NO), (signer, Opinion.YES), (follower, Opinion.YES)):
            await judge_answer(session, programme.clock, person, answer_id, Opinion.PARTLY)
            await judge_answer(session, programme.clock, person, answer_id, opinion)
        with pytest.raises(NotAllowed):
            await judge_answer(session, programme.clock, other, answer_id, Opinion.NO)
        view = await view_answer(session, other, answer_id)
        assert (view.authors, dict(view.opinions), view.may_judge) == (
            Opinion.NO,
            {Opinion.YES: 2, Opinion.NO: 1},
            False,
        )
        with pytest.raises(NotAllowed):
            await ask_again(session, programme.clock, signer, answer_id, "Et quand ?")
        await ask_again(session, programme.clock, author, answer_id, "Et quand ?")
        assert (await view_answer(session, lead, answer_id)).wished == "Et quand ?"
    for state in ENDED:
        async with programme.database.write() as session:
            (await session.get_one(Interpellation, case_id)).state = state
        async with programme.database.write() as session:
            with pytest.raises(OutOfDate):
                await judge_answer(session, programme.clock, author, answer_id, Opinion.YES)


def draft(signed: str = "Mairie", words: str = "Oui.", files: int = 0) -> AnswerDraft:
    return AnswerDraft(
        signed, words, TODAY, files=tuple(KeptFile("a.pdf", "application/pdf", b"x") for _ in range(files))
    )


@pytest.mark.parametrize(
    ("given_draft", "kinds"),
    [
        (draft(), []),
        (draft(words="", files=1), []),
        (draft(signed=" \n "), [NameMissing]),
        (draft(words=" "), [NothingAnswered]),
        (draft(signed="", words="", files=6), [NameMissing, TooManyFiles]),
    ],
)
def test_all_that_is_wrong_with_a_draft_is_found(given_draft, kinds):
    assert [type(each) for each in troubles_in(given_draft)] == kinds


def test_a_name_of_a_thousand_letters_is_short_wherever_its_dot_stands():
    for name in ("a" * 1000, "a" * 1000 + ".pdf", "a." + "b" * 1000, "a" * 500 + "." + "b" * 500):
        assert 20 < len(clean_name(name)) <= 100
    assert clean_name("a" * 1000 + ".pdf").endswith(".pdf")


@pytest.mark.parametrize("character", [chr(n) for n in range(0xA1)])
def test_a_text_holds_no_controls_but_tabs_and_ends(character):
    is_text = unicodedata.category(character) != "Cc" or character in "\t\r\n\f"
    assert kind_of(f"Oui.{character}Non.".encode()) == ("txt" if is_text else None)


@given(st.text(max_size=300))
def test_a_clean_name_leads_nowhere_and_reads_one_way(name):
    clean = clean_name(name)
    assert clean
    assert len(clean) <= 100
    assert not set('/\\\r\n\t\u202e\u200f\x00<>"') & set(clean)
    assert not clean.startswith(".")


@given(st.binary(max_size=400), st.sampled_from([*KINDS, "exe", "html", "svg", "jpeg"]))
def test_whatever_comes_is_taken_as_what_it_is_or_refused(content, ending):
    try:
        file = taken(Upload(f"a.{ending}", content))
    except FileRefused:
        return
    assert file.media_type == KINDS[kind_of(content) or ""]
    assert KINDS[{"jpeg": "jpg"}.get(ending, ending)] == file.media_type
