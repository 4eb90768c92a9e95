"""A photo or a document that somebody sends as the copy of a paper, or to go with a letter."""

from aiogram.types import Message

from council.interpellation_answers import TELEGRAM_DOCUMENT, TELEGRAM_PHOTO, KeptFile
from documents.answer_files import SIZE_LIMIT, Upload, taken
from documents.letter_annex import ANNEX_LIMIT, check_paper
from handlers.awaited import FileAwaited
from handlers.files import ArrivedFile, FileNotReceived, wants_file


def wants_scan(state: str) -> None:
    """Declares that a copy is sent at this step: a document is examined as one that comes from a partner."""
    wants_file(state, limit=SIZE_LIMIT, read=lambda name, content: taken(Upload(name, content)))


def scan_of(message: Message, file: ArrivedFile | None) -> KeptFile:
    """As Telegram keeps it; `file` is the document that was examined.

    Raises:
        FileAwaited: neither a photo nor a document.
        FileRefused: a document that is not taken, by its content or its name.
        FileTooLarge, FileNotReceived: it could not be examined.
    """
    if message.photo:
        return KeptFile("photo.jpg", TELEGRAM_PHOTO, file_id=message.photo[-1].file_id)
    if message.document is None or message.animation is not None:
        raise FileAwaited
    if file is None:
        raise FileNotReceived
    examined: KeptFile = file.opened()
    return KeptFile(examined.file_name, TELEGRAM_DOCUMENT, file_id=message.document.file_id)


def wants_paper(state: str) -> None:
    """Declares that what goes with a letter is sent at this step: a document is examined at once."""
    wants_file(state, limit=ANNEX_LIMIT, read=check_paper)


def check_arrived(message: Message, file: ArrivedFile | None) -> None:
    """Refuses a document that could not go with the letter.

    What Telegram does not give at this moment is kept: it is looked at again when the letter is drawn.

    Raises:
        FileRefused, FileTooLarge: a document that is not taken.
    """
    if message.document is None or message.animation is not None or file is None:
        return
    try:
        file.opened()
    except FileNotReceived:
        return
