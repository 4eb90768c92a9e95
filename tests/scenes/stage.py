"""The stage of a scene: the real bot over HTTP against the playground; people act and see as on their phones."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, func, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar
from sqlmodel.sql.sqltypes import UTCDateTime

from bot.app import App
from bot.gate import Limits
from bot.gate.memory import MemoryGate
from bot.settings import read_settings
from bot.sweeps.sweeps import ALL, HOURLY, Sweeps
from council.actors import Actor, load_actor
from council.clock import SystemClock
from council.invitations import accept, invite, public_link
from council.joining import join
from council.privacy import NOTICE_VERSION
from council.programme import apply_programme
from council.settings import ProgrammeSettings
from council.working_time import public_holidays
from playground.attachments import Attachment
from playground.messages import Message
from playground.phones import Phone
from playground.server import Playground
from storage import mail_queue
from storage.database import Database
from storage.outbox import Notice, NoticeState
from storage.people import College, Role
from storage.programme import Council

WITHOUT_TIME = frozenset(
    (
        *("programme", "promises", "due-days", "absences"),
        *("outbox", "mails", "lost_relays", "announcements", "letters", "topics", "fanouts"),
    )
)
"""Sweeps that go on with what somebody has done or set; all others find something due only when time has passed."""
TOKEN = "4200000009:token-of-the-scenes"
PATIENCE = 60.0
PARIS = ZoneInfo("Europe/Paris")


class NotSeen(AssertionError):
    """What a person should have seen, and what stands on their phone instead."""


@dataclass
class Person:
    """Somebody with a phone. Everything they do goes through Telegram's door, and so does all that they see."""

    stage: "Stage"
    phone: Phone
    _read: int = 0

    @property
    def id(self) -> int:
        return self.phone.id

    def messages(self) -> list[Message]:
        """Everything that the bot has written in the private chat, oldest first, as it stands now."""
        chat = self.phone.chat()
        return [each for each in chat.messages.values() if each.sender_id != self.phone.id]

    def texts(self) -> list[str]:
        return [each.text for each in self.messages()]

    async def starts(self, payload: str = "") -> None:
        self.phone.starts(payload)
        await self.stage.quiet_moment()

    async def sends(self, text: str = "", attachment: Attachment | None = None) -> Message:
        sent = self.phone.sends(text, attachment=attachment)
        await self.stage.quiet_moment()
        return sent

    async def sees(self, *parts: str, times: int = 1) -> Message:
        """Waits for a message that holds every part; the newest such. Spaces of any width count as spaces."""

        def found() -> list[Message]:
            return [each for each in self.messages() if all(_plain(part) in _plain(each.text) for part in parts)]

        try:
            await self.stage.until(lambda: len(found()) >= times)
        except TimeoutError:
            raise NotSeen(f"{self.phone.first_name} does not see {parts}:\n" + "\n---\n".join(self.texts())) from None
        return found()[-1]

    async def never_sees(self, *parts: str) -> None:
        """After all that is under way has ended, no message holds every part."""
        await self.stage.all_delivered()
        assert not [each for each in self.messages() if all(_plain(part) in _plain(each.text) for part in parts)], parts

    async def taps(self, label: str, on: Message | None = None) -> str:
        """Presses the button whose label holds these words, on the newest message that has it; the toast."""
        message, row, column = await self._button(label, on)
        press = self.phone.presses(message, row=row, column=column)
        await self.stage.until(lambda: press.answer is not None)
        await self.stage.quiet_moment()
        return press.answer.text if press.answer else ""

    async def forges(self, data: str, on: Message) -> str:
        """Presses a button that was never there; the toast."""
        press = self.phone.presses(on, data=data)
        await self.stage.until(lambda: press.answer is not None)
        await self.stage.quiet_moment()
        return press.answer.text if press.answer else ""

    def buttons(self, message: Message | None = None) -> list[str]:
        """Labels on a message, by default the newest."""
        shown = message or self.messages()[-1]
        return [button["text"] for row in shown.buttons for button in row]

    async def _button(self, label: str, on: Message | None) -> tuple[Message, int, int]:
        def find() -> tuple[Message, int, int] | None:
            for message in [on] if on is not None else reversed(self.messages()):
                for row, buttons in enumerate(message.buttons):
                    for column, button in enumerate(buttons):
                        if _plain(label) in _plain(button["text"]) and "callback_data" in button:
                            return message, row, column
            return None

        try:
            await self.stage.until(lambda: find() is not None)
        except TimeoutError:
            shown = [self.buttons(each) for each in self.messages()[-3:]]
            raise NotSeen(f"{self.phone.first_name} has no button {label!r}: {shown}\n{self.texts()[-2:]}") from None
        found = find()
        assert found is not None
        return found


def ordinary_monday(after: date) -> date:
    """The first one whose week, and the Monday behind it, have no public holiday: scenes play alike on any day."""
    monday = after + timedelta(days=7 - after.weekday())
    while any(day in public_holidays(None, day.year) for day in (monday + timedelta(days=n) for n in range(8))):
        monday += timedelta(days=7)
    return monday


def _is_answering() -> bool:
    """Whether a card is still on its way to somebody who has acted: a press is answered before its message changes."""
    return any(getattr(each.get_coro(), "__qualname__", "") == "Conversation._answer" for each in asyncio.all_tasks())


@cache
def _undelivered(*, at_night: bool) -> SelectOfScalar[int]:
    """Built once: it is asked again and again until nothing is left."""
    now = bindparam("now", type_=UTCDateTime)
    waiting = and_(
        col(Notice.state) == NoticeState.PENDING,
        col(Notice.not_before) <= now,
        or_(col(Notice.expires_at).is_(None), col(Notice.expires_at) > now),
        *([~col(Notice.quiet)] if at_night else []),
    )
    query = select(func.count()).select_from(Notice)
    return query.where(or_(waiting, col(Notice.state) == NoticeState.LEASED))


def _plain(text: str) -> str:
    return " ".join(text.replace("\u2068", "").replace("\u2069", "").split()).casefold()


@dataclass
class Stage:
    """One bot, one playground, one database; the clock begins on an ordinary Monday at ten in the morning, in Paris."""

    playground: Playground
    database: Database
    url: str
    settings: ProgrammeSettings
    people: dict[str, Person] = field(default_factory=dict)
    councils: dict[str, int] = field(default_factory=dict)
    app: App | None = None
    _task: asyncio.Task[None] | None = None
    _next_id: int = 6_000_000_000
    _swept: int = 0
    _hourly_at: datetime | None = None

    # --- time

    def now(self) -> datetime:
        return self.playground.world.clock.now()

    async def advance(self, **span: float) -> None:
        await self.go_to(self.now() + timedelta(**span))

    async def go_to(self, moment: datetime) -> None:
        """Moves the clock and lets everything happen that is due by then."""
        self.playground.world.clock.move_to(moment)
        await self.all_delivered()

    async def go_to_next(self, weekday: int, hour: int, minute: int = 0) -> None:
        """To the next such weekday (Monday is 0) at that local time."""
        local = self.now().astimezone(PARIS)
        day = local.date() + timedelta(days=(weekday - local.weekday()) % 7)
        moment = datetime.combine(day, time(hour, minute), PARIS)
        if moment <= local:
            moment = datetime.combine(day + timedelta(days=7), time(hour, minute), PARIS)
        await self.go_to(moment)

    # --- waiting

    async def until(self, predicate: Callable[[], object], patience: float = PATIENCE) -> None:
        await self.playground.world.wait_for(predicate, timeout=patience)

    async def quiet_moment(self) -> None:
        """Until the bot has taken every update that waits, and has given all its answers."""
        bot = self.playground.world.first_bot()
        await self.until(lambda: not len(bot.queue) or self.app is None)
        async with asyncio.timeout(PATIENCE):
            while self.app is not None and _is_answering():
                await asyncio.sleep(0.01)

    async def all_delivered(self) -> None:
        """Until clock, sweeps and sender have nothing left to do now."""
        assert self.app is not None
        await self.quiet_moment()
        context, sweeps = self.app.context, self.app.sweeps
        assert context is not None
        assert sweeps is not None
        while abs((context.clock.now() - self.now()).total_seconds()) > 1:
            await asyncio.sleep(0.01)
        await self._run_sweeps(sweeps)
        async with asyncio.timeout(PATIENCE):
            while await self._undelivered():
                assert self.app is not None
                self.app.database.after_notices()
                await asyncio.sleep(0.05)

    async def _run_sweeps(self, sweeps: Sweeps) -> None:
        """All of them when the clock has moved; those of each hour when an hour has passed since they were run."""
        now, moves = self.now(), self.playground.world.clock.version
        is_hour = self._hourly_at is None or now - self._hourly_at >= timedelta(hours=1)
        for sweep in ALL:
            if sweep.name in WITHOUT_TIME or (is_hour if sweep.every == HOURLY else moves != self._swept):
                await sweeps.run(sweep)
        self._swept = moves
        if is_hour:
            self._hourly_at = now

    async def _undelivered(self) -> int:
        """Notices and mails that should leave now, or are leaving."""
        assert self.app is not None
        context = self.app.context
        assert context is not None
        now = self.now()
        query = _undelivered(at_night=context.quiet_hours.covers(now))
        async with self.database.read() as session:
            notices = (await session.exec(query, params={"now": now})).one()
            return notices + await mail_queue.unfinished(session, now)

    # --- people

    def person(self, first_name: str, language: str = "fr", *, started: bool = False) -> Person:
        """A phone in the playground; who they are to the bot is not said by this."""
        self._next_id += 1
        phone = self.playground.world.add_phone(self._next_id, first_name, started=started, language_code=language)
        return self.people.setdefault(first_name, Person(self, phone))

    async def joined(
        self,
        first_name: str,
        *councils: str,
        role: Role = Role.RESIDENT,
        language: str = "fr",
    ) -> Person:
        """Somebody who has joined before the scene begins, by the use cases that their taps would call."""
        person = self.person(first_name, language, started=True)
        async with self.database.write() as session:
            actor = await join(
                session,
                SystemClock(),
                telegram_id=person.id,
                first_name=first_name,
                language=language,
                consent_version=NOTICE_VERSION,
                fifteen_or_over=True,
                council_ids=[self.councils[each] for each in councils],
            )
            for council_id in self._scopes(role, councils):
                college = College.HABITANTS if role is Role.MEMBER else None
                made = await invite(session, SystemClock(), None, role, council_id, college=college)
                await accept(session, SystemClock(), actor, made.token)
        return person

    def _scopes(self, role: Role, councils: tuple[str, ...]) -> list[int | None]:
        if role is Role.RESIDENT:
            return []
        return [None] if role is Role.COORDINATOR else [self.councils[each] for each in councils]

    async def actor(self, person: Person) -> Actor:
        """The person as the program reads them now."""
        async with self.database.read() as session:
            actor = await load_actor(session, person.id)
        assert actor is not None
        return actor

    async def council_link(self, council: str) -> str:
        """The payload of the QR code that hangs in the neighbourhood."""
        async with self.database.write() as session:
            return await public_link(session, SystemClock(), self.councils[council])

    async def invitation(self, role: Role, council: str | None = None, uses: int = 1) -> str:
        async with self.database.write() as session:
            scope = self.councils[council] if council else None
            college = College.HABITANTS if role is Role.MEMBER else None
            return (await invite(session, SystemClock(), None, role, scope, college=college, uses=uses)).token

    # --- the bot

    async def raise_curtain(self) -> None:
        async with self.database.write() as session:
            await apply_programme(session, SystemClock(), self.settings)
        async with self.database.read() as session:
            self.councils = {each.code: each.id for each in (await session.exec(select(Council))).all()}
        self.playground.world.add_bot(TOKEN, username="porte_voix_bot", first_name="Porte-voix")
        monday = ordinary_monday(self.now().astimezone(PARIS).date())
        self.playground.world.clock.move_to(datetime.combine(monday, time(10), PARIS).astimezone(UTC))
        self._swept, self._hourly_at = self.playground.world.clock.version, self.now()
        await self.start_bot()

    async def start_bot(self, *, paced: bool = False, **changes: object) -> None:
        """`paced`: with Telegram's spacing of messages, a second apart in one chat; talk alone need not wait for it."""
        settings = read_settings(
            **{
                "bot_token": TOKEN,
                "bot_api_url": self.playground.url,
                "database_url": self.url,
                "listen": "127.0.0.1:0",
                "clock_url": f"{self.playground.url}/playground/clock",
                "smtp_url": self.playground.mail_url,
                "mail_from": "Porte-voix <porte-voix@ville.example>",
                "_env_file": None,
                **changes,
            }
        )
        self.app = App(settings)
        if not paced:
            self.app.gate = MemoryGate(Limits(messages=1_000, private_spacing=0.0, margin=0.0))
        ready = asyncio.Event()

        async def is_ready() -> None:
            ready.set()

        self._task = asyncio.create_task(self.app.run(is_ready))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({self._task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._task.done():
            self._task.result()

    async def stop_bot(self) -> None:
        """The orderly stop."""
        assert self.app is not None
        assert self._task is not None
        self.app.stop()
        await self._task
        self.app = None
