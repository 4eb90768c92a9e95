"""E-mail from its row to a real SMTP server, through everything that a server does to it."""

import asyncio
import re
from datetime import timedelta

import pytest
import structlog
from sqlmodel import col, select

from bot.mailer import mailer, smtp
from council.errors import NotAllowed, OutOfDate
from council.mails import (
    _LISTENERS,
    BY_MACHINE,
    Attachment,
    AttachmentsTooLarge,
    BadMailAddress,
    on_mail_settled,
    send_again,
    write_mail,
)
from storage.mails import Mail, MailAttachment, MailState
from storage.people import Role
from tests.mail.mail_office import MailOffice, MailServer


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who hangs is given up soon."""
    monkeypatch.setattr(smtp, "TALK_TIMEOUT", 0.3)
    monkeypatch.setattr(smtp, "DATA_TIMEOUT", 0.3)


@pytest.fixture
def settled():
    """What the feature that wrote the mails heard."""
    heard: list[MailState] = []

    @on_mail_settled("test")
    async def hear(_session, _clock, mail):
        heard.append(mail.state)

    yield heard
    del _LISTENERS["test"]


async def test_a_mail_arrives_whole(office: MailOffice, server: MailServer, settled):
    words = "Bonjour,\n\nL’été à Empalot : 12 € par tête. 🌞\n.\n..fin\n" + "é" * 1500 + "\n"
    file = Attachment("Décision n° 3.pdf", "application/pdf", b"%PDF-1.7\x00\xff\r\n.\r\n")
    number = await office.writes(
        "Demande d’appui D-2026-001 : un acteur ressource est mobilisé — été",
        words,
        attachments=[file],
        headers=BY_MACHINE,
    )
    mail = await office.ends(number, MailState.SENT)

    (got,) = server.received
    assert (got.sender, got.recipients) == ("bonjour@ville.example", ["mairie@ville.example"])
    assert str(got.letter["From"]) == "Porte-voix <bonjour@ville.example>"
    assert got.letter["Subject"] == "Demande d’appui D-2026-001 : un acteur ressource est mobilisé — été"
    assert got.letter["Message-ID"] == f"<{mail.message_header}@ville.example>"
    assert got.letter["Auto-Submitted"] == "auto-generated"
    assert got.letter["Date"].datetime == office.clock.now()
    body = got.letter.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == words
    (enclosed,) = got.letter.iter_attachments()
    assert (enclosed.get_filename(), enclosed.get_content_type()) == ("Décision n° 3.pdf", "application/pdf")
    assert enclosed.get_content() == file.content
    assert all(byte < 128 for byte in got.raw)
    assert max(len(line) for line in got.raw.split(b"\r\n")) <= 998
    assert mail.answer == "250 2.0.0 queued as 42"
    assert mail.finished_at == office.clock.now()
    assert settled == [MailState.SENT]


async def test_the_same_key_is_the_same_mail(office: MailOffice, server: MailServer):
    first = await office.writes(dedup_key="once", attachments=[Attachment("a.txt", "text/plain", b"a")])
    assert await office.writes(dedup_key="once", attachments=[Attachment("a.txt", "text/plain", b"a")]) == first
    await office.ends(first, MailState.SENT)
    assert len(server.received) == 1
    async with office.programme.database.read() as session:
        assert len((await session.exec(select(MailAttachment))).all()) == 1


async def test_a_mail_goes_with_the_change_it_tells(office: MailOffice, server: MailServer):
    async def write_and_fail() -> None:
        async with office.programme.database.write() as session:
            letter = {"kind": "test", "subject_id": 1, "address": "a@b.example", "subject": "Non", "body": ""}
            await write_mail(session, office.clock, dedup_key="x", **letter)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await write_and_fail()
    number = await office.writes("Oui")
    await office.ends(number, MailState.SENT)
    assert [each.letter["Subject"] for each in server.received] == ["Oui"]


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
async def test_a_refusal_is_final(office: MailOffice, server: MailServer, settled, verb: str):
    server.answers[verb] = ["550 5.1.1 no such user"]
    mail = await office.ends(await office.writes(), MailState.REFUSED)
    assert mail.answer == "550 5.1.1 no such user"
    assert settled == [MailState.REFUSED]
    assert server.received == []


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
async def test_not_now_is_tried_again_with_growing_delay(office: MailOffice, server: MailServer, settled, verb: str):
    server.answers[verb] = ["451 4.7.1 greylisted", "451 4.7.1 greylisted"]
    number = await office.writes()
    mail = await office.ends(number, MailState.PENDING, attempts=1)
    assert mail.not_before == office.clock.now() + timedelta(minutes=1)
    assert mail.answer == "451 4.7.1 greylisted"
    office.later(minutes=1)
    mail = await office.ends(number, MailState.PENDING, attempts=2)
    assert mail.not_before == office.clock.now() + timedelta(minutes=2)
    office.later(minutes=2)
    await office.ends(number, MailState.SENT)
    assert settled == [MailState.SENT]


async def test_a_server_that_is_away_for_a_day_fails_the_mail(office: MailOffice, server: MailServer, settled):
    await server.stop()
    number, began = await office.writes(), office.clock.now()
    for attempt in range(1, mailer.ATTEMPTS):
        mail = await office.ends(number, MailState.PENDING, attempts=attempt)
        assert settled == []
        office.clock.set(mail.not_before)
        office.later(seconds=0)
    await office.ends(number, MailState.FAILED)
    assert timedelta(hours=22) < office.clock.now() - began < timedelta(hours=26)
    assert settled == [MailState.FAILED]
    await server.start()


async def test_a_server_that_comes_back_gets_it(office: MailOffice, server: MailServer):
    await server.stop()
    number = await office.writes()
    await office.ends(number, MailState.PENDING, attempts=1)
    await server.start()
    office.later(minutes=1)
    await office.ends(number, MailState.SENT)


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
@pytest.mark.parametrize("trouble", ["cut", "hang"])
async def test_lost_before_the_words_it_is_tried_again(
    office: MailOffice, server: MailServer, quick: None, verb: str, trouble: str
):
    server.answers[verb] = [trouble]
    number = await office.writes()
    await office.ends(number, MailState.PENDING, attempts=1)
    office.later(minutes=1)
    await office.ends(number, MailState.SENT)
    assert len(server.received) == 1


@pytest.mark.parametrize("trouble", ["cut", "hang", "kept cut"])
async def test_lost_after_the_words_it_is_uncertain_and_not_repeated(
    office: MailOffice, server: MailServer, quick: None, settled, trouble: str
):
    server.answers["DATA"] = [trouble]
    number = await office.writes()
    await office.ends(number, MailState.UNCERTAIN)
    assert settled == [MailState.UNCERTAIN]
    office.later(days=2)
    await office.recovers()
    await office.ends(await office.writes("Un autre"), MailState.SENT)
    assert (await office.mail(number)).state is MailState.UNCERTAIN


async def test_a_persons_second_try_is_recognised(office: MailOffice, server: MailServer, quick: None, settled):
    server.answers["DATA"] = ["kept cut"]
    number = await office.writes()
    await office.ends(number, MailState.UNCERTAIN)
    julien = await office.programme.person("Julien", roles=((Role.ANIMATOR, office.programme.nord),))
    rosa = await office.programme.person("Rosa")
    database = office.programme.database
    with pytest.raises(NotAllowed):
        async with database.write() as session:
            await send_again(session, office.clock, rosa, number)
    async with database.write() as session:
        await send_again(session, office.clock, julien, number)
    await office.ends(number, MailState.SENT)
    first, second = server.received
    assert first.letter["Message-ID"] == second.letter["Message-ID"]
    assert settled == [MailState.UNCERTAIN, MailState.SENT]
    with pytest.raises(OutOfDate):
        async with database.write() as session:
            await send_again(session, office.clock, julien, number)


async def test_without_a_server_it_is_said_at_once(office: MailOffice, settled):
    await office.close()
    office.open(smtp_url=None)
    mail = await office.ends(await office.writes(), MailState.FAILED)
    assert mail.answer == "no_smtp"
    assert settled == [MailState.FAILED]


async def test_login(office: MailOffice, server: MailServer):
    server.password = "p@ss:w/rd"
    await office.close()
    office.open(smtp_url=f"smtp://bot:p%40ss%3Aw%2Frd@127.0.0.1:{server.port}")
    await office.ends(await office.writes(), MailState.SENT)
    await office.close()
    office.open(smtp_url=f"smtp://bot:wrong@127.0.0.1:{server.port}")
    mail = await office.ends(await office.writes(), MailState.PENDING, attempts=1)
    assert (mail.answer or "").startswith("535")


async def test_tls_that_is_required_and_not_offered_sends_nothing(office: MailOffice, server: MailServer):
    await office.close()
    office.open(smtp_url=f"{server.url}?starttls=required")
    await office.ends(await office.writes(), MailState.PENDING, attempts=1)
    assert server.received == []


async def test_a_stop_waits_for_the_mail_on_its_way(office: MailOffice, server: MailServer):
    number = await office.writes()
    await office.close()
    assert (await office.mail(number)).state in {MailState.SENT, MailState.PENDING}
    office.open()
    await office.ends(number, MailState.SENT)
    assert len(server.received) == 1


async def test_a_stop_in_the_middle_of_the_words_leaves_it_uncertain(office: MailOffice, server: MailServer, settled):
    server.answers["DATA"] = ["hang"]
    number = await office.writes()
    await asyncio.wait_for(server.words_came.wait(), 5)
    await office.close(grace=0.1)
    assert (await office.mail(number)).state is MailState.LEASED
    office.open()
    await office.recovers()
    assert (await office.mail(number)).state is MailState.LEASED
    office.later(minutes=6)
    await office.recovers()
    assert (await office.mail(number)).state is MailState.UNCERTAIN
    assert settled == [MailState.UNCERTAIN]


async def test_a_crash_before_the_words_puts_it_back(office: MailOffice, server: MailServer):
    await office.close()
    number = await office.writes()
    async with office.programme.database.write() as session:
        mail = await session.get_one(Mail, number)
        mail.state, mail.claims = MailState.LEASED, 1
        mail.lease_until = office.clock.now() + timedelta(minutes=1)
    office.open()
    office.later(minutes=2)
    await office.recovers()
    await office.ends(number, MailState.SENT)


async def test_two_mailers_send_each_mail_once(office: MailOffice, server: MailServer):
    first = office.mailer
    numbers = [await office.writes(f"Lettre {each}") for each in range(12)]
    second = MailOffice(office.programme, office.clock, server)
    second.open()
    assert first is not None
    for number in numbers:
        first.wake()
        await second.ends(number, MailState.SENT)
    await second.close()
    office.programme.database.after_notices = first.wake
    assert len({each.letter["Subject"] for each in server.received}) == len(server.received) == 12


async def test_a_listener_that_fails_does_not_lose_the_fate(office: MailOffice, settled):
    @on_mail_settled("test")
    async def break_down(session, _clock, mail):
        session.add(MailAttachment(mail_id=mail.id, file_name="x", media_type="x/y", content=b"", sha256=""))
        await session.flush()
        raise RuntimeError

    number = await office.writes()
    await office.ends(number, MailState.SENT)
    assert settled == [MailState.SENT]
    async with office.programme.database.read() as session:
        assert not (await session.exec(select(MailAttachment).where(col(MailAttachment.mail_id) == number))).all()


async def test_nothing_can_be_smuggled_into_the_headers(office: MailOffice, server: MailServer):
    number = await office.writes("Bonjour\r\nBcc: tous@ville.example\n\nCorps\x00\u2028fin")
    await office.ends(number, MailState.SENT)
    (got,) = server.received
    assert got.letter["Subject"] == "Bonjour Bcc: tous@ville.example Corps fin"
    assert got.letter["Bcc"] is None
    assert got.recipients == ["mairie@ville.example"]
    for headers in (
        {"X-A": "b\r\nBcc: c@d.example"},
        {"Bcc": "c@d.example"},
        {"X-A:": "b"},
        {"Content-Type": "text/html"},
    ):
        with pytest.raises(ValueError):
            await office.writes(headers=headers)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@b",
        "a@b@c.fr",
        "a@b.fr\r\nRCPT TO:<c@d.fr>",
        "a@b.fr, c@d.fr",
        "a@b.fr,c@d.fr",
        "A <a@b.fr>",
        "<a@b.fr>",
        "é@b.fr",
        "a@é.fr",
        "a..b@c.fr",
        "a@b..fr",
        ".a@b.fr",
        "a@-b.fr",
        'a"b@c.fr',
        "a b@c.fr",
        "a@b.fr\0",
        "a@[127.0.0.1]",
        "a" * 65 + "@b.fr",
        "mailto:a@b.fr",
    ],
)
async def test_no_mail_to_what_is_no_address(office: MailOffice, address: str):
    with pytest.raises(BadMailAddress):
        await office.writes(address=address)


@pytest.mark.parametrize("address", ["a@b.fr", "jean.d'arc+x@sous.domaine-1.example", "A_1@B.PARIS"])
async def test_what_is_an_address(office: MailOffice, address: str):
    await office.ends(await office.writes(address=address), MailState.SENT)


async def test_attachments_have_a_limit(office: MailOffice):
    big = Attachment("gros.pdf", "application/pdf", b"0" * (15 * 1024 * 1024 + 1))
    with pytest.raises(AttachmentsTooLarge):
        await office.writes(attachments=[big])


async def test_logs_hold_no_address_and_no_words(office: MailOffice, server: MailServer, quick: None):
    server.answers["RCPT"] = ["550 <mairie@ville.example> unknown", "450 <mairie@ville.example> later"]
    server.answers["DATA"] = ["cut"]
    with structlog.testing.capture_logs() as lines:
        await office.ends(await office.writes("Sujet secret", "Corps secret"), MailState.REFUSED)
        await office.ends(await office.writes("Sujet secret", "Corps secret"), MailState.PENDING, attempts=1)
        await office.ends(await office.writes("Sujet secret", "Corps secret"), MailState.UNCERTAIN)
    told = repr(lines)
    assert "mail_not_sent" in told
    assert not re.search("ville|secret|mairie", told)
