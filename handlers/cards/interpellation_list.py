"""What a council has asked of institutions: the list, and the public register as files."""

from collections.abc import Mapping
from dataclasses import replace

from markupsafe import Markup

from council.register import LAST_PAGE, InterpellationPage, ListedInterpellation
from handlers.buttons import Press, press
from handlers.cards.card import NOTHING, Button, Card, Lines, Media, MediaKind, bold, shorten
from handlers.cards.home import home_button, home_row
from handlers.cards.interpellation import OpenInterpellationPress
from handlers.cards.interpellation_words import state_words
from handlers.cards.pages import page_of, page_row
from handlers.cards.profile import CouncilsPress
from locales.translator import Translator

A_PAGE = 4
_COUNCILS_A_PAGE = 8
_TITLE_LIMIT, _NAME_LIMIT = 40, 40


@press("ril")
class RegisterPress(Press):
    """A page of what that council has asked; None: of mine, or which of mine?"""

    council: int | None = None
    page: int = 0


@press("rilc")
class RegisterCouncilsPress(Press):
    """A page of the councils to choose from."""

    page: int


@press("rilf")
class RegisterFilesPress(Press):
    """Sends the public register of that council as files."""

    council: int


def interpellations_card(say: Translator, listed: InterpellationPage) -> Card:
    """A page, a line for each; one tap opens one."""
    words = Lines().add(bold(say("Questions du conseil : {council}", council=shorten(listed.council, _NAME_LIMIT))))
    words.add_all(_line(say, each) for each in listed.rows)
    if not listed.rows:
        words.add(say("Ce conseil n’a pas encore posé de question."))
    opens = tuple((Button(_label(say, each), OpenInterpellationPress(each.id)),) for each in listed.rows)
    last = min(listed.page + listed.more, LAST_PAGE)
    turning = page_row(listed.page, last, lambda to: RegisterPress(listed.council_id, to), say)
    files = Button(say.plain("📄 Registre public"), RegisterFilesPress(listed.council_id))
    taking = ((files,),) if listed.may_take and listed.rows else ()
    return Card(words.text, (*opens, *turning, *taking, home_row(say)))


def register_councils_card(say: Translator, councils: Mapping[int, str], page: int) -> Card:
    """Of which council? Whoever follows none is led to where one is chosen."""
    words = Lines().add(bold(say("Questions des conseils")))
    words.add(say("De quel conseil ?") if councils else say("Vous ne suivez pas encore de conseil."))
    shown, page, last = page_of(tuple(councils.items()), page, _COUNCILS_A_PAGE)
    rows = [(Button(shorten(name, _NAME_LIMIT), RegisterPress(each)),) for each, name in shown]
    choose = () if councils else ((Button(say.plain("Choisir mes conseils"), CouncilsPress(0)),),)
    return Card(words.text, (*rows, *page_row(page, last, RegisterCouncilsPress, say), *choose, home_row(say)))


def register_cards(say: Translator, council_id: int, council: str, files: Mapping[str, bytes]) -> tuple[Card, ...]:
    """A message for each file, by its name; the last one leads back."""
    documents = [Media(MediaKind.DOCUMENT, content=content, file_name=name) for name, content in files.items()]
    words = Lines().add(
        bold(say("Registre public : {council}", council=shorten(council, _NAME_LIMIT))),
        say("Un fichier pour un tableur, un fichier pour un programme."),
        say("Il n’y a aucun nom d’habitant dedans."),
    )
    first, *rest = documents
    back = (Button(say.plain("Retour"), RegisterPress(council_id)), home_button(say))
    cards = [Card(words.text, media=first), *(Card(NOTHING, media=each) for each in rest)]
    return (*cards[:-1], replace(cards[-1], rows=(back,)))


def _line(say: Translator, each: ListedInterpellation) -> Markup:
    """« I-2026-003, Ville de Toulouse : envoyée. Réponse attendue avant le jeu. 12 mars. »."""
    partner, state = shorten(each.partner, _NAME_LIMIT), state_words(say, each.state)
    if each.due_at is not None:
        return say(
            "{number}, {partner} : {state}. Réponse attendue avant le {day}.",
            number=each.number,
            partner=partner,
            state=state,
            day=say.short_date(each.due_at),
        )
    if each.answered_at is not None:
        return say(
            "{number}, {partner} : {state}. Réponse du {day}.",
            number=each.number,
            partner=partner,
            state=state,
            day=say.short_date(each.answered_at),
        )
    return say("{number}, {partner} : {state}.", number=each.number, partner=partner, state=state)


def _label(say: Translator, each: ListedInterpellation) -> str:
    return say.plain("{number} – {title}", number=each.number, title=shorten(each.title, _TITLE_LIMIT))
