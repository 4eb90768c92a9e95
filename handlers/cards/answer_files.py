"""Files of an answer or a step, put into the chat one by one."""

from council.interpellation_answers import TELEGRAM_PHOTO, KeptFile
from handlers.cards.card import NOTHING, Card, Media, MediaKind


def file_card(file: KeptFile) -> Card:
    """As it was sent: what Telegram has by its own number, what came on the page from what we keep."""
    if file.file_id is not None:
        kind = MediaKind.PHOTO if file.media_type == TELEGRAM_PHOTO else MediaKind.DOCUMENT
        return Card(NOTHING, media=Media(kind, file_id=file.file_id))
    return Card(NOTHING, media=Media(MediaKind.DOCUMENT, content=file.content, file_name=file.file_name))
