"""Files of a request in words, and the one button by which the team hears and sees them."""

from collections import Counter

from council.support_files import Files
from handlers.cards.card import Button
from handlers.cards.meeting_words import bare
from handlers.cards.request import ReplayPress
from locales.translator import Translator
from storage.support import ContentKind

_SEEN_AS = {ContentKind.VIDEO_NOTE: ContentKind.VIDEO, ContentKind.ANIMATION: ContentKind.VIDEO}
"""Kinds that people have no word of their own for."""
_HEARD = frozenset({ContentKind.VOICE, ContentKind.AUDIO})


def files_words(say: Translator, files: Files) -> str:
    """« 2 messages vocaux, 3 photos et 1 vidéo », bare; "" when there are none."""
    counted: Counter[ContentKind] = Counter()
    for kind, n in files.items():
        counted[_SEEN_AS.get(kind, kind)] += n
    return say.enumeration([_counted(say, kind, n) for kind, n in counted.items()]) if counted else ""


def files_button(say: Translator, request_id: int, files: Files) -> Button | None:
    """Puts what was sent into the chat again; None when there is nothing but words, which the card shows itself."""
    if not files:
        return None
    if _HEARD.issuperset(files):
        label = say.plain("🎧 Écouter")
    elif _HEARD.isdisjoint(files):
        label = say.plain("👁 Voir l’envoi")
    else:
        label = say.plain("🎧 Écouter et voir")
    return Button(label, ReplayPress(request_id))


def _counted(say: Translator, kind: ContentKind, n: int) -> str:
    """How many of a kind; each sentence is written out, so that the catalogues know its plurals."""
    counts = {
        ContentKind.PHOTO: say.plural("{n} photo", "{n} photos", n),
        ContentKind.VIDEO: say.plural("{n} vidéo", "{n} vidéos", n),
        ContentKind.VOICE: say.plural("{n} message vocal", "{n} messages vocaux", n),
        ContentKind.AUDIO: say.plural("{n} son", "{n} sons", n),
        ContentKind.DOCUMENT: say.plural("{n} document", "{n} documents", n),
        ContentKind.STICKER: say.plural("{n} image", "{n} images", n),
        ContentKind.LOCATION: say.plural("{n} lieu", "{n} lieux", n),
        ContentKind.CONTACT: say.plural("{n} contact", "{n} contacts", n),
    }
    return bare(counts[kind])
