"""Messages with files, albums, and the way back to a file's bytes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from .arguments import Upload
from .attachments import media_content
from .delivery import CAPTION, SENDING, captioned, deliver, post, with_caption, with_display
from .errors import bad_request
from .files import DOWNLOAD_LIMIT, PHOTO_LIMIT, StoredFile
from .markup import read_inline_markup
from .messages import Content
from .methods_edit import EDITING, edit, own_message
from .pictures import measure
from .registry import Call, method, one_message

_MOST_IN_ALBUM = 10
_ALBUM_KINDS = frozenset({"photo", "video", "document", "audio"})
# Photos and videos go together; these only with their like.
_UNMIXED = ("document", "audio")


@method("sendPhoto", SENDING, CAPTION, "photo show_caption_above_media has_spoiler", counts=one_message)
def send_photo(call: Call) -> Any:
    return _send_media(call, "photo")


@method("sendVoice", SENDING, CAPTION, "voice duration", counts=one_message)
def send_voice(call: Call) -> Any:
    return _send_media(call, "voice")


@method("sendAudio", SENDING, CAPTION, "audio duration performer title thumbnail", counts=one_message)
def send_audio(call: Call) -> Any:
    return _send_media(call, "audio")


@method(
    "sendVideo",
    SENDING,
    CAPTION,
    "video duration width height thumbnail cover start_timestamp show_caption_above_media has_spoiler "
    "supports_streaming",
    counts=one_message,
)
def send_video(call: Call) -> Any:
    return _send_media(call, "video")


@method(
    "sendAnimation",
    SENDING,
    CAPTION,
    "animation duration width height thumbnail show_caption_above_media has_spoiler",
    counts=one_message,
)
def send_animation(call: Call) -> Any:
    return _send_media(call, "animation")


@method("sendDocument", SENDING, CAPTION, "document thumbnail disable_content_type_detection", counts=one_message)
def send_document(call: Call) -> Any:
    return _send_media(call, "document")


@method("sendVideoNote", SENDING, "video_note duration length thumbnail", counts=one_message)
def send_video_note(call: Call) -> Any:
    return deliver(call, _media(call, "video_note"))


@method("sendSticker", SENDING, "sticker emoji", counts=one_message)
def send_sticker(call: Call) -> Any:
    return deliver(call, _media(call, "sticker"))


def _send_media(call: Call, kind: str) -> dict[str, object]:
    return deliver(call, captioned(call, _media(call, kind)))


def _media(call: Call, kind: str) -> Content:
    upload = call.arguments.upload(kind)
    stored = _stored(call, kind, upload, call.arguments.text(kind))
    content = with_display(media_content(call.world.files, stored, call.arguments.values), call.arguments.values)
    return _with_thumbnail(call, content, kind, call.arguments.upload("thumbnail"))


def _stored(call: Call, kind: str, upload: Upload | None, reference: str) -> StoredFile:
    """The file of an upload, or the one that a file_id names."""
    if upload is not None:
        _check_upload(kind, upload.data)
        return call.world.files.add(kind, upload.data, upload.name, upload.mime)
    if not reference:
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    if reference.startswith(("http://", "https://")):
        # The playground fetches nothing from outside.
        raise bad_request("failed to get HTTP URL content")
    return call.world.files.again(reference, kind)


def _check_upload(kind: str, data: bytes) -> None:
    if not data:
        raise bad_request("file must be non-empty")
    if kind != "photo":
        return
    if len(data) > PHOTO_LIMIT:
        size = f"file of size {len(data)} bytes is too big for a photo"
        raise bad_request(f"{size}; the maximum size is {PHOTO_LIMIT} bytes")
    if measure(data) is None:
        raise bad_request("IMAGE_PROCESS_FAILED")


def _with_thumbnail(call: Call, content: Content, kind: str, upload: Upload | None) -> Content:
    if upload is not None and kind in content and isinstance(content[kind], dict):
        stored = call.world.files.add("thumbnail", upload.data, upload.name, upload.mime)
        width, height = measure(upload.data) or (90, 90)
        content[kind]["thumbnail"] = {**stored.brief(), "width": width, "height": height}
    return content


@dataclass(frozen=True, slots=True)
class _Item:
    kind: str
    content: Content


def _items_of(call: Call) -> int:
    return max(1, len(call.arguments.json("media", list) or []))


@method("sendMediaGroup", SENDING, "media", counts=_items_of)
def send_media_group(call: Call) -> Any:
    given = call.arguments.json("media", list) or []
    if not given:
        raise bad_request("there are no messages to send")
    if len(given) > _MOST_IN_ALBUM:
        raise bad_request("too many messages to send as an album")
    items = [_item(call, media) for media in given]
    _check_mix({item.kind for item in items})
    chat = call.writable_chat()
    album = {"media_group_id": str(secrets.randbelow(9 * 10**16) + 10**16)} if len(items) > 1 else {}
    return [post(call, chat, item.content | album).body for item in items]


def _check_mix(kinds: set[str]) -> None:
    for kind in _UNMIXED:
        if kind in kinds and len(kinds) > 1:
            raise bad_request(f"{kind} can't be mixed with other media types")


def _item(call: Call, media: Any) -> _Item:
    if not isinstance(media, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = str(media.get("type", ""))
    if kind not in _ALBUM_KINDS:
        raise bad_request(f"can't parse InputMedia: type \"{kind}\" can't be used in sendMediaGroup")
    return _Item(kind, _input_media(call, kind, media))


def _input_media(call: Call, kind: str, media: dict[str, Any]) -> Content:
    reference = str(media.get("media", ""))
    stored = _stored(call, kind, call.arguments.attached(reference), reference)
    content = with_display(media_content(call.world.files, stored, media), media)
    content = _with_thumbnail(call, content, kind, call.arguments.attached(media.get("thumbnail")))
    mode = str(media.get("parse_mode") or "")
    entities = None if mode else media.get("caption_entities")
    caption = call.formatted_as(str(media.get("caption") or ""), mode, entities)
    return with_caption(content, caption.text, caption.entities)


@method("editMessageMedia", EDITING, "media", counts=one_message)
def edit_message_media(call: Call) -> Any:
    media = call.arguments.json("media", dict)
    if media is None:
        raise bad_request("input media is not specified")
    kind = str(media.get("type", ""))
    if kind not in _ALBUM_KINDS | {"animation"}:
        raise bad_request(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    content = _input_media(call, kind, media)
    markup = read_inline_markup(call.arguments)
    message = own_message(call)
    if "text" not in message.body and not message.captioned:
        raise bad_request("message can't be edited")
    return edit(call, message, content, markup)


@method("getFile", "file_id")
def get_file(call: Call) -> dict[str, Any]:
    file_id = call.arguments.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    stored = call.world.files.get(file_id)
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.data) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {**stored.brief(), "file_path": stored.path}


@method("getUserProfilePhotos", "user_id offset limit")
def get_user_profile_photos(call: Call) -> dict[str, Any]:
    if call.arguments.integer("user_id") not in call.world.phones:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}
