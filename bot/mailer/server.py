"""The SMTP server that PORTEVOIX_SMTP_URL names. No library is imported here: settings are read at every start."""

from dataclasses import dataclass, field
from email.headerregistry import Address
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

SMTP_PORT, SMTPS_PORT = 587, 465
LOCAL = ("localhost", "127.0.0.1", "::1")


class Encryption(StrEnum):
    """TLS from the first byte, or STARTTLS: always, where the server offers it, never."""

    TLS = "tls"
    REQUIRED = "required"
    OFFERED = "auto"
    NEVER = "never"


@dataclass(frozen=True)
class SmtpServer:
    """Where mail is handed over. No user: no login."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    encryption: Encryption = Encryption.OFFERED


def read_smtp_url(url: str) -> SmtpServer:
    """smtp://user:password@host:port?starttls=required, or smtps://… for TLS from the first byte.

    Without `starttls`: required where a password would otherwise cross a network in clear, else where it is offered.

    Raises ValueError, whose words hold nothing of the URL.
    """
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("port") from None
    if parts.scheme not in {"smtp", "smtps"} or not host or parts.path not in {"", "/"} or parts.fragment:
        raise ValueError("shape")
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password is not None else None
    if (user is None) != (password is None):
        raise ValueError("user without password")
    options = parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme == "smtps":
        if options:
            raise ValueError("options")
        return SmtpServer(host, port or SMTPS_PORT, user, password, Encryption.TLS)
    return SmtpServer(host, port or SMTP_PORT, user, password, _starttls(options, host, user is not None))


def _starttls(options: dict[str, list[str]], host: str, has_password: bool) -> Encryption:
    if not options:
        return Encryption.REQUIRED if has_password and host not in LOCAL else Encryption.OFFERED
    if set(options) != {"starttls"}:
        raise ValueError("options")
    asked = Encryption(options["starttls"][-1])
    if asked is Encryption.TLS:
        raise ValueError("starttls")
    return asked


def read_sender(text: str) -> Address:
    """« Porte-voix <bonjour@ville.example> » or the bare address. Raises ValueError."""
    name, bracket, rest = text.strip().partition("<")
    address = rest.removesuffix(">") if bracket else name
    name = name.strip().strip('"') if bracket else ""
    if not address.isascii() or any(each in text for each in "\r\n\0") or (bracket and not rest.endswith(">")):
        raise ValueError("sender")
    try:
        made = Address(display_name=name, addr_spec=address)
    except IndexError:  # the standard library's answer to some addresses that are cut short
        raise ValueError("sender") from None
    if not made.username or not ("." in made.domain or made.domain == "localhost"):
        raise ValueError("sender")
    return made
