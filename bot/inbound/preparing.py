"""Makes what a press needs before its turn begins: read in a session of its own, worked out in a thread."""

import asyncio

from aiogram.types import Update

from bot.context import Context
from bot.inbound.source import Source
from council.actors import load_actor
from council.errors import Refusal
from handlers.prepared import Before, Made, maker_of


async def prepare(context: Context, update: Update, source: Source) -> Made | None:
    """None when nothing is to be made. Raises Forged for data that no button of ours carries."""
    press = update.callback_query
    found = maker_of(press.data) if press is not None and source.in_private else None
    if found is None:
        return None
    maker, pressed = found
    try:
        async with context.database.read() as session:
            actor = await load_actor(session, source.telegram_id)
            if actor is None:
                return None
            before = Before(
                session=session,
                clock=context.clock,
                programme=context.programme,
                actor=actor,
                pressed=pressed,
                has_pages=context.settings.public_url is not None,
                has_mail=context.settings.smtp_url is not None,
            )
            work = await maker(before)
        return Made(await asyncio.to_thread(work))
    except Refusal as refusal:
        return Made(trouble=refusal)
