"""The examination of the mail server, which gets no mail by it."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest
from aiosmtplib import SMTP

from bot.operations import doctor_mail
from bot.operations.doctor_mail import examine_mail
from bot.operations.findings import Code, Finding
from bot.settings import read_settings
from tests.conftest import REQUIRED
from tests.mail.mail_office import MailServer


async def found(url: str | None) -> list[Code]:
    findings: list[Finding] = await examine_mail(read_settings(smtp_url=url, mail_from="a@b.example", _env_file=None))
    return [each.code for each in findings]


async def test_nothing_is_said_without_a_server():
    assert await found(None) == []


async def test_a_server_that_answers(server: MailServer):
    assert await found(server.url) == [Code.MAIL_ANSWERS]
    assert server.connections == 1
    assert server.received == []


async def test_a_server_that_is_away(server: MailServer):
    await server.stop()
    assert await found(server.url) == [Code.MAIL_UNREACHABLE]
    await server.start()


async def test_a_name_that_nobody_has():
    assert await found("smtp://nobody.invalid") == [Code.MAIL_UNREACHABLE]


async def test_login(server: MailServer):
    server.password = "right"
    assert await found(f"smtp://u:right@127.0.0.1:{server.port}") == [Code.MAIL_ANSWERS]
    assert await found(f"smtp://u:wrong@127.0.0.1:{server.port}") == [Code.MAIL_LOGIN_REFUSED]


async def test_what_the_server_does_not_offer(server: MailServer):
    assert await found(f"{server.url}?starttls=required") == [Code.MAIL_REFUSES]
    assert await found(f"smtp://u:p@127.0.0.1:{server.port}") == [Code.MAIL_REFUSES]


async def test_tls_where_there_is_none(server: MailServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor_mail, "PATIENCE", 1.0)
    (code,) = await found(f"smtps://127.0.0.1:{server.port}")
    assert code in {Code.MAIL_TLS_FAILED, Code.MAIL_UNREACHABLE}


async def test_a_certificate_that_nobody_vouches_for(server: MailServer, tmp_path: Path):
    if shutil.which("openssl") is None:
        (pytest.fail if REQUIRED else pytest.skip)("openssl is missing")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-keyout", key, "-out", certificate],
        capture_output=True, check=True,
    )  # fmt: skip
    server.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.tls.load_cert_chain(certificate, key)
    assert await found(server.url) == [Code.MAIL_TLS_FAILED]
    assert await found(f"{server.url}?starttls=never") == [Code.MAIL_IN_CLEAR]
    trusting = SMTP(hostname="localhost", port=server.port, start_tls=True, cert_bundle=str(certificate))
    await trusting.connect()
    await trusting.quit()
