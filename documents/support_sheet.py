"""The figures of a period as a workbook: one sheet for each cut, times in working hours, nobody's personal data.

Names of animators are in it, those of who asked are not. Words are written as words: none becomes a formula or a link.
"""

import io
from collections.abc import Callable, Sequence
from typing import Any

from council.support_figures import FACES, LEAST, Figures, SupportFigures
from locales.translator import Translator
from storage.support import SupportKind, Verdict

NOTHING = "–"
"""Stands where there is no base, or fewer than five values."""
_MINUTES = 60
_NAME_WIDTH, _WIDTH = 34, 15
_SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def support_sheet(figures: SupportFigures, kind_words: Callable[[SupportKind], str], say: Translator) -> bytes:
    """An .xlsx. `kind_words` names a kind of request."""
    from xlsxwriter import Workbook

    written = io.BytesIO()
    book = Workbook(written, _SAFE)
    formats = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "hours": book.add_format({"num_format": "0.0"}),
        "share": book.add_format({"num_format": "0%"}),
        "count": book.add_format({"num_format": "#,##0"}),
        "dash": book.add_format({"align": "right"}),
    }
    cuts: tuple[tuple[str, str, Sequence[Figures], Callable[[Any], str]], ...] = (
        (
            say.plain("Ensemble"),
            say.plain("Période"),
            (figures.everything,),
            lambda _label: f"{figures.dates.first.isoformat()} → {figures.dates.last.isoformat()}",
        ),
        (
            say.plain("Par conseil"),
            say.plain("Conseil"),
            figures.by_council,
            lambda label: label or say.plain("Sans conseil"),
        ),
        (say.plain("Par genre"), say.plain("Genre"), figures.by_kind, kind_words),
        (
            say.plain("Par personne"),
            say.plain("Qui répond"),
            figures.by_animator,
            lambda label: label or say.plain("Personne"),
        ),
    )
    for title, first_heading, rows, name in cuts:
        sheet = book.add_worksheet(title)
        if say.is_rtl:
            sheet.right_to_left()
        _write(sheet, first_heading, rows, name, formats, say)
    book.close()
    return written.getvalue()


def _write(
    sheet: Any,
    first_heading: str,
    rows: Sequence[Figures],
    name: Callable[[Any], str],
    formats: dict[str, Any],
    say: Translator,
) -> None:
    for column, heading in enumerate((first_heading, *_headings(say))):
        sheet.write_string(0, column, heading, formats["head"])
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, _NAME_WIDTH)
    sheet.set_column(1, len(_headings(say)), _WIDTH)
    for place, each in enumerate(rows, 1):
        sheet.write_string(place, 0, name(each.label))
        for column, (value, kind) in enumerate(_values(each), 1):
            if value is None:
                sheet.write_string(place, column, NOTHING, formats["dash"])
            else:
                sheet.write_number(place, column, value, formats[kind])


def _headings(say: Translator) -> tuple[str, ...]:
    return (
        say.plain("Demandes"),
        say.plain("Réponses données"),
        say.plain("Première réponse, médiane (heures de travail)"),
        say.plain("Première réponse, 90 % au plus (heures de travail)"),
        say.plain("Demandes réalisées"),
        say.plain("Réalisation, médiane (heures de travail)"),
        say.plain("Réalisation, 90 % au plus (heures de travail)"),
        say.plain("Avis donnés"),
        say.plain("Résolu"),
        say.plain("En partie"),
        say.plain("Non résolu"),
        say.plain("Part résolue"),
        *(say.plain("Visage {n} sur 5", n=say.number(face)) for face in FACES),
    )


def _values(each: Figures) -> tuple[tuple[float | None, str], ...]:
    """With the format of each; None becomes a dash."""
    return (
        (each.asked, "count"),
        (each.answered.count, "count"),
        (_hours(each.answered.median), "hours"),
        (_hours(each.answered.slow), "hours"),
        (each.carried_out.count, "count"),
        (_hours(each.carried_out.median), "hours"),
        (_hours(each.carried_out.slow), "hours"),
        (each.judged if each.judged >= LEAST else None, "count"),
        *((each.verdicts.get(verdict), "count") for verdict in (Verdict.SOLVED, Verdict.PARTLY, Verdict.NO)),
        (each.solved_share, "share"),
        *((each.faces.get(face), "count") for face in FACES),
    )


def _hours(minutes: float | None) -> float | None:
    return None if minutes is None else minutes / _MINUTES
