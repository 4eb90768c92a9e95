"""How a mail ended is written down together with what its feature does about it."""

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.context import Context
from bot.mailer import listeners  # noqa: F401 - declares who hears how mails ended
from council.clock import Clock
from council.interpellation_sending import settle_letter, unheard_mails
from council.mails import listeners_of
from council.turns import each_in_turn
from storage import mail_queue
from storage.mail_queue import MailLease
from storage.mails import Mail, MailState

log = structlog.get_logger("bot.mailer")

LOST = "lost"
"""The answer kept of a mail whose process ended while the words were on their way."""


async def settle(session: AsyncSession, clock: Clock, lease: MailLease, state: MailState, answer: str) -> None:
    """Ends a mail and tells its listeners, in one transaction; nothing when the lease is void.

    A listener that fails undoes its own changes only: the mail's fate must be kept all the same.
    """
    if not await mail_queue.finish(session, clock.now(), lease, state, answer):
        return
    mail = await session.get_one(Mail, lease.mail_id, populate_existing=True)
    kind = mail.kind
    for listener in listeners_of(kind):
        try:
            async with session.begin_nested():
                await listener(session, clock, mail)
        except Exception:
            log.exception("mail_listener_failed", mail=lease.mail_id, kind=kind)
            await session.refresh(mail)  # what the listener had changed of it is undone, and unread


async def recover_mails(context: Context) -> None:
    """After a crash: what had not left goes back in line, what was leaving may have arrived. Each by itself."""
    async with context.database.read() as session:
        left = {each.id: each for each in await mail_queue.abandoned(session, context.clock.now())}

    async def recover(session: AsyncSession, mail_id: int) -> None:
        mail = left[mail_id]
        lease = MailLease(mail.id, mail.claims)
        if mail.attempted_at is None:
            await mail_queue.give_back(session, lease)
        else:
            await settle(session, context.clock, lease, MailState.UNCERTAIN, LOST)

    if left:
        log.warning("mails_recovered", mails=len(left))
        await each_in_turn(context.database, left, recover)
        context.database.after_notices()


async def settle_letters(context: Context) -> None:
    """Letters whose mail has ended unheard of are settled now; one that fails once more holds up no other."""
    async with context.database.read() as session:
        unheard = await unheard_mails(session)

    async def settle_it(session: AsyncSession, mail_id: int) -> None:
        await settle_letter(session, context.clock, await session.get_one(Mail, mail_id, with_for_update=True))

    await each_in_turn(context.database, unheard, settle_it)
