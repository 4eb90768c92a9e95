"""From the rows of mails to the SMTP server: claimed with a lease, handed over, settled."""

import asyncio
from collections.abc import Coroutine, Iterable
from datetime import timedelta
from email.headerregistry import Address
from typing import Any

import structlog

from bot.context import Context
from bot.logs import reference_of
from bot.mailer.letter import letter_of
from bot.mailer.server import SmtpServer, read_sender, read_smtp_url
from bot.mailer.settling import settle
from bot.mailer.smtp import MailFate, MailOutcome, hand_over
from bot.metrics import MAILS
from bot.queue_worker import DATABASE_AWAY, SETTLING_DELAYS, Backoff, QueueWorker
from bot.settings import Settings
from council.mails import WITHDRAWN
from storage import mail_queue
from storage.mail_queue import MailLease
from storage.mails import Mail, MailState

log = structlog.get_logger("bot.mailer")

SLOTS = 3  # talks at once: mail servers count connections
BACKOFF = Backoff(timedelta(minutes=1), timedelta(hours=2))
ATTEMPTS = 18  # over a day: an outage of the server's loses no mail
NO_SERVER = "no_smtp"
"""The answer kept of a mail for which no server is named in the settings."""


class MailLeaseLost(Exception):
    """Somebody else has claimed the mail since: nothing may be sent."""


class Mailer(QueueWorker):
    """Takes mails as long as it runs; several may run side by side on one database."""

    def __init__(self, context: Context) -> None:
        super().__init__(SLOTS)
        self._context = context
        self._way = _way_out(context.settings)

    async def claim(self, free: int) -> Iterable[Coroutine[Any, Any, None]]:
        now = self._context.clock.now()
        # Most looks find nothing; on SQLite a look must not hold back those who write.
        async with self._context.database.read() as session:
            if not await mail_queue.is_due(session, now):
                return ()
        async with self._context.database.write() as session:
            mails = await mail_queue.claim(session, now, free)
        return [self._deliver(mail) for mail in mails]

    async def _deliver(self, mail: Mail) -> None:
        lease = MailLease(mail.id, mail.claims)
        try:
            outcome = await self._handed_over(mail, lease)
        except MailLeaseLost:
            log.warning("mail_lease_lost", mail=mail.id)
        except asyncio.CancelledError:
            await self._give_back(lease)
            raise
        except DATABASE_AWAY:
            log.exception("mail_put_off", mail=mail.id, kind=mail.kind)
            await self._give_back(lease)
        except Exception as error:  # a mail that cannot even be made would fail for ever
            log.exception("mail_failed", mail=mail.id, kind=mail.kind)
            await self._settle(mail, lease, MailOutcome(MailFate.REFUSED, reference_of(error)))
        else:
            await self._settle(mail, lease, outcome)

    async def _handed_over(self, mail: Mail, lease: MailLease) -> MailOutcome:
        if not mail.body:
            return MailOutcome(MailFate.REFUSED, WITHDRAWN)
        if self._way is None:
            return MailOutcome(MailFate.NO_SERVER, NO_SERVER)
        server, sender = self._way
        async with self._context.database.read() as session:
            attachments = await mail_queue.attachments_of(session, mail.id)
        letter = letter_of(mail, attachments, sender, self._context.clock.now())
        return await hand_over(server, sender.addr_spec, mail.address, letter, lambda: self._begin(lease))

    async def _begin(self, lease: MailLease) -> None:
        async with self._context.database.write() as session:
            if not await mail_queue.begin_attempt(session, self._context.clock.now(), lease):
                raise MailLeaseLost

    async def _settle(self, mail: Mail, lease: MailLease, outcome: MailOutcome) -> None:
        """Several tries are worth it: a mail whose fate is not written down would be uncertain."""
        MAILS.labels(kind=mail.kind, fate=outcome.fate).inc()
        if outcome.fate is not MailFate.SENT:
            log.warning("mail_not_sent", mail=mail.id, kind=mail.kind, fate=outcome.fate, attempt=mail.attempts + 1)
        for delay in SETTLING_DELAYS:
            try:
                return await self._write_down(mail, lease, outcome)
            except DATABASE_AWAY:
                log.exception("mail_fate_not_written", mail=mail.id, fate=outcome.fate)
                await asyncio.sleep(delay)
        return await self._write_down(mail, lease, outcome)

    async def _write_down(self, mail: Mail, lease: MailLease, outcome: MailOutcome) -> None:
        clock = self._context.clock
        async with self._context.database.write() as session:
            match outcome.fate:
                case MailFate.AGAIN if mail.attempts + 1 < ATTEMPTS:
                    later = clock.now() + BACKOFF.after(mail.attempts)
                    await mail_queue.put_back(session, lease, later, outcome.answer)
                case MailFate.AGAIN | MailFate.NO_SERVER:
                    await settle(session, clock, lease, MailState.FAILED, outcome.answer)
                case MailFate.REFUSED:
                    await settle(session, clock, lease, MailState.REFUSED, outcome.answer)
                case MailFate.UNCERTAIN:
                    await settle(session, clock, lease, MailState.UNCERTAIN, outcome.answer)
                case MailFate.SENT:
                    await settle(session, clock, lease, MailState.SENT, outcome.answer)

    async def _give_back(self, lease: MailLease) -> None:
        """What cannot be written now is found again when the lease is over."""
        try:
            async with self._context.database.write() as session:
                await mail_queue.give_back(session, lease)
        except DATABASE_AWAY:
            log.exception("mail_not_given_back", mail=lease.mail_id)


def _way_out(settings: Settings) -> tuple[SmtpServer, Address] | None:
    """The settings have been examined when they were read."""
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    return read_smtp_url(settings.smtp_url.get_secret_value()), read_sender(settings.mail_from)
