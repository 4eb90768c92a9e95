"""What is wrong with a setting, in one line that names it."""

from bot.settings import SettingProblem, WrongSetting
from locales.sentences import sentence
from locales.translator import Translator

_SENTENCES: dict[SettingProblem, str] = {
    SettingProblem.MISSING: sentence("Il manque {name}."),
    SettingProblem.NOT_A_TOKEN: sentence("{name} n’a pas la forme 123456:ABC, que donne @BotFather."),
    SettingProblem.NOT_AN_ADDRESS: sentence("{name} n’a pas la forme adresse:port, par exemple 127.0.0.1:8080."),
    SettingProblem.SECRET_MISSING: sentence(
        "Il manque {name}, un secret de votre choix, qui va avec l’adresse webhook."
    ),
    SettingProblem.NOT_HTTPS: sentence("{name} doit commencer par https://"),
    SettingProblem.NOT_ONE_OF: sentence("{name} accepte seulement : {expected}."),
    SettingProblem.NOT_A_NUMBER: sentence("{name} doit être un nombre."),
    SettingProblem.TOO_SMALL: sentence("{name} doit être au moins {expected}."),
    SettingProblem.NOT_HTTP: sentence("{name} doit commencer par https:// ou http://"),
    SettingProblem.NOT_PLAIN: sentence(
        "{name} : 256 signes au plus, sans accent ni espace (lettres, chiffres, - et _)."
    ),
    SettingProblem.NOT_A_DATABASE: sentence(
        "{name} doit avoir la forme sqlite:///fichier ou postgresql://nom:motdepasse@serveur:5432/base"
    ),
    SettingProblem.NOT_REDIS: sentence("{name} doit commencer par redis:// ou rediss://"),
    SettingProblem.NOT_SMTP: sentence("{name} n’a pas la forme smtp://nom:motdepasse@serveur:587 ou smtps://…"),
    SettingProblem.NOT_A_SENDER: sentence("{name} n’est pas une adresse e-mail, par exemple bonjour@ville.fr."),
    SettingProblem.SENDER_MISSING: sentence("Il manque {name}, l’adresse qui envoie les e-mails."),
    SettingProblem.NO_SUCH_COUNCIL: sentence("{name} : aucun conseil n’a ce code."),
    SettingProblem.UNREADABLE: sentence("{name} ne peut pas être lu."),
}


def setting_sentence(wrong: WrongSetting, say: Translator) -> str:
    """As bare text."""
    return say.plain(_SENTENCES[wrong.problem], name=wrong.name, expected=wrong.expected)
