"""A mail server on loopback: what the program under test sends lies in the mailbox of the page."""

from __future__ import annotations

import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

from .mails import Enclosure, Mailbox

if TYPE_CHECKING:
    from aiosmtpd.smtp import Envelope, Session

_HOST = "127.0.0.1"


class MailServer:
    """Takes every mail, from anybody to anybody, and delivers none."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._server: asyncio.Server | None = None
        self._transports: set[asyncio.Transport] = set()
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://{_HOST}:{self.port}"

    async def start(self) -> None:
        from aiosmtpd.smtp import SMTP  # a third of a second that nobody waits for who sends no mail

        transports = self._transports

        class Talk(SMTP):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                super().connection_made(transport)
                if isinstance(transport, asyncio.Transport):
                    transports.add(transport)

            def connection_lost(self, error: Exception | None) -> None:
                if isinstance(self.transport, asyncio.Transport):
                    transports.discard(self.transport)
                super().connection_lost(error)

        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Talk(self, hostname="localhost", loop=loop), _HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for transport in tuple(self._transports):
            transport.abort()
        await self._server.wait_closed()

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        letter = message_from_bytes(content, policy=policy.default)
        if isinstance(letter, EmailMessage):
            self._mailbox.take(
                sender=str(letter.get("From", envelope.mail_from or "")),
                recipient=", ".join(envelope.rcpt_tos),
                subject=str(letter.get("Subject", "")),
                text=_body(letter, "plain"),
                html=_body(letter, "html"),
                attachments=tuple(_enclosures(letter)),
            )
        return "250 2.0.0 OK"


def _body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def _data(part: Any) -> bytes:
    return part.get_payload(decode=True) or b""


def _enclosures(letter: EmailMessage) -> list[Enclosure]:
    return [
        Enclosure(part.get_filename() or "attachment", part.get_content_type(), _data(part))
        for part in letter.iter_attachments()
    ]
