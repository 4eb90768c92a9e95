"""What a partner sends: fields and files, read piece by piece, so that too much of anything is known before it is kept.

What is too large is read to its end and thrown away, up to a limit: a browser shows no page while it still sends.
"""

from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import BadHttpMessage
from aiohttp.web_exceptions import HTTPRequestEntityTooLarge

from documents.answer_files import ALL_LIMIT, MEGABYTE, SIZE_LIMIT, Upload

FILES = "fichiers"
"""The field of the files."""
READ_LIMIT = 100 * MEGABYTE
"""Bytes that are read of one form before its sender is left alone."""
_FIELD_LIMIT = 256 * 1024
_MOST_FIELDS = 20
_MOST_FILES = 50
_PIECE = 64 * 1024
_NO_FORM = (
    ValueError,
    AssertionError,
    LookupError,
    ConnectionError,
    web.RequestPayloadError,
    BadHttpMessage,
    HTTPRequestEntityTooLarge,
)
"""What aiohttp says of a body that is none, or that ends in the middle."""


class Unreadable(Exception):
    """No form, or none that a browser makes."""


@dataclass
class SentForm:
    """`cut_off`: more than READ_LIMIT came, and what followed is not known."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[Upload] = field(default_factory=list)
    cut_off: bool = False

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def kept_bytes(self) -> int:
        return sum(len(each.content or b"") for each in self.files)


async def read_form(request: web.Request) -> SentForm:
    """Raises Unreadable."""
    form = SentForm()
    try:
        if request.content_type == "multipart/form-data":
            await _read_parts(request, form)
        else:
            posted = await request.post()
            form.fields = {name: _plain(value) for name, value in posted.items() if isinstance(value, str)}
    except _NO_FORM as error:
        raise Unreadable from error
    return form


async def _read_parts(request: web.Request, form: SentForm) -> None:
    reader = await request.multipart()
    read = 0
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or len(form.fields) + len(form.files) > _MOST_FIELDS + _MOST_FILES:
            raise ValueError
        is_file = part.name == FILES
        room = max(0, min(SIZE_LIMIT, ALL_LIMIT + SIZE_LIMIT - form.kept_bytes)) if is_file else _FIELD_LIMIT
        kept, length = bytearray(), 0
        while piece := await part.read_chunk(_PIECE):
            length += len(piece)
            read += len(piece)
            kept += piece if length <= room else b""
            if read > READ_LIMIT:
                form.cut_off = True
                return
        if is_file and (part.filename or length):
            form.files.append(Upload(part.filename or "", bytes(kept) if length <= room else None))
        elif not is_file and part.name:
            form.fields[part.name] = _plain(kept.decode("utf-8", "replace"))


def _plain(words: str) -> str:
    """Line breaks as everywhere else, and no byte that a database refuses."""
    return words.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
