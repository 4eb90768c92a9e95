"""Letters of interpellations on a real mail server: what counts as sent is what a server has taken, whatever breaks."""

import random
import signal
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot.mailer import smtp
from bot.mailer.settling import settle_letters
from council import interpellation_sending
from council.actors import Actor
from council.errors import NotAllowed, OutOfDate
from council.interpellation_answers import AnswerDraft, acknowledge, answer
from council.interpellation_bounces import note_came_back
from council.interpellation_letter_rows import LetterUnderWay
from council.interpellation_letters import DrawnLetter, letter_facts
from council.interpellation_opinions import ask_again
from council.interpellation_sending import (
    LetterMail,
    NoPartnerAddress,
    send_follow_up,
    send_letter,
    settle_letter,
)
from council.interpellation_signing import show_name, unsign
from council.mails import MailWords
from council.notices import NoticeKind
from council.partner_links import make_link, open_link, page_address, revoke_links
from council.proposal_settings import ProposalSettings, ProposalTheme
from council.settings import PartnerEntry, PartnerKind
from playground.server import Playground
from storage.interpellations import (
    AnswerWay,
    Interpellation,
    InterpellationAct,
    InterpellationAnswer,
    InterpellationEvent,
    InterpellationKind,
    InterpellationLetter,
    InterpellationSignature,
    InterpellationState,
    LetterState,
    LetterWay,
    PartnerLink,
)
from storage.mails import Mail, MailState
from storage.outbox import Notice
from storage.people import Role
from tests.conftest import FakeClock, SmallProgramme
from tests.delivery.test_delivery_crash import Program, _as_people_write_it
from tests.mail.mail_office import MailOffice, MailServer, SlowMailServer

A, S = InterpellationAct, InterpellationState
TOWN = PartnerEntry(code="mairie", name="Ville d’Essai", kind=PartnerKind.CITY, email="mairie@ville.example")
PDF = b"%PDF-1.7 lettre"
BASE = "https://bot.ville.example"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who hangs is given up soon."""
    monkeypatch.setattr(smtp, "TALK_TIMEOUT", 0.3)
    monkeypatch.setattr(smtp, "DATA_TIMEOUT", 0.3)


@pytest.fixture
async def fatou(programme: SmallProgramme) -> Actor:
    programme.settings = programme.settings.model_copy(update={"partners": (TOWN,)})
    return await programme.person("Fatou", roles=((Role.LEAD, programme.nord),))


async def adopted(programme: SmallProgramme, number: int = 1, **values: Any) -> Interpellation:
    now = programme.clock.now()
    async with programme.database.write() as session:
        row = Interpellation(
            **{
                "number": f"I-2026-{number:03}",
                "kind": InterpellationKind.INTERPELLATION,
                "state": S.ADOPTED,
                "council_id": programme.nord,
                "partner_code": "mairie",
                "partner_name": "Ville d’Essai",
                "title": f"L’ascenseur {number}",
                "facts": "En panne.",
                "asked": "Le réparer.",
                "created_at": now,
                "changed_at": now,
                "request_key": f"test:{number}",
                **values,
            }
        )
        session.add(row)
    return row


def words(mail: LetterMail) -> MailWords:
    link = page_address(BASE, mail.token) if mail.token else "sans lien"
    return MailWords(f"Lettre {mail.letter.facts.number}", f"Bonjour\n{link}\n")


async def drawn(programme: SmallProgramme, actor: Actor, row: Interpellation, *, has_pages: bool = True) -> DrawnLetter:
    async with programme.database.read() as session:
        facts = await letter_facts(
            session, programme.clock, programme.settings, actor, row.id, LetterWay.MAIL, has_pages=has_pages
        )
    return DrawnLetter(facts, PDF)


async def sends(programme: SmallProgramme, actor: Actor, row: Interpellation) -> InterpellationLetter:
    letter = await drawn(programme, actor, row)
    async with programme.database.write() as session:
        return await send_letter(session, programme.clock, programme.settings, actor, letter, words)


async def again(programme: SmallProgramme, row: Interpellation) -> Interpellation:
    async with programme.database.read() as session:
        return await session.get_one(Interpellation, row.id)


async def letters(programme: SmallProgramme) -> list[InterpellationLetter]:
    async with programme.database.read() as session:
        return list((await session.exec(select(InterpellationLetter).order_by(col(InterpellationLetter.id)))).all())


async def acts(programme: SmallProgramme) -> list[InterpellationAct]:
    async with programme.database.read() as session:
        return list((await session.exec(select(InterpellationEvent.act).order_by(col(InterpellationEvent.id)))).all())


async def told(programme: SmallProgramme, kind: NoticeKind) -> list[int | None]:
    async with programme.database.read() as session:
        return list((await session.exec(select(Notice.person_id).where(col(Notice.kind) == kind))).all())


async def test_it_is_sent_when_the_server_has_taken_it(office: MailOffice, server: MailServer, fatou: Actor):
    programme = office.programme
    row = await adopted(programme)
    letter = await sends(programme, fatou, row)
    assert letter.mail_id is not None
    mail = await office.ends(letter.mail_id, MailState.SENT)
    (got,) = server.received
    (file,) = got.letter.iter_attachments()
    assert file.get_content() == PDF
    after, (sent,) = await again(programme, row), await letters(programme)
    assert (after.state, sent.state, sent.sent_at) == (S.SENT, LetterState.SENT, mail.finished_at)
    assert after.due_at is not None
    assert after.due_at > office.clock.now()
    assert await acts(programme) == [A.SENT]
    body = got.letter.get_body(("plain",))
    assert body is not None
    token = body.get_content().split("/r/")[1].strip()
    assert token not in mail.body
    async with programme.database.read() as session:
        opened = await open_link(session, office.clock, token)
        assert opened is not None
        assert (opened[1].id, opened[2].id) == (letter.id, row.id)
        assert token not in repr((await session.exec(select(PartnerLink))).all())


@pytest.mark.parametrize(
    ("verb", "answer", "state"),
    [
        ("RCPT", "550 5.1.1 no such user", MailState.REFUSED),
        ("DATA", "554 5.7.1 no thanks", MailState.REFUSED),
        ("DATA", "cut", MailState.UNCERTAIN),
        ("DATA", "hang", MailState.UNCERTAIN),
        ("DATA", "kept cut", MailState.UNCERTAIN),
    ],
)
async def test_what_no_server_has_taken_counts_for_nothing(
    office: MailOffice, server: MailServer, quick: None, fatou: Actor, verb: str, answer: str, state: MailState
):
    programme = office.programme
    julien = await programme.person("Julien", roles=((Role.ANIMATOR, programme.nord),))
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    server.answers[verb] = [answer]
    row = await adopted(programme, author_id=rosa.person_id)
    letter = await sends(programme, fatou, row)
    assert letter.mail_id is not None
    await office.ends(letter.mail_id, state)
    after, (unsent,) = await again(programme, row), await letters(programme)
    assert (after.state, after.sent_at, after.due_at) == (S.ADOPTED, None, None)
    assert (unsent.state, unsent.sent_at) == (LetterState.NOT_SENT, None)
    assert await acts(programme) == [A.NOT_SENT]
    assert sorted(filter(None, await told(programme, NoticeKind.INTERPELLATION_UNSENT))) == sorted(
        (fatou.person_id, julien.person_id)
    )
    assert await told(programme, NoticeKind.INTERPELLATION_NEWS) == []


async def test_a_new_attempt_closes_the_links_of_one_that_was_refused(
    office: MailOffice, server: MailServer, fatou: Actor
):
    programme = office.programme
    server.answers["RCPT"] = ["550 5.1.1 no such user"]
    row = await adopted(programme)
    first = await sends(programme, fatou, row)
    assert first.mail_id is not None
    mail = await office.ends(first.mail_id, MailState.REFUSED)
    token = mail.body.split("/r/")[1].strip()
    second = await sends(programme, fatou, row)
    assert second.mail_id is not None
    assert (second.round, second.attempt) == (1, 2)
    await office.ends(second.mail_id, MailState.SENT)
    async with programme.database.read() as session:
        assert await open_link(session, office.clock, token) is None
    assert token not in (await office.mail(first.mail_id)).body


async def test_the_fate_of_a_mail_that_is_told_twice_changes_nothing(office: MailOffice, fatou: Actor):
    programme = office.programme
    row = await adopted(programme)
    letter = await sends(programme, fatou, row)
    assert letter.mail_id is not None
    await office.ends(letter.mail_id, MailState.SENT)
    before = await again(programme, row)
    office.clock.advance(days=3)
    async with programme.database.write() as session:
        await settle_letter(session, office.clock, await session.get_one(Mail, letter.mail_id))
    assert (await again(programme, row)).model_dump() == before.model_dump()
    assert await acts(programme) == [A.SENT]


async def test_a_fate_that_was_not_heard_of_is_looked_up(
    office: MailOffice, fatou: Actor, monkeypatch: pytest.MonkeyPatch
):
    programme = office.programme

    async def break_down(*_: object, **_more: object) -> None:
        raise RuntimeError

    row = await adopted(programme)
    with monkeypatch.context() as broken:
        broken.setattr(interpellation_sending, "leave", break_down)
        letter = await sends(programme, fatou, row)
        assert letter.mail_id is not None
        await office.ends(letter.mail_id, MailState.SENT)
    assert (await again(programme, row)).state is S.ADOPTED
    taken_at = (await office.mail(letter.mail_id)).finished_at
    office.clock.advance(days=3)
    for _ in range(2):
        await settle_letters(office.context())
    found = await again(programme, row)
    assert (found.state, found.sent_at) == (S.SENT, taken_at)
    assert await acts(programme) == [A.SENT]


async def test_one_letter_that_fails_again_holds_up_no_other(
    office: MailOffice, fatou: Actor, monkeypatch: pytest.MonkeyPatch
):
    programme, leave, broken_id = office.programme, interpellation_sending.leave, 0

    async def break_down(session: Any, clock: Any, settings: Any, row: Interpellation, *more: Any) -> None:
        """Everything at first, then this one alone."""
        if broken_id in (0, row.id):
            raise RuntimeError
        await leave(session, clock, settings, row, *more)

    monkeypatch.setattr(interpellation_sending, "leave", break_down)
    rows = [await adopted(programme, number) for number in (1, 2, 3)]
    for row in rows:
        letter = await sends(programme, fatou, row)
        assert letter.mail_id is not None
        await office.ends(letter.mail_id, MailState.SENT)
    broken_id = rows[0].id
    with pytest.raises(ExceptionGroup):
        await settle_letters(office.context())
    assert [(await again(programme, row)).state for row in rows] == [S.ADOPTED, S.SENT, S.SENT]
    broken_id = -1
    await settle_letters(office.context())
    assert (await again(programme, rows[0])).state is S.SENT


async def test_a_name_cannot_be_hidden_in_a_letter_that_is_on_its_way(
    office: MailOffice, server: MailServer, fatou: Actor
):
    programme = office.programme
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    row = await adopted(programme)
    async with programme.database.write() as session:
        session.add(
            InterpellationSignature(
                interpellation_id=row.id, person_id=rosa.person_id, shows_name=True, signed_at=office.clock.now()
            )
        )
    await office.close()
    letter = await sends(programme, fatou, row)
    for change in (unsign, partial(show_name, shown=False)):
        with pytest.raises(LetterUnderWay):
            async with programme.database.write() as session:
                await change(session, office.clock, rosa, row.id)
    server.answers["RCPT"] = ["550 5.1.1 no such user"]
    office.open()
    assert letter.mail_id is not None
    await office.ends(letter.mail_id, MailState.REFUSED)
    async with programme.database.write() as session:  # nobody has read it: the next one says what is wished now
        await show_name(session, office.clock, rosa, row.id, shown=False)
    assert (await drawn(programme, fatou, row)).facts.names == ()


async def test_a_letter_that_came_back_counts_as_sent_no_more(office: MailOffice, server: MailServer, fatou: Actor):
    programme = office.programme
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    julien = await programme.person("Julien", roles=((Role.ANIMATOR, programme.nord),))
    row = await adopted(programme, author_id=rosa.person_id)
    first = await sends(programme, fatou, row)
    assert first.mail_id is not None
    await office.ends(first.mail_id, MailState.SENT)
    body = server.received[0].letter.get_body(("plain",))
    assert body is not None
    token = body.get_content().split("/r/")[1].strip()
    with pytest.raises(NotAllowed):
        await came_back(programme, rosa, first)
    await came_back(programme, julien, first)
    after, (letter,) = await again(programme, row), await letters(programme)
    assert (after.state, after.round, after.sent_at, after.due_at, after.next_look_at) == (
        S.ADOPTED,
        1,
        None,
        None,
        None,
    )
    assert (letter.state, letter.sent_at) == (LetterState.NOT_SENT, None)
    assert await acts(programme) == [A.SENT, A.NOT_SENT]
    assert {rosa.person_id, fatou.person_id} <= set(await told(programme, NoticeKind.INTERPELLATION_NEWS))
    async with programme.database.read() as session:
        assert await open_link(session, office.clock, token) is None
    with pytest.raises(OutOfDate):  # a second tap
        await came_back(programme, julien, first)
    second = await sends(programme, fatou, row)
    assert second.mail_id is not None
    await office.ends(second.mail_id, MailState.SENT)
    assert (await again(programme, row)).state is S.SENT
    assert (second.round, second.attempt) == (1, 2)


async def test_a_follow_up_that_came_back_is_ready_to_go_again(office: MailOffice, server: MailServer, fatou: Actor):
    programme = office.programme
    row = await adopted(programme)
    first = await sends(programme, fatou, row)
    assert first.mail_id is not None
    await office.ends(first.mail_id, MailState.SENT)
    row = await again(programme, row)
    async with programme.database.write() as session:
        case = await session.get_one(Interpellation, row.id)
        draft = AnswerDraft("Mairie", "Non.", office.clock.now().date(), AnswerWay.PAPER)
        await answer(session, office.clock, programme.settings, case, draft, "answer", by=fatou)
    before = await again(programme, row)
    async with programme.database.write() as session:
        await send_follow_up(session, office.clock, programme.settings, fatou, row.id, "Et la date ?")
    office.clock.advance(days=1)
    letter = await sends(programme, fatou, row)
    assert letter.mail_id is not None
    await office.ends(letter.mail_id, MailState.SENT)
    assert (await again(programme, row)).round == 2
    await came_back(programme, fatou, letter)
    after = await again(programme, row)
    assert (after.state, after.round, after.sent_at, after.answered_at) == (
        *(S.ANSWERED, 1, before.sent_at, before.answered_at),
    )
    drawn_again = (await drawn(programme, fatou, row)).facts
    assert (drawn_again.round, drawn_again.words) == (2, "Et la date ?")


@pytest.mark.parametrize("known", ["opened", "acknowledged", "by hand", "on its way"])
async def test_what_somebody_has_received_did_not_come_back(
    office: MailOffice, server: MailServer, fatou: Actor, known: str
):
    programme = office.programme
    row = await adopted(programme)
    if known == "on its way":
        server.answers["RCPT"] = ["451 4.7.1 greylisted"]
    letter = await sends(programme, fatou, row)
    if known != "on its way":
        assert letter.mail_id is not None
        await office.ends(letter.mail_id, MailState.SENT)
        async with programme.database.write() as session:
            kept = await session.get_one(InterpellationLetter, letter.id)
            case = await session.get_one(Interpellation, row.id)
            link = (await session.exec(select(PartnerLink))).one()
            if known == "opened":
                link.opened_at = office.clock.now()
            elif known == "acknowledged":
                await acknowledge(session, office.clock, programme.settings, case, link)
            else:
                kept.way = LetterWay.BY_HAND
    state = (await again(programme, row)).state
    with pytest.raises(OutOfDate):
        await came_back(programme, fatou, letter)
    assert (await again(programme, row)).state is state


async def came_back(programme: SmallProgramme, actor: Actor, letter: InterpellationLetter) -> None:
    async with programme.database.write() as session:
        await note_came_back(session, programme.clock, actor, letter.id)


async def test_one_letter_at_a_time(office: MailOffice, server: MailServer, fatou: Actor):
    programme = office.programme
    await office.close()
    row = await adopted(programme)
    await sends(programme, fatou, row)
    with pytest.raises(LetterUnderWay):
        await sends(programme, fatou, row)
    office.open()
    assert len(await letters(programme)) == 1


async def test_who_may_send_what_and_where(office: MailOffice, fatou: Actor):
    programme = office.programme
    row = await adopted(programme)
    rosa = await programme.person("Rosa")
    with pytest.raises(NotAllowed):
        await drawn(programme, rosa, row)
    letter = await drawn(programme, fatou, row)
    for facts in (replace(letter.facts, signatures=99), replace(letter.facts, revision=9)):
        changed = DrawnLetter(facts, PDF)
        with pytest.raises(OutOfDate):
            async with programme.database.write() as session:
                await send_letter(session, office.clock, programme.settings, fatou, changed, words)
    nowhere = await adopted(programme, 2, partner_code="bailleur")
    with pytest.raises(NoPartnerAddress):
        await sends(programme, fatou, nowhere)
    sent = await adopted(programme, 3, state=S.SENT)
    with pytest.raises(OutOfDate):
        await drawn(programme, fatou, sent)
    assert await letters(programme) == []


async def test_the_letter_names_theme_and_town_as_the_programme_does(office: MailOffice, fatou: Actor):
    programme = office.programme
    theme = ProposalTheme(code="logement", name={"fr": "Logement", "en": "Housing"})
    nord, sud = programme.settings.councils
    changed = {"town": "Toulouse", "proposals": ProposalSettings(themes=(theme,))}
    programme.settings = programme.settings.model_copy(update=changed)
    told = [(await drawn(programme, fatou, await adopted(programme, theme=code, number=n))).facts
            for n, code in enumerate(("logement", "autre", "", "left the file"))]  # fmt: skip
    assert [(each.theme, each.town) for each in told] == [("Logement", "Toulouse"), *[("", "Toulouse")] * 3]
    changed = {"councils": (nord.model_copy(update={"town": "Colomiers"}), sud)}
    programme.settings = programme.settings.model_copy(update=changed)
    assert (await drawn(programme, fatou, await adopted(programme, 9))).facts.town == "Colomiers"


async def test_a_follow_up_needs_words_and_an_answer_before_it(office: MailOffice, fatou: Actor):
    programme = office.programme
    answered = await adopted(programme, state=S.ANSWERED)
    with pytest.raises(OutOfDate):
        await drawn(programme, fatou, answered)
    async with programme.database.write() as session:
        await send_follow_up(session, office.clock, programme.settings, fatou, answered.id, " Et la date ? ")
    letter = await drawn(programme, fatou, answered)
    assert (letter.facts.round, letter.facts.words) == (2, "Et la date ?")
    for state in (S.ADOPTED, S.SENT, S.CLOSED):
        other = await adopted(programme, list(S).index(state) + 10, state=state)
        with pytest.raises(OutOfDate):
            async with programme.database.write() as session:
                await send_follow_up(session, office.clock, programme.settings, fatou, other.id, "Et ?")


async def test_a_wish_that_comes_while_a_follow_up_is_on_its_way_is_not_lost_in_silence(
    office: MailOffice, fatou: Actor
):
    programme = office.programme
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    row = await adopted(programme, state=S.ANSWERED, author_id=rosa.person_id)
    async with programme.database.write() as session:
        answer = InterpellationAnswer(
            interpellation_id=row.id, round=1, way=AnswerWay.PAGE, signed="Mairie", words="Non.",
            answered_on=office.clock.now().date(), created_at=office.clock.now(), request_key="answer",
        )  # fmt: skip
        session.add(answer)
    async with programme.database.write() as session:
        await ask_again(session, office.clock, rosa, answer.id, "Et la date ?")
    await office.close()
    await sends(programme, fatou, row)
    with pytest.raises(LetterUnderWay):
        async with programme.database.write() as session:
            await ask_again(session, office.clock, rosa, answer.id, "Et combien ?")


async def test_a_link_opens_until_it_is_over_or_revoked(office: MailOffice, fatou: Actor):
    programme = office.programme
    letter = await sends(programme, fatou, await adopted(programme))
    days = programme.settings.interpellations.link_days

    async def made() -> str:
        async with programme.database.write() as session:
            return await make_link(session, office.clock, programme.settings, letter, "Mairie")

    async def opens(token: str) -> bool:
        async with programme.database.read() as session:
            return await open_link(session, office.clock, token) is not None

    token, other = await made(), await made()
    assert len(token) == 43
    assert token != other
    assert await opens(token)
    for wrong in ("", "x", token[:-1], token + "A", token[::-1], "é" * 43, "../" + token[3:]):
        assert not await opens(wrong), wrong
    office.clock.advance(days=days, seconds=-1)
    assert await opens(token)
    office.clock.advance(seconds=1)
    assert not await opens(token)
    late = await made()
    async with programme.database.write() as session:
        await revoke_links(session, office.clock, letter.id)
    assert not await opens(late)


# --- killed

LETTERS, KILLS, LEASE = 24, 4, 301


@pytest.fixture
async def slow_server():
    made = SlowMailServer()
    await made.start()
    yield made
    await made.stop()


async def test_killed_while_letters_leave(
    programme: SmallProgramme,
    clock: FakeClock,
    database_url_fixture: str,
    slow_server: SlowMailServer,
    tmp_path: Path,
    fatou: Actor,
):
    """After each kill, what counts as sent has come; what has not come counts for nothing."""
    draws = random.Random(20260305)
    async with Playground() as playground:
        playground.world.add_bot("4200000009:token", username="porte_voix_bot")
        clock.set(playground.world.clock.now())
        for number in range(LETTERS):
            await sends(programme, fatou, await adopted(programme, number))
        program = await Program.with_settings(
            tmp_path / "program.log",
            BOT_TOKEN="4200000009:token",
            BOT_API_URL=playground.url,
            DATABASE_URL=_as_people_write_it(database_url_fixture),
            LISTEN="127.0.0.1:0",
            CLOCK_URL=f"{playground.url}/playground/clock",
            ROLES="sender,sweeps",
            SMTP_URL=slow_server.url,
            MAIL_FROM="a@b.example",
        )
        for _ in range(KILLS):
            await program.start()
            await slow_server.until_came(draws.randint(2, LETTERS // KILLS), lambda: not program.has_ended)
            assert await program.end(signal.SIGKILL) == -signal.SIGKILL
            playground.world.clock.advance(LEASE)
        await program.start()
        await slow_server.until_quiet(programme, lambda: not program.has_ended)
        assert await program.end(signal.SIGTERM) == 0, program.log.read_text()
        await program.clear()
    came = Counter(str(each.letter["Subject"]) for each in slow_server.received)
    async with programme.database.read() as session:
        query = select(Interpellation, InterpellationLetter, Mail).join(
            InterpellationLetter, col(InterpellationLetter.interpellation_id) == col(Interpellation.id)
        )
        rows = (await session.exec(query.join(Mail, col(InterpellationLetter.mail_id) == col(Mail.id)))).all()
    assert len(rows) == LETTERS
    for row, letter, mail in rows:
        has_arrived = mail.state is MailState.SENT
        assert mail.state in {MailState.SENT, MailState.UNCERTAIN}
        assert letter.state is (LetterState.SENT if has_arrived else LetterState.NOT_SENT)
        assert row.state is (S.SENT if has_arrived else S.ADOPTED)
        assert came[f"Lettre {row.number}"] == 1 if has_arrived else came[f"Lettre {row.number}"] <= 1
        assert row.due_at is None or row.due_at > clock.now() + timedelta(days=30)
