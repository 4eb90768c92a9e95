"""Redirecting a request to a resource actor: to whom, and whether it is so."""

from collections.abc import Sequence

from council.resource_actors import ActorView, Theme
from handlers.cards.card import Button, Card, Lines, bold, shorten
from handlers.cards.home import home_row
from handlers.cards.resource_actor import ActorPress, RedirectedPress, contact_lines, theme_rows
from handlers.cards.steps import step_rows
from locales.translator import Translator


def whom_card(say: Translator, number: str, themes: Sequence[Theme], page: int, request: int) -> Card:
    """Looks for somebody to whom a request goes."""
    words = Lines().add(
        bold(say("Orienter la demande {number}", number=number)),
        say("Vers quel acteur ressource ?"),
        say("Choisissez un thème, ou écrivez un mot.") if themes else say("L’annuaire est vide."),
    )
    return Card(words.text, (*theme_rows(say, themes, page, request), *step_rows(say)))


def ask_redirect_card(say: Translator, number: str, view: ActorView, request: int, partners: Sequence[str]) -> Card:
    """Before a request is redirected: what happens then, and who hears of it by e-mail."""
    words = Lines().add(
        bold(say("Orienter la demande {number} ?", number=number)),
        say("J’envoie ce contact à la personne :"),
        *contact_lines(say, view, site=False),
    )
    if partners:
        names = shorten(say.enumeration(partners), 300)
        words.add(say("J’écris aussi un e-mail à : {names}.", names=names))
    yes = Button(say.plain("Oui, orienter"), RedirectedPress(request, view.id))
    return Card(words.text, ((yes, Button(say.plain("Retour"), ActorPress(view.id, request))), *step_rows(say)))


def redirected_card(say: Translator, number: str, view: ActorView, partners: Sequence[str]) -> Card:
    words = Lines().add(
        say("C’est fait. La demande {number} est orientée vers {name}.", number=number, name=view.name),
        say("La personne reçoit le contact."),
    )
    if partners:
        names = shorten(say.enumeration(partners), 300)
        words.add(say("Un e-mail part vers : {names}.", names=names))
    return Card(words.text, (home_row(say),))
