"""The sender alone, against the playground: notices are written as the rules write them, and leave over HTTP."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count

import pytest
from sqlmodel import col, select

from bot.context import Context
from bot.gate import Limits
from bot.gate.clock import Clock
from bot.gate.memory import MemoryGate
from bot.sender.post import Post
from bot.sender.sender import Sender
from bot.settings import read_settings
from bot.sweeps.sweeps import ALL, Sweeps
from council.announcements import announce
from council.notices import NoticeKind, Word, tell
from playground.calls import CallRecord
from playground.phones import Phone
from playground.server import Playground
from storage import queue
from storage.announcements import Announcement, AnnouncementAudience, AnnouncementCouncil
from storage.database import Database
from storage.outbox import Notice, NoticePriority, NoticeState
from storage.people import Follow, Person, Role
from tests.conftest import FakeClock, SmallProgramme

TOKEN = "4200000011:token-of-the-post-office"
PATIENCE = 60.0
both = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
FAST = Limits(messages=10_000, group_messages=1_000, private_spacing=0, margin=0)


@dataclass
class PostOffice:
    """One sender with its gate; tests move the clock and order faults at the playground."""

    playground: Playground
    programme: SmallProgramme
    limits: Limits = FAST
    gate_clock: Clock | None = None
    _letters: count = field(default_factory=lambda: count(1))
    _opened: list[tuple[Sender, Post, asyncio.Task[None]]] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return self.programme.database

    @property
    def clock(self) -> FakeClock:
        return self.programme.clock

    # --- the sender

    async def open(self) -> None:
        """The sender begins; a second call puts a second one beside it, with the same gate."""
        if not self._opened:
            self.gate = MemoryGate(self.limits, clock=self.gate_clock)
            self.context = self.new_context()
        post = Post(TOKEN, self.playground.url, self.gate)
        await post.open()
        sender = Sender(self.context, post)
        self._opened.append((sender, post, asyncio.create_task(sender.run())))
        self.database.after_notices = self.wake

    def new_context(self) -> Context:
        settings = read_settings(bot_token=TOKEN, bot_api_url=self.playground.url, _env_file=None)
        return Context(settings, self.database, self.clock, self.gate, self.programme.settings)

    async def close(self, grace: float = 10) -> None:
        """As the program closes its sender."""
        for sender, post, running in self._opened:
            await sender.stop(grace)
            await post.close()
            await running
        self._opened.clear()

    def wake(self) -> None:
        for sender, _, _ in self._opened:
            sender.wake()

    async def sweep(self) -> None:
        """What the program does because time passes."""
        await Sweeps(self.context, ALL).run_all()
        self.wake()

    async def later(self, **span: float) -> None:
        """Moves the clock, sweeps, and lets everything happen that is due by then."""
        self.clock.advance(**span)
        await self.sweep()
        await self.rest()

    # --- people and notices

    async def resident(self, name: str = "Rosa", language: str = "fr", *, started: bool = True) -> Phone:
        """Somebody who joined and follows the northern council, with a phone."""
        actor = await self.programme.person(name, follows=(self.programme.nord,), language=language)
        return self.playground.world.add_phone(actor.telegram_id, name, started=started, language_code=language)

    async def crowd(self, size: int, language: str = "fr") -> list[Phone]:
        """Many residents at once."""
        first, now = 7_500_000_000, self.clock.now()
        async with self.database.write() as session:
            people = [
                Person(telegram_id=first + n, first_name=f"P{n}", language=language, created_at=now, last_heard_at=now)
                for n in range(size)
            ]
            session.add_all(people)
            await session.flush()
            session.add_all(Follow(council_id=self.programme.nord, person_id=each.id, since=now) for each in people)
        return [self.playground.world.add_phone(first + n, f"P{n}") for n in range(size)]

    async def write(
        self, phone: Phone, words: str, priority: NoticePriority = NoticePriority.BROADCAST, **word: object
    ) -> int:
        """A notice to one person that says `words`; its id."""
        async with self.database.write() as session:
            announcement = await self._announcement(session, words)
            person = (await session.exec(select(Person).where(col(Person.telegram_id) == phone.id))).one()
            made = replace(Word(NoticeKind.ANNOUNCEMENT, announcement.id, priority), **word)
            await tell(session, self.clock, person.id, made)
            return (await session.exec(select(col(Notice.id)).order_by(col(Notice.id).desc()).limit(1))).one()

    async def write_to_chat(
        self, chat_id: int, words: str, priority: NoticePriority = NoticePriority.BROADCAST, **columns: object
    ) -> int:
        """A notice to a group, which is nobody's; its id."""
        async with self.database.write() as session:
            announcement = await self._announcement(session, words)
            notice = Notice(
                dedup_key=f"group:{announcement.id}",
                chat_id=chat_id,
                kind=NoticeKind.ANNOUNCEMENT,
                subject_id=announcement.id,
                locale="fr",
                priority=priority,
                not_before=self.clock.now(),
                created_at=self.clock.now(),
            )
            for name, value in columns.items():
                setattr(notice, name, value)
            session.add(notice)
            await session.flush()
            number = notice.id
        self.wake()
        return number

    async def _announcement(self, session, words: str) -> Announcement:
        announcement = Announcement(
            audience=AnnouncementAudience.FOLLOWERS,
            words=words,
            created_at=self.clock.now(),
            request_key=f"letter {next(self._letters)}",
        )
        session.add(announcement)
        await session.flush()
        session.add(AnnouncementCouncil(announcement_id=announcement.id, council_id=self.programme.nord))
        return announcement

    async def announce(self, words: str) -> None:
        """A lead's news to everybody who follows the northern council."""
        lead = await self.programme.person("Lou", roles=((Role.LEAD, self.programme.nord),))
        async with self.database.write() as session:
            councils = frozenset({self.programme.nord})
            await announce(session, self.clock, lead, councils, words, None, f"letter {next(self._letters)}")

    # --- what became of it

    async def notice(self, number: int) -> Notice:
        async with self.database.read() as session:
            found = await session.get(Notice, number)
        assert found is not None
        return found

    async def state(self, number: int) -> NoticeState:
        return (await self.notice(number)).state

    async def states(self) -> list[NoticeState]:
        """Of all notices, in the order of their writing."""
        async with self.database.read() as session:
            return list((await session.exec(select(col(Notice.state)).order_by(col(Notice.id)))).all())

    async def unreachable(self, phone: Phone) -> bool:
        async with self.database.read() as session:
            query = select(col(Person.unreachable_since)).where(col(Person.telegram_id) == phone.id)
            return (await session.exec(query)).one() is not None

    def sends(self, chat_id: int | None = None) -> list[CallRecord]:
        """The messages that reached the server, delivered or not, in the order of their coming."""
        calls = [each for each in self.playground.world.calls if each.method.startswith("send")]
        return [each for each in calls if chat_id in {None, each.chat_id}]

    def texts(self, phone: Phone) -> list[str]:
        """What stands on the phone, oldest first."""
        return [each.text for each in phone.chat().messages.values() if each.sender_id != phone.id]

    async def until(self, what: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not what():
                await asyncio.sleep(0.005)

    async def until_state(self, number: int, *states: NoticeState) -> Notice:
        async with asyncio.timeout(PATIENCE):
            while (notice := await self.notice(number)).state not in states:
                await asyncio.sleep(0.005)
        return notice

    async def until_unreachable(self, phone: Phone) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await self.unreachable(phone):
                await asyncio.sleep(0.005)

    async def rest(self) -> None:
        """Until nothing is on its way and nothing could be claimed at this moment."""
        async with asyncio.timeout(PATIENCE):
            while await self._under_way() or await self._claimable() or await self._under_way():
                self.wake()
                await asyncio.sleep(0.01)

    async def _under_way(self) -> bool:
        return NoticeState.LEASED in await self.states()

    async def _claimable(self) -> bool:
        now = self.clock.now()
        line = queue.next_in_line(at_night=self.context.quiet_hours.covers(now)).params(now=now, limit=1)
        async with self.database.read() as session:
            return (await session.exec(line)).first() is not None
