"""The directory of resource actors: looking for one, an entry, and changing it. Redirecting a request uses it too."""

from collections.abc import Sequence

from markupsafe import Markup

from council.errors import Refusal
from council.resource_actor_values import ActorField
from council.resource_actors import ActorLine, ActorView, Theme
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold, grid, quoted, shorten
from handlers.cards.dialogue import open_step_row
from handlers.cards.home import home_button, home_entry, home_row
from handlers.cards.pages import page_of, page_row
from handlers.cards.refusals import refusal_sentence
from handlers.cards.steps import step_rows
from handlers.cards.team import who_sees_team
from locales.sentences import sentence
from locales.translator import Translator
from storage.programme import CouncilView

A_PAGE = 8
THEMES_A_PAGE = 12
MOST_FOUND = 16
_LABEL_LIMIT, _NOTE_SHOWN = 40, 500


@press("ra")
class ActorsPress(Press):
    """Opens the directory."""

    page: int


@press("rat")
class ActorThemePress(Press):
    """Those of one theme; `redirect` is the request for which somebody is looked for."""

    theme: str
    page: int
    redirect: int | None


@press("raw")
class SearchActorsPress(Press):
    """Begins to search by a word."""


@press("ra1")
class ActorPress(Press):
    """Opens an entry."""

    actor: int
    redirect: int | None


@press("rad")
class RedirectPress(Press):
    """Begins to look for a resource actor to whom a request is redirected."""

    request: int


@press("radt")
class RedirectThemesPress(Press):
    """Pages of the themes, in looking for somebody for a request."""

    request: int
    page: int


@press("rado")
class RedirectToPress(Press):
    """Asks whether the request goes there."""

    request: int
    actor: int


@press("radx")
class RedirectedPress(Press):
    """Redirects the request."""

    request: int
    actor: int


@press("ran")
class AddActorPress(Press):
    """Begins a new entry."""


@press("rans")
class SkipThemesPress(Press):
    """A new entry without themes."""


@press("ras")
class SheetPress(Press):
    """Begins to import a sheet."""


@press("rae")
class EditActorPress(Press):
    """What of the entry is to be changed?"""

    actor: int


@press("raf")
class EditFieldPress(Press):
    """Begins to write one field anew."""

    actor: int
    field: ActorField


@press("rac")
class ClearFieldPress(Press):
    """Empties a field."""

    actor: int
    field: ActorField


@press("rak")
class ActorCouncilsPress(Press):
    actor: int
    page: int


@press("rakt")
class TurnActorCouncilPress(Press):
    """Turns a council of the entry on or off; None: all councils."""

    actor: int
    council: int | None
    page: int


@press("rax")
class AskArchivePress(Press):
    actor: int


@press("raxx")
class ArchivePress(Press):
    actor: int


home_entry(61, sentence("📇 Acteurs ressources"), ActorsPress(0), who_sees_team)

_FIELDS: dict[ActorField, str] = {
    ActorField.NAME: sentence("Nom"),
    ActorField.THEMES: sentence("Thèmes"),
    ActorField.CONTACT: sentence("Contact"),
    ActorField.PHONE: sentence("Téléphone"),
    ActorField.EMAIL: sentence("E-mail"),
    ActorField.WEBSITE: sentence("Site internet"),
    ActorField.COUNCILS: sentence("Conseils"),
    ActorField.NOTE: sentence("Note"),
}
_QUESTIONS: dict[ActorField, str] = {
    ActorField.NAME: sentence("Quel est le nom de l’association ou de la personne ?"),
    ActorField.THEMES: sentence("Sur quels thèmes ? Mettez une virgule entre les thèmes."),
    ActorField.CONTACT: sentence("À qui faut-il parler ?"),
    ActorField.PHONE: sentence("Quel est le numéro de téléphone ?"),
    ActorField.EMAIL: sentence("Quelle est l’adresse e-mail ?"),
    ActorField.WEBSITE: sentence("Quelle est l’adresse du site internet ?"),
    ActorField.NOTE: sentence("Quelle note voulez-vous garder ? L’équipe seule la voit."),
}


def field_words(field: ActorField, say: Translator) -> str:
    """The name of a field, bare."""
    return say.plain(_FIELDS[field])


def contact_lines(say: Translator, view: ActorView, *, site: bool = True) -> tuple[Markup, ...]:
    """How to reach a resource actor, for whoever is sent there: at most four lines, only what is known.

    Without `site` where a button leads to it.
    """
    lines = [bold(view.name)]
    if view.contact_name and view.phone:
        lines.append(say("Contact : {name}, {phone}", name=view.contact_name, phone=view.phone))
    elif view.contact_name:
        lines.append(say("Contact : {name}", name=view.contact_name))
    elif view.phone:
        lines.append(say("Téléphone : {phone}", phone=view.phone))
    if view.email:
        lines.append(say("E-mail : {email}", email=view.email))
    if site and view.website:
        lines.append(say("Site : {website}", website=view.website))
    return tuple(lines)


def directory_card(
    say: Translator, themes: Sequence[Theme], count: int, page: int, *, keeps: bool, draft_open: bool = False
) -> Card:
    """`keeps`: the reader may change the directory. `draft_open`: they came from one, and go back to it.

    A search would take the next words, which are the draft's.
    """
    words = Lines().add(
        bold(say("Acteurs ressources")),
        say.plural("{n} acteur dans l’annuaire.", "{n} acteurs dans l’annuaire.", count),
    )
    rows: list[tuple[Button, ...]] = []
    if count:
        words.add(say("Choisissez un thème.") if draft_open else say("Choisissez un thème, ou cherchez un mot."))
    if count and not draft_open:
        rows.append((Button(say.plain("🔎 Chercher un mot"), SearchActorsPress()),))
    rows.extend(theme_rows(say, themes, page, None))
    if draft_open:
        rows.append(open_step_row(say))
    elif keeps:
        rows.append((Button(say.plain("➕ Ajouter"), AddActorPress()), Button(say.plain("📥 Importer"), SheetPress())))
    return Card(words.text, (*rows, home_row(say)))


def search_card(say: Translator) -> Card:
    words = Lines().add(say("Quel mot cherchez-vous ?"), say("Un nom, un thème ou un quartier."))
    return Card(words.text, step_rows(say, ActorsPress(0)))


def theme_card(say: Translator, theme: str, found: Sequence[ActorLine], pressed: ActorThemePress) -> Card:
    """Those of one theme; `theme` is its name, bare."""
    shown, page, last = page_of(found, pressed.page, A_PAGE)

    def turn_to(to: int) -> Press:
        return ActorThemePress(pressed.theme, to, pressed.redirect)

    rows = (*_entry_rows(shown, pressed.redirect), *page_row(page, last, turn_to, say))
    return Card(_found_words(say, theme, len(found)).text, (*rows, _back_row(say, pressed.redirect)))


def found_card(say: Translator, words: str, found: Sequence[ActorLine], redirect: int | None) -> Card:
    """What a search for `words` found. Of many only the first are shown: one word more finds fewer."""
    told = _found_words(say, shorten(say.plain("« {words} »", words=words), 100), len(found))
    if len(found) > MOST_FOUND:
        told.add(say("Voici les premiers. Écrivez un mot de plus pour en voir moins."))
    rows = _entry_rows(found[:MOST_FOUND], redirect)
    if redirect is None:
        rows = (*rows, (Button(say.plain("🔎 Chercher un autre mot"), SearchActorsPress()),))
    return Card(told.text, (*rows, _back_row(say, redirect)))


def actor_card(say: Translator, view: ActorView, *, keeps: bool, redirect: int | None = None, done: str = "") -> Card:
    """One entry. `done` is what has just been done."""
    words = Lines()
    if done:
        words.add(done)
    words.add(*contact_lines(say, view, site=False))
    if view.themes:
        words.add(say("Thèmes : {themes}", themes=say.enumeration(view.themes)))
    if view.councils:
        words.add(say("Conseils : {councils}", councils=shorten(say.enumeration(view.councils), 300)))
    if keeps and view.note:
        words.add(quoted(shorten(view.note, _NOTE_SHOWN)))
    if view.archived:
        words.add(say("Cet acteur n’est plus dans l’annuaire."))
    rows: list[tuple[Button, ...]] = []
    if redirect is not None and keeps and not view.archived:
        rows.append((Button(say.plain("➡️ Orienter vers cet acteur"), RedirectToPress(redirect, view.id)),))
    elif keeps and not view.archived:
        change = Button(say.plain("✏️ Changer"), EditActorPress(view.id))
        rows.append((change, Button(say.plain("Retirer"), AskArchivePress(view.id))))
    if view.website:
        rows.append((Button(say.plain("🌐 Ouvrir le site"), url=view.website),))
    return Card(words.text, (*rows, _back_row(say, redirect)))


def edit_card(say: Translator, view: ActorView) -> Card:
    words = Lines().add(bold(view.name), say("Que voulez-vous changer ?"))
    fields = [each for each in ActorField if each is not ActorField.COUNCILS]
    buttons = [Button(field_words(each, say), EditFieldPress(view.id, each)) for each in fields]
    buttons.append(Button(field_words(ActorField.COUNCILS, say), ActorCouncilsPress(view.id, 0)))
    back = Button(say.plain("Retour"), ActorPress(view.id, None))
    return Card(words.text, (*grid(buttons, 2), (back, home_button(say))))


def field_card(say: Translator, view: ActorView, field: ActorField, trouble: Refusal | None = None) -> Card:
    """Asks for one field of an entry."""
    words = Lines()
    if trouble is not None:
        words.add(refusal_sentence(trouble, say))
    words.add(bold(view.name), say(_QUESTIONS[field]))
    now = _field_value(view, field)
    rows: tuple[tuple[Button, ...], ...] = ()
    if now:
        words.add(say("Aujourd’hui :"), quoted(shorten(now, _NOTE_SHOWN)))
        if field is not ActorField.NAME:
            rows = ((Button(say.plain("Vider"), ClearFieldPress(view.id, field)),),)
    return Card(words.text, (*rows, *step_rows(say, EditActorPress(view.id))))


def new_name_card(say: Translator, trouble: Refusal | None = None) -> Card:
    return _question_card(say, ActorField.NAME, trouble, None)


def new_themes_card(say: Translator, name: str, trouble: Refusal | None = None) -> Card:
    return _question_card(say, ActorField.THEMES, trouble, name)


def actor_councils_card(say: Translator, view: ActorView, councils: Sequence[CouncilView], page: int) -> Card:
    words = Lines().add(bold(view.name), say("Dans quels conseils ?"))
    if not view.council_ids:
        words.add(say("En ce moment : dans tous."))
    shown, page, last = page_of(councils, page, A_PAGE)
    rows: list[tuple[Button, ...]] = []
    for each in shown:
        label = shorten(each.name, _LABEL_LIMIT)
        if each.id in view.council_ids:
            label = say.plain("✅ {label}", label=label)
        rows.append((Button(label, TurnActorCouncilPress(view.id, each.id, page)),))
    rows.extend(page_row(page, last, lambda to: ActorCouncilsPress(view.id, to), say))
    if view.council_ids:
        rows.append((Button(say.plain("Tous les conseils"), TurnActorCouncilPress(view.id, None, page)),))
    rows.append((Button(say.plain("Continuer ▶"), ActorPress(view.id, None)),))
    return Card(words.text, tuple(rows))


def ask_archive_card(say: Translator, view: ActorView) -> Card:
    words = Lines().add(bold(say("Retirer {name} de l’annuaire ?", name=view.name)))
    words.add(say("Les demandes déjà orientées gardent ce contact."))
    yes = Button(say.plain("Oui, retirer"), ArchivePress(view.id))
    return Card(words.text, ((yes, Button(say.plain("Non"), ActorPress(view.id, None))),))


def _found_words(say: Translator, title: str, count: int) -> Lines:
    words = Lines().add(bold(shorten(title, 100)))
    if count:
        return words.add(say.plural("{n} acteur trouvé.", "{n} acteurs trouvés.", count))
    return words.add(say("Je n’ai trouvé personne."), say("Essayez un autre mot, ou un thème."))


def _entry_rows(found: Sequence[ActorLine], redirect: int | None) -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(shorten(each.name, _LABEL_LIMIT), ActorPress(each.id, redirect)),) for each in found)


def _back_row(say: Translator, redirect: int | None) -> tuple[Button, ...]:
    back = Button(say.plain("Retour"), ActorsPress(0) if redirect is None else RedirectThemesPress(redirect, 0))
    return (back, home_button(say))


def _question_card(say: Translator, field: ActorField, trouble: Refusal | None, name: str | None) -> Card:
    words = Lines()
    if trouble is not None:
        words.add(refusal_sentence(trouble, say))
    words.add(bold(name) if name else bold(say("Un nouvel acteur ressource")), say(_QUESTIONS[field]))
    skip = ((Button(say.plain("Passer"), SkipThemesPress()),),) if field is ActorField.THEMES else ()
    return Card(words.text, (*skip, *step_rows(say)))


def theme_rows(
    say: Translator, themes: Sequence[Theme], page: int, redirect: int | None
) -> tuple[tuple[Button, ...], ...]:
    """Themes as buttons; `redirect` is the request for which somebody is looked for."""
    shown, page, last = page_of(themes, page, THEMES_A_PAGE)
    buttons = [
        Button(
            say.plain("{theme} ({n})", theme=shorten(each.name, 24), n=say.number(each.count)),
            ActorThemePress(each.code, 0, redirect),
        )
        for each in shown
    ]

    def turn_to(to: int) -> Press:
        return ActorsPress(to) if redirect is None else RedirectThemesPress(redirect, to)

    return (*grid(buttons, 2), *page_row(page, last, turn_to, say))


def _field_value(view: ActorView, field: ActorField) -> str:
    values = {
        ActorField.NAME: view.name,
        ActorField.THEMES: ", ".join(view.themes),
        ActorField.CONTACT: view.contact_name,
        ActorField.PHONE: view.phone,
        ActorField.EMAIL: view.email,
        ActorField.WEBSITE: view.website,
        ActorField.NOTE: view.note,
    }
    return values.get(field, "")
