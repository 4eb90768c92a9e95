"""What the command line says, in the language of the terminal when it is one of ours.

What explains an error is imported when there is one: `portevoix --help` loads neither settings nor tables.
"""

import os
from functools import cache

from locales.sentences import sentence
from locales.translator import Translator, available_languages, choose_language, translator


@cache
def terminal_say() -> Translator:
    """The translator of the terminal's language; French when that is not one of ours."""
    asked = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return translator(choose_language(asked.split(".")[0], available_languages()))


def explain(error: BaseException) -> str | None:
    """One sentence for an error that a person can mend; None for a fault of ours."""
    explanations = (_explain_settings, _explain_running, _explain_programme, _explain_backup, _explain_files)
    return next((said for each in explanations if (said := each(error))), None)


def _explain_settings(error: BaseException) -> str | None:
    from bot.settings import WrongSetting
    from bot.settings_sentences import setting_sentence

    return setting_sentence(error, terminal_say()) if isinstance(error, WrongSetting) else None


_NOT_READY = {
    "database": sentence("La base de données ne répond pas. Vérifiez PORTEVOIX_DATABASE_URL."),
    "nothing": sentence("Il n’y a pas encore de base ici. Lancez d’abord : portevoix init"),
    "migrate": sentence("La base n’est pas à jour. Lancez d’abord : portevoix migrate"),
    "listen": sentence("On ne peut pas écouter à cette adresse. Vérifiez PORTEVOIX_LISTEN."),
}
_TELEGRAM_AWAY = (
    "TelegramNetworkError",
    "TelegramServerError",
    "ClientDecodeError",
    "NetworkError",
    "TimedOut",
    "ClientConnectorError",
)


def _explain_running(error: BaseException) -> str | None:
    from bot.readiness import NotReady

    say = terminal_say()
    if isinstance(error, NotReady):
        return say.plain(_NOT_READY[error.code])
    name = type(error).__name__  # named, not imported: these types live beside aiogram, which costs seconds
    if name in ("TokenRefused", "InvalidToken", "TelegramUnauthorizedError"):
        return say.plain("Telegram ne connaît pas ce jeton. Vérifiez PORTEVOIX_BOT_TOKEN.")
    if name == "AnotherPoller":
        return say.plain("Un autre Porte-voix écoute déjà ce robot. Arrêtez-le d’abord, puis relancez.")
    if name == "WebhookRefused":
        return say.plain("Telegram refuse cette adresse. Vérifiez PORTEVOIX_WEBHOOK_URL.")
    if name in _TELEGRAM_AWAY:
        return say.plain("Telegram ne répond pas. Vérifiez le réseau et PORTEVOIX_BOT_API_URL.")
    if name == "OperationalError" or isinstance(error, ConnectionRefusedError):
        return say.plain("La base de données ne répond pas. Vérifiez PORTEVOIX_DATABASE_URL.")
    if isinstance(error, OSError) and error.errno is not None and "address already in use" in str(error).lower():
        return say.plain("Ce port est déjà pris. Changez PORTEVOIX_LISTEN, ou --port pour la démonstration.")
    return None


def _explain_programme(error: BaseException) -> str | None:
    from council.boundaries import BoundaryFileError
    from council.errors import Refusal
    from council.programme_file import ProgrammeFileError
    from handlers.cards.programme_errors import boundary_error_lines, programme_error_lines
    from handlers.cards.refusals import refusal_sentence

    say = terminal_say()
    match error:
        case Refusal():
            return refusal_sentence(error, say)
        case ProgrammeFileError():
            return "\n".join(programme_error_lines(error, say))
        case BoundaryFileError():
            return "\n".join(boundary_error_lines(error, say))
    return None


def _explain_backup(error: BaseException) -> str | None:
    from bot.operations.backup_sentences import backup_sentence
    from bot.operations.errors import BackupRefused

    return backup_sentence(error, terminal_say()) if isinstance(error, BackupRefused) else None


def _explain_files(error: BaseException) -> str | None:
    say = terminal_say()
    if isinstance(error, FileNotFoundError):
        return say.plain("Ce fichier n’existe pas : {path}", path=error.filename)
    if isinstance(error, PermissionError):
        return say.plain("Ce fichier ne peut pas être ouvert : {path}", path=error.filename)
    return None
