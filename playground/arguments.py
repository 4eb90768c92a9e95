"""The parameters of a call, however they came: query, form, JSON or multipart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import BodyPartReader, MultipartReader, web

from .errors import ApiError, bad_request
from .files import UPLOAD_LIMIT

T = TypeVar("T")
_TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    mime: str
    data: bytes

    def __str__(self) -> str:
        return f"{self.name} ({len(self.data)} bytes)"


@dataclass(slots=True)
class Arguments:
    """Values as they came: strings from forms, anything from JSON. The readers are as lenient as Telegram's."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def __iter__(self) -> Iterator[str]:
        yield from self.values
        yield from self.uploads

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        value = self.values.get(name)
        try:
            return default if value is None or value == "" else int(value)
        except (TypeError, ValueError):
            return default

    def number(self, name: str) -> float | None:
        try:
            return float(self.values[name])
        except (KeyError, TypeError, ValueError):
            return None

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        return value is True or str(value).lower() in _TRUE

    def json(self, name: str, kind: type[T]) -> T | None:
        """A JSON value of this kind, None when it is absent; raises ApiError when it is something else."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise bad_request(f"can't parse {name} JSON object") from None
        if value is None:
            return None
        if not isinstance(value, kind):
            expected = "Array" if kind is list else "Object"
            raise bad_request(f"can't parse {name}: expected an {expected}")
        return value

    def upload(self, name: str) -> Upload | None:
        """The file of this field, sent under its own name or under the one that `attach://` gives."""
        return self.uploads.get(name) or self.attached(self.values.get(name))

    def attached(self, reference: object) -> Upload | None:
        if not isinstance(reference, str) or not reference.startswith("attach://"):
            return None
        upload = self.uploads.get(reference.removeprefix("attach://"))
        if upload is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return upload

    def recorded(self) -> dict[str, Any]:
        return self.values | {name: str(upload) for name, upload in self.uploads.items()}


def whole_number(value: object, what: str) -> int:
    """A number inside a JSON parameter; raises ApiError when it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise bad_request(f"can't parse {what}: expected a Number")
    try:
        return int(value)
    except ValueError:
        raise bad_request(f"can't parse {what}: expected a Number") from None


async def read_arguments(request: web.Request) -> Arguments:
    arguments = Arguments(dict(request.query)) if request.query_string else Arguments()
    if not request.can_read_body:
        return arguments
    if (request.content_length or 0) > UPLOAD_LIMIT:
        raise _too_large()
    if request.content_type.startswith("multipart/"):
        await _read_parts(await request.multipart(), arguments)
    else:
        _read_body(request.content_type, await request.read(), arguments)
    return arguments


async def read_reply(response: aiohttp.ClientResponse) -> Arguments:
    """What a bot answered to a webhook: perhaps a method with its parameters."""
    arguments = Arguments()
    if response.content_type.startswith("multipart/"):
        await _read_parts(aiohttp.MultipartReader(response.headers, response.content), arguments)
    else:
        _read_body(response.content_type, await response.read(), arguments)
    return arguments


def _read_body(content_type: str, body: bytes, arguments: Arguments) -> None:
    if content_type == "application/json":
        try:
            parsed = json.loads(body) if body else {}
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        if not isinstance(parsed, dict):
            raise bad_request("expected an Object")
        arguments.values.update((key, value) for key, value in parsed.items() if value is not None)
    elif content_type == "application/x-www-form-urlencoded":
        try:
            arguments.values.update(parse_qsl(body.decode(), keep_blank_values=True))
        except ValueError:
            raise bad_request("strings must be encoded in UTF-8") from None


async def _read_parts(reader: MultipartReader, arguments: Arguments) -> None:
    room = UPLOAD_LIMIT  # counted: a body that comes in chunks does not say its length
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        encoded = bytearray()
        while chunk := await part.read_chunk():
            room -= len(chunk)
            if room < 0:
                raise _too_large()
            encoded += chunk
        data = bytes(part.decode(encoded))
        if part.filename is None:
            arguments.values[part.name] = data.decode(errors="replace")
        else:
            mime = part.headers.get(aiohttp.hdrs.CONTENT_TYPE, "")
            arguments.uploads[part.name] = Upload(part.filename, mime.partition(";")[0], data)


def _too_large() -> ApiError:
    return ApiError(413, "Request Entity Too Large")
