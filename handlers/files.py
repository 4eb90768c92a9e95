"""Files that a step of a dialogue reads itself. They are fetched before the turn: nothing waits behind a download.

A step says so with `wants_file`; bot/inbound fetches the document that comes at that step, and `turn.file` has it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from council.errors import Refusal
from handlers.prepared import Made


class FileTooLarge(Refusal):
    """More bytes than the step takes."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class FileNotReceived(Refusal):
    """Telegram did not give the file."""


class FilesNotFetched(Refusal):
    """Telegram does not give now what it holds: another try may help."""


@dataclass(frozen=True)
class WantedFile:
    """At most `limit` bytes. `read` makes of name and bytes what the step needs: in a thread, it may raise Refusal."""

    limit: int
    read: Callable[[str, bytes], Any]


@dataclass(frozen=True)
class ArrivedFile(Made):
    """What `read` made of the document, or why there is nothing."""


_WANTED: dict[str, WantedFile] = {}


def wants_file(state: str, *, limit: int, read: Callable[[str, bytes], Any]) -> None:
    """Declares that a document sent at this step of a dialogue is to be fetched."""
    _WANTED[state] = WantedFile(limit, read)


def wanted_at(state: str | None) -> WantedFile | None:
    return _WANTED.get(state or "")
