"""A photo or a document that somebody sends as the copy of a paper."""

from pathlib import PurePosixPath

from aiogram.types import Message

from council.interpellation_answers import TELEGRAM_DOCUMENT, TELEGRAM_PHOTO, KeptFile
from documents.answer_files import KINDS, KindRefused, clean_name
from handlers.awaited import FileAwaited

_ENDINGS = {f".{each}" for each in (*KINDS, "jpeg")}


def scan_of(message: Message) -> KeptFile:
    """As Telegram keeps it.

    Raises:
        FileAwaited: neither a photo nor a document.
        KindRefused: a document of a kind that is not taken, by its name.
    """
    if message.photo:
        return KeptFile("photo.jpg", TELEGRAM_PHOTO, file_id=message.photo[-1].file_id)
    if message.document is None or message.animation is not None:
        raise FileAwaited
    name = clean_name(message.document.file_name or "document.pdf")
    if PurePosixPath(name).suffix.lower() not in _ENDINGS:
        raise KindRefused(name)
    return KeptFile(name, TELEGRAM_DOCUMENT, file_id=message.document.file_id)
