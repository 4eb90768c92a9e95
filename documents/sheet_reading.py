"""Sheets that people send, .csv or .xlsx: rows of bare text. Nothing in them is evaluated."""

import csv
import io
import zipfile
from datetime import date, datetime
from typing import Any

from council.errors import Refusal

MOST_ROWS = 2_000
"""Rows with something in them, the headings too."""
MOST_COLUMNS = 40
CELL_LIMIT = 2_000
_ROWS_LOOKED_AT = 20_000  # empty ones in between count here
_UNPACKED_LIMIT = 60 * 1024 * 1024
_ZIP = b"PK\x03\x04"
_NO_SHEETS = (b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8")
"""How an old Excel file, a PDF, an RTF and pictures begin: all that is not one of ours could pass for a text."""

Row = tuple[int, tuple[str, ...]]
"""The row's number as a sheet program shows it, from 1, and its cells."""


class SheetUnreadable(Refusal):
    """Neither .csv nor .xlsx, or broken."""


class SheetTooLong(Refusal):
    """More than MOST_ROWS."""


def read_rows(content: bytes) -> list[Row]:
    """All rows that are not empty, with the numbers that people see.

    CSV: UTF-8, UTF-16 with its mark, or else Windows-1252; separated by semicolon, comma or tab. XLSX: the first sheet;
    of a formula the value that was stored with it.

    Raises SheetUnreadable, SheetTooLong.
    """
    if content.startswith(_NO_SHEETS):
        raise SheetUnreadable
    rows = _xlsx(content) if content.startswith(_ZIP) else _csv(content)
    kept: list[Row] = []
    for number, cells in rows:
        if number > _ROWS_LOOKED_AT:
            raise SheetTooLong
        if any(cells):
            kept.append((number, cells))
        if len(kept) > MOST_ROWS:
            raise SheetTooLong
    return kept


def _csv(content: bytes) -> list[Row]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    rows: list[Row] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), start=1):
            rows.append((number, tuple(_text(each) for each in cells[:MOST_COLUMNS])))
            if number > _ROWS_LOOKED_AT:
                break
    except csv.Error:
        raise SheetUnreadable from None
    return rows


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise SheetUnreadable from None
    if b"\0" in content:
        raise SheetUnreadable
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _xlsx(content: bytes) -> list[Row]:
    from openpyxl import load_workbook  # half a second that only an import waits for

    try:
        _check_unpacked(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            rows = sheet.iter_rows(max_row=_ROWS_LOOKED_AT + 1, max_col=MOST_COLUMNS, values_only=True)
            return [(number, tuple(_text(each) for each in cells)) for number, cells in enumerate(rows, start=1)]
        finally:
            book.close()
    except Refusal:
        raise
    except Exception as error:  # a broken file breaks the library in ways of its own
        raise SheetUnreadable from error


def _check_unpacked(content: bytes) -> None:
    """A small file may unpack to a huge one."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(each.file_size for each in packed.infolist()) > _UNPACKED_LIMIT:
            raise SheetUnreadable


def _text(value: Any) -> str:
    """A cell as bare text: 12.0 is « 12 », a day is a day."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).replace("\0", "").strip()[:CELL_LIMIT]
