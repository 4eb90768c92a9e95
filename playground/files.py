from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from typing import Any

from .errors import bad_request
from .pictures import measure

DOWNLOAD_LIMIT = 20 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024

# The name of each kind in Telegram's errors, its folder, and the ending of a file that has no name.
_KINDS = {
    "photo": ("Photo", "photos", ".jpg"),
    "voice": ("VoiceNote", "voice", ".oga"),
    "audio": ("Audio", "music", ".mp3"),
    "video": ("Video", "videos", ".mp4"),
    "video_note": ("VideoNote", "video_notes", ".mp4"),
    "animation": ("Animation", "animations", ".mp4"),
    "document": ("Document", "documents", ".bin"),
    "sticker": ("Sticker", "stickers", ".webp"),
    "thumbnail": ("Thumbnail", "thumbnails", ".jpg"),
}
_DEFAULT_MIME = {
    "photo": "image/jpeg",
    "voice": "audio/ogg",
    "audio": "audio/mpeg",
    "video": "video/mp4",
    "video_note": "video/mp4",
    "animation": "video/mp4",
    "document": "application/octet-stream",
    "sticker": "image/webp",
    "thumbnail": "image/jpeg",
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    file_id: str
    unique_id: str
    kind: str
    data: bytes
    name: str
    mime: str
    path: str

    def brief(self) -> dict[str, Any]:
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.data)}


class FileStore:
    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(self, kind: str, data: bytes, name: str = "", mime: str = "", *, variant: str = "") -> StoredFile:
        _, folder, ending = _KINDS[kind]
        number = len(self._by_id) + 1
        digest = hashlib.blake2s(data, digest_size=9, person=variant.encode()[:8]).hexdigest()
        name = name or f"file_{number}{ending}"
        suffix = name[name.rfind(".") :] if "." in name else ending
        stored = StoredFile(
            file_id=f"PG{kind[:3].title()}{number:06d}_{digest}{variant}",
            unique_id=f"AQ{digest}",
            kind=kind,
            data=data,
            name=name,
            mime=mime or _guess_mime(kind, name),
            path=f"{folder}/file_{number}{suffix}",
        )
        self._by_id[stored.file_id] = stored
        self._by_path[stored.path] = stored
        return stored

    def get(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def again(self, file_id: str, kind: str) -> StoredFile:
        """A file sent before, sent again as the same kind; raises the Bot API's refusals."""
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            raise bad_request(f"can't use file of type {_KINDS[stored.kind][0]} as {_KINDS[kind][0]}")
        return stored


def _guess_mime(kind: str, name: str) -> str:
    if kind in {"document", "audio", "video", "animation"}:
        return mimetypes.guess_type(name)[0] or _DEFAULT_MIME[kind]
    return _DEFAULT_MIME[kind]


def photo_sizes(files: FileStore, stored: StoredFile) -> list[dict[str, Any]]:
    """The sizes of a photo, smallest first. All hold the same bytes: the page scales them."""
    width, height = measure(stored.data) or (320, 240)
    sizes = []
    for variant, longest in (("s", 90), ("m", 320)):
        if max(width, height) > longest:
            small = files.get(stored.file_id + variant) or _variant(files, stored, variant)
            scale = longest / max(width, height)
            sizes.append(
                {**small.brief(), "width": max(1, round(width * scale)), "height": max(1, round(height * scale))}
            )
    sizes.append({**stored.brief(), "width": width, "height": height})
    return sizes


def _variant(files: FileStore, stored: StoredFile, variant: str) -> StoredFile:
    return files.add("photo", stored.data, stored.name, stored.mime, variant=variant)
