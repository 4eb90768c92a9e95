"""Files: what people send from their phones, what bots send, and the bytes behind a file_id."""

import io
from collections.abc import AsyncIterator

import aiohttp
import pytest
from playground_api import AICHA, TOKEN, Api

from playground.attachments import MEDIA_KINDS, Attachment, sample
from playground.phones import Phone
from playground.pictures import measure
from playground.server import Playground


@pytest.mark.parametrize("kind", sorted(MEDIA_KINDS))
async def test_each_kind_of_media_reaches_the_bot_with_its_bytes(
    api: Api, playground: Playground, http: aiohttp.ClientSession, aicha: Phone, kind: str
) -> None:
    aicha.sends("légende", attachment=Attachment(kind))
    message = (await api("getUpdates")).result[-1]["message"]
    media = message[kind][-1] if kind == "photo" else message[kind]
    assert media["file_size"] == len(sample(kind))

    file = (await api("getFile", file_id=media["file_id"])).result
    assert file["file_unique_id"] == media["file_unique_id"]
    async with http.get(f"{playground.url}/file/bot{TOKEN}/{file['file_path']}") as response:
        assert await response.read() == sample(kind)


async def test_a_photo_has_sizes(api: Api, aicha: Phone) -> None:
    aicha.sends(attachment=Attachment("photo"))
    sizes = (await api("getUpdates")).result[-1]["message"]["photo"]
    assert [(size["width"], size["height"]) for size in sizes] == [(90, 68), (320, 240), (480, 360)]
    assert len({size["file_id"] for size in sizes}) == 3


async def test_an_album_arrives_as_separate_updates(api: Api, aicha: Phone) -> None:
    aicha.sends_album([(Attachment("photo"), "Avant"), (Attachment("video"), "")])
    messages = [update["message"] for update in (await api("getUpdates")).result]
    assert [message.get("caption") for message in messages] == ["Avant", None]
    assert len({message["media_group_id"] for message in messages}) == 1
    assert messages[0]["message_id"] != messages[1]["message_id"]


async def test_a_contact_a_place_and_a_forward(api: Api, aicha: Phone) -> None:
    card = {"phone_number": "+33561000000", "first_name": "Aïcha", "user_id": AICHA}
    aicha.sends(attachment=Attachment("contact", details=card))
    aicha.sends(attachment=Attachment("location", details={"latitude": 43.5, "longitude": 1.4}))
    aicha.sends("lu ailleurs", forward_from="Luc")
    contact, place, forward = [update["message"] for update in (await api("getUpdates")).result]
    assert contact["contact"] == card
    assert place["location"] == {"latitude": 43.5, "longitude": 1.4}
    assert forward["forward_origin"]["sender_user_name"] == "Luc"


async def _upload(
    http: aiohttp.ClientSession, url: str, fields: dict[str, object], **files: bytes
) -> dict[str, object]:
    form = aiohttp.FormData()
    for name, value in fields.items():
        form.add_field(name, str(value))
    for name, data in files.items():
        form.add_field(name, io.BytesIO(data), filename=f"{name}.jpg", content_type="image/jpeg")
    async with http.post(url, data=form) as response:
        answer: dict[str, object] = await response.json()
        return answer


async def test_uploads_by_field_and_by_reference(
    playground: Playground, http: aiohttp.ClientSession, api: Api, aicha: Phone
) -> None:
    url = f"{playground.url}/bot{TOKEN}"
    await _upload(http, f"{url}/sendPhoto", {"chat_id": AICHA, "caption": "un"}, photo=sample("photo"))
    await _upload(http, f"{url}/sendDocument", {"chat_id": AICHA, "document": "attach://d"}, d=b"bytes")
    photo, document = aicha.chat().messages.values()
    assert photo.text == "un"
    assert (document.body["document"]["file_name"], document.body["document"]["file_size"]) == ("d.jpg", 5)
    assert playground.world.calls[0].params["photo"] == f"photo.jpg ({len(sample('photo'))} bytes)"

    again = photo.body["photo"][-1]["file_id"]
    assert (await api("sendPhoto", chat_id=AICHA, photo=again)).status == 200
    wrong = await api("sendDocument", chat_id=AICHA, document=again)
    assert wrong.error == "Bad Request: can't use file of type Photo as Document"


@pytest.mark.parametrize(
    ("start", "size", "refusal"),
    [
        (b"no picture", 10, "IMAGE_PROCESS_FAILED"),
        (b"", 0, "file must be non-empty"),
        (b"", 10_485_761, "file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes"),
    ],
)
async def test_a_photo_that_is_none_is_refused(
    playground: Playground, http: aiohttp.ClientSession, aicha: Phone, start: bytes, size: int, refusal: str
) -> None:
    url = f"{playground.url}/bot{TOKEN}/sendPhoto"
    data = start.ljust(size, b"\0")
    assert (await _upload(http, url, {"chat_id": AICHA}, photo=data))["description"] == f"Bad Request: {refusal}"


async def test_a_file_beyond_twenty_megabytes_cannot_be_fetched(api: Api, aicha: Phone) -> None:
    big = aicha.sends(attachment=Attachment("document", bytes(20 * 1024 * 1024 + 1), "gros.bin"))
    file_id = big.body["document"]["file_id"]
    assert (await api("getFile", file_id=file_id)).error == "Bad Request: file is too big"


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_beyond_fifty_megabytes_is_refused_with_413(
    playground: Playground, http: aiohttp.ClientSession, aicha: Phone, chunked: bool
) -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        for _ in range(51):
            yield bytes(1024 * 1024)

    form = aiohttp.FormData({"chat_id": str(AICHA)})
    file = in_pieces() if chunked else io.BytesIO(bytes(51 * 1024 * 1024))
    form.add_field("document", file, filename="gros.bin", content_type="application/octet-stream")
    async with http.post(f"{playground.url}/bot{TOKEN}/sendDocument", data=form) as response:
        answer = await response.json()
    assert (response.status, answer["error_code"], answer["description"]) == (413, 413, "Request Entity Too Large")
    assert not aicha.chat().messages


async def test_captions_have_their_limit(api: Api, aicha: Phone) -> None:
    file_id = aicha.sends(attachment=Attachment("document")).body["document"]["file_id"]
    document = {"chat_id": AICHA, "document": file_id, "parse_mode": "HTML"}
    assert (await api("sendDocument", **document, caption="<i>" + "x" * 1024 + "</i>")).status == 200
    long = await api("sendDocument", **document, caption="x" * 1025)
    assert long.error == "Bad Request: message caption is too long"


async def test_captions_and_media_are_edited(api: Api, aicha: Phone) -> None:
    photo = aicha.sends(attachment=Attachment("photo")).body["photo"][-1]["file_id"]
    document = aicha.sends(attachment=Attachment("document")).body["document"]["file_id"]
    sent = (await api("sendPhoto", chat_id=AICHA, photo=photo, caption="un")).result
    where = {"chat_id": AICHA, "message_id": sent["message_id"]}

    edited = (await api("editMessageCaption", **where, caption="<b>deux</b>", parse_mode="HTML")).result
    assert (edited["caption"], edited["caption_entities"][0]["type"]) == ("deux", "bold")
    assert edited["photo"] == sent["photo"]
    no_text = await api("editMessageText", **where, text="x")
    assert no_text.error == "Bad Request: there is no text in the message to edit"
    media = {"type": "document", "media": document, "caption": "trois"}
    edited = (await api("editMessageMedia", **where, media=media)).result
    assert (edited["caption"], edited["document"]["file_id"], "photo" in edited) == ("trois", document, False)


async def test_a_bots_album(api: Api, aicha: Phone) -> None:
    photo = aicha.sends(attachment=Attachment("photo")).body["photo"][-1]["file_id"]
    document = aicha.sends(attachment=Attachment("document")).body["document"]["file_id"]
    hidden = {"type": "photo", "media": photo, "has_spoiler": True}
    media = [{"type": "photo", "media": photo, "caption": "a"}, hidden]
    album = (await api("sendMediaGroup", chat_id=AICHA, media=media)).result
    assert [message.get("has_media_spoiler") for message in album] == [None, True]
    assert len({message["media_group_id"] for message in album}) == 1
    mixed = [*media, {"type": "document", "media": document}]
    refused = await api("sendMediaGroup", chat_id=AICHA, media=mixed)
    assert refused.error == "Bad Request: document can't be mixed with other media types"


async def test_the_page_gets_the_bytes_in_a_sandbox(
    playground: Playground, http: aiohttp.ClientSession, aicha: Phone
) -> None:
    file_id = aicha.sends(attachment=Attachment("document", b"<script>", "é.html")).body["document"]["file_id"]
    async with http.get(f"{playground.url}/playground/files/{file_id}") as response:
        assert await response.read() == b"<script>"
        assert response.content_type == "text/html"
        assert response.headers["Content-Security-Policy"].startswith("sandbox")
        assert response.headers["Content-Disposition"] == "inline; filename*=UTF-8''%C3%A9.html"


def test_samples_are_what_they_say() -> None:
    assert measure(sample("photo")) == (480, 360)
    assert measure(sample("sticker")) == (512, 512)
    assert sample("voice").startswith(b"OggS")
    assert b"OpusHead" in sample("voice")[:64]
    assert sample("document").startswith(b"%PDF")
    assert sample("video")[4:8] == b"ftyp"


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\0\x80", (256, 128)),
        (b"GIF89a\x0a\0\x05\0", (10, 5)),
        (b"BM" + bytes(16) + (7).to_bytes(4, "little") + (3).to_bytes(4, "little"), (7, 3)),
        (b"\xff\xd8\xff\xd9", None),
        (b"", None),
    ],
)
def test_pictures_are_measured(data: bytes, size: tuple[int, int] | None) -> None:
    assert measure(data) == size
