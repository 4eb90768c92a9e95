"""The file of a backup: a zip with `manifest.json` and, for each table, one JSON object a line.

A zip has its directory at the end and a checksum for each member, so a file that was cut short or altered is known.
"""

import json
import os
import secrets
import zipfile
import zlib
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from bot.operations.errors import Damaged, NotABackup, OtherFormat
from bot.operations.rows import CHUNK, Line

FORMAT = "portevoix-backup"
VERSION = 1
MANIFEST = "manifest.json"
OWNER_ONLY = 0o600  # names, accounts and what people sent are in there
_ZIP_BEGINS = b"PK\x03\x04"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, NotImplementedError)


@dataclass(frozen=True)
class Manifest:
    """What a file says of itself; `rows` by table, in the order in which they may be written. `created_at` is UTC."""

    revision: str
    created_at: datetime
    rows: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "version": VERSION,
            "revision": self.revision,
            "created_at": self.created_at.isoformat(),
            "rows": self.rows,
        }


class ArchiveWriter:
    """Writes beside `path`, and takes its place with `finish` alone; leaving without it leaves nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        self._member: IO[bytes] | None = None

    def __enter__(self) -> Self:
        """Raises OSError when there is no writing there."""
        descriptor = os.open(self._partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY)
        self._raw = os.fdopen(descriptor, "wb")
        self._zip = zipfile.ZipFile(self._raw, "w", zipfile.ZIP_DEFLATED)
        return self

    def begin(self, table: str) -> None:
        self._end_member()
        self._member = self._zip.open(_member_of(table), "w", force_zip64=True)

    def write(self, lines: Sequence[Line]) -> None:
        """Rows of the table that was begun."""
        if self._member is not None:
            text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
            self._member.write(text.encode())

    def finish(self, manifest: Manifest) -> int:
        """Puts the whole file in its place, over an older one; its size in bytes."""
        self._end_member()
        self._zip.writestr(MANIFEST, json.dumps(manifest.as_json(), indent=2))
        self._zip.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        size = self._raw.tell()
        self._raw.close()
        self._partial.replace(self._path)
        _keep_name(self._path.parent)
        return size

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for close in (self._end_member, self._zip.close, self._raw.close):
            with suppress(OSError, ValueError):  # on a full disk closing fails too
                close()
        self._partial.unlink(missing_ok=True)

    def _end_member(self) -> None:
        member, self._member = self._member, None
        if member is not None:
            member.close()


class ArchiveReader:
    """Raises NotABackup, OtherFormat or Damaged on entering, and FileNotFoundError or another OSError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        try:
            self._zip = zipfile.ZipFile(self._path)
        except zipfile.BadZipFile:
            with self._path.open("rb") as file:
                begun = file.read(len(_ZIP_BEGINS)) == _ZIP_BEGINS
            raise (Damaged() if begun else NotABackup()) from None
        try:
            self.manifest = self._read_manifest()
        except BaseException:
            self._zip.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def verify(self) -> None:
        """Reads everything once. Raises Damaged when anything is not as the manifest says."""
        for table, rows in self.manifest.rows.items():
            if sum(len(lines) for lines in self.read(table)) != rows:
                raise Damaged(table)

    def read(self, table: str) -> Generator[list[Line]]:
        """The rows of a table, chunk by chunk. Raises Damaged."""
        try:
            with self._zip.open(_member_of(table)) as member:
                while lines := [_line(each) for each in islice(member, CHUNK)]:
                    yield lines
        except _BROKEN:
            raise Damaged(table) from None

    def _read_manifest(self) -> Manifest:
        try:
            told = json.loads(self._zip.read(MANIFEST))
        except KeyError:
            raise NotABackup from None
        except _BROKEN:
            raise Damaged from None
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise NotABackup
        if told.get("version") != VERSION:
            raise OtherFormat(told.get("version"))
        try:
            rows = {str(name): int(count) for name, count in told["rows"].items()}
            return Manifest(str(told["revision"]), datetime.fromisoformat(told["created_at"]), rows)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Damaged from None


def _member_of(table: str) -> str:
    return f"tables/{table}.jsonl"


def _line(raw: bytes) -> Line:
    line = json.loads(raw)
    if not isinstance(line, dict):
        raise ValueError("a row is an object")  # noqa: TRY004 - one kind of error for all broken lines
    return line


def _keep_name(directory: Path) -> None:
    """A name survives a loss of power only when its directory has been written too."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
