"""From the outbox to Telegram: claimed with a lease, still true?, rendered, through the gate, marked."""

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.context import Context
from bot.gate import Priority
from bot.logs import reference_of
from bot.messages import Call, calls_for, edit_for, mark_of
from bot.metrics import NOTICES
from bot.queue_worker import DATABASE_AWAY, LOOK, SETTLING_DELAYS, Backoff, QueueWorker
from bot.sender import renderers  # noqa: F401 - declares how each kind of notice is said
from bot.sender.limiter import Departure, StillWaiting
from bot.sender.post import Fate, Outcome, Post
from council import deliveries, live_cards
from council.deliveries import Settled
from council.groups import leave_topic, move_group, unlink_group
from council.people import became_unreachable
from handlers.cards.card import Card
from handlers.notices import Delivery, Edit, NewTopic, Rendered, Sign, TopicDoor, render
from locales.translator import translator
from storage import queue
from storage.outbox import Notice, NoticePriority, NoticeState
from storage.people import Person
from storage.queue import Lease

log = structlog.get_logger("bot.sender")

SLOTS = 16  # deliveries at once: most wait at the gate; the library is fastest with few on the wire
PUNCTUAL = 0.05  # seconds after its moment that a notice is looked for
# How long a delivery waits at the gate before it gives its slot to another, and its card is made anew: a chat in a long
# pause takes no place from the others, and a stop need not outlast the pause.
PATIENCE = timedelta(seconds=5)
ATTEMPTS = 12  # over 50 minutes: an outage of Telegram's, or of the network, loses no news
BACKOFF = Backoff(timedelta(seconds=5), timedelta(minutes=10))
REPEATABLE = ("edit", "setMessageReaction", "closeForumTopic", "reopenForumTopic")
EXTRA_TRIES = 3
EXTRA_DELAY = 2.0  # seconds


def _calls_of(notice: Notice, card: Rendered) -> list[Call]:
    """None when there is nothing to say any more."""
    chat, topic = {"chat_id": notice.chat_id}, {"chat_id": notice.chat_id, "message_thread_id": notice.thread_id}
    match card:
        case None:
            return []
        case Edit() if mark_of(card.card) == card.instead_of:
            return []
        case Edit():
            edit = edit_for(card.card, notice.chat_id, card.message_id, has_media=card.has_media)
            return [edit] if edit else []
        case NewTopic():
            return [Call("createForumTopic", {**chat, "name": card.name})]
        case TopicDoor():
            return [Call("reopenForumTopic" if card.is_open else "closeForumTopic", topic)]
        case Sign():
            return [Call("setMessageReaction", {**chat, "message_id": card.message_id, "reaction": card.emoji})]
    return calls_for(card, notice.chat_id, notice.thread_id)


def _pinning(notice: Notice, card: Rendered, outcome: Outcome) -> list[Call]:
    if not isinstance(card, Card) or not card.pinned or outcome.message_id is None:
        return []
    where = {"chat_id": notice.chat_id, "message_id": outcome.message_id}
    return [Call("pinChatMessage", {**where, "disable_notification": True})]


class LeaseLost(Exception):
    """Somebody else has claimed the notice since: nothing may be sent."""


class Sender(QueueWorker):
    """Takes notices as long as it runs; several may run side by side on one database."""

    def __init__(self, context: Context, post: Post) -> None:
        super().__init__(SLOTS)
        self._context = context
        self._post = post

    async def claim(self, free: int) -> Iterable[Coroutine[Any, Any, None]]:
        now = self._context.clock.now()
        async with self._context.database.write() as session:
            at_night = self._context.quiet_hours.covers(now)
            notices = await queue.claim(session, now, free, at_night=at_night)
            if not notices:
                self._look_at(now, await queue.next_relay(session, now))
        return [self._deliver(notice) for notice in notices]

    def _look_at(self, now: datetime, moment: datetime | None) -> None:
        """Words that wait for the rest of their album leave on time: nobody wakes us for them."""
        self._rest_for = LOOK if moment is None else min(LOOK, (moment - now).total_seconds() + PUNCTUAL)

    async def _deliver(self, notice: Notice) -> None:
        lease = Lease(notice.id, notice.claims)
        try:
            card = await self._render(notice)
            calls = _calls_of(notice, card)
            if not calls:
                await self._finish(notice, lease, NoticeState.CANCELLED, queue.NO_LONGER_TRUE)
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
            await self._finish(notice, lease, NoticeState.FAILED, reference_of(error))
        else:
            if outcome.fate is Fate.UNCERTAIN and calls[0].method.startswith(REPEATABLE):
                outcome = replace(outcome, fate=Fate.AGAIN)  # twice the same edit is one
            await self._settle(notice, lease, outcome, card if isinstance(card, Card) else None)
            if outcome.fate is Fate.DELIVERED:
                await self._send_extras(notice, [*calls[1:], *_pinning(notice, card, outcome)])

    async def _render(self, notice: Notice) -> Rendered:
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

    async def _settle(self, notice: Notice, lease: Lease, outcome: Outcome, card: Card | None = None) -> None:
        """Several tries are worth it: a message whose fate is not written down would be uncertain."""
        NOTICES.labels(kind=notice.kind, fate=outcome.fate).inc()
        for delay in SETTLING_DELAYS:
            try:
                return await self._write_down(notice, lease, outcome, card)
            except DATABASE_AWAY:
                log.exception("fate_not_written", notice=notice.id, fate=outcome.fate)
                await asyncio.sleep(delay)
        return await self._write_down(notice, lease, outcome, card)

    async def _write_down(self, notice: Notice, lease: Lease, outcome: Outcome, card: Card | None) -> None:
        async with self._context.database.write() as session:
            await deliveries.hold_first(session, notice)
            ended = await self._ended(session, notice, lease, outcome)
            if ended is None:
                return
            if card is not None and ended is NoticeState.SENT:
                await self._keep_true(session, notice, outcome, card)
            unreachable = outcome.fate is Fate.UNREACHABLE
            await self._follow(session, Settled(notice, ended, outcome.message_ids, unreachable))

    async def _ended(self, session: AsyncSession, notice: Notice, lease: Lease, outcome: Outcome) -> NoticeState | None:
        """The state in which the notice ends; None when it is tried again, or when the lease was over."""
        now, state = self._context.clock.now(), NoticeState.FAILED
        match outcome.fate:
            case Fate.DELIVERED:
                sent = await queue.sent(session, now, lease, outcome.message_id)
                return NoticeState.SENT if sent else None
            case Fate.AGAIN if notice.attempts + 1 >= ATTEMPTS:
                log.error("notice_given_up", notice=notice.id, kind=notice.kind)
            case Fate.UNREACHABLE:
                pass
            case Fate.REFUSED:
                log.error("notice_refused", notice=notice.id, kind=notice.kind)
            case Fate.TOPIC_GONE if notice.thread_id is None:
                log.error("notice_refused", notice=notice.id, kind=notice.kind)
            case Fate.UNCERTAIN:
                log.warning("notice_uncertain", notice=notice.id, kind=notice.kind)
                state = NoticeState.UNCERTAIN
            case _:
                await self._put_back(session, notice, lease, outcome)
                return None
        if outcome.fate is Fate.UNREACHABLE:
            # Before the notice itself: people, groups and requests are held before what waits for them in the outbox.
            await became_unreachable(session, self._context.clock, notice.chat_id)
            await unlink_group(session, self._context.clock, notice.chat_id)
        return state if await queue.finish(session, now, lease, state, outcome.error) else None

    async def _put_back(self, session: AsyncSession, notice: Notice, lease: Lease, outcome: Outcome) -> None:
        now = self._context.clock.now()
        match outcome.fate:
            case Fate.PAUSED:
                await queue.put_back(session, lease, now + outcome.wait, failed=False, error="429")
            case Fate.MIGRATED:
                await move_group(session, notice.chat_id, outcome.chat_id or notice.chat_id)
                await queue.put_back(session, lease, now, failed=False, error="migrated")
            case Fate.TOPIC_GONE:
                await leave_topic(session, self._context.clock, notice.chat_id, notice.thread_id or 0)
                await queue.put_back(session, lease, now, failed=False, error=outcome.error)
            case _:
                later = now + BACKOFF.after(notice.attempts)
                await queue.put_back(session, lease, later, failed=True, error=outcome.error)

    async def _follow(self, session: AsyncSession, settled: Settled) -> None:
        """What follows is less than the fate itself: an error in it must not leave the fate unwritten."""
        try:
            async with session.begin_nested():
                await deliveries.follow(session, self._context.clock, settled)
        except Exception:
            log.exception("fate_not_followed", notice=settled.notice.id, kind=settled.notice.kind)

    async def _keep_true(self, session: AsyncSession, notice: Notice, outcome: Outcome, card: Card) -> None:
        """For the reader of the notice; without one, for the group that it went to."""
        live, message_id, clock = card.live, outcome.message_id, self._context.clock
        if live is None or message_id is None:
            return
        where = notice.chat_id, message_id
        await live_cards.keep(session, clock, notice.person_id, *where, live.kind, live.subject_id)
        if notice.priority < NoticePriority.BROADCAST:  # a card for many is put right with the next change
            await live_cards.look_again(session, clock, *where, mark_of(card))

    async def _finish(self, notice: Notice, lease: Lease, state: NoticeState, error: str) -> None:
        async with self._context.database.write() as session:
            await deliveries.hold_first(session, notice)
            if await queue.finish(session, self._context.clock.now(), lease, state, error):
                await self._follow(session, Settled(notice, state))

    async def _give_back(self, lease: Lease, wait: timedelta, *, unsent: bool) -> None:
        async with self._context.database.write() as session:
            await queue.give_back(session, lease, self._context.clock.now() + wait, unsent=unsent)
