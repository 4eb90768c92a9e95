"""Files that come from outside: taken for what their content is, and only when their name says the same.

Nothing is ever opened or run: the first bytes tell most kinds; of an archive the list of its parts is read, no more.
"""

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

import puremagic

from council.errors import Refusal
from council.interpellation_answers import KeptFile

MEGABYTE = 1024 * 1024
SIZE_LIMIT = 10 * MEGABYTE
ALL_LIMIT = 20 * MEGABYTE
"""Bytes of one file, and of all that come with one answer."""
_NAME_LIMIT, _ENDING_LIMIT = 100, 20
_OOXML = "application/vnd.openxmlformats-officedocument"
KINDS: dict[str, str] = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "docx": f"{_OOXML}.wordprocessingml.document",
    "xlsx": f"{_OOXML}.spreadsheetml.sheet",
    "txt": "text/plain",
}
"""What is taken: the ending of a name, and the media type of the content."""
_SAME = {"jpeg": "jpg"}
_PARTS_READ = 64 * 1024
_MOST_PARTS = 5_000


class FileRefused(Refusal):
    """A file that is not taken; `name` is as it is shown."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class EmptyFile(FileRefused):
    """Nothing in it."""


class FileOverLimit(FileRefused):
    """More than SIZE_LIMIT."""


class KindRefused(FileRefused):
    """None of KINDS."""


class NameBelies(FileRefused):
    """Its content is one of KINDS, and its name says another."""


class FilesOverLimit(Refusal):
    """More than ALL_LIMIT together."""


@dataclass(frozen=True)
class Upload:
    """A file as it came: the name is whatever the sender wrote. `content` is None for more than SIZE_LIMIT."""

    name: str
    content: bytes | None


def taken(upload: Upload) -> KeptFile:
    """The file with a clean name and the media type of its content.

    Raises:
        EmptyFile, FileOverLimit, KindRefused, NameBelies: it is not taken.
    """
    name = clean_name(upload.name)
    if upload.content is None or len(upload.content) > SIZE_LIMIT:
        raise FileOverLimit(name)
    if not upload.content:
        raise EmptyFile(name)
    ending = PurePosixPath(name).suffix.lstrip(".").lower()
    ending = _SAME.get(ending, ending)
    kind = kind_of(upload.content)
    if kind is None or ending not in KINDS:
        raise KindRefused(name)
    if kind != ending:
        raise NameBelies(name)
    return KeptFile(name, KINDS[kind], upload.content)


def clean_name(name: str) -> str:
    """The last part of a path, without what no eye sees or what turns the reading order; never empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    # Of the categories, C holds controls and marks of direction, Z all blanks but our own.
    kept = "".join(" " if unicodedata.category(each)[0] == "Z" else each for each in last)
    kept = "".join(each for each in kept if unicodedata.category(each)[0] != "C" and each not in '<>:"|?*')
    kept = " ".join(kept.split()).lstrip(". ")
    path = PurePosixPath(kept or "document")
    ending = path.suffix[:_ENDING_LIMIT]
    return path.stem[: _NAME_LIMIT - len(ending)] + ending


def kind_of(content: bytes) -> str | None:
    """Which of KINDS the content is, by itself; None for all else."""
    if not content:
        return None
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    try:
        found = {each.mime_type for each in puremagic.magic_string(content)}
    except puremagic.PureError:
        return "txt" if _is_plain_text(content) else None
    # Only what begins with its mark: a page of HTML may hold a PDF further on.
    for kind, mark in (("pdf", b"%PDF-"), ("jpg", b"\xff\xd8\xff"), ("png", b"\x89PNG\r\n\x1a\n")):
        if KINDS[kind] in found and content.startswith(mark):
            return kind
    return "txt" if found <= _TEXT_LIKE and _is_plain_text(content) else None


_TEXT_LIKE = {"", "text/plain", "text/csv"}
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffd]")
"""Controls but for tabs and ends of lines and pages; and what stands for a byte that is of no character."""
_SCRIPT = re.compile(r"\s*(#!|<[!?a-zA-Z/]|@echo\b|MZ)|.*<(script|svg|html)\b", re.IGNORECASE | re.DOTALL)


def _is_plain_text(content: bytes) -> bool:
    """Words that a person reads: no program, no page, no bytes that no text holds."""
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = content.decode("cp1252", errors="replace")
    return _NO_TEXT.search(words) is None and _SCRIPT.match(words) is None


def _kind_of_archive(content: bytes) -> str | None:
    """Office documents are archives: their own list of parts says which; macros are refused."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            if len(names) > _MOST_PARTS or any("vbaproject" in each.lower() for each in names):
                return None
            if "mimetype" in names:
                said = _part(archive, "mimetype").decode("ascii", "replace").strip()
                return next((kind for kind in ("odt", "ods") if KINDS[kind] == said), None)
            if "[Content_Types].xml" not in names:
                return None
            types = _part(archive, "[Content_Types].xml").decode("utf-8", "replace")
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError):
        return None
    if "word/document.xml" in names and f"{KINDS['docx']}.main+xml" in types:
        return "docx"
    return "xlsx" if "xl/workbook.xml" in names and f"{KINDS['xlsx']}.main+xml" in types else None


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_PARTS_READ)
