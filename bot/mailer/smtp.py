"""One talk with the SMTP server, and what its answers mean for a mail."""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from bot.mailer.server import Encryption, SmtpServer

# Seconds. Handing over the words may take long where a server examines them first; both together stay below the lease
# (storage/mail_queue.py).
TALK_TIMEOUT = 60.0
DATA_TIMEOUT = 180.0
ANSWER_LIMIT = 500
ENVELOPE_ERRORS = (SMTPSenderRefused, SMTPRecipientRefused, SMTPDataError)


class MailFate(StrEnum):
    """AGAIN: the server is away or says not now. UNCERTAIN: the words left, and no answer came."""

    SENT = "sent"
    AGAIN = "again"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    NO_SERVER = "no_server"


@dataclass(frozen=True)
class MailOutcome:
    """`answer` is the server's, code and words, or the kind of the failure; it may hold an address: not for the log."""

    fate: MailFate
    answer: str


def client_for(server: SmtpServer) -> SMTP:
    """Not connected yet."""
    starttls = {Encryption.REQUIRED: True, Encryption.OFFERED: None}.get(server.encryption, False)
    return SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.encryption is Encryption.TLS,
        start_tls=starttls,
        local_hostname="localhost",  # the machine's own name is nobody's business, and finding it may take seconds
        timeout=TALK_TIMEOUT,
    )


async def hand_over(
    server: SmtpServer, sender: str, recipient: str, letter: bytes, before_words: Callable[[], Awaitable[None]]
) -> MailOutcome:
    """Gives one mail to the server.

    `before_words` is awaited when only the words are left to send; what it raises goes through, and nothing was sent. A
    server that does not let us in at all (login, TLS) says nothing of this mail: it is tried again.
    """
    client = client_for(server)
    try:
        async with asyncio.timeout(TALK_TIMEOUT):
            await client.connect()
            await client.mail(sender)
            await client.rcpt(recipient)
    except (SMTPException, OSError, TimeoutError, ssl.SSLError, ValueError) as error:
        await _hang_up(client)
        return _outcome(error, MailFate.AGAIN)
    except BaseException:
        client.close()
        raise
    try:
        await before_words()
    except BaseException:
        client.close()
        raise
    try:
        async with asyncio.timeout(DATA_TIMEOUT):
            response = await client.data(letter, timeout=DATA_TIMEOUT)
    except SMTPDataError as error:
        await _hang_up(client)
        return _outcome(error, MailFate.UNCERTAIN)
    except (SMTPException, OSError, TimeoutError) as error:
        client.close()
        return _outcome(error, MailFate.UNCERTAIN)
    except BaseException:
        client.close()
        raise
    await _hang_up(client)
    return MailOutcome(MailFate.SENT, f"{response.code} {response.message}"[:ANSWER_LIMIT])


async def _hang_up(client: SMTP) -> None:
    """Politely where it can be; the mail's fate is known already."""
    with contextlib.suppress(SMTPException, OSError, TimeoutError):
        async with asyncio.timeout(2.0):
            await client.quit()
    client.close()


def _outcome(error: Exception, otherwise: MailFate) -> MailOutcome:
    """What an answer with a code says of this mail; anything else ends in `otherwise`."""
    if not isinstance(error, SMTPResponseException):
        return MailOutcome(otherwise, type(error).__name__)
    answer = f"{error.code} {error.message}"[:ANSWER_LIMIT]
    if isinstance(error, SMTPAuthenticationError) or not isinstance(error, ENVELOPE_ERRORS):
        return MailOutcome(MailFate.AGAIN, answer)
    if 500 <= error.code < 600:
        return MailOutcome(MailFate.REFUSED, answer)
    return MailOutcome(MailFate.AGAIN if 400 <= error.code < 500 else otherwise, answer)
