"""The running program: its parts are opened in one order and closed in the other."""

import asyncio
import contextlib
import errno
import signal
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import structlog

from bot.clock import PlaygroundClock
from bot.context import Context
from bot.gate import Gate, Limits
from bot.gate.memory import MemoryGate
from bot.metrics import WAITING
from bot.readiness import NotReady, check_database
from bot.settings import Settings
from bot.sweeps.sweeps import ALL, OF_EACH_PROCESS, Sweeps
from bot.tasks import TaskSet
from bot.web import WebServer
from council.agenda import next_event
from council.clock import Clock, SystemClock
from council.programme import load_programme
from storage.checkpoints import keep_checkpointing
from storage.database import Database
from storage.migrate import current_revision

if TYPE_CHECKING:
    from bot.wakeups import RedisWakeups

log = structlog.get_logger("bot.app")

GRACE = 20.0  # seconds that handlers in flight, then sends on their way, have at the stop


LOOK_AHEAD = 1.0  # seconds between looks for the next event, for the playground's clock control


class App:
    """One process with the roles that its settings name."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.gate: Gate = _gate(settings)
        self.web: WebServer | None = None
        self.context: Context | None = None
        self.sweeps: Sweeps | None = None
        self._wakeups = _wakeups(settings.redis_url) if settings.redis_url else None
        self._stack = contextlib.AsyncExitStack()
        self._background = TaskSet()
        self._watching = TaskSet()
        self._stop = asyncio.Event()
        self._failure: BaseException | None = None

    async def run(self, ready: Callable[[], Awaitable[None]] | None = None) -> None:
        """Until SIGTERM, SIGINT or `stop`.

        Raises:
            NotReady: no database, old tables, or no such address to listen on.
            NoProgramme: `portevoix init` comes first.
            TokenRefused, AnotherPoller: from the inbound part.
            OSError: the port of PORTEVOIX_LISTEN is in use.
        """
        _on_signals(self.stop)
        async with self._stack:
            await self._open()
            if ready is not None:
                await ready()
            await self._stop.wait()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Asks for the orderly stop."""
        self._stop.set()

    async def _open(self) -> None:
        """In the order in which parts need each other; the stack closes them the other way round (design.md, 3)."""
        push = self._stack.push_async_callback
        push(self.database.close)
        push(self.gate.close)
        if self._wakeups is not None:
            push(self._wakeups.close)
            self.database.after_notices = self._wakeups.tell
        push(self._background.drain, 1.0)
        push(self._watching.drain, 0.0)
        WAITING.set_function(lambda: self.gate.waiting)
        if self.database.is_sqlite:
            self._begin(keep_checkpointing(self.database), self._watching)
        context = self.context = await self._context()
        if "sender" in self.settings.roles:
            await self._open_sender(context)
        await self._open_sweeps(context)
        if "inbound" in self.settings.roles:
            await self._open_inbound(context)
        else:
            await self._open_web(lambda: True)

    async def _context(self) -> Context:
        await check_database(self.database)
        async with self.database.read() as session:
            programme = await load_programme(session)
        return Context(self.settings, self.database, await _clock(self.settings.clock_url), self.gate, programme)

    async def _open_sender(self, context: Context) -> None:
        from bot.mailer.mailer import Mailer
        from bot.sender.post import Post
        from bot.sender.sender import Sender

        post = Post(self.settings.bot_token.get_secret_value(), self.settings.bot_api_url, self.gate)
        await post.open()
        self._stack.push_async_callback(post.close)
        sender, mailer = Sender(context, post), Mailer(context)

        def wake() -> None:
            sender.wake()
            mailer.wake()

        self.database.after_notices = wake
        if self._wakeups is not None:
            self._begin(self._wakeups.hear(wake), self._watching)

        async def stop() -> None:
            await asyncio.gather(sender.stop(GRACE), mailer.stop(GRACE))

        self._stack.push_async_callback(stop)
        self._begin(sender.run())
        self._begin(mailer.run())

    async def _open_sweeps(self, context: Context) -> None:
        """Without that role too a process keeps up with the programme, and with the playground's clock."""
        has_role = "sweeps" in self.settings.roles
        sweeps = self.sweeps = Sweeps(context, ALL if has_role else OF_EACH_PROCESS)
        sweeps.start()
        self._stack.push_async_callback(sweeps.stop)
        if isinstance(context.clock, PlaygroundClock):
            self._begin(context.clock.follow(lambda: self._after_jump(sweeps)), self._watching)
            if has_role:
                self._begin(self._tell_next_event(context, context.clock), self._watching)

    async def _open_inbound(self, context: Context) -> None:
        # aiogram costs seconds and memory to import: a process without this role does not pay for it.
        from bot.inbound.inbound import Inbound

        inbound = await Inbound.open(context)
        calling = TaskSet()  # what calls Telegram ends before the connections are closed
        self._stack.push_async_callback(inbound.close)
        self._stack.push_async_callback(calling.drain, 1.0)
        self._stack.push_async_callback(inbound.stop, GRACE)
        await self._open_web(lambda: inbound.is_ready, inbound.add_to)
        self._begin(inbound.tell_commands(), calling)
        self._begin(inbound.run(), calling)

    async def _open_web(self, listening: Callable[[], bool], add: Callable[[WebServer], None] | None = None) -> None:
        async def ready() -> bool:
            return listening() and await self._database_answers()

        self.web = WebServer(self.settings.listen_host, self.settings.listen_port, ready)
        if add is not None:
            add(self.web)
        try:
            await self.web.start()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise
            raise NotReady("listen") from error
        self._stack.push_async_callback(self.web.stop)

    async def _database_answers(self) -> bool:
        try:
            return await current_revision(self.database) is not None
        except Exception:
            log.exception("database_away")
            return False

    async def _after_jump(self, sweeps: Sweeps) -> None:
        await sweeps.run_all()
        self.database.after_notices()

    async def _tell_next_event(self, context: Context, clock: PlaygroundClock) -> None:
        told = None
        while True:
            try:
                async with self.database.read() as session:
                    moment = await next_event(session, clock.now(), context.programme)
            except Exception:
                log.exception("next_event_unknown")
            else:
                if moment != told:
                    await clock.tell_next(moment)
                    told = moment
            await asyncio.sleep(LOOK_AHEAD)

    def _begin(self, work: Awaitable[None], owner: TaskSet | None = None) -> None:
        """A part that runs by itself; when it fails, the program stops and says why.

        What only watches, without an end of its own, goes to `_watching`: the stop has nothing to wait for there.
        """

        async def watched() -> None:
            try:
                await work
            except asyncio.CancelledError:
                raise
            except Exception as error:
                if self._failure is not None:
                    log.exception("part_failed")  # the first is raised
                self._failure = self._failure or error
                self.stop()

        (self._background if owner is None else owner).start(watched())


async def _clock(url: str | None) -> Clock:
    if url is None:
        return SystemClock()
    clock = PlaygroundClock(url)
    await clock.read()
    return clock


def _wakeups(redis_url: str) -> "RedisWakeups":
    from bot.wakeups import RedisWakeups

    return RedisWakeups(redis_url)


def _gate(settings: Settings) -> Gate:
    limits = Limits(messages=settings.rate_global, group_messages=settings.rate_group)
    if settings.redis_url:
        from bot.gate.redis import RedisGate  # a process without Redis does not pay for its library

        return RedisGate(settings.redis_url, limits)
    if not {"inbound", "sender"} <= settings.roles:
        # Two processes write, and nothing counts what they write together: each keeps to its half.
        limits = Limits(messages=max(1, settings.rate_global // 2), group_messages=max(1, settings.rate_group // 2))
    return MemoryGate(limits)


def _on_signals(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError, RuntimeError):  # not on Windows, not outside the main thread
            loop.add_signal_handler(number, stop)
