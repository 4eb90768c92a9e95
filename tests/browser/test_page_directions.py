"""Both ways of writing on both kinds of phones: the hour stands beside the words, never upon them."""

import pytest
from page_scene import AMINA, YUSUF, Scene, phone, ready
from playwright.async_api import expect

FRENCH = "Bonjour à tout le quartier"
ARABIC = "مرحبًا بكم جميعًا في الحي"
TEXTS = [
    FRENCH,
    ARABIC,
    f"{FRENCH}\n{ARABIC}",
    f"{ARABIC}\n{FRENCH}",
    f"{FRENCH}, {FRENCH}, {FRENCH}",
    f"{ARABIC}، {ARABIC}، {ARABIC}",
    f"<blockquote>{FRENCH}</blockquote>",
    f"{FRENCH} : {ARABIC}.",
    "/menu",
    "😀",
    "1",
]
# Words whose box, or a part of it, crosses the box of their hour, or leaves their bubble.
CROSSED = """() => [...document.querySelectorAll(".words")].filter((words) => {
  const hour = words.querySelector(".meta").getBoundingClientRect();
  const bubble = words.closest(".bubble").getBoundingClientRect();
  const range = document.createRange();
  range.selectNodeContents(words.querySelector(".text"));
  const crosses = (box) => box.width && box.left < hour.right - 0.5 && box.right > hour.left + 0.5
    && box.top < hour.bottom - 2 && box.bottom > hour.top + 2;
  const inside = (box) => box.left >= bubble.left && box.right <= bubble.right && box.bottom <= bubble.bottom;
  return [...range.getClientRects()].some(crosses) || !inside(hour);
}).map((words) => words.textContent)"""


async def fill(scene: Scene) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Oui", "callback_data": "y"}]]}
    for person in (AMINA, YUSUF):
        for text in TEXTS:
            await scene.say(text, chat_id=person, parse_mode="HTML")
            sent = await scene.say(text, chat_id=person, parse_mode="HTML", reply_markup=keyboard)
            await scene.bot(
                "editMessageText", chat_id=person, message_id=sent["message_id"], text=f"{text}.", parse_mode="HTML"
            )
            if "<" not in text:
                own = await scene.control(f"phones/{person}/send", {"text": text})
                await scene.control(f"phones/{person}/edit", {"message_id": own["message_id"], "text": f"{text}!"})


@pytest.mark.parametrize("width", [360, 1500])
async def test_the_hour_never_crosses_the_words(open_page, scene, width):
    await fill(scene)
    page = await ready(open_page, scene, width=width)
    for person in (AMINA, YUSUF):
        if width == 360:
            await page.locator(f'[data-tab="{person}"]').click()
        await expect(phone(page, person).locator(".words")).to_have_count(3 * len(TEXTS) - 1)
        assert await page.evaluate(CROSSED) == []


async def test_each_line_runs_its_own_way(open_page, scene):
    """An Arabic line begins at the right and a French one at the left, whatever stands before them."""
    both = await scene.say(f"{FRENCH}\n{ARABIC}", chat_id=YUSUF)
    page = await ready(open_page, scene)
    sides = await phone(page, YUSUF).locator(f'[data-message-id="{both["message_id"]}"] .words').evaluate(
        """(words) => {
          const node = words.querySelector(".text").firstChild;
          const box = words.getBoundingClientRect();
          return node.data.split("\\n").map((line) => {
            const range = document.createRange();
            range.setStart(node, node.data.indexOf(line));
            range.setEnd(node, node.data.indexOf(line) + line.length);
            const at = range.getBoundingClientRect();
            return at.left - box.left < box.right - at.right ? "left" : "right";
          });
        }"""
    )  # fmt: skip
    assert sides == ["left", "right"]


async def test_a_command_is_written_from_left_to_right_everywhere(open_page, scene):
    await scene.control(f"phones/{YUSUF}/send", {"text": "/menu"})
    page = await ready(open_page, scene)
    command = phone(page, YUSUF).get_by_role("button", name="/menu")
    assert await command.evaluate("(node) => getComputedStyle(node).direction") == "ltr"
