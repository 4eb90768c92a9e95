"""The short pages that stand in the place of a letter."""

from enum import StrEnum

from aiohttp import web

from bot.context import Context
from bot.partner_pages.rendering import page, speaker
from locales.sentences import sentence


class Said(StrEnum):
    """What a short page says."""

    UNKNOWN = "unknown"
    LATER = "later"
    ELSEWHERE = "elsewhere"
    UNREADABLE = "unreadable"
    FAILED = "failed"


_STATUS = {Said.UNKNOWN: 404, Said.LATER: 429, Said.ELSEWHERE: 403, Said.UNREADABLE: 400, Said.FAILED: 500}
_HEADINGS = {
    Said.UNKNOWN: sentence("Cette page n’existe pas"),
    Said.LATER: sentence("Revenez un peu plus tard"),
    Said.ELSEWHERE: sentence("Ouvrez la page par votre lien"),
    Said.UNREADABLE: sentence("L’envoi n’est pas arrivé en entier"),
    Said.FAILED: sentence("La page ne marche pas en ce moment"),
}
_LINES = {
    Said.UNKNOWN: (
        sentence("Le lien n’est pas complet, ou il n’est plus valable."),
        sentence("Copiez tout le lien qui est dans l’e-mail. Sinon, demandez-en un autre."),
    ),
    Said.LATER: (
        sentence("Il y a eu trop d’essais en une heure."),
        sentence("Rien n’est perdu. Votre lien marchera à nouveau."),
    ),
    Said.ELSEWHERE: (
        sentence("L’envoi est parti d’un autre site. Rien n’est gardé."),
        sentence("Ouvrez le lien qui est dans l’e-mail, puis répondez."),
    ),
    Said.UNREADABLE: (sentence("Rien n’est gardé. Revenez en arrière, puis essayez encore."),),
    Said.FAILED: (sentence("Rien n’est perdu. Essayez encore dans quelques minutes."),),
}


def short_page(context: Context, said: Said, *, wait: int = 0) -> web.Response:
    """`wait` is in seconds, for who comes too often."""
    say = speaker(context)
    headers = {"Retry-After": str(wait)} if wait else None
    lines = [say(each) for each in _LINES[said]]
    return page(context, "word.html", status=_STATUS[said], headers=headers, heading=say(_HEADINGS[said]), lines=lines)
