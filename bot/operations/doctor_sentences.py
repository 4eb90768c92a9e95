"""Each finding in one line: what is wrong, and what to do. For whoever runs the program."""

from typing import Any

from bot.operations.findings import Code, Finding
from locales.sentences import sentence
from locales.translator import Translator

_SENTENCES: dict[Code, str] = {
    Code.SETTINGS_READ: sentence("Les réglages sont lisibles."),
    Code.TOKEN_MISSING: sentence("Il manque PORTEVOIX_BOT_TOKEN. Demandez un jeton à @BotFather."),
    Code.CLOCK_URL_SET: sentence("PORTEVOIX_CLOCK_URL ne sert qu’à la démonstration. Enlevez-le."),
    Code.ROLES_WITHOUT_REDIS: sentence(
        "PORTEVOIX_ROLES partage le travail, mais Redis manque. Donnez PORTEVOIX_REDIS_URL, le même partout."
    ),
    Code.DATABASE_READY: sentence("La base {engine} répond, et elle est à jour."),
    Code.DATABASE_MISSING: sentence("Il n’y a pas encore de base ici : {path}. Lancez : portevoix init toulouse"),
    Code.DATABASE_UNREACHABLE: sentence("La base ne répond pas ({reason}). Vérifiez PORTEVOIX_DATABASE_URL."),
    Code.DATABASE_BARE: sentence("La base est vide. Lancez : portevoix init toulouse"),
    Code.DATABASE_OLDER: sentence("La base n’est pas à jour ({found}, il faut {newest}). Lancez : portevoix migrate"),
    Code.DATABASE_NEWER: sentence(
        "La base ({found}) est plus récente que le programme ({newest}). Mettez le programme à jour."
    ),
    Code.FOREIGN_KEYS_OFF: sentence("SQLite ne surveille pas les liens entre tables. Installez un SQLite complet."),
    Code.WAL_OFF: sentence("SQLite n’a pas son journal WAL. Mettez la base sur un disque local, pas en réseau."),
    Code.DISK_FREE: sentence("Il y a de la place sur le disque : {megabytes} Mo."),
    Code.DISK_LOW: sentence("Il ne reste que {megabytes} Mo sur le disque. Faites de la place."),
    Code.PROGRAMME_PRESENT: sentence("Le programme est en place : {name}."),
    Code.PROGRAMME_MISSING: sentence("Aucun programme n’est en place. Lancez : portevoix init toulouse"),
    Code.CONTROLLER_MISSING: sentence(
        "Il manque le responsable des données. Complétez [controller] du fichier, puis : portevoix init FICHIER"
    ),
    Code.PROGRAMME_UNREADABLE: sentence("Le programme en place n’est plus lisible. Relancez : portevoix init FICHIER"),
    Code.COORDINATOR_PRESENT: sentence("Quelqu’un coordonne le programme."),
    Code.COORDINATOR_MISSING: sentence("Personne ne coordonne encore. Lancez : portevoix invite coordinator"),
    Code.CATALOGUES_COMPLETE: sentence("Tout est traduit : {languages}."),
    Code.CATALOGUE_MISSING: sentence("La langue {language} n’est pas traduite. Enlevez-la du fichier du programme."),
    Code.OUTBOX_CALM: sentence("Les messages partent."),
    Code.NOTICES_LATE: sentence(
        "Des messages attendent depuis {minutes} minutes. Vérifiez que « portevoix run » tourne, avec le rôle sender."
    ),
    Code.NOTHING_SET_ASIDE: sentence("Tout ce que les gens ont envoyé a été traité."),
    Code.TELEGRAM_ANSWERS: sentence("Telegram répond, et connaît ce bot : @{username}."),
    Code.TELEGRAM_UNREACHABLE: sentence(
        "Telegram ne répond pas ({reason}). Vérifiez le réseau et PORTEVOIX_BOT_API_URL."
    ),
    Code.TELEGRAM_REFUSES: sentence("Telegram a répondu par une erreur ({status}). Réessayez dans quelques minutes."),
    Code.TOKEN_REFUSED: sentence("Telegram ne connaît pas ce jeton. Vérifiez PORTEVOIX_BOT_TOKEN chez @BotFather."),
    Code.CLOCK_RIGHT: sentence("L’heure de cette machine est juste."),
    Code.CLOCK_WRONG: sentence(
        "L’heure de cette machine est fausse de {seconds} secondes. Mettez-la à l’heure, par NTP."
    ),
    Code.UPDATES_FLOW: sentence("Les messages des gens arrivent comme prévu."),
    Code.WEBHOOK_UNWANTED: sentence(
        "Un webhook est posé, mais PORTEVOIX_WEBHOOK_URL manque. Lancez « portevoix run », qui l’enlève, ou donnez-la."
    ),
    Code.WEBHOOK_MISSING: sentence("Le webhook n’est pas encore posé. Lancez : portevoix run"),
    Code.WEBHOOK_ELSEWHERE: sentence(
        "Le webhook mène ailleurs que PORTEVOIX_WEBHOOK_URL. Un autre programme se sert-il de ce jeton ?"
    ),
    Code.WEBHOOK_FAILING: sentence(
        "Telegram n’arrive pas jusqu’au webhook : {reason}. Vérifiez le certificat et le serveur web."
    ),
    Code.COMMANDS_SET: sentence("Les commandes sont en place, avec /privacy."),
    Code.COMMANDS_MISSING: sentence("Les commandes ne sont pas encore en place. Lancez : portevoix run"),
    Code.GROUP_PRIVACY_ON: sentence("Dans les groupes, le bot ne lit que ce qui lui est adressé."),
    Code.GROUP_PRIVACY_OFF: sentence(
        "Le bot reçoit tout ce qui se dit dans les groupes. Chez @BotFather, activez : /setprivacy"
    ),
    Code.MAIL_ANSWERS: sentence("Le serveur d’e-mail répond."),
    Code.MAIL_UNREACHABLE: sentence("Le serveur d’e-mail ne répond pas ({reason}). Vérifiez PORTEVOIX_SMTP_URL."),
    Code.MAIL_LOGIN_REFUSED: sentence("Le serveur d’e-mail refuse le nom ou le mot de passe de PORTEVOIX_SMTP_URL."),
    Code.MAIL_TLS_FAILED: sentence(
        "Le serveur d’e-mail n’a pas de chiffrement valable ({reason}). Vérifiez PORTEVOIX_SMTP_URL et son certificat."
    ),
    Code.MAIL_REFUSES: sentence("Le serveur d’e-mail ne fait pas ce que PORTEVOIX_SMTP_URL demande ({reason})."),
    Code.MAIL_IN_CLEAR: sentence(
        "Les e-mails partent sans chiffrement, alors que le serveur le propose. Enlevez starttls=never."
    ),
    Code.PUBLIC_URL_MISSING: sentence(
        "Les lettres partent sans lien pour répondre en ligne. Donnez PORTEVOIX_PUBLIC_URL, l’adresse de vos pages."
    ),
    Code.REDIS_ANSWERS: sentence("Redis répond."),
    Code.REDIS_UNREACHABLE: sentence("Redis ne répond pas ({reason}). Vérifiez PORTEVOIX_REDIS_URL."),
}


def finding_sentence(finding: Finding, say: Translator) -> str:
    """One line, as bare text."""
    blanks = {name: _spoken(value, say) for name, value in finding.values.items()}
    if finding.code in _SENTENCES:
        return say.plain(_SENTENCES[finding.code], **blanks)
    return str(_counted(finding, say, int(finding.values["n"]), blanks).unescape())


def _counted(finding: Finding, say: Translator, n: int, blanks: dict[str, Any]) -> Any:
    blanks = {name: value for name, value in blanks.items() if name != "n"}
    match finding.code:
        case Code.CATALOGUE_INCOMPLETE:
            return say.plural(
                "Il manque {n} phrase dans la langue {language}. Mettez le programme à jour.",
                "Il manque {n} phrases dans la langue {language}. Mettez le programme à jour.",
                n,
                **blanks,
            )
        case Code.NOTICES_FAILED:
            return say.plural(
                "Depuis hier, {n} message n’a pas pu partir. Le journal en dit la raison.",
                "Depuis hier, {n} messages n’ont pas pu partir. Le journal en dit la raison.",
                n,
            )
        case Code.NOTICES_UNCERTAIN:
            return say.plural(
                "Depuis hier, {n} message est peut-être arrivé, peut-être pas. Vérifiez le réseau.",
                "Depuis hier, {n} messages sont peut-être arrivés, peut-être pas. Vérifiez le réseau.",
                n,
            )
        case Code.MAILS_UNSENT:
            return say.plural(
                "Depuis hier, {n} e-mail n’est pas parti, ou c’est incertain. L’équipe en est prévenue.",
                "Depuis hier, {n} e-mails ne sont pas partis, ou c’est incertain. L’équipe en est prévenue.",
                n,
            )
        case Code.UPDATES_SET_ASIDE:
            return say.plural(
                "{n} envoi n’a pas pu être traité. Cherchez {reference} dans le journal, et signalez-le.",
                "{n} envois n’ont pas pu être traités. Cherchez {reference} dans le journal, et signalez-le.",
                n,
                **blanks,
            )
        case Code.UPDATES_WAITING:
            return say.plural(
                "{n} envoi attend chez Telegram. Vérifiez que « portevoix run » tourne, avec le rôle inbound.",
                "{n} envois attendent chez Telegram. Vérifiez que « portevoix run » tourne, avec le rôle inbound.",
                n,
            )
    raise LookupError(finding.code)


def _spoken(value: Any, say: Translator) -> Any:
    return say.number(value) if isinstance(value, int | float) else value
