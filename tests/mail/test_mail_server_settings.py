"""PORTEVOIX_SMTP_URL and PORTEVOIX_MAIL_FROM: what they mean, and what is no such thing."""

import pytest

from bot.mailer.server import Encryption, SmtpServer, read_sender, read_smtp_url
from bot.settings import WrongSetting, read_settings


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", SmtpServer("mail.example", 587)),
        ("smtp://mail.example:25/", SmtpServer("mail.example", 25)),
        ("smtps://mail.example", SmtpServer("mail.example", 465, encryption=Encryption.TLS)),
        (
            "smtp://u%40x:p%3A%2F@mail.example",
            SmtpServer("mail.example", 587, "u@x", "p:/", Encryption.REQUIRED),
        ),
        ("smtp://u:p@127.0.0.1", SmtpServer("127.0.0.1", 587, "u", "p", Encryption.OFFERED)),
        ("smtp://u:p@mail.example?starttls=never", SmtpServer("mail.example", 587, "u", "p", Encryption.NEVER)),
        ("smtp://mail.example?starttls=required", SmtpServer("mail.example", 587, encryption=Encryption.REQUIRED)),
        ("smtp://[::1]:2525", SmtpServer("::1", 2525)),
    ],
)
def test_what_an_address_means(url: str, server: SmtpServer):
    assert read_smtp_url(url) == server
    assert "p:/" not in repr(server)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example:port",
        "smtp://mail.example:99999",
        "smtp://mail.example/path",
        "smtp://user@mail.example",
        "smtp://mail.example?starttls=perhaps",
        "smtp://mail.example?starttls=tls",
        "smtp://mail.example?tls=1",
        "smtps://mail.example?starttls=never",
    ],
)
def test_what_is_no_mail_server(url: str):
    with pytest.raises(ValueError):
        read_smtp_url(url)
    with pytest.raises(WrongSetting) as wrong:
        read_settings(smtp_url=url, mail_from="a@b.example", _env_file=None)
    assert wrong.value.name == "PORTEVOIX_SMTP_URL"


@pytest.mark.parametrize(
    "text", ["a@b.example", "Porte-voix <a@b.example>", '"L’équipe, ici" <a@b.example>', "a@localhost"]
)
def test_who_sends(text: str):
    assert read_sender(text).addr_spec in {"a@b.example", "a@localhost"}


@pytest.mark.parametrize(
    "text",
    ["a", "a@b", "<a@b.example", "A <>", "a@b.example\nBcc: c@d.example", "é@b.example", "a@b.example, c@d.example"],
)
def test_who_cannot_send(text: str):
    with pytest.raises(ValueError):
        read_sender(text)
    with pytest.raises(WrongSetting) as wrong:
        read_settings(mail_from=text, _env_file=None)
    assert wrong.value.name == "PORTEVOIX_MAIL_FROM"


def test_a_server_needs_a_sender_and_neither_is_needed():
    with pytest.raises(WrongSetting) as wrong:
        read_settings(smtp_url="smtp://mail.example", _env_file=None)
    assert wrong.value.name == "PORTEVOIX_MAIL_FROM"
    assert read_settings(smtp_url="", mail_from="", _env_file=None).smtp_url is None
