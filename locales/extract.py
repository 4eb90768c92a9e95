"""For developers: `python -m locales.extract` brings every catalogue to the sentences that stand in the code.

French is its own translation, so that its catalogue is always complete; what the others lack is listed, and a test
refuses it.
"""

import sys
from datetime import UTC, datetime

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from locales.translator import CATALOGUES, REFERENCE, available_languages

ROOT = CATALOGUES.parent
SOURCES = ("handlers", "documents", "bot", "locales")
METHODS = [("**.py", "python"), ("**/templates/*.html", "jinja2")]
KEYWORDS: dict[str, tuple[int, ...] | None] = {"say": None, "plain": None, "plural": (1, 2), "sentence": None}


def sentences_in_code() -> Catalog:
    """Every French sentence that the code says."""
    found = Catalog(project="Porte-voix", charset="utf-8")
    for source in SOURCES:
        for path, line, message, comments, context in extract_from_dir(
            ROOT / source, METHODS, keywords=KEYWORDS, comment_tags=("For translators:",)
        ):
            found.add(message, locations=[(f"{source}/{path}", line)], auto_comments=comments, context=context)
    return found


def update(language: str, template: Catalog) -> Catalog:
    """Writes the catalogue of a language with the sentences of the code; sentences that are gone leave it."""
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    if language == REFERENCE:
        for message in catalogue:
            message.string = message.id
    catalogue.revision_date = catalogue.creation_date = datetime(2026, 1, 1, tzinfo=UTC)  # no noise in diffs
    with path.open("wb") as target:
        write_po(target, catalogue, width=120, sort_output=True, omit_header=False, include_lineno=False)
    return catalogue


def untranslated(catalogue: Catalog) -> list[str]:
    """Sentences without a translation."""
    return [str(m.id) for m in catalogue if m.id and not (all(m.string) if isinstance(m.string, tuple) else m.string)]


def main() -> int:
    """Updates all; returns the number of missing translations."""
    missing = 0
    for language in available_languages():
        # A template of its own for each: Babel hands its messages on as they are, and French fills them.
        for sentence in untranslated(update(language, sentences_in_code())):
            missing += 1
            sys.stdout.write(f"{language}: {sentence}\n")
    return missing


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
