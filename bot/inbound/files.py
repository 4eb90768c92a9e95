"""Fetches the document that a step of a dialogue asks for, before its turn begins."""

import asyncio
import io

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import Document, Message, Update
from aiohttp import ClientError

from bot.context import Context
from bot.inbound.source import Source
from bot.logs import reference_of
from council.errors import Refusal
from handlers.files import ArrivedFile, FileNotReceived, FileTooLarge, WantedFile, wanted_at
from storage.dialogue_store import read_dialogue

log = structlog.get_logger("bot.inbound")

PATIENCE = 15.0  # seconds


class Files:
    """Asks Telegram only for what is wanted, and never for more than that."""

    def __init__(self, context: Context, bot: Bot) -> None:
        self._context = context
        self._bot = bot

    async def fetch(self, update: Update, source: Source) -> ArrivedFile | None:
        """The document of this update; None when nobody asked for one. Raises what reading the dialogue raises."""
        document = _document_of(update) if source.in_private else None
        if document is None:
            return None
        key = source.chat_id, source.telegram_id, source.thread_id or 0
        async with self._context.database.read() as session:
            state, _, _ = await read_dialogue(session, key)
        wanted = wanted_at(state)
        return await self._fetched(document, wanted) if wanted is not None else None

    async def _fetched(self, document: Document, wanted: WantedFile) -> ArrivedFile:
        if (document.file_size or 0) > wanted.limit:
            return ArrivedFile(trouble=FileTooLarge(wanted.limit))
        try:
            async with asyncio.timeout(PATIENCE):
                content = _Measured(wanted.limit)
                await self._bot.download(document, destination=content, timeout=int(PATIENCE), seek=False)
                return ArrivedFile(await asyncio.to_thread(wanted.read, content.getvalue()))
        except Refusal as refusal:
            return ArrivedFile(trouble=refusal)
        except (AiogramError, ClientError, OSError, TimeoutError) as error:
            log.warning("file_not_fetched", error=reference_of(error))
            return ArrivedFile(trouble=FileNotReceived())


class _Measured(io.BytesIO):
    """What was announced as small may still be large."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, data: object, /) -> int:
        written = super().write(data)  # type: ignore[arg-type]
        if self.tell() > self._limit:
            raise FileTooLarge(self._limit)
        return written


def _document_of(update: Update) -> Document | None:
    return update.event.document if isinstance(update.event, Message) and update.message is not None else None
