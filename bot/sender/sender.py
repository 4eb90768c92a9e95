"""From the outbox to Telegram: claimed with a lease, still true?, rendered, through the gate, marked."""

import asyncio
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.context import Context
from bot.gate import Priority
from bot.logs import reference_of
from bot.messages import Call, calls_for, edit_for
from bot.metrics import NOTICES
from bot.sender import renderers  # noqa: F401 - declares how each kind of notice is said
from bot.sender.limiter import Departure, StillWaiting
from bot.sender.post import Fate, Outcome, Post
from bot.tasks import TaskSet
from council.groups import leave_topic, move_group, unlink_group
from council.people import became_unreachable
from handlers.cards.card import Card
from handlers.notices import Delivery, Edit, render
from locales.translator import translator
from storage import queue
from storage.outbox import Notice, NoticeState
from storage.people import Person
from storage.queue import Lease

log = structlog.get_logger("bot.sender")

SLOTS = 16  # deliveries at once: most wait at the gate; the library is fastest with few on the wire
LOOK = 5.0  # seconds between looks when nothing wakes the sender
# How long a delivery waits at the gate before it gives its slot to another, and its card is made anew: a chat in a long
# pause takes no place from the others, and a stop need not outlast the pause.
PATIENCE = timedelta(seconds=5)
ATTEMPTS = 12  # over 50 minutes: an outage of Telegram's, or of the network, loses no news
FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(minutes=10)
EXTRA_TRIES = 3
EXTRA_DELAY = 2.0  # seconds


def delay_after(failures: int) -> timedelta:
    """Growing, so that a server in trouble is left alone: 5 s, 10 s, 20 s … 10 min."""
    return min(FIRST_DELAY * (1 << failures), LONGEST_DELAY)


SETTLING_DELAYS = (0.2, 1.0, 5.0)  # seconds
# Of the database, or on the way to it: it may answer again in a moment.
DATABASE_AWAY = (SQLAlchemyError, OSError)


class LeaseLost(Exception):
    """Somebody else has claimed the notice since: nothing may be sent."""


class Sender:
    """Takes notices as long as it runs; several may run side by side on one database."""

    def __init__(self, context: Context, post: Post) -> None:
        self._context = context
        self._post = post
        self._tasks = TaskSet()
        self._woken = asyncio.Event()
        self._claiming = asyncio.Lock()
        self._stopping = False

    def wake(self) -> None:
        """There may be something to send."""
        self._woken.set()

    async def run(self) -> None:
        """Until `stop` is called; then what is leased is finished first."""
        while not self._stopping:
            self._woken.clear()
            if not await self._have_filled_slots():
                await self._rest()
            elif len(self._tasks) >= SLOTS:
                await self._tasks.one_done()

    async def stop(self, grace: float) -> None:
        """No new notices; those on their way have `grace` seconds."""
        self._stopping = True
        self.wake()
        async with self._claiming:  # what is being claimed at this moment is on its way too
            await self._tasks.drain(grace)

    async def _have_filled_slots(self) -> bool:
        try:
            async with self._claiming:
                return not self._stopping and await self._fill_slots()
        except DATABASE_AWAY:
            log.exception("claim_failed")
            return False

    async def _fill_slots(self) -> bool:
        free = SLOTS - len(self._tasks)
        if free <= 0:
            return True
        now = self._context.clock.now()
        async with self._context.database.write() as session:
            at_night = self._context.quiet_hours.covers(now)
            notices = await queue.claim(session, now, free, at_night=at_night)
        for notice in notices:
            self._tasks.start(self._deliver(notice))
        return bool(notices)

    async def _rest(self) -> None:
        # A finished delivery frees the next notice to the same chat, so it ends the rest as a wake-up does.
        ends: set[asyncio.Task[Any]] = {asyncio.create_task(self._woken.wait())}
        if len(self._tasks):
            ends.add(asyncio.create_task(self._tasks.one_done()))
        await asyncio.wait(ends, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()

    async def _deliver(self, notice: Notice) -> None:
        lease = Lease(notice.id, notice.claims)
        try:
            calls = await self._calls_of(notice)
            if not calls:
                await self._finish(lease, NoticeState.CANCELLED, "no longer true")
                return
            outcome = await self._post.send(calls[0], self._departure(notice, lease))
        except LeaseLost:
            log.warning("lease_lost", notice=notice.id)
        except StillWaiting:
            await self._give_back(lease, PATIENCE, unsent=True)
        except asyncio.CancelledError:
            await self._give_back(lease, timedelta(), unsent=False)
            raise
        except DATABASE_AWAY as error:
            log.exception("notice_put_off", notice=notice.id, kind=notice.kind)
            await self._settle(notice, lease, Outcome(Fate.AGAIN, error=reference_of(error)))
        except Exception as error:
            log.exception("notice_failed", notice=notice.id, kind=notice.kind)
            await self._finish(lease, NoticeState.FAILED, reference_of(error))
        else:
            await self._settle(notice, lease, outcome)
            if outcome.fate is Fate.DELIVERED:
                await self._send_extras(notice, calls[1:])

    async def _calls_of(self, notice: Notice) -> list[Call]:
        card = await self._render(notice)
        if card is None:
            return []
        if isinstance(card, Edit):
            edit = edit_for(card.card, notice.chat_id, card.message_id, has_media=False)
            return [edit] if edit else []
        return calls_for(card, notice.chat_id, notice.thread_id)

    async def _render(self, notice: Notice) -> Card | Edit | None:
        context = self._context
        async with context.database.read() as session:
            person = await session.get(Person, notice.person_id) if notice.person_id else None
            if person is not None and person.telegram_id != notice.chat_id:
                return None  # erased since
            language = person.language if person else notice.locale
            say = translator(language, context.programme.timezone)
            return await render(Delivery(session, notice, say, context.programme, context.clock, self._post.username))

    def _departure(self, notice: Notice, lease: Lease) -> Departure:
        async def settle() -> None:
            async with self._context.database.write() as session:
                if not await queue.begin_attempt(session, self._context.clock.now(), lease):
                    raise LeaseLost

        return Departure(Priority(notice.priority), settle, PATIENCE.total_seconds())

    async def _send_extras(self, notice: Notice, calls: list[Call]) -> None:
        async def nothing() -> None:
            return None

        for call in calls:  # a map or a large file behind its message: a comfort, not the news itself
            fate = Fate.PAUSED
            for _ in range(EXTRA_TRIES):
                fate = (await self._post.send(call, Departure(Priority(notice.priority), nothing))).fate
                if fate is Fate.AGAIN:
                    await asyncio.sleep(EXTRA_DELAY)
                elif fate is not Fate.PAUSED:  # after a pause the gate itself holds the next try back
                    break
            if fate is not Fate.DELIVERED:
                log.warning("extra_not_delivered", notice=notice.id, fate=fate)

    async def _settle(self, notice: Notice, lease: Lease, outcome: Outcome) -> None:
        """Several tries are worth it: a message whose fate is not written down would be uncertain."""
        NOTICES.labels(kind=notice.kind, fate=outcome.fate).inc()
        for delay in SETTLING_DELAYS:
            try:
                return await self._write_down(notice, lease, outcome)
            except DATABASE_AWAY:
                log.exception("fate_not_written", notice=notice.id, fate=outcome.fate)
                await asyncio.sleep(delay)
        return await self._write_down(notice, lease, outcome)

    async def _write_down(self, notice: Notice, lease: Lease, outcome: Outcome) -> None:
        now = self._context.clock.now()
        async with self._context.database.write() as session:
            match outcome.fate:
                case Fate.DELIVERED:
                    await queue.sent(session, now, lease, outcome.message_id)
                case Fate.PAUSED:
                    await queue.put_back(session, lease, now + outcome.wait, failed=False, error="429")
                case Fate.AGAIN if notice.attempts + 1 >= ATTEMPTS:
                    log.error("notice_given_up", notice=notice.id, kind=notice.kind)
                    await queue.finish(session, now, lease, NoticeState.FAILED, outcome.error)
                case Fate.AGAIN:
                    later = now + delay_after(notice.attempts)
                    await queue.put_back(session, lease, later, failed=True, error=outcome.error)
                case Fate.UNREACHABLE:
                    await queue.finish(session, now, lease, NoticeState.FAILED, outcome.error)
                    await became_unreachable(session, self._context.clock, notice.chat_id)
                    await unlink_group(session, self._context.clock, notice.chat_id)
                case Fate.MIGRATED:
                    await queue.put_back(session, lease, now, failed=False, error="migrated")
                    await move_group(session, notice.chat_id, outcome.chat_id or notice.chat_id)
                case Fate.TOPIC_GONE if notice.thread_id is not None:
                    await queue.put_back(session, lease, now, failed=False, error=outcome.error)
                    await leave_topic(session, self._context.clock, notice.chat_id, notice.thread_id)
                case Fate.REFUSED | Fate.TOPIC_GONE:
                    log.error("notice_refused", notice=notice.id, kind=notice.kind)
                    await queue.finish(session, now, lease, NoticeState.FAILED, outcome.error)
                case Fate.UNCERTAIN:
                    log.warning("notice_uncertain", notice=notice.id, kind=notice.kind)
                    await queue.finish(session, now, lease, NoticeState.UNCERTAIN, outcome.error)

    async def _finish(self, lease: Lease, state: NoticeState, error: str) -> None:
        async with self._context.database.write() as session:
            await queue.finish(session, self._context.clock.now(), lease, state, error)

    async def _give_back(self, lease: Lease, wait: timedelta, *, unsent: bool) -> None:
        async with self._context.database.write() as session:
            await queue.give_back(session, lease, self._context.clock.now() + wait, unsent=unsent)
