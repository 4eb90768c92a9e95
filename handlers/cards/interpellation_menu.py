"""« Interroger une institution »: where one begins to write, and what waits for one's signature, vote or eyes."""

from collections.abc import Mapping, Sequence

from council.interpellations import Listed, Shelf
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold
from handlers.cards.home import home_entry, home_row
from handlers.cards.interpellation import OpenInterpellationPress
from handlers.cards.interpellation_list import RegisterPress
from handlers.cards.interpellation_words import listed_words
from handlers.cards.pages import page_of, page_row
from locales.sentences import sentence
from locales.translator import Translator

_A_PAGE = 6


@press("ips")
class InterpellationsPress(Press):
    """The menu."""


@press("ipnew")
class NewInterpellationPress(Press):
    """Begins to write."""


@press("ipl")
class ShelfPress(Press):
    """A page of one's own, or of those that wait for something."""

    shelf: Shelf
    page: int


home_entry(40, sentence("✉️ Interroger une institution"), InterpellationsPress())

_TITLES: dict[Shelf, str] = {
    Shelf.TO_OPEN: sentence("📥 À relire"),
    Shelf.TO_VOTE: sentence("🗳 À voter"),
    Shelf.TO_SIGN: sentence("✍️ À signer"),
    Shelf.MINE: sentence("📋 Mes questions"),
}


def menu_card(say: Translator, waiting: Mapping[Shelf, int]) -> Card:
    """`waiting`: how many stand on each shelf; an empty one has no button."""
    words = Lines().add(
        bold(say("Interroger une institution")),
        say("Un problème dure dans le quartier ?"),
        say("Écrivez à la mairie, au bailleur, au préfet…"),
        say("Les habitants signent, le conseil vote, la lettre part."),
    )
    rows = [(Button(say.plain("✏️ Écrire"), NewInterpellationPress()),)]
    for shelf, title in _TITLES.items():
        if waiting.get(shelf):
            label = say.plain("{title} ({n})", title=say.plain(title), n=say.number(waiting[shelf]))
            rows.append((Button(label, ShelfPress(shelf, 0)),))
    rows.append((Button(say.plain("🏘 Les questions du conseil"), RegisterPress()),))
    return Card(words.text, (*rows, home_row(say)))


def shelf_card(say: Translator, shelf: Shelf, listed: Sequence[Listed], page: int) -> Card:
    shown, page, last = page_of(listed, page, _A_PAGE)
    rows = [
        (Button(listed_words(say, each.number, each.title, each.state), OpenInterpellationPress(each.id)),)
        for each in shown
    ]
    words = Lines().add(bold(say(_TITLES[shelf])))
    if not listed:
        words.add(say("Il n’y a rien ici."))
    back = (Button(say.plain("Retour"), InterpellationsPress()),)
    return Card(words.text, (*rows, *page_row(page, last, lambda to: ShelfPress(shelf, to), say), back, home_row(say)))
