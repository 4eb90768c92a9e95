"""The baseline: the smallest bot that aiogram makes. It says back what it hears."""

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, Message

dispatcher = Dispatcher()


@dispatcher.message()
async def say_back(message: Message) -> None:
    await message.answer(message.text or "?")


@dispatcher.callback_query()
async def take_press(query: CallbackQuery) -> None:
    await query.answer(query.data)


async def main() -> None:
    server = TelegramAPIServer.from_base(os.environ["PORTEVOIX_BOT_API_URL"])
    bot = Bot(os.environ["PORTEVOIX_BOT_TOKEN"], session=AiohttpSession(api=server))
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())
