"""The home menu: where every screen leads back to.

Features put their buttons here when their cards are imported, so that home knows none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from council.actors import Actor
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines
from locales.translator import Translator
from storage.people import Role


@press("home")
class HomePress(Press):
    """Back to the home menu."""


@press("start")
class StartPress(Press):
    """Begins to join."""


Who = Callable[[Actor], bool]


def everyone(_actor: Actor) -> bool:
    return True


def who_manages(actor: Actor) -> bool:
    """Leads and animators of some council, and the coordinator."""
    return actor.holds_anywhere(Role.LEAD, Role.ANIMATOR, Role.COORDINATOR)


def who_coordinates(actor: Actor) -> bool:
    return actor.is_coordinator


@dataclass(frozen=True)
class HomeEntry:
    """One button of the home menu; entries whose `order` has the same tens stand side by side."""

    order: int
    label: str
    press: Press
    who: Who


_ENTRIES: list[HomeEntry] = []


def home_entry(order: int, label: str, press: Press, who: Who = everyone) -> None:
    """Puts a button on the home menu: `home_entry(10, sentence("📅 Réunions"), MeetingsPress())`.

    `who` only decides who sees it: what the button does checks the right again.
    """
    _ENTRIES.append(HomeEntry(order, label, press, who))


def home_button(say: Translator) -> Button:
    return Button(say.plain("🏠 Accueil"), HomePress())


def home_row(say: Translator) -> tuple[Button, ...]:
    return (home_button(say),)


def home_card(actor: Actor | None, say: Translator, *news: str) -> Card:
    """The menu of a person by their roles, under what waits for them.

    For somebody who has not joined (None), the way to join.
    """
    if actor is None:
        return join_card(say)
    words = Lines().add(say("Bonjour {name}.", name=actor.first_name), *news, say("Que voulez-vous faire ?"))
    return Card(words.text, rows=_rows(actor, say))


def home_after(actor: Actor | None, say: Translator, *lines: str) -> Card:
    """A word, and the home menu under it."""
    return Card(Lines().add(*lines).text, rows=home_card(actor, say).rows)


def join_card(say: Translator) -> Card:
    """What somebody sees who has not joined yet."""
    words = Lines().add(
        say("Bonjour ! Je suis le robot des conseils citoyens."),
        say("Nous ne nous connaissons pas encore."),
        say("Voulez-vous commencer ?"),
    )
    return Card(words.text, rows=((Button(say.plain("Commencer"), StartPress()),),))


def _rows(actor: Actor, say: Translator) -> tuple[tuple[Button, ...], ...]:
    seen = sorted((each for each in _ENTRIES if each.who(actor)), key=lambda each: each.order)
    return tuple(
        tuple(Button(say.plain(each.label), each.press) for each in together)
        for _, together in groupby(seen, key=lambda each: each.order // 10)
    )
