"""The outbox as a queue: claiming with a lease, and how each attempt ended.

Order: priority first; within one chat and priority, first in first out, so that a relayed talk keeps its order while a
cancelled meeting need not wait behind yesterday's news. A notice that has been started holds back those behind it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, case, exists, func, literal, or_, text, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.outbox import LOST_RELAY, Notice, NoticePriority, NoticeState

LEASE = timedelta(seconds=60)
NO_LONGER_TRUE = "no longer true"
"""The error of a notice that was dropped because there was nothing left to say."""
UNFINISHED = (NoticeState.PENDING, NoticeState.LEASED)
_NOW = bindparam("now", type_=UTCDateTime)
# PostgreSQL plans by statistics, which know nothing yet of the thousands of rows that an announcement has just written;
# a plan made for a short line reads a long one again for each row of it. So: along the indexes, whatever they say.
_ALONG_THE_INDEXES = text(
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true),"
    " set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true),"
    " set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),"
    " set_config('enable_material', 'off', true)"
)


@dataclass(frozen=True)
class Lease:
    """The right to send one notice; it is void once somebody else has claimed it."""

    notice_id: int
    claim: int


async def claim(session: AsyncSession, now: datetime, limit: int, *, at_night: bool) -> list[Notice]:
    """Leases up to `limit` notices whose turn it is; at night only those that are not quiet.

    In a transaction of its own: how PostgreSQL plans is set until the end of it.
    """
    if session.get_bind().dialect.name == "postgresql":
        await (await session.connection()).execute(_ALONG_THE_INDEXES)
    values = {"now": now, "limit": limit, "until": now + LEASE}
    notices = (await session.exec(_claiming(at_night), params=values)).scalars().all()
    return sorted(notices, key=lambda notice: (notice.priority, notice.id))


@cache
def _claiming(at_night: bool) -> Any:
    """Built once: it is asked at every wake, and to build it takes longer than to carry it out."""
    # Materialised: PostgreSQL would otherwise run the inner query once a row, and lease far more than the limit.
    line = next_in_line(at_night=at_night).with_for_update(skip_locked=True)
    chosen = line.cte("chosen").prefix_with("MATERIALIZED")
    return (
        update(Notice)
        .where(col(Notice.id).in_(select(chosen.c.id)), is_in(Notice, NoticeState.PENDING))
        .values(
            state=NoticeState.LEASED,
            lease_until=bindparam("until", type_=UTCDateTime),
            claims=col(Notice.claims) + 1,
            started_at=func.coalesce(col(Notice.started_at), _NOW),
            attempted_at=None,
        )
        .returning(Notice)
        .execution_options(synchronize_session=False)
    )


def next_in_line(*, at_night: bool) -> SelectOfScalar[int]:
    """The ids of the notices whose turn it is `now`, the first `limit` of them: both are values of the statement."""
    now = _NOW
    earlier = aliased(Notice)
    held_back = exists().where(
        is_unfinished(earlier),
        col(earlier.chat_id) == col(Notice.chat_id),
        col(earlier.priority) == col(Notice.priority),
        col(earlier.id) < col(Notice.id),
        or_(
            is_in(earlier, NoticeState.LEASED),
            and_(
                is_in(earlier, NoticeState.PENDING),
                or_(col(earlier.not_before) <= now, col(earlier.started_at).is_not(None)),
                or_(col(earlier.expires_at).is_(None), col(earlier.expires_at) > now),
                *([col(earlier.quiet).is_(False)] if at_night else []),
            ),
        ),
    )
    query = (
        select(col(Notice.id))
        .where(
            is_in(Notice, NoticeState.PENDING),
            col(Notice.not_before) <= now,
            or_(col(Notice.expires_at).is_(None), col(Notice.expires_at) > now),
            ~held_back,
        )
        .order_by(col(Notice.priority), col(Notice.id))
        .limit(bindparam("limit", type_=Integer))
    )
    return query.where(~col(Notice.quiet)) if at_night else query


def is_unfinished(notice: type[Notice]) -> ColumnElement[bool]:
    return is_in(notice, *UNFINISHED)


def is_in(notice: type[Notice], *states: NoticeState) -> ColumnElement[bool]:
    """In the words of the partial indexes: with a parameter either engine would go through every notice there was."""
    said = [literal(each.value, String, literal_execute=True) for each in states]
    return col(notice.state) == said[0] if len(said) == 1 else col(notice.state).in_(said)


async def begin_attempt(session: AsyncSession, now: datetime, lease: Lease) -> bool:
    """Notes that the network is about to be asked; False when nothing may be sent.

    So it is when the lease is void or over, and when the notice has expired since it was claimed.
    """
    still_due = (
        col(Notice.lease_until) > now,
        or_(col(Notice.expires_at).is_(None), col(Notice.expires_at) > now),
    )
    begun = {"attempted_at": now, "lease_until": now + LEASE}
    return await _settle(session, lease, (NoticeState.LEASED,), *still_due, **begun)


async def give_back(session: AsyncSession, lease: Lease, not_before: datetime, *, unsent: bool) -> bool:
    """Back in line, untouched. Unless the caller knows it `unsent`, False when an attempt had begun."""
    conditions = () if unsent else (col(Notice.attempted_at).is_(None),)
    values = {"state": NoticeState.PENDING, "not_before": not_before, "lease_until": None, "attempted_at": None}
    return await _settle(session, lease, (NoticeState.LEASED,), *conditions, **values)


async def sent(session: AsyncSession, now: datetime, lease: Lease, message_id: int | None) -> bool:
    """Delivered; also when a slow answer comes after the lease had been given up as uncertain."""
    states = (NoticeState.LEASED, NoticeState.UNCERTAIN)
    values = {"state": NoticeState.SENT, "message_id": message_id, "finished_at": now, "error": None}
    return await _settle(session, lease, states, **values)


async def finish(
    session: AsyncSession, now: datetime, lease: Lease, state: NoticeState, error: str | None = None
) -> bool:
    """Ends in `state` for good: failed, uncertain, cancelled or expired."""
    return await _settle(session, lease, (NoticeState.LEASED,), state=state, error=error, finished_at=now)


async def put_back(
    session: AsyncSession, lease: Lease, not_before: datetime, *, failed: bool, error: str | None = None
) -> bool:
    """Back in line; `failed` counts as an attempt (a 429 does not)."""
    return await _settle(
        session,
        lease,
        (NoticeState.LEASED,),
        state=NoticeState.PENDING,
        not_before=not_before,
        attempts=col(Notice.attempts) + int(failed),
        error=error,
        lease_until=None,
        attempted_at=None,
    )


async def _settle(
    session: AsyncSession,
    lease: Lease,
    states: Iterable[NoticeState],
    *conditions: ColumnElement[bool],
    **values: object,
) -> bool:
    in_force = (
        col(Notice.id) == lease.notice_id,
        col(Notice.claims) == lease.claim,
        col(Notice.state).in_(tuple(states)),
    )
    change = update(Notice).where(*in_force, *conditions).values(**values)
    return bool((await session.exec(change)).rowcount)


async def recover_leases(session: AsyncSession, now: datetime) -> int:
    """After a crash: what had not been attempted goes back in line, what had may have arrived. How many."""
    attempted = col(Notice.attempted_at).is_not(None)
    change = (
        update(Notice)
        .where(is_unfinished(Notice), is_in(Notice, NoticeState.LEASED), col(Notice.lease_until) < now)
        .values(
            state=case((attempted, NoticeState.UNCERTAIN), else_=NoticeState.PENDING),
            finished_at=case((attempted, now), else_=None),
            lease_until=None,
        )
    )
    return (await session.exec(change)).rowcount


async def expire(session: AsyncSession, now: datetime) -> int:
    """Ends the notices whose time has passed before they could leave. How many."""
    change = (
        update(Notice)
        .where(is_in(Notice, NoticeState.PENDING), col(Notice.expires_at) <= now)
        .values(state=NoticeState.EXPIRED, finished_at=now)
    )
    return (await session.exec(change)).rowcount


async def next_moment(session: AsyncSession, now: datetime) -> datetime | None:
    """When the next notice that waits for its hour may leave."""
    query = select(func.min(col(Notice.not_before))).where(
        is_in(Notice, NoticeState.PENDING), col(Notice.not_before) > now
    )
    return (await session.exec(query)).one()


async def next_relay(session: AsyncSession, now: datetime) -> datetime | None:
    """When the next words of a talk that wait for their moment may leave; those are few, and found by the index."""
    query = select(func.min(col(Notice.not_before))).where(
        is_in(Notice, NoticeState.PENDING),
        col(Notice.priority) == NoticePriority.RELAY,
        col(Notice.not_before) > now,
    )
    return (await session.exec(query)).one()


async def lost_relays(session: AsyncSession, since: datetime, told_by: str) -> Sequence[int]:
    """Words of a talk that ended since then without arriving, or perhaps without; not those that nobody missed.

    Nor those of which a notice of the kind `told_by` tells already.
    """
    lost = text(LOST_RELAY)  # in the words of its partial index
    query = select(col(Notice.id)).where(lost, col(Notice.finished_at) >= since)
    missed = or_(col(Notice.error).is_(None), col(Notice.error) != NO_LONGER_TRUE)
    word = aliased(Notice)
    told = exists().where(
        col(word.kind) == told_by,
        col(word.subject_id) == col(Notice.subject_id),
        col(word.revision) == col(Notice.revision),
    )
    return (await session.exec(query.where(missed, ~told).order_by(col(Notice.id)))).all()


async def rewrite_chat(session: AsyncSession, old: int, new: int) -> None:
    """A group became a supergroup: what waits for the old number goes to the new one."""
    await session.exec(update(Notice).where(col(Notice.chat_id) == old, is_unfinished(Notice)).values(chat_id=new))
