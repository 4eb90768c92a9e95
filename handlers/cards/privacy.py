"""Privacy: the notice, one's own data, leaving."""

from markupsafe import Markup

from council.actors import Actor
from council.settings import ProgrammeSettings
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, Media, MediaKind, bold
from handlers.cards.home import HomePress, StartPress, home_row, who_manages
from handlers.cards.languages import language_name
from handlers.cards.privacy_notice import five_lines, whole_notice
from locales.translator import REFERENCE, Translator, translator


@press("pv")
class PrivacyPress(Press):
    """The five lines."""


@press("pvall")
class WholeNoticePress(Press):
    """The whole notice; `in_french`: as it counts, whatever language one reads."""

    in_french: bool


@press("data")
class MyDataPress(Press):
    """The files with everything."""


@press("leave")
class LeavePress(Press):
    """Asks before erasing."""


@press("erase")
class ErasePress(Press):
    """Erases for good."""


def privacy_card(programme: ProgrammeSettings, known: Actor | None, say: Translator) -> Card:
    whole = (Button(say.plain("Lire tout"), WholeNoticePress(in_french=False)),)
    if known is None:
        start = (Button(say.plain("Commencer"), StartPress()),)
        return Card(_five(programme, say), rows=(whole, start))
    mine = (Button(say.plain("Mes données"), MyDataPress()), Button(say.plain("Tout effacer"), LeavePress()))
    return Card(_five(programme, say), rows=(whole, mine, home_row(say)))


def whole_notice_card(programme: ProgrammeSettings, say: Translator, *, in_french: bool) -> Card:
    reader = translator(REFERENCE, programme.timezone) if in_french else say
    back = Button(say.plain("Retour"), PrivacyPress())
    row: tuple[Button, ...] = (back,)
    if say.language != REFERENCE:
        original = Button(say.plain("Texte français"), WholeNoticePress(in_french=True))
        translated = Button(language_name(say.language), WholeNoticePress(in_french=False))
        row = (translated if in_french else original, back)
    return Card(whole_notice(programme, reader), rows=(row,))


def my_data_cards(page: bytes, data: bytes, say: Translator) -> tuple[Card, Card]:
    readable = Media(MediaKind.DOCUMENT, content=page, file_name="mes-donnees.html")
    for_computers = Media(MediaKind.DOCUMENT, content=data, file_name="mes-donnees.json")
    return (
        Card(say("Voici tout ce que je garde sur vous. Ouvrez ce fichier."), media=readable),
        Card(say("La même chose, pour un ordinateur."), media=for_computers, rows=(home_row(say),)),
    )


def leave_card(actor: Actor, say: Translator) -> Card:
    words = Lines().add(
        bold(say("Effacer votre compte ?")),
        say("J’efface votre nom, vos choix, vos réponses à venir."),
        # In a private chat Telegram lets a bot delete what is two days old at most.
        say("J’efface les messages de vos demandes, sauf dans le Telegram de l’équipe."),
        say("Je garde vos réponses passées et vos actions, sans votre nom."),
        say("Le conseil doit pouvoir compter les participants."),
    )
    if who_manages(actor):
        words.add(say("Vos textes, vos réunions et vos annonces restent, sans votre nom."))
    else:
        words.add(say("Vos textes publiés restent, avec le nom « Un habitant »."))
    yes = Button(say.plain("Oui, tout effacer"), ErasePress())
    return Card(words.text, rows=((yes,), (Button(say.plain("Non, je reste"), HomePress()),)))


def erased_card(say: Translator) -> Card:
    words = Lines().add(
        say("C’est fait. Je ne sais plus qui vous êtes."),
        say("Vous pouvez aussi effacer cette conversation."),
        say("Merci, et à bientôt peut-être."),
    )
    return Card(words.text, rows=((Button(say.plain("Commencer"), StartPress()),),))


def _five(programme: ProgrammeSettings, say: Translator) -> Markup:
    return Lines().add(*five_lines(programme, say)).text
