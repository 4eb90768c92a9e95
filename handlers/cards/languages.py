"""Languages under the names that their speakers give them."""

from collections.abc import Callable

from babel import Locale

from council.settings import ProgrammeSettings
from handlers.buttons import Press
from handlers.cards.card import Button
from locales.translator import available_languages


def offered_languages(programme: ProgrammeSettings) -> tuple[str, ...]:
    """Those of the programme that we speak."""
    spoken = available_languages()
    return tuple(each for each in programme.languages if each in spoken)


def language_name(language: str) -> str:
    """« Français », « English », « العربية »."""
    name = Locale.parse(language).get_display_name() or language
    return name[:1].upper() + name[1:]


def language_buttons(languages: tuple[str, ...], choose: Callable[[str], Press]) -> tuple[Button, ...]:
    return tuple(Button(language_name(each), choose(each)) for each in languages)
