"""What a person chose about themselves, and the buttons that change it."""

from collections.abc import Callable, Mapping

from council.actors import Actor
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold
from handlers.cards.home import StartPress, home_entry, home_row
from handlers.cards.joining import JoinLanguagePress
from handlers.cards.languages import language_name
from handlers.cards.pages import page_of, page_row
from handlers.cards.privacy import PrivacyPress
from handlers.cards.roles import role_where
from handlers.cards.steps import step_rows
from locales.sentences import sentence
from locales.translator import Translator
from storage.people import News

COUNCILS_A_PAGE = 8
NAMED_AT_MOST = 3
CHOSEN = "✅"


@press("pf")
class ProfilePress(Press):
    """The whole profile."""


@press("pfn")
class NamePress(Press):
    """Asks for another first name."""


@press("pftn")
class TelegramNamePress(Press):
    """Takes the first name that stands in Telegram."""


@press("pfl")
class LanguagesPress(Press):
    """The languages to choose from."""


@press("lang")
class LanguagePress(Press):
    language: str


@press("pfw")
class NewsPress(Press):
    """How news are taken; None: asks."""

    news: News | None


@press("mine")
class CouncilsPress(Press):
    """All councils, those that are followed marked."""

    page: int


@press("fol")
class FollowPress(Press):
    """Follows or leaves; it says which, so that a double tap is one."""

    council_id: int
    follow: bool
    page: int


home_entry(120, sentence("👤 Mon profil"), ProfilePress())

_NEWS = {
    News.EACH: sentence("Une par une"),
    News.DIGEST: sentence("Un message par jour"),
    News.NONE: sentence("Aucune"),
}


def profile_card(actor: Actor, news: News, councils: Mapping[int, str], say: Translator) -> Card:
    """`councils` are the names of all councils by id."""
    words = Lines().add(
        say("Prénom : {name}", name=actor.first_name),
        say("Langue : {language}", language=language_name(actor.language)),
        say("Conseils : {names}", names=_named([n for c, n in councils.items() if c in actor.follows], say)),
    )
    roles = [role_where(held.role, councils.get(held.council_id or 0), say) for held in actor.held]
    if roles:
        words.add(say("Rôles : {names}", names=_named(roles, say)))
    words.add(say("Nouvelles : {choice}", choice=say.plain(_NEWS[news])))
    rows = (
        (Button(say.plain("Prénom"), NamePress()), Button(say.plain("Langue"), LanguagesPress())),
        (Button(say.plain("Conseils"), CouncilsPress(0)), Button(say.plain("Nouvelles"), NewsPress(None))),
        (Button(say.plain("Données personnelles"), PrivacyPress()),),
        home_row(say),
    )
    return Card(words.text, rows=rows)


def name_card(actor: Actor, telegram_name: str, say: Translator) -> Card:
    """`telegram_name` "" when there is no other one to offer."""
    words = Lines().add(bold(say("Comment vous appeler ?")), say("Écrivez votre prénom."))
    rows = step_rows(say, back=ProfilePress())
    if telegram_name and telegram_name != actor.first_name:
        rows = ((Button(telegram_name, TelegramNamePress()),), *rows)
    return Card(words.text, rows=rows)


def languages_card(languages: tuple[str, ...], say: Translator, *, joined: bool = True) -> Card:
    """Who has not joined yet goes on to the question that is open, or to the first."""
    choose: Callable[[str], Press] = LanguagePress if joined else JoinLanguagePress
    buttons = tuple(
        Button(_marked(language_name(each), chosen=each == say.language), choose(each)) for each in languages
    )
    rows = tuple((each,) for each in buttons)
    back = Button(say.plain("Retour"), ProfilePress() if joined else StartPress())
    return Card(bold(say("Quelle langue ?")), rows=(*rows, (back, *home_row(say))))


def news_card(news: News, say: Translator) -> Card:
    words = Lines().add(
        bold(say("Comment voulez-vous recevoir les nouvelles ?")),
        say("Ce sont les annonces de vos conseils."),
        say("Vous recevez toujours ce qui vous concerne."),
        say("Par exemple : votre réunion est annulée."),
    )
    rows = tuple(
        (Button(_marked(say.plain(label), chosen=each is news), NewsPress(each)),) for each, label in _NEWS.items()
    )
    back = Button(say.plain("Retour"), ProfilePress())
    return Card(words.text, rows=(*rows, (back, *home_row(say))))


def councils_card(actor: Actor, councils: Mapping[int, str], page: int, say: Translator) -> Card:
    """`actor` as they are now; one button a council, to follow it or to leave it."""
    words = Lines().add(bold(say("Quels conseils suivre ?")))
    words.add(
        say("Ceux que vous suivez ont cette marque : {mark}", mark=CHOSEN)
        if actor.follows
        else say("Vous ne suivez pas encore de conseil.")
    )
    words.add(say("Appuyez sur un nom pour le suivre ou le quitter."))
    shown, page, last = page_of(list(councils.items()), page, COUNCILS_A_PAGE)
    rows: list[tuple[Button, ...]] = []
    for council_id, name in shown:
        followed = council_id in actor.follows
        rows.append((Button(_marked(name, chosen=followed), FollowPress(council_id, not followed, page)),))
    rows += page_row(page, last, CouncilsPress, say)
    return Card(words.text, rows=(*rows, home_row(say)))


def _marked(label: str, *, chosen: bool) -> str:
    return f"{CHOSEN} {label}" if chosen else label


def _named(names: list[str], say: Translator) -> str:
    """The first few in one breath: the others stand one screen further."""
    if not names:
        return say.plain("aucun")
    more = len(names) - NAMED_AT_MOST
    if more > 0:
        shown = say.enumeration(names[:NAMED_AT_MOST])
        return str(say.plural("{names} et encore {n}", "{names} et encore {n}", more, names=shown).unescape())
    return say.enumeration(names)
