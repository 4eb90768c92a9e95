"""Telegram's limits, kept over both libraries at once; moments are taken where the calls arrive."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot.gate import Limits
from bot.inbound.gate_middleware import GateMiddleware
from bot.sender.sender import SLOTS
from storage import queue
from storage.outbox import NoticePriority, NoticeState
from tests.delivery.post_office import TOKEN, PostOffice

PEOPLE = 120
LIMIT = 30


@asynccontextmanager
async def replies(office: PostOffice) -> AsyncIterator[Bot]:
    """aiogram's bot, as it answers people: through the same gate."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(office.playground.url))
    session.middleware(GateMiddleware(office.gate))
    yield Bot(TOKEN, session=session)
    await session.close()


def closest(moments: list[float], count: int) -> float:
    """The shortest time in which `count` + 1 of these arrived."""
    return min((late - early for early, late in zip(moments, moments[count:], strict=False)), default=float("inf"))


async def test_a_broadcast_while_people_tap_is_never_refused(office: PostOffice):
    """At Telegram's own figures: 30 a second in all, a server that refuses the thirty-first."""
    await office.close()
    office.limits = Limits()
    residents = await office.crowd(PEOPLE)
    tappers = residents[:: PEOPLE // 10]
    await office.announce("À tout le monde")
    office.playground.world.flood.configure(on=True, per_second=LIMIT)
    await office.open()
    async with replies(office) as bot:
        for turn in range(20):
            await bot.send_message(tappers[turn % len(tappers)].id, "réponse")
            await asyncio.sleep(0.15)
        await office.rest()

    calls = office.sends()
    assert {each.status for each in calls} == {200}
    assert len(calls) == PEOPLE + 20
    assert set(await office.states()) == {NoticeState.SENT}
    assert closest([each.monotonic for each in calls], LIMIT) >= 1.0


async def test_a_database_that_stalls_makes_no_burst(office: PostOffice, monkeypatch: pytest.MonkeyPatch):
    """What a long write has held up together does not leave together."""
    await office.close()
    office.limits = Limits(messages=20, window=0.5)
    begin, begun = queue.begin_attempt, []

    async def stalls(*args, **named):
        begun.append(1)
        if len(begun) == 10:
            await asyncio.sleep(0.3)  # on SQLite the transaction is open meanwhile, and all others wait for it
        return await begin(*args, **named)

    monkeypatch.setattr(queue, "begin_attempt", stalls)
    await office.crowd(60)
    await office.announce("À tout le monde")
    await office.open()
    await office.rest()
    calls = office.sends()
    assert len(calls) == len({each.chat_id for each in calls}) == 60
    assert closest([each.monotonic for each in calls], 20) >= 0.5


async def test_notices_to_one_person_keep_their_distance(office: PostOffice):
    await office.close()
    office.limits = replace(Limits(), private_spacing=0.3)
    rosa, fatou = await office.resident("Rosa"), await office.resident("Fatou")
    for priority in NoticePriority:
        await office.write(rosa, "Un mot", priority)
    await office.write(rosa, "Un autre mot")
    await office.open()
    await office.until_state(await office.write(fatou, "Pour Fatou"), NoticeState.SENT)
    assert len(office.sends(rosa.id)) < 5  # nobody waits for her spacing but she
    await office.rest()
    moments = [each.monotonic for each in office.sends(rosa.id)]
    assert len(moments) == 5
    assert closest(moments, 1) >= 0.3


async def test_a_group_has_its_own_window_and_holds_nobody_else(office: PostOffice):
    await office.close()
    office.limits = replace(Limits(), group_messages=4, group_window=1.0)
    world = office.playground.world
    group = world.add_group("Le quartier", bot=world.first_bot())
    for n in range(10):
        await office.write_to_chat(group.id, f"Au groupe {n}")
    residents = await office.crowd(SLOTS)
    await office.open()
    async with replies(office) as bot:
        await office.announce("À tout le monde")
        await office.until(lambda: len(office.sends(group.id)) >= 4)
        await bot.send_message(group.id, "réponse")
        await office.rest()
    moments = [each.monotonic for each in office.sends(group.id)]
    assert len(moments) == 11
    assert closest(moments, 4) >= 1.0
    private = [each.monotonic for each in office.sends() if each.chat_id in {phone.id for phone in residents}]
    assert len(private) == SLOTS
    assert max(private) < moments[-1]


async def test_two_senders_and_a_broadcast_keep_one_window(office: PostOffice):
    """Several senders on one database share the work; nobody is written to twice, and the gate counts them together."""
    await office.close()
    office.limits = Limits(messages=20, window=0.5)
    await office.crowd(80)
    await office.announce("À tout le monde")
    await office.open()
    await office.open()
    await office.rest()
    calls = office.sends()
    assert len(calls) == len({each.chat_id for each in calls}) == 80
    assert closest([each.monotonic for each in calls], 20) >= 0.5
    assert set(await office.states()) == {NoticeState.SENT}
