"""Fetches what a turn works with before it begins: the document that its step asks for, files that Telegram holds."""

import asyncio
import io
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiogram.types import Document, Message, Update
from aiohttp import ClientError

from bot.context import Context
from bot.inbound.source import Source
from bot.logs import reference_of
from council.errors import Refusal
from handlers.files import ArrivedFile, FileNotReceived, FilesNotFetched, FileTooLarge, WantedFile, wanted_at
from handlers.prepared import Making
from storage.dialogue_store import read_dialogue

log = structlog.get_logger("bot.inbound")

PATIENCE = 15.0  # seconds
PATIENCE_WITH_MANY = 40.0  # seconds for all files of one making
AWAY = (AiogramError, ClientError, OSError, TimeoutError)


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
                return ArrivedFile(await asyncio.to_thread(wanted.read, document.file_name or "", content.getvalue()))
        except Refusal as refusal:
            return ArrivedFile(trouble=refusal)
        except AWAY as error:
            log.warning("file_not_fetched", error=reference_of(error))
            return ArrivedFile(trouble=FileNotReceived())

    async def fetch_kept(self, making: Making) -> dict[str, Any]:
        """The files of a making, one after the other: no more of them is held than what is made of it.

        Raises FilesNotFetched when Telegram is away.
        """
        found = {}
        try:
            async with asyncio.timeout(PATIENCE_WITH_MANY):
                for file_id in dict.fromkeys(making.files):
                    content = await self._kept(file_id, making.limit)
                    if content is not None:
                        found[file_id] = await asyncio.to_thread(making.read, content)
        except AWAY as error:
            log.warning("files_not_fetched", error=reference_of(error))
            raise FilesNotFetched from error
        return found

    async def _kept(self, file_id: str, limit: int) -> bytes | None:
        """None for what is too large, and for an id that Telegram does not know any more."""
        try:
            content = _Measured(limit)
            await self._bot.download(file_id, destination=content, timeout=int(PATIENCE), seek=False)
        except FileTooLarge:
            return None
        except TelegramBadRequest as error:
            log.warning("file_not_held", error=reference_of(error))
            return None
        return content.getvalue()


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
