"""The home menu: where every screen leads back to."""

from council.actors import Actor
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold
from locales.translator import Translator


@press("home")
class HomePress(Press):
    """Back to the home menu."""


def home_button(say: Translator) -> Button:
    return Button(say.plain("🏠 Accueil"), HomePress())


def home_row(say: Translator) -> tuple[Button, ...]:
    return (home_button(say),)
