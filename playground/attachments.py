"""What a message can hold besides text: from bytes, or from the samples that come with the playground."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from .errors import ControlError
from .files import FileStore, StoredFile, photo_sizes
from .messages import Content
from .pictures import measure

_SAMPLES = Path(__file__).parent / "samples"
_SAMPLE_OF = {
    "photo": "photo.jpg",
    "voice": "voice.ogg",
    "audio": "audio.mp3",
    "video": "video.mp4",
    "video_note": "video.mp4",
    "animation": "video.mp4",
    "document": "document.pdf",
    "sticker": "sticker.webp",
}
MEDIA_KINDS = frozenset(_SAMPLE_OF)

_SECONDS = 2
_VIDEO_SIDE = 240
_DICE_SIDES = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}


@lru_cache
def sample(kind: str) -> bytes:
    return (_SAMPLES / _SAMPLE_OF[kind]).read_bytes()


@dataclass(slots=True)
class Attachment:
    """What a phone attaches. Without `file`, media come from the samples."""

    kind: str
    file: bytes | None = None
    file_name: str = ""
    mime: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def content_of(files: FileStore, attachment: Attachment) -> Content:
    if attachment.kind in MEDIA_KINDS:
        return _media_content(files, attachment)
    build = _OTHERS.get(attachment.kind)
    if build is None:
        raise ControlError(f"There is no message of kind “{attachment.kind}”.")
    return build(attachment.details)


def _media_content(files: FileStore, attachment: Attachment) -> Content:
    data, name = attachment.file, attachment.file_name
    if data is None:
        data, name = sample(attachment.kind), name or _SAMPLE_OF[attachment.kind]
    stored = files.add(attachment.kind, data, name, attachment.mime)
    return media_content(files, stored, attachment.details)


def media_content(files: FileStore, stored: StoredFile, details: dict[str, Any]) -> Content:
    """The fields of a message that shows this file; an animation is a document too, as in Telegram."""
    if stored.kind == "photo":
        return {"photo": photo_sizes(files, stored)}
    described = stored.brief() | _described(stored, details)
    if stored.kind == "animation":
        named = {key: described[key] for key in ("file_id", "file_unique_id", "file_size", "file_name", "mime_type")}
        return {"animation": described, "document": named}
    return {stored.kind: described}


def _described(stored: StoredFile, details: dict[str, Any]) -> dict[str, Any]:
    timed = {"duration": int(details.get("duration") or _SECONDS), "mime_type": stored.mime}
    named = {"file_name": stored.name}
    match stored.kind:
        case "voice":
            return timed
        case "audio":
            extra = {key: details[key] for key in ("performer", "title") if details.get(key)}
            return timed | named | extra
        case "video" | "animation":
            return timed | named | _frame(details)
        case "video_note":
            return {"duration": timed["duration"], "length": int(details.get("length") or _VIDEO_SIDE)}
        case "sticker":
            return _sticker(stored, details)
        case _:
            return named | {"mime_type": stored.mime}


def _frame(details: dict[str, Any]) -> dict[str, int]:
    return {"width": int(details.get("width") or _VIDEO_SIDE), "height": int(details.get("height") or _VIDEO_SIDE)}


def _sticker(stored: StoredFile, details: dict[str, Any]) -> dict[str, Any]:
    width, height = measure(stored.data) or (512, 512)
    return {
        "type": "regular",
        "width": width,
        "height": height,
        "is_animated": False,
        "is_video": False,
        "emoji": details.get("emoji") or "🙂",
    }


def location(details: dict[str, Any]) -> dict[str, Any]:
    extra = ("horizontal_accuracy", "live_period", "heading", "proximity_alert_radius")
    return {
        "latitude": float(details.get("latitude", 43.6045)),
        "longitude": float(details.get("longitude", 1.4442)),
        **{key: details[key] for key in extra if details.get(key)},
    }


def _location(details: dict[str, Any]) -> Content:
    return {"location": location(details)}


def _venue(details: dict[str, Any]) -> Content:
    place = location(details)
    named = {"title": str(details.get("title", "Le Capitole")), "address": str(details.get("address", ""))}
    return {"venue": {"location": place, **named}, "location": place}


def contact(details: dict[str, Any]) -> Content:
    fields = ("phone_number", "first_name", "last_name", "user_id", "vcard")
    return {"contact": {key: details[key] for key in fields if details.get(key)}}


def dice(details: dict[str, Any]) -> Content:
    emoji = details.get("emoji") or "🎲"
    return {"dice": {"emoji": emoji, "value": random.randint(1, _DICE_SIDES.get(emoji, 6))}}


def poll(details: dict[str, Any]) -> Content:
    options = [
        {"text": text, "voter_count": 0, "persistent_id": str(n)} for n, text in enumerate(details["options"], 1)
    ]
    return {
        "poll": {
            "id": str(random.randint(10**17, 10**18)),
            "question": details["question"],
            "options": options,
            "total_voter_count": 0,
            "is_closed": bool(details.get("is_closed")),
            "is_anonymous": bool(details.get("is_anonymous", True)),
            "type": details.get("type") or "regular",
            "allows_multiple_answers": bool(details.get("allows_multiple_answers")),
            "allows_revoting": bool(details.get("allows_revoting", True)),
            "members_only": bool(details.get("members_only")),
        }
    }


def _typed_poll(details: dict[str, Any]) -> Content:
    return poll({"question": "?", "options": ["1", "2"]} | details)


_OTHERS: dict[str, Callable[[dict[str, Any]], Content]] = {
    "location": _location,
    "venue": _venue,
    "contact": contact,
    "dice": dice,
    "poll": _typed_poll,
}
