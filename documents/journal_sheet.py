"""The journal as a workbook: one line an act, the latest first, with days that can be sorted.

Words are written as words: none becomes a formula or a link.
"""

import io
from collections.abc import Sequence

from council.journal import JournalLine
from documents.journal_words import KINDS, act_words, what_words, who_words
from locales.translator import Translator

_WIDTHS = (18, 20, 70, 28, 20)
_SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def journal_sheet(lines: Sequence[JournalLine], say: Translator) -> bytes:
    """An .xlsx; days and hours are those of the translator's time zone."""
    from xlsxwriter import Workbook

    written = io.BytesIO()
    book = Workbook(written, _SAFE)
    head, moment = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    sheet = book.add_worksheet(say.plain("Journal"))
    if say.is_rtl:
        sheet.right_to_left()
    for column, (heading, width) in enumerate(zip(_headings(say), _WIDTHS, strict=True)):
        sheet.write_string(0, column, heading, head)
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(lines), 1), len(_WIDTHS) - 1)
    for row, each in enumerate(lines, 1):
        sheet.write_datetime(row, 0, each.at.astimezone(say.timezone).replace(tzinfo=None), moment)
        for column, words in enumerate(_cells(say, each), 1):
            sheet.write_string(row, column, words)
    book.close()
    return written.getvalue()


def _headings(say: Translator) -> tuple[str, ...]:
    return (
        say.plain("Quand"),
        say.plain("Qui"),
        say.plain("Ce qui a été fait"),
        say.plain("Sur quoi"),
        say.plain("Sujet"),
    )


def _cells(say: Translator, line: JournalLine) -> tuple[str, ...]:
    return (
        who_words(say, line),
        str(act_words(say, line).unescape()),
        what_words(say, line),
        say.plain(KINDS[line.kind]) if line.kind is not None else "",
    )
