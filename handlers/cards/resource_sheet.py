"""Importing the directory from a sheet: asking for it, what it would do, and what it did."""

from collections.abc import Sequence

from council.errors import Refusal
from council.resource_import import ImportPlan, LineProblem, LineTrouble
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold
from handlers.cards.home import home_button
from handlers.cards.pages import page_of, page_row
from handlers.cards.refusals import refusal_sentence
from handlers.cards.resource_actor import ActorsPress
from handlers.cards.steps import step_rows
from locales.sentences import sentence
from locales.translator import Translator

PROBLEMS_A_PAGE = 5


@press("rsp")
class SheetProblemsPress(Press):
    """The lines that are left out, a page at a time."""

    page: int


@press("rsb")
class SheetPreviewPress(Press):
    """Back to what the sheet would do."""


@press("rsok")
class ImportSheetPress(Press):
    """Writes what the preview of this `key` shows."""

    key: int


_TROUBLES: dict[LineTrouble, str] = {
    LineTrouble.NAME_MISSING: sentence("Ligne {n} : il manque le nom."),
    LineTrouble.TOO_LONG: sentence("Ligne {n} : un texte est trop long."),
    LineTrouble.TOO_MANY_THEMES: sentence("Ligne {n} : il y a plus de dix thèmes."),
    LineTrouble.BAD_PHONE: sentence("Ligne {n} : le téléphone n’est pas un numéro."),
    LineTrouble.BAD_EMAIL: sentence("Ligne {n} : l’e-mail n’est pas une adresse."),
    LineTrouble.BAD_WEBSITE: sentence("Ligne {n} : le site n’est pas une adresse."),
    LineTrouble.UNKNOWN_COUNCIL: sentence("Ligne {n} : je ne connais pas le conseil « {detail} »."),
    LineTrouble.NAMED_TWICE: sentence("Ligne {n} : ce nom est déjà à la ligne {detail}."),
}


def send_sheet_card(say: Translator, trouble: Refusal | None = None) -> Card:
    words = Lines()
    if trouble is not None:
        words.add(refusal_sentence(trouble, say))
    words.add(
        bold(say("Importer des acteurs ressources")),
        say("Envoyez un fichier .csv ou .xlsx."),
        say("Il faut une colonne « Nom »."),
        say("Vous pouvez ajouter : thèmes, contact, téléphone, e-mail, site, conseils, note."),
    )
    return Card(words.text, step_rows(say, ActorsPress(0)))


def sheet_preview_card(say: Translator, plan: ImportPlan, key: int) -> Card:
    """What the sheet would do; nothing is written yet."""
    words = Lines().add(bold(say("Voici ce que je vais faire :")))
    if plan.new:
        words.add(say.plural("{n} acteur nouveau.", "{n} acteurs nouveaux.", plan.new))
    if plan.changed:
        words.add(say.plural("{n} acteur changé.", "{n} acteurs changés.", plan.changed))
    if plan.unchanged:
        words.add(say.plural("{n} acteur déjà à jour.", "{n} acteurs déjà à jour.", plan.unchanged))
    rows: list[tuple[Button, ...]] = []
    if plan.problems:
        words.add(say.plural("{n} ligne a un problème.", "{n} lignes ont un problème.", len(plan.problems)))
        rows.append((Button(say.plain("Voir les problèmes"), SheetProblemsPress(0)),))
    if plan.new or plan.changed:
        words.add(say("Est-ce que j’importe ?"))
        rows.insert(0, (Button(say.plain("✅ Oui, importer"), ImportSheetPress(key)),))
    else:
        words.add(say("Il n’y a rien à importer."))
    return Card(words.text, (*rows, *step_rows(say, ActorsPress(0))))


def sheet_problems_card(say: Translator, problems: Sequence[LineProblem], page: int) -> Card:
    shown, page, last = page_of(problems, page, PROBLEMS_A_PAGE)
    words = Lines().add(bold(say("Ces lignes ne seront pas importées :")))
    words.add_all(say(_TROUBLES[each.trouble], n=each.number, detail=each.detail) for each in shown)
    back = Button(say.plain("Retour"), SheetPreviewPress())
    return Card(words.text, (*page_row(page, last, SheetProblemsPress, say), (back, home_button(say))))


def imported_card(say: Translator, new: int, changed: int) -> Card:
    words = Lines().add(
        say("C’est importé."),
        say.plural("{n} acteur nouveau.", "{n} acteurs nouveaux.", new),
        say.plural("{n} acteur changé.", "{n} acteurs changés.", changed),
    )
    directory = Button(say.plain("📇 Acteurs ressources"), ActorsPress(0))
    return Card(words.text, ((directory, home_button(say)),))
