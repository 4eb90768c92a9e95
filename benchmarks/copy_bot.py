"""The baseline of a relay: the smallest aiogram bot that copies what it hears into another chat."""

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

dispatcher = Dispatcher()


@dispatcher.message()
async def copy_across(message: Message) -> None:
    """To the chat whose number is so much larger."""
    await message.copy_to(message.chat.id + int(os.environ["BENCHMARK_ACROSS"]))


async def main() -> None:
    server = TelegramAPIServer.from_base(os.environ["PORTEVOIX_BOT_API_URL"])
    bot = Bot(os.environ["PORTEVOIX_BOT_TOKEN"], session=AiohttpSession(api=server))
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())
