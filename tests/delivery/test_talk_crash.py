"""The real program killed in the middle of a talk: no word is lost, none is doubled, and what is in doubt is asked."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from council.contents import Content
from council.notices import NoticeKind
from council.support import SupportDraft, ask_support
from council.support_talk import say_to_requester, say_to_team
from playground.server import Playground
from storage.outbox import Notice, NoticeState
from storage.people import Role
from storage.support import ContentKind, SupportCopy, SupportKind, SupportMessage
from tests.conftest import SmallProgramme
from tests.delivery.post_office import TOKEN, PostOffice, both
from tests.delivery.test_delivery_crash import LEASE, Program, Theatre, _as_people_write_it

TALKS = 6
WORDS = 4
KILLS = 4


async def _talks(programme: SmallProgramme, playground: Playground) -> None:
    """Some residents and their animator, who have all written at once; nothing has left yet."""
    animator = await programme.person("Julien", roles=((Role.ANIMATOR, programme.nord),))
    playground.world.add_phone(animator.telegram_id, "Julien")
    session_of, settings, clock = programme.database.write, programme.settings, programme.clock
    for talk in range(TALKS):
        resident = await programme.person(f"R{talk}", follows=(programme.nord,))
        playground.world.add_phone(resident.telegram_id, f"R{talk}")
        ask = Content(ContentKind.TEXT, resident.telegram_id, 1, ("Aidez-nous",))
        async with session_of() as session:
            draft = SupportDraft(SupportKind.OTHER, (ask,), programme.nord)
            request = await ask_support(session, clock, settings, resident, draft, f"talk {talk}")
        for number in range(2, WORDS + 2):
            clock.advance(seconds=20)  # nobody floods
            async with session_of() as session:
                said = Content(ContentKind.TEXT, resident.telegram_id, number, (f"question {talk}.{number}.",))
                await say_to_team(session, clock, settings, resident, request.id, (said,))
            async with session_of() as session:
                message = 1000 * (talk + 1) + number
                said = Content(ContentKind.TEXT, animator.telegram_id, message, (f"réponse {talk}.{number}.",))
                await say_to_requester(session, clock, settings, animator, request.id, (said,))


@pytest.fixture
async def theatre(programme: SmallProgramme, database_url_fixture: str, tmp_path: Path) -> AsyncIterator[Theatre]:
    async with Playground() as playground:
        playground.world.add_bot(TOKEN, username="porte_voix_bot")
        programme.clock.set(datetime(2027, 3, 1, 10, 0, tzinfo=ZoneInfo("Europe/Paris")))
        await _talks(programme, playground)
        playground.world.clock.move_to(programme.clock.now())
        for late in (True, False):
            playground.world.faults.add("hang", method="sendMessage", times=TALKS * WORDS, seconds=0.03, after=late)
        program = await Program.with_settings(
            tmp_path / "program.log",
            BOT_TOKEN=TOKEN,
            BOT_API_URL=playground.url,
            DATABASE_URL=_as_people_write_it(database_url_fixture),
            LISTEN="127.0.0.1:0",
            CLOCK_URL=f"{playground.url}/playground/clock",
            ROLES="sender,sweeps",
            RATE_GLOBAL="1000",
        )
        yield Theatre(PostOffice(playground, programme), program)
        await program.clear()


async def _finished(theatre: Theatre) -> None:
    async with asyncio.timeout(120):
        while {NoticeState.PENDING, NoticeState.LEASED} & set(await theatre.office.states()):
            await asyncio.sleep(0.1)


@both
async def test_killed_in_the_middle_of_many_talks_every_word_is_heard_once_or_asked_about(theatre: Theatre):
    draws, world = random.Random(20270301), theatre.office.playground.world
    for _ in range(KILLS):
        await theatre.program.start()
        await theatre.until_sent(draws.randint(2, TALKS * 2))
        await asyncio.sleep(draws.uniform(0, 0.05))
        assert await theatre.program.end(signal.SIGKILL) == -signal.SIGKILL
        world.clock.advance(LEASE)
    await theatre.program.start()
    await _finished(theatre)
    world.clock.advance(LEASE)  # one more look of the sweeps
    await asyncio.sleep(1)
    await _finished(theatre)
    assert await theatre.program.end(signal.SIGTERM) == 0, theatre.program.log.read_text()

    heard: Counter[str] = Counter()
    for chat in world.chats():
        for message in chat.messages.values():
            heard.update(line for line in message.text.splitlines() if line.startswith(("question", "réponse")))
    async with theatre.office.database.read() as session:
        rows = (await session.exec(select(Notice))).all()
        words = {each.id: each.parts[0] for each in (await session.exec(select(SupportMessage))).all()}
        copied = set((await session.exec(select(col(SupportCopy.support_message_id)))).all())
    relayed = [each for each in rows if each.kind == NoticeKind.SUPPORT_RELAY]
    asked = {each.subject_id for each in rows if each.kind == NoticeKind.SUPPORT_UNDELIVERED}
    assert len(relayed) == TALKS * WORDS * 2
    assert {each.state for each in relayed} <= {NoticeState.SENT, NoticeState.UNCERTAIN}
    for notice in relayed:
        if notice.state is NoticeState.SENT:
            assert heard[words[notice.subject_id]] == 1
            assert notice.subject_id in copied
        else:
            assert heard[words[notice.subject_id]] <= 1
            assert notice.subject_id in asked
    assert asked == {each.subject_id for each in relayed if each.state is NoticeState.UNCERTAIN}
