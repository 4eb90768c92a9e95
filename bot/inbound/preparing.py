"""Makes what a press needs before its turn begins: read in a session of its own, fetched, worked out in a thread."""

import asyncio

from aiogram.types import Update

from bot.context import Context
from bot.inbound.files import Files
from bot.inbound.source import Source
from council.actors import load_actor
from council.errors import Refusal
from handlers.buttons import Forged
from handlers.prepared import Before, Made, maker_of


async def prepare(context: Context, files: Files, update: Update, source: Source) -> Made | None:
    """None when nothing is to be made: of data that no button of ours carries the turn itself says so."""
    press = update.callback_query
    try:
        wanted = maker_of(press.data) if press is not None and source.in_private else None
    except Forged:
        return None
    if wanted is None:
        return None
    maker, pressed = wanted
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
            making = await maker(before)
        found = await files.fetch_kept(making)
        return Made(await asyncio.to_thread(making.work, found))
    except (Refusal, Forged) as trouble:
        return Made(trouble=trouble)
