"""A real SMTP server that behaves as the test asks, and our mailer in front of it."""

import asyncio
import itertools
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from sqlmodel import col, select

from bot.context import Context
from bot.gate import Limits
from bot.gate.memory import MemoryGate
from bot.mailer.mailer import Mailer
from bot.mailer.settling import recover_mails
from bot.settings import read_settings
from council.mails import write_mail
from storage.mails import Mail, MailState
from tests.conftest import FakeClock, SmallProgramme

PATIENCE = 15.0


@dataclass
class Received:
    """One mail as the server took it."""

    sender: str
    recipients: list[str]
    letter: EmailMessage
    raw: bytes


@dataclass
class MailServer:
    """`answers` are given to the next DATA, RCPT or MAIL, in turn; "cut" hangs up, "hang" never answers."""

    answers: dict[str, list[str]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    password: str | None = None
    tls: ssl.SSLContext | None = None
    port: int = 0
    words_came: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None
    _open: list[Any] = field(default_factory=list)

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._talk, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for each in self._open:
            each.cut()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def _talk(self) -> "_Talk":
        self.connections += 1
        options = {"auth_require_tls": False, "authenticator": self._authenticate} if self.password else {}
        talk = _Talk(self, hostname="localhost", tls_context=self.tls, **options)
        self._open.append(talk)
        return talk

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == (self.password or "").encode(), handled=False)

    # --- what aiosmtpd asks

    async def handle_MAIL(self, talk: "_Talk", _s: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        return await self._answer(talk, "MAIL") or "250 OK"

    async def handle_RCPT(self, talk: "_Talk", _s: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if answer := await self._answer(talk, "RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, talk: "_Talk", _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.words_came.set()
        if self.answers.get("DATA") and self.answers["DATA"][0].startswith(
            "kept "
        ):  # taken, and then the answer is lost
            self.answers["DATA"][0] = self.answers["DATA"][0].removeprefix("kept ")
            self._keep(envelope)
        if answer := await self._answer(talk, "DATA"):
            return answer
        self._keep(envelope)
        return "250 2.0.0 queued as 42"

    def _keep(self, envelope: Envelope) -> None:
        raw = bytes(envelope.original_content or b"")
        letter = message_from_bytes(raw, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.received.append(Received(str(envelope.mail_from), list(envelope.rcpt_tos), letter, raw))

    async def _answer(self, talk: "_Talk", verb: str) -> str | None:
        waiting = self.answers.get(verb)
        answer = waiting.pop(0) if waiting else None
        if answer == "cut":
            talk.cut()
        if answer in {"cut", "hang"}:
            await asyncio.Event().wait()
        return answer or None


class _Talk(SMTP):
    def cut(self) -> None:
        if self.transport is not None:
            self.transport.abort()
        if self._handler_coroutine is not None:
            self._handler_coroutine.cancel()


@dataclass
class MailOffice:
    """Writes mails and waits for what becomes of them. The server is real; the clock is the test's."""

    programme: SmallProgramme
    clock: FakeClock
    server: MailServer
    mailer: Mailer | None = None
    _task: asyncio.Task[None] | None = None
    _count: itertools.count = field(default_factory=itertools.count)

    def context(self, **changes: object) -> Context:
        values = {
            "smtp_url": self.server.url,
            "mail_from": "Porte-voix <bonjour@ville.example>",
            "_env_file": None,
            **changes,
        }
        settings = read_settings(**values)
        gate = MemoryGate(Limits())
        return Context(settings, self.programme.database, self.clock, gate, self.programme.settings)

    def open(self, **changes: object) -> None:
        """Starts a mailer."""
        self.mailer = Mailer(self.context(**changes))
        self.programme.database.after_notices = self.mailer.wake
        self._task = asyncio.create_task(self.mailer.run())

    async def close(self, grace: float = 5.0) -> None:
        assert self.mailer is not None
        assert self._task is not None
        await self.mailer.stop(grace)
        await self._task

    async def writes(self, subject: str = "Bonjour", body: str = "Un mot.\n", **more: Any) -> int:
        values = {"kind": "test", "subject_id": 7, "address": "mairie@ville.example", **more}
        values.setdefault("dedup_key", f"test:{next(self._count)}")
        async with self.programme.database.write() as session:
            return await write_mail(session, self.clock, subject=subject, body=body, **values)

    async def mail(self, number: int) -> Mail:
        async with self.programme.database.read() as session:
            return await session.get_one(Mail, number)

    async def ends(self, number: int, state: MailState, attempts: int | None = None) -> Mail:
        """Waits until the mail is in this state, after so many failed attempts."""
        async with asyncio.timeout(PATIENCE):
            while True:
                mail = await self.mail(number)
                if mail.state is state and attempts in {None, mail.attempts}:
                    return mail
                await asyncio.sleep(0.01)

    async def recovers(self) -> None:
        """What the sweep does."""
        await recover_mails(self.context())

    def later(self, **span: float) -> None:
        self.clock.advance(**span)
        assert self.mailer is not None
        self.mailer.wake()


@dataclass
class SlowMailServer(MailServer):
    """Takes a moment over each mail, so that a kill finds some on their way."""

    came: int = 0

    async def handle_DATA(self, talk: "_Talk", session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.came += 1
        await asyncio.sleep(0.01)
        answer = await super().handle_DATA(talk, session, envelope)
        await asyncio.sleep(0.01)
        return answer

    async def until_came(self, more: int, alive: Callable[[], bool]) -> None:
        """Until the words of so many more mails have come, or all."""
        count = self.came + more
        async with asyncio.timeout(PATIENCE):
            while self.came < count:
                assert alive()
                await asyncio.sleep(0.002)

    async def until_quiet(self, programme: SmallProgramme, alive: Callable[[], bool]) -> None:
        """Until no mail is left to send."""
        async with asyncio.timeout(60):
            while True:
                assert alive()
                async with programme.database.read() as session:
                    waiting = col(Mail.state).in_((MailState.PENDING, MailState.LEASED))
                    if not (await session.exec(select(Mail).where(waiting))).all():
                        return
                await asyncio.sleep(0.05)
