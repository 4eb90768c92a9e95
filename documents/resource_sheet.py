"""The sheet of resource actors, read by its French headings, whatever their order and spelling."""

from dataclasses import dataclass, field

from council.errors import Refusal
from council.folding import fold
from council.resource_actor_values import ActorField
from documents.sheet_reading import Row, read_rows

SHEET_LIMIT = 2 * 1024 * 1024
"""Bytes."""
HEADINGS_WITHIN = 10
"""Rows in which the headings are looked for: a title may stand above them."""

_HEADINGS: dict[ActorField, tuple[str, ...]] = {
    ActorField.NAME: (
        "nom", "noms", "structure", "association", "organisme", "acteur", "acteur ressource", "acteurs ressources",
        "nom de la structure", "nom de l association", "nom de l organisme", "nom structure", "denomination",
    ),
    ActorField.THEMES: (
        "theme", "themes", "thematique", "thematiques", "domaine", "domaines", "sujet", "sujets", "theme s",
        "domaine d intervention", "domaines d intervention",
    ),
    ActorField.CONTACT: (
        "contact", "contacts", "personne", "personne a contacter", "interlocuteur", "interlocutrice", "referent",
        "referente", "nom du contact", "nom contact", "responsable",
    ),
    ActorField.PHONE: (
        "telephone", "telephones", "tel", "tel fixe", "portable", "mobile", "n de telephone", "no de telephone",
        "numero de telephone", "numero", "tel contact",
    ),
    ActorField.EMAIL: (
        "e mail", "email", "e mails", "emails", "mail", "mails", "courriel", "courriels", "mel", "adresse e mail",
        "adresse email", "adresse mail", "adresse electronique",
    ),
    ActorField.WEBSITE: ("site", "site web", "site internet", "web", "url", "lien", "page web", "adresse du site"),
    ActorField.COUNCILS: (
        "conseil", "conseils", "quartier", "quartiers", "conseils quartiers", "conseil quartier", "quartiers conseils",
        "quartier s", "conseil s", "conseil citoyen", "conseils citoyens", "secteur", "secteurs", "territoire",
        "territoires",
    ),
    ActorField.NOTE: (
        "note", "notes", "remarque", "remarques", "commentaire", "commentaires", "observation", "observations",
    ),
}  # fmt: skip
_FIELD_OF = {heading: each for each, headings in _HEADINGS.items() for heading in headings}


class NoNameColumn(Refusal):
    """No heading that says where the names stand."""


class NothingInSheet(Refusal):
    """Headings and nothing below them, or nothing at all."""


@dataclass(frozen=True)
class SheetLine:
    """One row, bare as it was written. `number` is the row's number in the sheet."""

    number: int
    cells: dict[ActorField, str] = field(default_factory=dict)


def read_resource_sheet(content: bytes) -> list[SheetLine]:
    """The rows below the headings.

    Raises SheetUnreadable, SheetTooLong, NothingInSheet, NoNameColumn.
    """
    rows = read_rows(content)
    if not rows:
        raise NothingInSheet
    place, columns = _headings(rows)
    lines = [
        SheetLine(number, {each: cells[column] for each, column in columns.items() if column < len(cells)})
        for number, cells in rows[place + 1 :]
    ]
    lines = [each for each in lines if any(each.cells.values())]
    if not lines:
        raise NothingInSheet
    return lines


def _headings(rows: list[Row]) -> tuple[int, dict[ActorField, int]]:
    """Where the headings stand, and the column of each field; of two for the same field the first counts."""
    for place, (_, cells) in enumerate(rows[:HEADINGS_WITHIN]):
        columns: dict[ActorField, int] = {}
        for column, cell in enumerate(cells):
            known = _FIELD_OF.get(fold(cell))
            if known is not None:
                columns.setdefault(known, column)
        if ActorField.NAME in columns:
            return place, columns
    raise NoNameColumn
