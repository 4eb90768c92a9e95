"""The page of a partner over HTTP: reading, receipt, answer, passing on, and all that must not pass."""

import asyncio
import io
import re
import zipfile

import aiohttp
import pytest
from sqlalchemy import update
from sqlmodel import col, select

from documents.answer_files import clean_name
from storage.interpellations import (
    Interpellation,
    InterpellationLetter,
    InterpellationState,
    LetterState,
    PartnerLink,
)
from storage.mails import Mail, MailState
from tests.scenes.letter_steps import (
    JPEG,
    LIFT,
    PDF,
    PNG,
    Partner,
    answers,
    case_of,
    events,
    files,
    links,
    sent_letter,
    with_pages,
)
from tests.scenes.stage import Stage

MEGABYTE = 1024 * 1024


@pytest.fixture
async def address(stage: Stage) -> str:
    return await with_pages(stage)


@pytest.fixture
async def case(stage: Stage, address: str) -> tuple[int, Partner]:
    rosa = await stage.joined("Rosa", "nord")
    case_id, token = await sent_letter(stage, rosa)
    return case_id, Partner(address, token)


def archive(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as writing:
        for name, words in parts.items():
            writing.writestr(name, words)
    return made.getvalue()


OOXML = "application/vnd.openxmlformats-officedocument"
DOCX = archive(
    **{
        "[Content_Types].xml": f'<Override ContentType="{OOXML}.wordprocessingml.document.main+xml"/>',
        "word/document.xml": "<w/>",
    }
)
XLSX = archive(
    **{
        "[Content_Types].xml": f'<Override ContentType="{OOXML}.spreadsheetml.sheet.main+xml"/>',
        "xl/workbook.xml": "<w/>",
    }
)
ODT = archive(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<x/>"})
ODS = archive(mimetype="application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": "<x/>"})
MACROS = archive(
    **{
        "[Content_Types].xml": f'<Override ContentType="{OOXML}.wordprocessingml.document.main+xml"/>',
        "word/document.xml": "<w/>",
        "word/vbaProject.bin": "x",
    }
)


async def test_the_letter_is_there_in_words_and_as_a_pdf(stage: Stage, case):
    _, partner = case
    page = await partner.opens()
    assert page.status == 200
    page.says("Lettre I-2026-001 : Ascenseur en panne", LIFT, "Quand sera-t-il réparé ?", "La mairie")
    page.says("Ce n’est pas un délai légal.")
    got = await partner.opens("/lettre.pdf")
    assert got.status == 200
    assert got.headers["Content-Type"] == "application/pdf"
    assert "lettre-I-2026-001.pdf" in got.headers["Content-Disposition"]
    assert got.text.encode() == PDF
    assert (await links(stage))[0].opened_at is not None


async def test_the_whole_way_receipt_answer_and_a_second_answer(stage: Stage, case):
    case_id, partner = case
    page = await partner.acknowledges()
    assert page.status == 200
    assert page.url.endswith("?fait=accuser")
    page.says("Merci. Les habitants savent que la lettre est arrivée.")
    assert "Accuser réception</button>" not in page.text
    assert (await case_of(stage, case_id)).state is InterpellationState.ACKNOWLEDGED

    page = await partner.answers("Nous réparons lundi.", ("plan.pdf", PDF), ("photo.jpg", JPEG))
    page.says("Merci. Votre réponse est envoyée aux habitants.", "Nous réparons lundi.", "plan.pdf", "photo.jpg")
    assert (await case_of(stage, case_id)).state is InterpellationState.ANSWERED

    page = await partner.answers("Et voici la date exacte.")
    page.says("Nous réparons lundi.", "Et voici la date exacte.", "Ajouter une réponse")
    assert [each.words for each in await answers(stage, case_id)] == [
        "Nous réparons lundi.",
        "Et voici la date exacte.",
    ]
    assert [each.act for each in await events(stage, case_id)] == ["acknowledged", "answered", "answered"]


async def test_an_answer_without_a_receipt_before_it_is_one_too(stage: Stage, case):
    case_id, partner = case
    await partner.answers("", ("reponse.docx", DOCX))
    found = await case_of(stage, case_id)
    assert found.state is InterpellationState.ANSWERED
    assert found.acknowledged_at is not None


async def test_a_receipt_given_twice_is_one(stage: Stage, case):
    case_id, partner = case
    for page in await asyncio.gather(*(partner.acknowledges() for _ in range(4))):
        assert page.status == 200
    assert [each.act for each in await events(stage, case_id)] == ["acknowledged"]


async def test_the_same_answer_sent_twice_is_one_and_a_changed_one_another(stage: Stage, case):
    case_id, partner = case
    for page in await asyncio.gather(*(partner.answers("Lundi.", ("a.pdf", PDF)) for _ in range(4))):
        assert page.status == 200
    assert len(await answers(stage, case_id)) == 1
    assert len(await files(stage)) == 1
    await partner.answers("Mardi, en fait.")
    assert len(await answers(stage, case_id)) == 2


async def test_different_answers_at_the_same_moment_are_all_kept(stage: Stage, case):
    case_id, partner = case
    pages = await asyncio.gather(*(partner.answers(f"Réponse {n}") for n in range(4)))
    assert [page.status for page in pages] == [200] * 4
    assert {each.words for each in await answers(stage, case_id)} == {f"Réponse {n}" for n in range(4)}
    assert (await case_of(stage, case_id)).state is InterpellationState.ANSWERED


async def test_passed_on_by_two_taps_at_the_same_moment_is_passed_on_once(stage: Stage, case):
    case_id, partner = case
    for page in await asyncio.gather(*(partner.passes_on() for _ in range(4))):
        assert page.status == 200
    assert [each.act for each in await events(stage, case_id)] == ["passed_on"]
    assert len(await links(stage)) == 2


async def test_passing_on_sends_a_mail_with_a_link_of_their_own(stage: Stage, case):
    case_id, partner = case
    for _ in range(2):  # a double tap
        page = await partner.passes_on()
    page.says("C’est fait. La personne va recevoir un e-mail avec son lien.")
    await stage.all_delivered()
    [mail] = stage.playground.world.mailbox.mails
    assert mail.recipient == "technique@ville.example"
    assert "La mairie vous transmet une lettre du conseil citoyen Quartier Nord." in mail.text
    token = re.search(r"/r/([A-Za-z0-9_-]{43})", mail.text)
    assert token
    colleague = Partner(partner.url.rpartition("/r/")[0], token[1])
    page = await colleague.opens()
    page.says("Page personnelle : Service technique.")
    await colleague.answers("C’est nous.")
    assert (await answers(stage, case_id))[0].link_id == (await links(stage))[1].id


async def test_a_token_stays_nowhere_once_its_mail_has_arrived(stage: Stage, case):
    _, partner = case
    await partner.passes_on()
    await stage.all_delivered()
    assert re.search(r"/r/[A-Za-z0-9_-]{43}", stage.playground.world.mailbox.mails[0].text)

    async with stage.database.read() as session:
        [kept] = (await session.exec(select(Mail))).all()
    assert "/r/[…]" in kept.body


@pytest.mark.parametrize(
    ("name", "mail_address", "sentence"),
    [
        ("", "a@ville.example", "Il manque un nom."),
        ("Service", "pas une adresse", "On ne peut pas écrire à cette adresse e-mail."),
        ("Service", "a@ville.example\nBcc: b@ville.example", "On ne peut pas écrire à cette adresse e-mail."),
        ("x" * 200, "a@ville.example", "C’est trop long."),
    ],
)
async def test_passing_on_to_nobody_is_refused_and_what_was_typed_stays(
    stage: Stage, case, name, mail_address, sentence
):
    _, partner = case
    page = await partner.passes_on(name, mail_address)
    assert page.status == 422
    page.says("Rien n’est encore envoyé", sentence)
    assert len(await links(stage)) == 1


async def test_one_link_is_no_way_to_write_to_the_world(stage: Stage, case):
    _, partner = case
    for number in range(5):
        assert (await partner.passes_on("Service", f"a{number}@ville.example", key=f"k{number}")).status == 200
    page = await partner.passes_on("Service", "a5@ville.example", key="k5")
    assert page.status == 422
    page.says("Vous avez déjà transmis cette lettre cinq fois.")


BAD_FILES = {
    "a PDF named .jpg": ("photo.jpg", PDF, "n’est pas ce que dit son nom"),
    "an executable": ("outil.exe", b"MZ\x90\x00" + bytes(300), "n’est pas d’une sorte acceptée"),
    "an executable named .pdf": ("outil.pdf", b"MZ\x90\x00" + bytes(300), "n’est pas d’une sorte acceptée"),
    "a program of Linux named .txt": (
        "outil.txt",
        b"\x7fELF\x02\x01\x01" + bytes(300),
        "n’est pas d’une sorte acceptée",
    ),
    "a script": ("outil.sh", b"#!/bin/sh\nrm -rf /\n", "n’est pas d’une sorte acceptée"),
    "a script named .txt": ("outil.txt", b"#!/bin/sh\nrm -rf /\n", "n’est pas d’une sorte acceptée"),
    "a page": ("page.html", b"<html><script>alert(1)</script></html>", "n’est pas d’une sorte acceptée"),
    "a page named .txt": ("page.txt", b"  <!doctype html><p>x", "n’est pas d’une sorte acceptée"),
    "a picture with scripts": ("dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "n’est pas d’une sorte"),
    "a page with a PDF in it": ("a.pdf", b"<html>%PDF-1.7 <script>", "n’est pas d’une sorte acceptée"),
    "an empty file": ("vide.pdf", b"", "est vide"),
    "a bare archive": ("tout.zip", archive(a="b"), "n’est pas d’une sorte acceptée"),
    "an archive named .docx": ("tout.docx", archive(a="b"), "n’est pas d’une sorte acceptée"),
    "macros": ("lettre.docx", MACROS, "n’est pas d’une sorte acceptée"),
    "eleven megabytes": ("grand.pdf", PDF + bytes(11 * MEGABYTE), "est trop lourd. Il faut moins de 10 Mo."),
    "thirty megabytes": ("énorme.pdf", PDF + bytes(30 * MEGABYTE), "est trop lourd. Il faut moins de 10 Mo."),
}


@pytest.mark.parametrize("kind", BAD_FILES)
async def test_a_file_that_is_not_taken_has_its_sentence_and_the_words_are_kept(stage: Stage, case, kind):
    case_id, partner = case
    name, content, sentence = BAD_FILES[kind]
    page = await partner.answers("Mes mots < & restent.", (name, content), signed="Mairie d’ici")
    assert page.status == 422
    page.says("Rien n’est encore envoyé", sentence, f"« {name} »", "Choisissez à nouveau vos fichiers.")
    assert "Mes mots &lt; &amp; restent.</textarea>" in page.text
    assert 'value="Mairie d’ici"' in page.text
    assert await answers(stage, case_id) == []
    assert (await case_of(stage, case_id)).state is InterpellationState.SENT


async def test_each_kind_that_is_taken_is_known_by_its_content(stage: Stage, case):
    _, partner = case
    await partner.answers("", ("a.pdf", PDF), ("b.JPEG", JPEG), ("c.png", PNG), ("d.odt", ODT), ("e.docx", DOCX))
    await partner.answers("", ("f.ods", ODS), ("g.xlsx", XLSX), ("h.txt", "Réponse écrite".encode()))
    assert [each.file_name for each in await files(stage)] == [
        "a.pdf", "b.JPEG", "c.png", "d.odt", "e.docx", "f.ods", "g.xlsx", "h.txt",
    ]  # fmt: skip
    assert {each.media_type for each in await files(stage)} >= {"application/pdf", "image/jpeg", "text/plain"}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/plan.pdf", "plan.pdf"),
        ("C:\\bureau\\plan.pdf", "plan.pdf"),
        ("plan\u202efdp.exe.pdf", "planfdp.exe.pdf"),
        ("  \u00a0plan\u2028 final .pdf", "plan final .pdf"),
        ("..pdf", "pdf"),
    ],
)
def test_names_are_cleaned(sent, kept):
    assert clean_name(sent) == kept


async def test_too_many_files_and_too_much_of_them(stage: Stage, case):
    case_id, partner = case
    page = await partner.answers("Voici.", *((f"{n}.pdf", PDF) for n in range(6)))
    page.says("Il y a trop de fichiers. Choisissez-en cinq au plus.")
    page = await partner.answers("Voici.", *((f"{n}.pdf", PDF + bytes(9 * MEGABYTE)) for n in range(3)))
    page.says("Les fichiers sont trop lourds ensemble. Il faut moins de 20 Mo.")
    assert await answers(stage, case_id) == []


async def test_a_whole_disk_is_not_read_to_its_end(stage: Stage, case):
    """Beyond what a browser could mean, the rest is not waited for; the words, which came first, are kept."""
    case_id, partner = case
    reader, writer = await asyncio.open_connection("127.0.0.1", int(partner.url.split(":")[2].split("/")[0]))
    path = "/" + partner.url.split("/", 3)[3]
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        "Content-Length: 9000000000\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="geste"\r\n\r\nrepondre\r\n'
        '--b\r\nContent-Disposition: form-data; name="cle"\r\n\r\nk\r\n'
        '--b\r\nContent-Disposition: form-data; name="reponse"\r\n\r\nGardez ceci\r\n'
        '--b\r\nContent-Disposition: form-data; name="fichiers"; filename="a.pdf"\r\n\r\n'
    )
    writer.write(head.encode())

    async def pour() -> None:
        with_piece = bytes(MEGABYTE)
        try:
            for _ in range(300):
                writer.write(with_piece)
                await writer.drain()
        except ConnectionError:
            return

    pouring = asyncio.create_task(pour())
    async with asyncio.timeout(30):
        status = await reader.readline()
    assert b"422" in status
    pouring.cancel()
    writer.close()
    assert await answers(stage, case_id) == []


async def test_an_answer_of_nothing_or_of_too_much_is_refused(stage: Stage, case):
    case_id, partner = case
    page = await partner.answers("  \n ", signed="")
    assert page.status == 422
    page.says("Il manque un nom.", "Écrivez une réponse, ou joignez un fichier.")
    (await partner.answers("", signed="Mairie")).says("Écrivez une réponse, ou joignez un fichier.")
    page = await partner.answers("a" * 10_001)
    page.says("C’est trop long. Il faut moins de 10 000 signes.")
    assert "a" * 10_001 in page.text
    assert (await partner.answers("a" * 10_000)).status == 200
    assert len(await answers(stage, case_id)) == 1


async def test_after_closing_it_says_so_kindly_and_takes_nothing(stage: Stage, case):
    case_id, partner = case
    await partner.answers("Lundi.")
    async with stage.database.write() as session:
        closing = update(Interpellation).where(col(Interpellation.id) == case_id)
        await session.exec(closing.values(state=InterpellationState.CLOSED, closed_at=stage.now()))
    page = await partner.opens()
    assert page.status == 200
    page.says("Merci. Ce dossier est clos. Il ne prend plus de réponse.", "Lundi.", LIFT)
    assert "<form" not in page.text
    page = await partner.answers("Encore un mot.")
    assert page.status == 409
    page.says("Ce dossier ne prend plus de réponse.", "Il n’est pas envoyé. Vous pouvez le copier.", "Encore un mot.")
    assert (await partner.passes_on()).status == 409
    assert (await partner.acknowledges()).status == 409
    assert len(await answers(stage, case_id)) == 1


async def test_unknown_expired_and_revoked_look_the_same(stage: Stage, case, address):
    case_id, partner = case
    unknown = await Partner(address, "A" * 43).opens()
    odd = await Partner(address, "..%2f..%2fetc").opens()
    deeper = await partner.opens("/autre")
    async with stage.database.write() as session:
        await session.exec(update(PartnerLink).values(revoked_at=stage.now()))
    revoked = await partner.opens()
    posted = await partner.answers("Lundi.")
    pdf = await partner.opens("/lettre.pdf")
    async with stage.database.write() as session:
        await session.exec(update(PartnerLink).values(revoked_at=None, expires_at=stage.now()))
    expired = await partner.opens()
    for page in (unknown, odd, deeper, revoked, posted, pdf, expired):
        assert page.status == 404
        assert page.text == unknown.text
    unknown.says("Cette page n’existe pas")
    assert await answers(stage, case_id) == []


async def test_guesses_are_counted_by_address_and_forgotten_after_an_hour(stage: Stage, case, address, capsys):
    _, partner = case
    limit = stage.settings.interpellations.link_tries
    guesser = {"X-Forwarded-For": "203.0.113.7"}
    for n in range(limit):
        assert (await Partner(address, f"{n:043}", **guesser).opens()).status == 404
    page = await Partner(address, "B" * 43, **guesser).opens()
    assert page.status == 429
    assert 0 < int(page.headers["Retry-After"]) <= 3600
    page.says("Revenez un peu plus tard")
    # Neither does who guesses learn whether a token is good, nor does anybody else have to wait.
    assert (await Partner(address, partner.token, **guesser).opens()).status == 429
    assert (await partner.opens()).status == 200
    await stage.advance(hours=1, seconds=1)
    assert (await Partner(address, partner.token, **guesser).opens()).status == 200
    logged = capsys.readouterr()
    assert "203.0.113.7" not in logged.out + logged.err
    assert partner.token not in logged.out + logged.err


async def test_guesses_from_everywhere_together_are_held_back_and_links_still_open(stage: Stage, case, address):
    _, partner = case
    limit = stage.settings.interpellations.link_tries * 20
    statuses = []
    for n in range(limit + 5):
        guesser = {"X-Forwarded-For": f"198.51.{n // 250}.{n % 250}"}
        statuses.append((await Partner(address, f"{n:043}", **guesser).opens()).status)
    assert statuses[0] == 404
    assert statuses[-1] == 429
    assert (await partner.opens()).status == 200


async def test_one_link_does_not_send_without_end(stage: Stage, case):
    _, partner = case
    for _ in range(stage.settings.interpellations.link_tries):
        await partner.acknowledges()
    assert (await partner.acknowledges()).status == 429


async def test_another_site_cannot_send_the_form(stage: Stage, case):
    case_id, partner = case
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        partner.headers = headers
        page = await partner.answers("Lundi.")
        assert page.status == 403
        page.says("Ouvrez la page par votre lien")
    partner.headers = {"Origin": "https://ailleurs.example"}
    assert (await partner.answers("Lundi.")).status == 403
    assert await answers(stage, case_id) == []
    partner.headers = {"Origin": partner.url.split("/r/")[0]}
    assert (await partner.answers("Lundi.")).status == 200


async def test_what_is_no_form_is_refused(stage: Stage, case):
    case_id, partner = case
    assert (await partner.posts(geste="effacer", cle="k")).status == 400
    assert (await partner.posts(geste="transmettre", cle="pas une clé", nom="x", adresse="y@z.fr")).status == 400
    bodies = (
        (b"{}", "application/json"),
        (b"--x\r\nrien", "multipart/form-data; boundary=b"),
        (b"", "multipart/form-data"),
        (bytes(2 * MEGABYTE), "application/x-www-form-urlencoded"),
    )
    for body, kind in bodies:
        async with aiohttp.ClientSession() as http:
            got = await http.post(partner.url, data=io.BytesIO(body), headers={"Content-Type": kind})
            assert got.status == 400, (kind, await got.text())
    assert await answers(stage, case_id) == []


async def test_every_answer_is_closed_to_scripts_caches_frames_and_search(stage: Stage, case, address):
    _, partner = case
    pages = [
        await partner.opens(),
        await partner.opens("/lettre.pdf"),
        await partner.answers("", signed=""),
        await Partner(address, "C" * 43).opens(),
        await partner.opens(allow_redirects=False),
    ]
    for page in pages:
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script" not in policy
        assert "unsafe" not in policy
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in page.headers
        assert "<script" not in page.text
        assert not re.search(r'(src|href)="(https?:)?//', page.text)


async def test_nothing_of_other_cases_and_nobody_is_on_the_page(stage: Stage, address):
    rosa, karim = await stage.joined("Rosalinde", "nord"), await stage.joined("Karimbo", "nord")
    _, token = await sent_letter(stage, rosa, karim)
    await sent_letter(stage, rosa, number="I-2026-002", title="Bancs cassés")
    page = await Partner(address, token).opens()
    page.says("1 personne a signé.")
    for hidden in ("Bancs", "I-2026-002", "Rosalinde", "Karimbo", str(rosa.id)):
        assert hidden not in page.text


async def test_what_people_wrote_is_shown_as_words(stage: Stage, address):
    rosa = await stage.joined("Rosa", "nord")
    _, token = await sent_letter(stage, rosa, title="<script>alert(1)</script> & {{ 7*7 }}")
    page = await Partner(address, token).opens()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7*7 }}" in page.text


async def test_counts_and_logs_hold_no_token(stage: Stage, case, address, capsys):
    _, partner = case
    await partner.opens()
    await partner.answers("Des mots à nous")
    async with aiohttp.ClientSession() as http, http.get(f"{address}/metrics") as got:
        told = await got.text()
    assert 'portevoix_partner_pages_total{end="answered"}' in told
    logged = capsys.readouterr()
    for secret in (partner.token, "/r/", "Des mots à nous", "Mairie"):
        assert secret not in told + logged.out + logged.err


async def test_a_letter_of_which_nobody_knew_has_arrived_once_its_link_is_opened(stage: Stage, case):
    """The mail server had taken the mail and given no answer: then nothing counts as sent, until somebody reads it."""
    case_id, partner = case
    async with stage.database.write() as session:
        now = stage.now()
        mail = Mail(
            dedup_key="test",
            kind="interpellation_letter",
            subject_id=1,
            address="mairie@ville.example",
            subject="Lettre",
            body="…",
            message_header="test",
            state=MailState.UNCERTAIN,
            not_before=now,
            attempted_at=now,
            created_at=now,
            finished_at=now,
        )
        session.add(mail)
        await session.flush()
        await session.exec(update(InterpellationLetter).values(state=LetterState.NOT_SENT, mail_id=mail.id))
        await session.exec(update(Interpellation).values(state=InterpellationState.ADOPTED, sent_at=None))
    page = await partner.opens()
    page.says("Accuser réception", "Répondre")
    assert (await case_of(stage, case_id)).state is InterpellationState.SENT
    assert (await partner.answers("Lundi.")).status == 200
