"""What happens because time passes: each sweep finds due rows by an index and turns them into notices.

A sweep run twice does nothing twice. Sweeps open their own short write transactions, so that people's turns never wait
for long.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.context import Context
from bot.mailer.settling import recover_mails, settle_letters
from bot.metrics import SWEEPS
from council import (
    absence_offers,
    dialogues,
    digests,
    escalation,
    interpellation_delays,
    interpellation_reminders,
    interpellations,
    meetings,
    promises,
    proposal_stale,
    reminders,
    retention,
    support_deliveries,
    support_end,
    support_erasure,
    support_topics,
    team_digest,
)
from council.notices import copy_chunk, unfinished_fanouts
from council.programme import load_programme
from council.turns import RowFailed, each_due
from documents.interpellation_mails import partner_mail
from storage import housekeeping, queue
from storage.outbox import Fanout

log = structlog.get_logger("bot.sweeps")

EVERY = 30  # seconds
HOURLY = 3600


@dataclass(frozen=True)
class Sweep:
    """`every` is in seconds of real time; what is due is decided by the program's clock.

    `run` answers True when it has done a part and there is more.
    """

    name: str
    every: int
    run: Callable[[Context], Awaitable[bool | None]]


class Sweeps:
    """The schedule is code and stands in memory; what must survive a stop is rows."""

    def __init__(self, context: Context, sweeps: Sequence[Sweep]) -> None:
        self._context, self._sweeps = context, sweeps
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._running = asyncio.Lock()
        self._stopping = False

    def start(self) -> None:
        """Begins at once, then as scheduled; a run that comes late is run all the same."""
        for sweep in self._sweeps:
            self._scheduler.add_job(
                self.run,
                IntervalTrigger(seconds=sweep.every, timezone="UTC"),
                args=[sweep],
                id=sweep.name,
                next_run_time=datetime.now().astimezone(),
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
            )
        self._scheduler.start()

    async def run(self, sweep: Sweep) -> None:
        """One run of one sweep; an error is logged, and the next run tries again.

        Between the parts of a long one the others have their turn, and a stop need not wait for its end.
        """
        while await self._run_part(sweep):
            pass

    async def _run_part(self, sweep: Sweep) -> bool:
        """Whether there is more to do."""
        async with self._running:
            if self._stopping:
                return False
            try:
                more = await sweep.run(self._context)
            except Exception as error:
                SWEEPS.labels(name=sweep.name, end="failed").inc()
                _log_failure(sweep, error)
                return False
            if not more:
                SWEEPS.labels(name=sweep.name, end="done").inc()
            return bool(more)

    async def run_all(self) -> None:
        """All of them, now: after the playground's clock has jumped."""
        for sweep in self._sweeps:
            await self.run(sweep)

    async def stop(self) -> None:
        """No new runs; the one under way, or its part, is finished first."""
        self._stopping = True
        self._scheduler.remove_all_jobs()
        async with self._running:
            self._scheduler.shutdown(wait=False)


def _log_failure(sweep: Sweep, error: Exception) -> None:
    """Each row by itself; that and why is said, and nothing of what stands in it."""
    for each in error.exceptions if isinstance(error, ExceptionGroup) else (error,):
        if isinstance(each, RowFailed):
            log.error("sweep_failed", sweep=sweep.name, row=each.row_id, exc_info=each.__cause__)
        else:
            log.error("sweep_failed", sweep=sweep.name, exc_info=each)


async def _follow_programme(context: Context) -> None:
    async with context.database.read() as session:
        context.programme = await load_programme(session)


async def _go_on_with_fanouts(context: Context) -> bool:
    async def go_on(session: AsyncSession, fanout_id: int) -> None:
        await copy_chunk(session, context.clock, await session.get_one(Fanout, fanout_id))

    return bool(await each_due(context.database, unfinished_fanouts(), go_on, portion=1))


async def _announce_meetings(context: Context) -> None:
    await meetings.announce_due_meetings(context.database, context.clock, context.programme)


async def _tell_held_meetings(context: Context) -> None:
    await meetings.tell_held_meetings(context.database, context.clock)


async def _remind(context: Context) -> None:
    await reminders.remind_due(context.database, context.clock)


async def _send_digests(context: Context) -> None:
    await digests.send_due_digests(context.database, context.clock, context.programme)


async def _recompute_promises(context: Context) -> bool:
    return await promises.recompute_promises(context.database, context.clock, context.programme)


async def _recompute_due_days(context: Context) -> bool:
    return await interpellation_delays.recompute_due_days(context.database, context.clock, context.programme)


async def _remind_partners(context: Context) -> bool:
    base_url = context.settings.public_url
    return await interpellation_reminders.remind_awaited(
        context.database,
        context.clock,
        context.programme,
        partial(partner_mail, base_url=base_url),
        has_pages=base_url is not None,
    )


async def _escalate(context: Context) -> bool:
    return await escalation.escalate_due(context.database, context.clock, context.programme)


async def _follow_up_requests(context: Context) -> None:
    await support_end.follow_up_due(context.database, context.clock, context.programme)


async def _send_team_digests(context: Context) -> None:
    await team_digest.send_due_team_digests(context.database, context.clock, context.programme)


async def _look_after_interpellations(context: Context) -> None:
    await interpellations.look_after_interpellations(context.database, context.clock, context.programme)


async def _tell_stale_proposals(context: Context) -> None:
    await proposal_stale.tell_stale(context.database, context.clock, context.programme)


async def _settle_outbox(context: Context) -> None:
    async with context.database.write() as session:
        uncertain_or_back = await queue.recover_leases(session, context.clock.now())
        await queue.expire(session, context.clock.now())
    if uncertain_or_back:
        log.warning("leases_recovered", notices=uncertain_or_back)
        context.database.after_notices()


async def _tell_lost_relays(context: Context) -> None:
    await support_deliveries.tell_lost_relays(context.database, context.clock)


async def _settle_topics(context: Context) -> None:
    await support_topics.settle_topics(context.database, context.clock)


async def _pause_dialogues(context: Context) -> None:
    await dialogues.pause_expired(context.database, context.clock)


async def _warn_inactive(context: Context) -> None:
    await retention.warn_inactive(context.database, context.clock, context.programme)


async def _erase_inactive(context: Context) -> None:
    await retention.erase_inactive(context.database, context.clock, context.programme)


async def _forget_old_words(context: Context) -> bool:
    return await support_erasure.forget_old_words(context.database, context.clock, context.programme)


async def _clean_house(context: Context) -> None:
    await housekeeping.forget_old_rows(context.database, context.clock.now())


async def _offer_for_absences(context: Context) -> None:
    await absence_offers.offer_begun(context.database, context.clock, context.programme)


OF_EACH_PROCESS = (Sweep("programme", EVERY, _follow_programme),)
ALL = (
    *OF_EACH_PROCESS,
    Sweep("outbox", EVERY, _settle_outbox),
    Sweep("mails", EVERY, recover_mails),
    Sweep("lost_relays", EVERY, _tell_lost_relays),
    Sweep("announcements", EVERY, _announce_meetings),
    Sweep("held-meetings", EVERY, _tell_held_meetings),
    Sweep("reminders", EVERY, _remind),
    Sweep("digests", EVERY, _send_digests),
    Sweep("team-digests", EVERY, _send_team_digests),
    Sweep("promises", EVERY, _recompute_promises),
    Sweep("escalation", EVERY, _escalate),
    Sweep("letters", EVERY, settle_letters),
    Sweep("due-days", EVERY, _recompute_due_days),
    Sweep("partners", EVERY, _remind_partners),
    Sweep("absences", EVERY, _offer_for_absences),
    Sweep("follow-up", EVERY, _follow_up_requests),
    Sweep("interpellations", EVERY, _look_after_interpellations),
    Sweep("stale-proposals", EVERY, _tell_stale_proposals),
    Sweep("topics", EVERY, _settle_topics),
    Sweep("fanouts", 5, _go_on_with_fanouts),
    Sweep("dialogues", EVERY, _pause_dialogues),
    Sweep("account-warnings", HOURLY, _warn_inactive),
    Sweep("retention", HOURLY, _erase_inactive),
    Sweep("old-words", HOURLY, _forget_old_words),
    Sweep("housekeeping", HOURLY, _clean_house),
)
