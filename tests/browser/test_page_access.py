"""The page for everyone: names for every control, contrast for every text, the same words in every catalogue."""

import json
from pathlib import Path

import pytest
from page_scene import AMINA, TOKEN, YUSUF, Scene, phone, ready
from playwright.async_api import expect

HERE = Path(__file__).parent
NAMELESS = (HERE / "nameless.js").read_text("utf-8")
FAINT = (HERE / "faint.js").read_text("utf-8")
CATALOGUES = HERE.parents[1] / "playground" / "page" / "lang"


async def furnish(scene: Scene) -> None:
    keyboard = {
        "inline_keyboard": [[{"text": "Oui", "callback_data": "y"}, {"text": "Plan", "url": "https://example.org"}]]
    }
    text = "<b>Bonjour</b> <code>code</code> <a href='https://example.org'>lien</a> <blockquote>Loi</blockquote>"
    asked = await scene.say(text, parse_mode="HTML", reply_markup=keyboard)
    await scene.bot("pinChatMessage", chat_id=AMINA, message_id=asked["message_id"])
    for kind in ("photo", "voice", "audio", "video", "document", "sticker", "location", "contact", "album"):
        contact = {"contact": {"phone_number": "+33600000000", "first_name": "Amina"}} if kind == "contact" else {}
        place = {"latitude": 48.65, "longitude": 2.38} if kind == "location" else {}
        items = {"items": [{"kind": "photo"}, {"kind": "photo"}]} if kind == "album" else {}
        await scene.control(f"phones/{AMINA}/send", {"kind": kind} | contact | place | items)
    await scene.control(f"phones/{AMINA}/send", {"text": "D’accord", "reply_to": asked["message_id"]})
    await scene.say("Choisissez", reply_markup={"keyboard": [[{"text": "Un"}, {"text": "Deux"}]]})
    await scene.say("أهلًا", chat_id=YUSUF)
    await scene.control(
        "mails", {"from": "a@b.fr", "to": "c@d.fr", "subject": "Objet", "text": "Texte", "attachments": []}
    )
    await scene.session.post(f"{scene.url}/bot{TOKEN}/sendMessage", json={"chat_id": AMINA, "text": ""})


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_every_control_has_a_name_and_every_text_its_contrast(open_page, scene, scheme, language):
    await furnish(scene)
    page = await ready(open_page, scene, f"?lang={language}", scheme=scheme, width=1500)
    await expect(phone(page).locator(".message")).to_have_count(12)
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(FAINT) == []
    for drawer in ("mailbox", "log"):
        await page.locator(f'[aria-controls="{drawer}"]').click()
        await expect(page.locator(f"#{drawer}")).to_be_visible()
        assert await page.evaluate(NAMELESS) == []
        assert await page.evaluate(FAINT) == []
    await phone(page).locator('.composer [aria-haspopup="menu"]').click()
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(FAINT) == []


def test_the_catalogues_say_the_same_things():
    keys = {path.stem: set(json.loads(path.read_text("utf-8"))) for path in CATALOGUES.glob("*.json")}
    assert set(keys) == {"fr", "en", "ar"}
    assert keys["fr"] == keys["en"] == keys["ar"]
