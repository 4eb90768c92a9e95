"""« Prochain événement » on the demonstration's page: nothing is told at a moment that it has not stopped at."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func
from sqlmodel import col, select, update

from bot.context import Context
from bot.demo.directory import with_partners
from bot.demo.seed import seed
from bot.gate.memory import MemoryGate
from bot.settings import read_settings
from bot.sweeps.sweeps import ALL
from council.absences import declare_absence
from council.actors import load_actor
from council.agenda import next_event
from council.notices import NoticeKind
from council.programme import load_programme
from council.programme_file import programme_path, read_programme_file
from locales.translator import translator
from storage.database import Database
from storage.dialogues import Dialogue
from storage.mails import Mail
from storage.outbox import Notice
from storage.people import News, Person
from storage.proposals import Proposal
from tests.conftest import FakeClock

PARIS = ZoneInfo("Europe/Paris")
FRIDAY_EVENING = datetime(2026, 11, 20, 18, 40, tzinfo=PARIS)
LOOKED_AT = (9, 11, 18)
"""Hours of each day at which one looks whether anything is told without a stop of the clock."""
FRIDAY = 4
JULIEN, MEHMET = 5_000_000_004, 5_000_000_007


class Told(NamedTuple):
    """How many notices and mails there are."""

    notices: int
    mails: int


class Page:
    """The page of a demonstration: its clock, and the sweeps that run when it has jumped."""

    def __init__(self, context: Context, clock: FakeClock) -> None:
        self.context, self.clock = context, clock

    async def goes_to(self, moment: datetime) -> None:
        self.clock.set(moment)
        for sweep in ALL:
            while await sweep.run(self.context):
                pass

    async def next(self) -> datetime | None:
        async with self.context.database.read() as session:
            return await next_event(session, self.clock.now(), self.context.programme)

    async def told(self) -> Told:
        async with self.context.database.read() as session:
            return Told(*[(await session.exec(select(func.count(col(each.id))))).one() for each in (Notice, Mail)])

    async def told_since(self, before: int) -> list[str]:
        async with self.context.database.read() as session:
            kinds = select(col(Notice.kind)).order_by(col(Notice.id).desc())
            return list((await session.exec(kinds.limit((await self.told()).notices - before))).all())


@pytest.fixture
async def page(fresh_url, clock: FakeClock) -> AsyncIterator[Page]:
    """A demonstration that begins on a Friday evening. On its own engine alone: what is foreseen is seen on both."""
    clock.set(FRIDAY_EVENING)
    say = translator("fr")
    database = Database(fresh_url("sqlite"))
    await seed(database, clock, "paris", with_partners(read_programme_file(programme_path("paris")), say), say)
    async with database.read() as session:
        programme = await load_programme(session)
    page = Page(Context(read_settings(_env_file=None), database, clock, MemoryGate(), programme), clock)
    await page.goes_to(FRIDAY_EVENING)
    yield page
    await database.close()


def looks_between(now: datetime, event: datetime) -> list[datetime]:
    """Moments after `now` and before the event, the last of them half a minute before it."""
    days = range((event - now).days + 2)
    morning = now.astimezone(PARIS).replace(minute=1, second=0, microsecond=0)
    every = [(morning + timedelta(days=day)).replace(hour=hour) for day in days for hour in LOOKED_AT]
    return [*(each for each in every if now < each < event), event - timedelta(seconds=30)]


async def told_at_the_stops(page: Page, until: datetime) -> list[str]:
    """The kinds of all that was told, from event to event; nothing may be told in between."""
    kinds: list[str] = []
    while page.clock.now() < until:
        event = await page.next()
        assert event is not None
        told = await page.told()
        for moment in looks_between(page.clock.now(), event):
            if moment > page.clock.now():
                await page.goes_to(moment)
                assert await page.told() == told, (moment, event, await page.told_since(told.notices))
        await page.goes_to(event)
        kinds += await page.told_since(told.notices)
    return kinds


async def test_the_clock_stops_whenever_something_is_told(page: Page):
    """Mehmet takes news once a day and has left a question open; Julien will be away; an idea has stood for weeks."""
    database, now = page.context.database, page.clock.now()
    async with database.write() as session:
        await session.exec(update(Person).where(col(Person.telegram_id) == MEHMET).values(news=News.DIGEST))
        await session.exec(update(Proposal).values(moved_at=now - timedelta(weeks=5)))
        julien = await load_actor(session, JULIEN)
        days = [now.date() + timedelta(days=count) for count in (11, 15)]
        await declare_absence(session, page.clock, page.context.programme, julien, julien.person_id, *days)
        left = {"telegram_id": MEHMET, "chat_id": MEHMET, "state": "Asking:words", "version": 1}
        session.add(Dialogue(**left, changed_at=now, expires_at=now + timedelta(hours=24)))
    assert set(await told_at_the_stops(page, until=now + timedelta(days=14))) >= {
        NoticeKind.TEAM_DIGEST,
        NoticeKind.NEWS_DIGEST,
        NoticeKind.SUPPORT_OFFERED,
        NoticeKind.DIALOGUE_PAUSED,
        NoticeKind.PROPOSAL_STALE,
    }


async def test_on_friday_evening_the_clock_goes_to_the_digest_of_monday_morning(page: Page):
    while (event := await page.next()).astimezone(PARIS).weekday() > FRIDAY:
        await page.goes_to(event)
    assert event == datetime(2026, 11, 23, 9, tzinfo=PARIS)
    told = await page.told()
    await page.goes_to(event)
    assert NoticeKind.TEAM_DIGEST in await page.told_since(told.notices)
