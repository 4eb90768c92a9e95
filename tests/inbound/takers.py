"""Another process that takes updates of the same bot from the same database, without its own poller."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from sqlmodel import col, func, select

from bot.context import Context
from bot.gate import Limits
from bot.gate.memory import MemoryGate
from bot.inbound.conversation import Conversation
from bot.inbound.routers import dispatcher
from bot.settings import read_settings
from council.clock import SystemClock
from playground.messages import Message
from storage.audit import AuditLine
from storage.database import Database
from storage.updates import SetAsideUpdate
from tests.scenes.stage import TOKEN, Person, Stage


@asynccontextmanager
async def another_process(stage: Stage) -> AsyncIterator[Conversation]:
    """Its conversation; the updates are brought to it by the test."""
    settings = read_settings(bot_token=TOKEN, bot_api_url=stage.playground.url, database_url=stage.url, _env_file=None)
    session = AiohttpSession(api=TelegramAPIServer.from_base(stage.playground.url))
    bot, database = Bot(TOKEN, session=session), Database(stage.url)
    context = Context(settings, database, SystemClock(), MemoryGate(Limits()), stage.settings)
    conversation = Conversation(context, dispatcher(), bot, "porte_voix_bot")
    try:
        yield conversation
    finally:
        await conversation.finish(5)
        await session.close()
        await database.close()


async def waiting_updates(stage: Stage) -> list[dict[str, Any]]:
    """What Telegram holds for the bot, as it would send it."""
    return [json.loads(each.encoded) for each in await stage.playground.world.first_bot().queue.some(1000, 0)]


def told_by_bot(stage: Stage, person: Person, text: str = "…") -> Message:
    """A message of the bot's on the phone of `person`, to press on."""
    world = stage.playground.world
    return world.post(person.phone.chat(), {"text": text}, sender=world.first_bot())


async def lines(stage: Stage, act: str) -> int:
    """Audit lines of this act."""
    async with stage.database.read() as session:
        return (await session.exec(select(func.count()).where(col(AuditLine.act) == act))).one()


async def set_aside(stage: Stage) -> list[SetAsideUpdate]:
    async with stage.database.read() as session:
        return list((await session.exec(select(SetAsideUpdate).order_by(col(SetAsideUpdate.update_id)))).all())


async def pressed_and_answered(stage: Stage, person: Person, *data: str) -> list[str]:
    """Forged presses, all at once; their toasts."""
    message = told_by_bot(stage, person)
    presses = [person.phone.presses(message, data=each) for each in data]
    await stage.until(lambda: all(each.answer for each in presses))
    await asyncio.sleep(0)
    return [each.answer.text for each in presses if each.answer]
