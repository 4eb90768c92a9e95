"""A crowd that acts while the bot is away: a thousand updates that wait, each with an effect that can be counted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert
from sqlmodel import col, func, select

from council.actors import load_actor
from council.clock import SystemClock
from council.meeting_plans import MeetingPlan
from council.meetings import create_meeting
from council.privacy import NOTICE_VERSION
from council.programme import apply_programme
from handlers.buttons import Press
from handlers.cards.joining import AgePress, AgreePress, ChooseCouncilPress
from handlers.cards.meeting import RsvpPress, Surface
from handlers.cards.profile import FollowPress, LanguagePress, NewsPress
from playground.bots import Bot
from playground.messages import Message
from playground.phones import Phone
from playground.presses import Press as Pressed
from playground.server import Playground
from storage.audit import AuditLine
from storage.database import Database
from storage.meetings import Answer, MeetingKind, Rsvp
from storage.people import Consent, Follow, News, Person, Role, RoleGrant
from storage.programme import Council
from storage.updates import ProcessedUpdate, SetAsideUpdate
from tests.conftest import small_settings

SEATS = 30
FIRST = 6_000_000_000
LEAD = FIRST - 1


@dataclass
class Crowd:
    """`members` have joined, `strangers` will; the updates of each person come in the order of their deeds."""

    playground: Playground
    url: str
    members: list[Phone] = field(default_factory=list)
    strangers: list[Phone] = field(default_factory=list)
    councils: dict[str, int] = field(default_factory=dict)
    meeting: int = 0
    presses: dict[int, Pressed] = field(default_factory=dict)
    """By update."""
    updates: list[int] = field(default_factory=list)

    @property
    def bot(self) -> Bot:
        return self.playground.world.first_bot()

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        opened = Database(self.url)
        try:
            yield opened
        finally:
            await opened.close()

    async def gathers(self, members: int, strangers: int) -> None:
        """The programme, the people who have joined already, and a meeting that they hear of."""
        world = self.playground.world
        phones = [world.add_phone(FIRST + n, f"Prénom{n}", language_code="fr") for n in range(members + strangers)]
        self.members, self.strangers = phones[:members], phones[members:]
        now = datetime.now(UTC)
        async with self.database() as database, database.write() as session:
            await apply_programme(session, SystemClock(), small_settings())
            self.councils = {each.code: each.id for each in (await session.exec(select(Council))).all()}
            north = self.councils["nord"]
            for telegram_id in [LEAD, *(each.id for each in self.members)]:
                person = Person(
                    telegram_id=telegram_id, first_name="Prénom", language="fr", created_at=now, last_heard_at=now
                )
                session.add(person)
                await session.flush()
                session.add(Follow(council_id=north, person_id=person.id, since=now))
                await session.exec(
                    insert(Consent).values(
                        person_id=person.id, version=NOTICE_VERSION, given_at=now, fifteen_or_over=True
                    )
                )
                if telegram_id == LEAD:
                    role = RoleGrant(person_id=person.id, role=Role.LEAD, council_id=north, granted_at=now)
                    session.add(role)
                    await session.flush()
            lead = await load_actor(session, LEAD)
            assert lead is not None
            plan = MeetingPlan(
                MeetingKind.PLENARY,
                title="Plénière",
                starts_at=now + timedelta(days=20),
                minutes=60,
                place="Salle des fêtes",
                capacity=SEATS,
            )
            made = await create_meeting(
                session, SystemClock(), small_settings(), lead, frozenset({north}), plan, "update:0", confirmed=True
            )
            self.meeting = made.id

    async def acts(self) -> None:
        """All at once: five deeds each, one after the other, everybody side by side."""
        deeds = [
            *((phone, deed) for deed in self._deeds_of_members() for phone in self.members),
            *((phone, deed) for deed in self._deeds_of_strangers() for phone in self.strangers),
        ]
        pressed: list[Pressed | None] = []
        for phone, deed in deeds:
            if isinstance(deed, str):
                phone.sends(deed)
                pressed.append(None)
            else:
                pressed.append(self.presses_on(phone, deed))
        self.updates = await self.waiting()
        assert len(self.updates) == len(deeds)
        self.presses = {number: press for number, press in zip(self.updates, pressed, strict=True) if press}

    def _deeds_of_members(self) -> list[Press]:
        return [
            NewsPress(News.DIGEST),
            RsvpPress(self.meeting, Answer.YES, Surface.TOLD),
            FollowPress(self.councils["sud"], True, 0),
            LanguagePress("en"),
            NewsPress(News.NONE),
        ]

    def _deeds_of_strangers(self) -> list[Press | str]:
        return [
            "/start",
            AgreePress(),
            AgePress(True),
            ChooseCouncilPress(self.councils["sud"]),
            NewsPress(News.NONE),
        ]

    def presses_on(self, phone: Phone, press: Press) -> Pressed:
        """Presses a button, wherever it stood."""
        return phone.presses(self._message_of(phone), data=press.pack())

    def _message_of(self, phone: Phone) -> Message:
        """A message of the bot's on this phone, to press on."""
        written = [each for each in phone.chat().messages.values() if each.sender_id == self.bot.id]
        return written[0] if written else self.playground.world.post(phone.chat(), {"text": "…"}, sender=self.bot)

    async def waiting(self) -> list[int]:
        """Updates that Telegram still holds for the bot."""
        if self.bot.webhook is not None:
            await self.bot.webhook.stopped()
        return [each.id for each in await self.bot.queue.some(10_000, 0)]

    async def processed(self) -> set[int]:
        async with self.database() as database, database.read() as session:
            return set((await session.exec(select(col(ProcessedUpdate.update_id)))).all())

    async def check_every_effect_once(self, *, in_order: bool) -> None:
        """No update lost, no effect doubled: rows and audit lines are counted.

        `in_order`: each person's deeds were taken in their order, so that the last word of each stands.
        """
        everybody = len(self.members) + len(self.strangers)
        async with self.database() as database, database.read() as session:
            lines = dict(
                (await session.exec(select(col(AuditLine.act), func.count()).group_by(col(AuditLine.act)))).all()
            )
            people = (await session.exec(select(func.count()).select_from(Person))).one()
            in_the_south = col(Follow.council_id) == self.councils["sud"]
            follows = (await session.exec(select(func.count()).select_from(Follow).where(in_the_south))).one()
            seated = select(func.count()).select_from(Rsvp).where(col(Rsvp.waiting_since).is_(None))
            answers = (await session.exec(select(func.count()).select_from(Rsvp))).one()
            seats = (await session.exec(seated)).one()
            aside = (await session.exec(select(func.count()).select_from(SetAsideUpdate))).one()
            muted = select(func.count()).select_from(Person).where(col(Person.news) == News.NONE)
            assert not in_order or (await session.exec(muted)).one() == everybody
        assert aside == 0
        assert people == everybody + 1
        assert follows == everybody
        assert lines.get("person.joined", 0) == len(self.strangers)
        assert lines["person.news_changed"] == 2 * len(self.members) + len(self.strangers)
        assert lines["person.language_changed"] == len(self.members)
        assert lines["council.followed"] == everybody
        assert answers == len(self.members)
        assert seats == min(SEATS, len(self.members))
