"""The mail server: reached, TLS, login. Nothing is sent, and no answer of its is shown, which may quote a name."""

import asyncio
import contextlib
import ssl

from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPNotSupported,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from bot.mailer.server import Encryption, read_smtp_url
from bot.mailer.smtp import client_for
from bot.operations.findings import Code, Finding, error, fine, warning
from bot.settings import Settings

PATIENCE = 10.0  # seconds
AWAY = (SMTPConnectError, SMTPServerDisconnected, SMTPTimeoutError, OSError, TimeoutError)


async def examine_mail(settings: Settings) -> list[Finding]:
    """Nothing without a server: then no e-mail leaves, and whoever writes one is told."""
    if settings.smtp_url is None:
        return []
    server = read_smtp_url(settings.smtp_url.get_secret_value())
    client = client_for(server)
    try:
        async with asyncio.timeout(PATIENCE):
            await client.connect()
            await client.ehlo()
            offers_tls = client.supports_extension("starttls")
    except SMTPAuthenticationError:
        return [error(Code.MAIL_LOGIN_REFUSED)]
    except (ssl.SSLError, SMTPNotSupported) as problem:
        return [error(Code.MAIL_TLS_FAILED, reason=type(problem).__name__)]
    except AWAY as problem:
        tls = isinstance(problem.__cause__, ssl.SSLError)
        return [error(Code.MAIL_TLS_FAILED if tls else Code.MAIL_UNREACHABLE, reason=type(problem).__name__)]
    except SMTPException as problem:
        # A server that does not do what the settings ask: STARTTLS or a login that it does not offer.
        return [error(Code.MAIL_REFUSES, reason=type(problem).__name__)]
    finally:
        with contextlib.suppress(SMTPException, OSError, TimeoutError):
            async with asyncio.timeout(2.0):
                await client.quit()
        client.close()
    clear = server.encryption is Encryption.NEVER and offers_tls
    return [warning(Code.MAIL_IN_CLEAR)] if clear else [fine(Code.MAIL_ANSWERS)]
