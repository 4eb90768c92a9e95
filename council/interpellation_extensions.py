"""More time for a partner: so many working days, for a reason that everybody may read, and told to the partner too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.clock import Clock
from council.errors import OutOfDate, Refusal
from council.interpellation_delays import agreed_days, due_after, is_awaited, moved_values
from council.interpellation_news import tell_concerned
from council.interpellation_reminders import PartnerMoment, WritePartner, write_to_partner
from council.interpellation_states import change, check_carries, load_interpellation
from council.local_time import local
from council.settings import ProgrammeSettings
from council.written import written
from storage.interpellations import Interpellation, InterpellationAct

REASON_LIMIT = 300
EXTENSIONS = (5, 10, 20)
"""Working days that are offered (choice)."""


class DayIsOver(Refusal):
    """The day that would be agreed on is over already."""


@dataclass(frozen=True)
class Extension:
    """So many working days more, until that moment (UTC)."""

    days: int
    due_at: datetime


async def offered_extensions(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, actor: Actor, interpellation_id: int
) -> tuple[Interpellation, Sequence[Extension]]:
    """What may be given now: days that are still to come. Raises as `extend` does, but for the reason."""
    row = await _extendable(session, actor, interpellation_id)
    found = (Extension(days, _extended(programme, row, days)) for days in EXTENSIONS)
    return row, [each for each in found if each.due_at > clock.now()]


async def extend(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    interpellation_id: int,
    days: int,
    reason: str,
    *,
    mail: WritePartner,
    has_pages: bool,
) -> bool:
    """Gives the partner `days` working days more, for a reason that everybody may read.

    Whether the partner is told: by `mail`, where there is an address. `has_pages`: partners can reach our pages.

    Raises:
        NotAllowed: somebody who does not carry it.
        OutOfDate: no answer is expected now, or `days` is none of EXTENSIONS.
        EmptyWords, TooLong: the reason.
        DayIsOver: even that day is over.
    """
    row = await _extendable(session, actor, interpellation_id)
    if days not in EXTENSIONS:
        raise OutOfDate
    reason = written(reason, REASON_LIMIT)
    due_at = _extended(programme, row, days)
    if due_at <= clock.now():
        raise DayIsOver
    values = {"extra_days": row.extra_days + days, **moved_values(clock, row, due_at)}
    event = await change(session, clock, row, InterpellationAct.EXTENDED, actor, words=reason, **values)
    event.on = local(due_at, programme.tz).date()
    await tell_concerned(session, clock, row, InterpellationAct.EXTENDED, actor=actor)
    moment = PartnerMoment.EXTENDED
    return await write_to_partner(session, clock, programme, row, moment, mail, has_pages=has_pages, reason=reason)


async def _extendable(session: AsyncSession, actor: Actor, interpellation_id: int) -> Interpellation:
    row = await load_interpellation(session, actor, interpellation_id)
    check_carries(actor, row)
    if not is_awaited(row) or row.sent_at is None:
        raise OutOfDate
    return row


def _extended(programme: ProgrammeSettings, row: Interpellation, days: int) -> datetime:
    assert row.sent_at is not None  # it has been checked that an answer is awaited
    return due_after(programme, row.sent_at, agreed_days(programme, row) + row.extra_days + days)
