"""E-mail as a queue: claiming with a lease, and how each attempt ended. Mails know no order among themselves."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, text, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.mails import WAITING, Mail, MailAttachment, MailState

LEASE = timedelta(minutes=5)
"""Longer than one talk with a mail server may take (bot/mailer/smtp.py)."""


@dataclass(frozen=True)
class MailLease:
    """The right to send one mail; it is void once somebody else has claimed it."""

    mail_id: int
    claim: int


async def claim(session: AsyncSession, now: datetime, limit: int) -> list[Mail]:
    """Leases up to `limit` mails that are due."""
    # Materialised: PostgreSQL would otherwise run the inner query once a row, and lease far more than `limit`.
    due = (
        select(col(Mail.id))
        .where(text(WAITING), col(Mail.state) == MailState.PENDING, col(Mail.not_before) <= now)
        .order_by(col(Mail.not_before), col(Mail.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    chosen = due.cte("chosen").prefix_with("MATERIALIZED")
    leased = (
        update(Mail)
        .where(col(Mail.id).in_(select(chosen.c.id)), col(Mail.state) == MailState.PENDING)
        .values(state=MailState.LEASED, lease_until=now + LEASE, claims=col(Mail.claims) + 1, attempted_at=None)
        .returning(Mail)
        .execution_options(synchronize_session=False)
    )
    return sorted((await session.exec(leased)).scalars().all(), key=lambda mail: mail.id)


async def attachments_of(session: AsyncSession, mail_id: int) -> list[MailAttachment]:
    query = select(MailAttachment).where(col(MailAttachment.mail_id) == mail_id).order_by(col(MailAttachment.id))
    return list((await session.exec(query)).all())


async def begin_attempt(session: AsyncSession, now: datetime, lease: MailLease) -> bool:
    """Notes that the words themselves are about to leave; False when the lease is void or over: nothing may be sent."""
    in_force = (col(Mail.lease_until) > now,)
    return await _settle(session, lease, (MailState.LEASED,), *in_force, attempted_at=now, lease_until=now + LEASE)


async def give_back(session: AsyncSession, lease: MailLease) -> bool:
    """Back in line, untouched; False when an attempt had begun."""
    values = {"state": MailState.PENDING, "lease_until": None}
    return await _settle(session, lease, (MailState.LEASED,), col(Mail.attempted_at).is_(None), **values)


async def withdraw(session: AsyncSession, now: datetime, mail_ids: Collection[int]) -> None:
    """Takes out what they say: they leave no more, but for one whose words are leaving at this moment.

    What waits, or has not begun, comes back in line at once, so that whoever is told how mails end hears of it.
    """
    these = col(Mail.id).in_(mail_ids)
    await session.exec(update(Mail).where(these).values(body=""))
    waits = col(Mail.state).in_((MailState.PENDING, MailState.LEASED)), col(Mail.attempted_at).is_(None)
    await session.exec(
        update(Mail).where(these, *waits).values(state=MailState.PENDING, not_before=now, lease_until=None)
    )


async def forget_files(session: AsyncSession, mail_id: int) -> None:
    await session.exec(delete(MailAttachment).where(col(MailAttachment.mail_id) == mail_id))


async def put_back(session: AsyncSession, lease: MailLease, not_before: datetime, answer: str) -> bool:
    """Back in line for another attempt."""
    return await _settle(
        session,
        lease,
        (MailState.LEASED,),
        state=MailState.PENDING,
        not_before=not_before,
        attempts=col(Mail.attempts) + 1,
        answer=answer,
        lease_until=None,
        attempted_at=None,
    )


async def finish(session: AsyncSession, now: datetime, lease: MailLease, state: MailState, answer: str) -> bool:
    """Ends in `state`. SENT also when a slow answer comes after the lease had been given up as uncertain."""
    states = (MailState.LEASED, MailState.UNCERTAIN) if state is MailState.SENT else (MailState.LEASED,)
    return await _settle(session, lease, states, state=state, answer=answer, finished_at=now, lease_until=None)


async def abandoned(session: AsyncSession, now: datetime) -> list[Mail]:
    """Mails whose lease is over: who held it has crashed."""
    query = select(Mail).where(text(WAITING), col(Mail.state) == MailState.LEASED, col(Mail.lease_until) < now)
    return list((await session.exec(query)).all())


async def is_due(session: AsyncSession, now: datetime) -> bool:
    """Whether some mail could be claimed now."""
    due = text(WAITING), col(Mail.state) == MailState.PENDING, col(Mail.not_before) <= now
    return (await session.exec(select(col(Mail.id)).where(*due).limit(1))).first() is not None


async def next_moment(session: AsyncSession, now: datetime) -> datetime | None:
    """When the next mail that waits for another attempt is tried again."""
    waiting = text(WAITING), col(Mail.state) == MailState.PENDING, col(Mail.not_before) > now
    return (await session.exec(select(func.min(col(Mail.not_before))).where(*waiting))).one()


async def unfinished(session: AsyncSession, now: datetime) -> int:
    """How many are on their way or due; those that wait for a later attempt are not."""
    counting = select(func.count()).select_from(Mail)
    later = (col(Mail.state) == MailState.PENDING) & (col(Mail.not_before) > now)
    return (await session.exec(counting.where(text(WAITING), ~later))).one()


async def _settle(
    session: AsyncSession,
    lease: MailLease,
    states: Iterable[MailState],
    *conditions: ColumnElement[bool],
    **values: object,
) -> bool:
    in_force = (col(Mail.id) == lease.mail_id, col(Mail.claims) == lease.claim, col(Mail.state).in_(tuple(states)))
    change = update(Mail).where(*in_force, *conditions).values(**values)
    return bool((await session.exec(change)).rowcount)
