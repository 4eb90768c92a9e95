"""Leads, residents and partners act on one thing at the same moment: a proposal, a case, its letter, a meeting."""

from dataclasses import replace
from datetime import timedelta

import pytest
from crossings import crossed, side_by_side
from meeting_scenes import announced, answers, lead_of, residents, told
from proposal_scenes import kept, moderated, proposed, standing
from sqlmodel import col, func, select
from test_interpellation_states import events, put, state_of

from council.contents import Content
from council.errors import OutOfDate, Refusal
from council.interpellation_answers import AnswerDraft, AnswersClosed, acknowledge, answer
from council.interpellation_drafts import AskedAlready, InterpellationDraft, keep_draft, submit_draft
from council.interpellation_end import close_case
from council.interpellation_extensions import extend
from council.interpellation_letter_rows import LetterUnderWay
from council.interpellation_letters import DrawnLetter, letter_facts
from council.interpellation_sending import send_letter, send_same_again, settle_letter
from council.interpellation_signing import SignedAlready, sign
from council.interpellation_votes import confirm, vote
from council.interpellations import look_after_interpellations, open_to_sign
from council.mails import MailWords
from council.meeting_plans import plan_of
from council.meetings import edit_meeting
from council.notices import NoticeKind
from council.partner_links import make_link
from council.partner_views import note_opened
from council.proposal_moderation import DecidedAlready, merge, publish, set_aside
from council.proposal_support import support, withdraw_support
from council.proposals import ProposalDraft, SameProposal, submit_proposal
from council.rsvp import Standing, answer_meeting
from council.settings import PartnerEntry, PartnerKind
from storage.interpellations import (
    Interpellation,
    InterpellationAct,
    InterpellationKind,
    InterpellationLetter,
    InterpellationSignature,
    InterpellationState,
    LetterState,
    LetterWay,
    PartnerLink,
    VoteChoice,
)
from storage.mail_queue import MailLease, claim, finish
from storage.mails import Mail, MailState
from storage.meetings import Answer
from storage.people import Role
from storage.proposals import Proposal, ProposalState
from storage.support import ContentKind

S = InterpellationState
HELD = "FROM interpellation .*FOR UPDATE"
TOWN = PartnerEntry(code="mairie", name="Mairie", kind=PartnerKind.CITY, email="mairie@ville.example")


def refused(ends: list[object], error: type[Refusal]) -> int:
    """How many; whatever else went wrong is told."""
    for each in ends:
        assert not isinstance(each, BaseException) or isinstance(each, error), repr(each)
    return sum(isinstance(each, error) for each in ends)


@pytest.fixture
async def leads(programme):
    return [await programme.person(name, roles=((Role.LEAD, programme.nord),)) for name in ("Fatou", "Luc")]


# --- proposals


async def test_of_two_who_moderate_at_once_one_decides(programme, rosa, leads):
    made = await proposed(programme, rosa)
    one, other = leads
    ends = await crossed(
        programme.database,
        lambda session: publish(session, programme.clock, one, made.id, made.revision),
        lambda session: set_aside(session, programme.clock, other, made.id, made.revision, "Déjà fait."),
        after="UPDATE proposal",
    )
    assert refused(ends, DecidedAlready) == 1
    assert (ends[1].name, (await kept(programme, made)).state) == ("Fatou", ProposalState.RECEIVED)


async def test_who_supports_it_no_more_is_not_taken_along_when_it_is_joined_with_another(programme, rosa, leads):
    lead, ali = leads[0], await programme.person("Ali", follows=(programme.nord,))
    tom = await programme.person("Tom", follows=(programme.nord,))
    into, made = await proposed(programme, ali, "Une fontaine."), await proposed(programme, rosa)
    for each in (into, made):
        await moderated(programme, publish, lead, each)
    async with programme.database.write() as session:
        await support(session, programme.clock, tom, made.id)
    revision = (await kept(programme, made)).revision
    ends = await crossed(
        programme.database,
        lambda session: withdraw_support(session, programme.clock, tom, made.id),
        lambda session: merge(session, programme.clock, lead, made.id, revision, into.id),
        after="DELETE FROM proposal_follower",
    )
    assert refused(ends, Refusal) == 0
    assert tom.person_id not in await standing(programme, into)


def idea(programme, author, key, said="Un banc."):
    draft = ProposalDraft(programme.nord, "autre", (Content(ContentKind.TEXT, author.telegram_id, 1, (said,)),))
    return lambda session: submit_proposal(session, programme.clock, programme.settings, author, draft, key)


async def test_the_same_idea_sent_twice_at_once_is_one_and_two_have_two_numbers(programme, rosa):
    ali = await programme.person("Ali", follows=(programme.nord,))
    drawn = "INSERT INTO number_series"
    one, same = await crossed(programme.database, idea(programme, rosa, "a"), idea(programme, rosa, "a"), after=drawn)
    assert one.id == same.id
    ends = await crossed(
        programme.database, *(idea(programme, rosa, each, "Un puits.") for each in ("b", "c")), after=drawn
    )
    assert refused(ends, SameProposal) == 1
    two = ends[0]
    three, four = await crossed(
        programme.database, idea(programme, ali, "d", "Trois."), idea(programme, rosa, "e", "Quatre."), after=drawn
    )
    assert [each.number for each in (one, two, three, four)] == [f"P-2026-00{n}" for n in range(1, 5)]
    async with programme.database.read() as session:
        assert (await session.exec(select(func.count()).select_from(Proposal))).one() == 4


# --- cases


async def test_two_drafts_of_the_same_words_are_not_both_sent(programme, rosa):
    rows = [await put(programme, S.DRAFT, rosa) for _ in range(2)]
    async with programme.database.write() as session:
        for each in rows:
            (await session.get_one(Interpellation, each.id)).facts = "En panne."
    ends = await crossed(
        programme.database,
        *(lambda session, row=row: submit_draft(session, programme.clock, rosa, row.id) for row in rows),
        after="UPDATE interpellation",
    )
    assert refused(ends, AskedAlready) == 1
    assert [await state_of(programme, row) for row in rows] == [S.SUBMITTED, S.DRAFT]


async def test_the_same_draft_kept_twice_at_once_is_one(programme, rosa):
    draft = InterpellationDraft(InterpellationKind.INTERPELLATION, programme.nord)

    def keeps(session):
        return keep_draft(session, programme.clock, programme.settings, rosa, draft, "key")

    one, same = await crossed(programme.database, keeps, keeps, after="INSERT INTO number_series")
    assert (one.id, one.number) == (same.id, same.number) == (one.id, "I-2026-001")


async def test_of_two_who_open_it_at_once_one_does(programme, rosa, leads):
    case = await put(programme, S.SUBMITTED, rosa)

    def opens(lead):
        return lambda session: open_to_sign(session, programme.clock, programme.settings, lead, case.id, case.revision)

    ends = await crossed(programme.database, *map(opens, leads), after=HELD)
    assert refused(ends, OutOfDate) == 1
    assert [each.act for each in await events(programme, case)].count(InterpellationAct.OPENED) == 1


def signs(programme, person, case):
    return lambda session: sign(session, programme.clock, programme.settings, person, case.id)


async def cosigning(programme, author, threshold):
    until = programme.clock.now() + timedelta(days=3)
    return await put(programme, S.COSIGNING, author, threshold=threshold, cosign_until=until)


async def test_who_signs_twice_at_once_has_signed_once(programme, rosa):
    ali, case = await programme.person("Ali", follows=(programme.nord,)), await cosigning(programme, rosa, 5)
    ends = await crossed(programme.database, signs(programme, ali, case), signs(programme, ali, case), after=HELD)
    assert refused(ends, SignedAlready) == 1
    async with programme.database.read() as session:
        assert len((await session.exec(select(InterpellationSignature))).all()) == 1


async def test_two_last_signatures_begin_one_vote(programme, rosa):
    await programme.person("Tom", roles=((Role.MEMBER, programme.nord),))
    people = await residents(programme, "Ali", "Zoé")
    case = await cosigning(programme, rosa, 1)
    ends = await crossed(programme.database, *(signs(programme, each, case) for each in people), after=HELD)
    assert refused(ends, Refusal) == 0
    acts = [each.act for each in await events(programme, case)]
    assert acts == [InterpellationAct.SIGNED_ENOUGH, InterpellationAct.VOTE_OPENED]


async def voted(programme, author):
    tom = await programme.person("Tom", roles=((Role.MEMBER, programme.nord),))
    until = programme.clock.now() + timedelta(minutes=1)
    case = await put(programme, S.VOTING, author, vote_until=until, next_look_at=until)
    async with programme.database.write() as session:
        await vote(session, programme.clock, tom, case.id, VoteChoice.FOR)
    programme.clock.set(until)
    return case


async def test_of_two_who_confirm_the_vote_at_once_one_does(programme, rosa, leads):
    case = await voted(programme, rosa)

    def confirms(lead):
        words = f"Dit {lead.first_name}"
        place = lead, case.id, case.revision, words
        return lambda session: confirm(session, programme.clock, *place, adopted=True)

    ends = await crossed(programme.database, *map(confirms, leads), after="UPDATE interpellation")
    assert refused(ends, OutOfDate) == 1
    async with programme.database.read() as session:
        now = await session.get_one(Interpellation, case.id)
    assert (now.majority_position, now.adopted_by) == ("Dit Fatou", leads[0].person_id)


@side_by_side
async def test_a_vote_that_a_lead_confirms_is_not_ended_by_the_clock_as_well(programme, rosa, leads):
    case = await voted(programme, rosa)

    async def sweeps(_session):  # in transactions of its own
        await look_after_interpellations(programme.database, programme.clock, programme.settings)

    def confirms(session):
        return confirm(session, programme.clock, leads[0], case.id, case.revision, "Oui.", adopted=True)

    ends = await crossed(programme.database, confirms, sweeps, after="UPDATE interpellation")
    assert refused(ends, Refusal) == 0
    assert [each.act for each in await events(programme, case)] == [InterpellationAct.ADOPTED]


def answering(programme, case, by, said="Lundi."):
    async def act(session):
        row = await session.get_one(Interpellation, case.id)
        draft = AnswerDraft("Mairie", said, programme.clock.now().date())
        return await answer(session, programme.clock, programme.settings, row, draft, f"key:{said}", by=by)

    return act


async def sent(programme, author, **values):
    now = programme.clock.now()
    values = {"sent_at": now, "due_at": now + timedelta(days=30), "calendar": "30:x", **values}
    return await put(programme, S.SENT, author, **values)


@pytest.mark.parametrize("first", ["answer", "extension"])
async def test_more_time_is_given_while_an_answer_is_entered(programme, rosa, leads, first):
    case = await sent(programme, rosa)
    settings, lead = programme.settings, leads[1]

    def extends(session):
        place, mail = (lead, case.id, 10, "C’est l’été."), lambda _reminder: MailWords("Délai", "Plus de temps")
        return extend(session, programme.clock, settings, *place, mail=mail, has_pages=False)

    both = [answering(programme, case, leads[0]), extends]
    ends = await crossed(programme.database, *(both if first == "answer" else both[::-1]), after="UPDATE interpell")
    assert refused(ends, OutOfDate) == (first == "answer"), "nobody who answers is turned away"
    acts = [each.act.value for each in await events(programme, case)]
    assert acts == (["answered"] if first == "answer" else ["extended", "answered"])


@pytest.mark.parametrize("said", [("Lundi.", "Lundi."), ("Lundi.", "Mardi.")])
async def test_two_answers_at_once_are_both_kept_unless_they_are_the_same(programme, rosa, leads, said):
    case = await sent(programme, rosa)
    both = (answering(programme, case, leads[0], each) for each in said)
    one, other = await crossed(programme.database, *both, after=HELD)
    assert (one.id == other.id) is (said[0] == said[1])
    assert [each.act.value for each in await events(programme, case)] == ["answered"] * len(set(said))
    assert await state_of(programme, case) is S.ANSWERED


async def test_a_receipt_given_twice_at_once_is_one(programme, rosa, leads):
    case = await sent(programme, rosa)

    async def acknowledges(session):
        row = await session.get_one(Interpellation, case.id)
        return await acknowledge(session, programme.clock, programme.settings, row, leads[0])

    assert await crossed(programme.database, acknowledges, acknowledges, after=HELD) == [True, False]
    assert [each.act.value for each in await events(programme, case)] == ["acknowledged"]


@pytest.mark.parametrize("first", ["answer", "end"])
async def test_answered_while_it_is_closed(programme, rosa, leads, first):
    case = await put(programme, S.REPORTED_BACK, rosa)
    by = leads[0]

    def closes(session):
        return close_case(session, programme.clock, leads[1], case.id)

    both = [answering(programme, case, by), closes]
    ends = await crossed(programme.database, *(both if first == "answer" else both[::-1]), after="UPDATE interpell")
    if first == "answer":  # the lead has not read that answer; on SQLite the door opens after it was kept
        assert refused(ends, OutOfDate) == (not programme.database.is_sqlite)
    else:
        assert refused(ends, AnswersClosed) == 1
    acts = [each.act.value for each in await events(programme, case)]
    assert acts[0] == ("answered" if first == "answer" else "closed")


# --- letters


@pytest.fixture
async def letter(programme, rosa, leads):
    """On its way by e-mail, which is leased."""
    programme.settings = programme.settings.model_copy(update={"partners": (TOWN,)})
    case = await put(programme, S.ADOPTED, rosa)
    made = await mailed(programme, leads[0], case)
    async with programme.database.write() as session:
        await claim(session, programme.clock.now(), 1)
    return made


async def mailing(programme, lead, case, title=None):
    async with programme.database.write() as session:
        if title is not None:
            (await session.get_one(Interpellation, case.id)).title = title
    async with programme.database.read() as session:
        facts = await letter_facts(
            session, programme.clock, programme.settings, lead, case.id, LetterWay.MAIL, has_pages=True
        )
    drawn = DrawnLetter(facts, f"%PDF {title}".encode())
    return lambda session: send_letter(
        session, programme.clock, programme.settings, lead, drawn, lambda mail: MailWords("Lettre", f"/r/{mail.token}")
    )


async def mailed(programme, lead, case):
    sends = await mailing(programme, lead, case)
    async with programme.database.write() as session:
        return await sends(session)


def settles(programme, letter, state):
    """As the mailer does: the mail first, then what follows."""

    async def act(session):
        assert await finish(session, programme.clock.now(), MailLease(letter.mail_id, 1), state, "answer")
        await settle_letter(session, programme.clock, await session.get_one(Mail, letter.mail_id))

    return act


async def settled(programme, letter, state):
    async with programme.database.write() as session:
        await settles(programme, letter, state)(session)


async def letters(programme):
    async with programme.database.read() as session:
        return (await session.exec(select(InterpellationLetter).order_by(col(InterpellationLetter.id)))).all()


async def test_of_two_letters_at_once_one_leaves(programme, rosa, leads):
    programme.settings = programme.settings.model_copy(update={"partners": (TOWN,)})
    case = await put(programme, S.ADOPTED, rosa)
    both = [await mailing(programme, lead, case) for lead in leads]
    ends = await crossed(programme.database, *both, after=HELD)
    assert refused(ends, LetterUnderWay) == 1
    async with programme.database.read() as session:
        assert len((await session.exec(select(Mail))).all()) == len(await letters(programme)) == 1


@pytest.mark.parametrize("again", ["the same", "another"])
@pytest.mark.parametrize("first", ["mail", "lead"])
async def test_a_mail_has_arrived_after_all_while_it_is_sent_again(programme, letter, leads, again, first):
    await settled(programme, letter, MailState.UNCERTAIN)
    case = await case_of(programme)

    def resends(session):
        return send_same_again(session, programme.clock, programme.settings, leads[1], letter.id)

    other = resends if again == "the same" else await mailing(programme, leads[1], case, "Deux ascenseurs")
    arrives = settles(programme, letter, MailState.SENT)
    if first == "mail":
        ends = await crossed(programme.database, arrives, other, after="UPDATE mail")
        assert refused(ends, OutOfDate) == 1
        assert await state_of(programme, case) is S.SENT
    else:
        ends = await crossed(programme.database, other, arrives, after=HELD)
        assert not isinstance(ends[0], BaseException)
    kept_ones = await letters(programme)
    assert len({each.id for each in kept_ones if each.state is LetterState.WAITING}) <= 1


async def case_of(programme):
    async with programme.database.read() as session:
        return (await session.exec(select(Interpellation))).one()


@pytest.mark.parametrize("first", ["partner", "lead"])
async def test_its_page_is_opened_while_another_letter_takes_its_place(programme, letter, leads, first):
    await settled(programme, letter, MailState.REFUSED)
    async with programme.database.write() as session:
        token = await make_link(session, programme.clock, programme.settings, letter, "Mairie")
    another = await mailing(programme, leads[1], await case_of(programme), "Deux ascenseurs")

    async def opens(session):
        await note_opened(session, programme.clock, token)

    if first == "partner":
        ends = await crossed(programme.database, opens, another, after="UPDATE partner_link|" + HELD)
    else:
        ends = await crossed(programme.database, another, opens, after="UPDATE partner_link")
    assert refused(ends, Refusal) == 0
    async with programme.database.read() as session:
        links = (await session.exec(select(PartnerLink).where(col(PartnerLink.letter_id) == letter.id))).all()
    assert all(each.revoked_at is not None for each in links)


async def test_the_mail_bounces_while_the_partner_answers(programme, letter, rosa, leads):
    """The first copy has arrived, and was answered; of the second nobody knows whether it has."""
    await settled(programme, letter, MailState.SENT)
    case = await case_of(programme)
    second = await put(programme, S.ADOPTED, rosa)
    other = await mailed(programme, leads[0], second)
    async with programme.database.write() as session:
        await claim(session, programme.clock.now(), 1)
    ends = await crossed(
        programme.database,
        settles(programme, other, MailState.REFUSED),
        answering(programme, case, leads[0]),
        after=HELD,
    )
    assert refused(ends, Refusal) == 0
    assert (await state_of(programme, case), await state_of(programme, second)) == (S.ANSWERED, S.ADOPTED)


# --- meetings


async def test_who_waited_for_a_lead_has_one_of_the_seats_that_are_there_now(programme):
    lead = await lead_of(programme, programme.nord)
    ali, zoe = await residents(programme, "Ali", "Zoé")
    meeting = await announced(programme, lead, capacity=1)
    await answers(programme, ali, meeting, Answer.YES)
    wanted = plan_of(meeting)

    def widens(session):
        plan = replace(wanted, capacity=2)
        return edit_meeting(session, programme.clock, programme.settings, lead, meeting.id, meeting.revision, plan)

    def says_yes(session):
        return answer_meeting(session, programme.clock, zoe, meeting.id, Answer.YES)

    _, outcome = await crossed(programme.database, widens, says_yes, after="UPDATE meeting")
    assert outcome.standing is Standing.SEATED
    assert await told(programme, NoticeKind.SEAT_GIVEN) == []
