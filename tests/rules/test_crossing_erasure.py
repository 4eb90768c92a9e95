"""An account is erased while somebody acts on what is theirs: whoever is first, both come to an end, and nothing stays.

Each pair is crossed twice: the erasure stands still and the other act begins, and the other way round. On PostgreSQL
alone: on SQLite the second transaction waits at the door.
"""

from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from types import SimpleNamespace

import pytest
from crossings import Act, crossed, side_by_side
from markupsafe import Markup
from meeting_scenes import announced, answers
from promise_scenes import animator_of, coordinator_of
from proposal_scenes import kept, moderated, proposed
from sqlmodel import col, func, select
from team_scenes import ask
from test_interpellation_states import put

from bot.sender.post import Fate, Outcome
from bot.sender.sender import Sender
from council import live_cards, roles
from council.absences import cancel_absence, declare_absence
from council.actors import Actor
from council.contents import Content
from council.errors import OutOfDate, Refusal
from council.interpellation_sending import send_letter
from council.interpellation_signing import sign
from council.interpellation_votes import confirm, vote
from council.invitations import accept, invite
from council.live_cards import LiveKind
from council.privacy import erase_person
from council.proposal_moderation import merge, publish
from council.proposal_support import support
from council.proposal_treatment import take_step
from council.rsvp import answer_meeting
from council.support_end import carry_out
from council.support_sorting import merge as merge_requests
from council.support_taking import take, transfer
from council.support_talk import edit_message, say_to_requester, say_to_team
from handlers.cards.card import Card, Live
from storage import queue
from storage.interpellations import InterpellationSignature, InterpellationState, VoteChoice
from storage.mails import Mail
from storage.meetings import Answer
from storage.outbox import LiveCard, Notice
from storage.people import Person, Role
from storage.proposals import Proposal, ProposalAct
from storage.queue import Lease
from storage.support import ContentKind, SupportRequest
from tests.conftest import SmallProgramme
from tests.mail.test_letter_mail import TOWN, adopted, drawn, words

_MESSAGES = count(8_000)


class Cast:
    """Whom the pairs need."""

    def __init__(self, programme: SmallProgramme) -> None:
        self.programme, self.clock, self.settings = programme, programme.clock, programme.settings

    async def resident(self, name: str = "Rosa") -> Actor:
        return await self.programme.person(name, follows=(self.programme.nord,))

    async def lead(self) -> Actor:
        return await self.programme.person("Fatou", roles=((Role.LEAD, self.programme.nord),))

    async def animator(self) -> Actor:
        return await animator_of(self.programme, self.programme.nord)

    async def published(self, author: Actor, lead: Actor, words: str) -> Proposal:
        made = await proposed(self.programme, author, words)
        await moderated(self.programme, publish, lead, made)
        return await kept(self.programme, made)

    async def sees(self, subject_id: int, kind: LiveKind, *people: Actor) -> None:
        """They have a card of it in their chats, which is refreshed with every change."""
        async with self.programme.database.write() as session:
            for each in people:
                place = each.person_id, each.telegram_id, next(_MESSAGES)
                await live_cards.keep(session, self.clock, *place, kind, subject_id)

    async def writes(self, animator: Actor, request: SupportRequest) -> Content:
        words = said(animator)
        async with self.programme.database.write() as session:
            await say_to_requester(session, self.clock, self.settings, animator, request.id, (words,))
        return words

    async def leaves(self, reader: Actor) -> Notice:
        """What waits for them is on its way."""
        self.clock.advance(minutes=1)
        async with self.programme.database.write() as session:
            now = self.clock.now()
            leased = await queue.claim(session, now, 100, at_night=False)
            found = next(each for each in leased if each.person_id == reader.person_id)
            assert await queue.begin_attempt(session, now, Lease(found.id, found.claims))
        return found


def said(author: Actor, words: str = "Bonjour") -> Content:
    return Content(ContentKind.TEXT, author.telegram_id, next(_MESSAGES), (words,))


Pair = tuple[Actor, Act]


async def publishing_it(cast: Cast) -> Pair:
    rosa, lead = await cast.resident(), await cast.lead()
    made = await proposed(cast.programme, rosa)
    return rosa, lambda session: publish(session, cast.clock, lead, made.id, made.revision)


async def treating_what_they_support(cast: Cast) -> Pair:
    rosa, ali, lead = await cast.resident(), await cast.resident("Ali"), await cast.lead()
    made = await cast.published(ali, lead, "Un banc.")
    async with cast.programme.database.write() as session:
        await support(session, cast.clock, rosa, made.id)
    await cast.sees(made.id, LiveKind.PROPOSAL, ali, rosa, lead)
    step = ProposalAct.DISCUSSED
    return rosa, lambda session: take_step(session, cast.clock, lead, made.id, made.revision, step)


async def joining_it_with_another(cast: Cast) -> Pair:
    rosa, ali, lead = await cast.resident(), await cast.resident("Ali"), await cast.lead()
    into, made = await cast.published(ali, lead, "Un banc."), await cast.published(rosa, lead, "Une fontaine.")
    return rosa, lambda session: merge(session, cast.clock, lead, made.id, made.revision, into.id)


async def signing_their_case(cast: Cast) -> Pair:
    rosa, ali, zoe = [await cast.resident(each) for each in ("Rosa", "Ali", "Zoé")]
    until = cast.clock.now() + timedelta(days=2)
    case = await put(cast.programme, InterpellationState.COSIGNING, rosa, threshold=5, cosign_until=until)
    await cast.sees(case.id, LiveKind.INTERPELLATION, ali, rosa, zoe)
    return rosa, lambda session: sign(session, cast.clock, cast.settings, ali, case.id)


async def confirming_their_case(cast: Cast) -> Pair:
    rosa, lea = await cast.resident(), await cast.lead()
    tom = await cast.programme.person("Tom", roles=((Role.MEMBER, cast.programme.nord),))
    case = await put(
        cast.programme, InterpellationState.VOTING, rosa, vote_until=cast.clock.now() + timedelta(minutes=1)
    )
    async with cast.programme.database.write() as session:
        await vote(session, cast.clock, tom, case.id, VoteChoice.FOR)
    cast.clock.advance(minutes=2)
    return rosa, lambda session: confirm(session, cast.clock, lea, case.id, case.revision, "Oui", adopted=True)


async def answering_them(cast: Cast) -> Pair:
    julien, rosa = await cast.animator(), await cast.resident()
    request, words = await ask(cast.programme, rosa), said(julien)
    return rosa, lambda session: say_to_requester(session, cast.clock, cast.settings, julien, request.id, (words,))


async def writing_to_their_animator(cast: Cast) -> Pair:
    await coordinator_of(cast.programme)
    julien, rosa = await cast.animator(), await cast.resident()
    request, words = await ask(cast.programme, rosa), said(rosa)
    return julien, lambda session: say_to_team(session, cast.clock, cast.settings, rosa, request.id, (words,))


async def editing_an_answer(cast: Cast) -> Pair:
    julien, rosa = await cast.animator(), await cast.resident()
    request = await ask(cast.programme, rosa)
    words = await cast.writes(julien, request)
    longer = Content(ContentKind.TEXT, julien.telegram_id, words.message_id, ("a" * 2_000, "b" * 2_000))
    return rosa, lambda session: edit_message(session, cast.clock, julien, longer)


async def taking_their_request(cast: Cast) -> Pair:
    rosa = await cast.resident()
    request, julien = await ask(cast.programme, rosa), await cast.animator()
    return rosa, lambda session: take(session, cast.clock, julien, request.id)


async def taking_what_goes_on_for_others(cast: Cast) -> Pair:
    claire = await coordinator_of(cast.programme)
    rosa, ali = await cast.resident(), await cast.resident("Ali")
    one, same = await ask(cast.programme, rosa), await ask(cast.programme, ali)
    async with cast.programme.database.write() as session:
        await merge_requests(session, cast.clock, claire, same.id, one.id)
    julien = await cast.animator()
    return rosa, lambda session: take(session, cast.clock, julien, one.id)


async def ending_the_work(cast: Cast) -> Pair:
    julien, rosa = await cast.animator(), await cast.resident()
    request = await ask(cast.programme, rosa)
    return rosa, lambda session: carry_out(session, cast.clock, cast.settings, julien, request.id, "C’est fait.")


async def giving_their_work_away(cast: Cast) -> Pair:
    claire, julien = await coordinator_of(cast.programme), await cast.animator()
    amina = await animator_of(cast.programme, cast.programme.sud, name="Amina")
    request = await ask(cast.programme, await cast.resident())
    return julien, lambda session: transfer(session, cast.clock, cast.settings, claire, request.id, amina.person_id)


async def giving_them_a_seat(cast: Cast) -> Pair:
    lead, rosa, ali = await cast.lead(), await cast.resident(), await cast.resident("Ali")
    meeting = await announced(cast.programme, lead, capacity=1)
    for each in (ali, rosa):
        await answers(cast.programme, each, meeting, Answer.YES)
    await cast.sees(meeting.id, LiveKind.MEETING, ali, rosa, lead)
    return rosa, lambda session: answer_meeting(session, cast.clock, ali, meeting.id, Answer.NO)


async def answering_a_meeting_of_theirs(cast: Cast) -> Pair:
    lead, rosa, ali = await cast.lead(), await cast.resident(), await cast.resident("Ali")
    meeting = await announced(cast.programme, lead)
    for each in (ali, rosa):
        await answers(cast.programme, each, meeting, Answer.YES)
    await cast.sees(meeting.id, LiveKind.MEETING, ali, rosa, lead)
    cast.clock.advance(minutes=1)
    return rosa, lambda session: answer_meeting(session, cast.clock, ali, meeting.id, Answer.NO)


async def taking_their_role_away(cast: Cast) -> Pair:
    claire, julien = await coordinator_of(cast.programme), await cast.animator()
    await ask(cast.programme, await cast.resident())
    there = julien.person_id, Role.ANIMATOR, cast.programme.nord
    return julien, lambda session: roles.revoke(session, cast.clock, claire, *there)


async def giving_them_a_role(cast: Cast) -> Pair:
    claire, rosa = await coordinator_of(cast.programme), await cast.resident()
    there = rosa.person_id, Role.LEAD, cast.programme.nord
    return rosa, lambda session: roles.grant(session, cast.clock, claire, *there)


async def accepting_their_invitation(cast: Cast) -> Pair:
    lead, ali = await cast.lead(), await cast.resident("Ali")
    async with cast.programme.database.write() as session:
        made = await invite(session, cast.clock, lead, Role.MEMBER, cast.programme.nord)
    return lead, lambda session: accept(session, cast.clock, ali, made.token)


async def calling_their_absence_off(cast: Cast) -> Pair:
    claire, julien = await coordinator_of(cast.programme), await cast.animator()
    today = cast.clock.now().date()
    span = julien.person_id, today, today + timedelta(days=20)
    async with cast.programme.database.write() as session:
        absence = await declare_absence(session, cast.clock, cast.settings, julien, *span)
    cast.clock.advance(days=2)
    return julien, lambda session: cancel_absence(session, cast.clock, cast.settings, claire, absence.id)


async def erasing_a_colleague(cast: Cast) -> Pair:
    julien = await cast.animator()
    amina = await animator_of(cast.programme, cast.programme.nord, name="Amina")
    for _ in range(2):
        await ask(cast.programme, await cast.resident())
    return julien, lambda session: erase_person(session, cast.clock, amina)


def _writing_down(cast: Cast, notice: Notice, outcome: Outcome, card: Card | None = None) -> Act:
    """The sender's own way to note what became of a notice, within a transaction of ours."""

    async def write_down(session) -> None:
        @asynccontextmanager
        async def lent():
            yield session

        context = SimpleNamespace(database=SimpleNamespace(write=lent), clock=cast.clock)
        await Sender(context, None)._write_down(notice, Lease(notice.id, notice.claims), outcome, card)

    return write_down


async def bringing_them_an_answer(cast: Cast) -> Pair:
    julien, rosa = await cast.animator(), await cast.resident()
    request = await ask(cast.programme, rosa)
    await cast.writes(julien, request)
    delivered = Outcome(Fate.DELIVERED, (next(_MESSAGES),))
    shown = Card(Markup("Bonjour"), live=Live(LiveKind.SUPPORT, request.id))
    return rosa, _writing_down(cast, await cast.leaves(rosa), delivered, shown)


async def finding_them_gone(cast: Cast) -> Pair:
    julien, rosa = await cast.animator(), await cast.resident()
    await cast.writes(julien, await ask(cast.programme, rosa))
    return rosa, _writing_down(cast, await cast.leaves(rosa), Outcome(Fate.UNREACHABLE, error="403"))


PAIRS: dict[Callable[[Cast], Awaitable[Pair]], str] = {
    publishing_it: "FROM proposal .*FOR UPDATE",
    treating_what_they_support: "FROM proposal .*FOR UPDATE",
    joining_it_with_another: "FROM proposal .*FOR UPDATE",
    signing_their_case: "FROM interpellation .*FOR UPDATE",
    confirming_their_case: "FROM interpellation .*FOR UPDATE",
    answering_them: "FROM support_request .*FOR UPDATE",
    writing_to_their_animator: "FROM support_request .*FOR UPDATE",
    editing_an_answer: "FROM support_message .*FOR UPDATE",
    taking_their_request: "UPDATE support_request",
    taking_what_goes_on_for_others: "FROM animator_post .*FOR UPDATE",
    ending_the_work: "UPDATE support_request",
    giving_their_work_away: "UPDATE support_request",
    giving_them_a_seat: "FROM meeting .*FOR UPDATE",
    answering_a_meeting_of_theirs: "INSERT INTO rsvp",
    taking_their_role_away: "UPDATE role_grant",
    giving_them_a_role: "INSERT INTO role_grant",
    accepting_their_invitation: "UPDATE invitation",
    calling_their_absence_off: "UPDATE absence",
    erasing_a_colleague: "UPDATE role_grant",
    bringing_them_an_answer: "UPDATE outbox",
    finding_them_gone: "UPDATE outbox",
}
"""Each act with the statement after which it stands still: it holds what the erasure wants too."""


@pytest.mark.parametrize("first", ["erasure", "other"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.__name__)
@side_by_side
async def test_whoever_is_first_neither_waits_for_ever(programme: SmallProgramme, pair, first: str):
    leaver, other = await pair(Cast(programme))

    async def erases(session) -> None:
        await erase_person(session, programme.clock, leaver)

    if first == "erasure":
        erased, done = await crossed(programme.database, erases, other, after="UPDATE (person|role_grant)")
    else:
        done, erased = await crossed(programme.database, other, erases, after=PAIRS[pair])
    assert erased is None
    assert not isinstance(done, BaseException) or isinstance(done, Refusal), repr(done)
    async with programme.database.read() as session:
        assert (await session.get_one(Person, leaver.person_id)).telegram_id is None
        for table in (Notice, LiveCard):
            theirs = select(func.count()).select_from(table).where(col(table.chat_id) == leaver.telegram_id)
            assert (await session.exec(theirs)).one() == 0, table
        assert await roles.councils_of(session, leaver.person_id, Role.LEAD) == frozenset()


@pytest.mark.parametrize("first", ["erasure", "letter"])
@side_by_side
async def test_no_letter_waits_with_their_name_in_it_whichever_is_first(programme: SmallProgramme, first: str):
    cast = Cast(programme)
    programme.settings = programme.settings.model_copy(update={"partners": (TOWN,)})
    rosa, lead = await cast.resident(), await cast.lead()
    case = await adopted(programme)
    async with programme.database.write() as session:
        signed = {"person_id": rosa.person_id, "shows_name": True, "signed_at": programme.clock.now()}
        session.add(InterpellationSignature(interpellation_id=case.id, **signed))
    letter = await drawn(programme, lead, case)
    assert letter.facts.names == ("Rosa",)

    async def erases(session) -> None:
        await erase_person(session, programme.clock, rosa)

    async def sends(session) -> None:
        await send_letter(session, programme.clock, programme.settings, lead, letter, words)

    if first == "erasure":
        erased, done = await crossed(programme.database, erases, sends, after="UPDATE person")
    else:
        done, erased = await crossed(programme.database, sends, erases, after="FROM interpellation .*FOR UPDATE")
    assert erased is None
    async with programme.database.read() as session:
        waiting = (await session.exec(select(Mail.body))).all()
    if first == "erasure":
        assert isinstance(done, OutOfDate)
        assert waiting == []
    else:
        assert done is None
        assert waiting == [""]  # withdrawn
