"""The sentence of each refusal, in plain words. A test asks that every refusal has one."""

from collections.abc import Callable

from council import errors, joining
from council.errors import Refusal
from locales.sentences import sentence
from locales.translator import Translator

_SENTENCES: dict[type[Refusal], str] = {
    errors.NotAllowed: sentence("Cela ne vous est pas ouvert, ou n’existe plus."),
    errors.OutOfDate: sentence("Cela a changé entre-temps. Voici où on en est."),
    errors.NotJoined: sentence("Nous ne nous connaissons pas encore. Appuyez sur /start."),
    errors.EmptyWords: sentence("Je n’ai rien reçu à lire. Écrivez quelques mots, s’il vous plaît."),
    joining.TooYoung: sentence("Avant 15 ans, il faut l’accord d’un parent. Parlez-en à l’animateur du quartier."),
}

_WITH_FIGURES: dict[type[Refusal], Callable[[Refusal, Translator], str]] = {}


def refusal_sentence(refusal: Refusal, say: Translator) -> str:
    """What the person reads, as bare text."""
    for kind in type(refusal).__mro__:
        if kind in _WITH_FIGURES:
            return _WITH_FIGURES[kind](refusal, say)
        if kind in _SENTENCES:
            return say.plain(_SENTENCES[kind])
    raise LookupError(type(refusal))


def _too_long(refusal: Refusal, say: Translator) -> str:
    limit = refusal.limit if isinstance(refusal, errors.TooLong) else 0
    return say.plain("C’est trop long. Il faut moins de {limit} signes.", limit=say.number(limit))


_WITH_FIGURES[errors.TooLong] = _too_long
