"""The story told in other ways: in English and Arabic, by keyboard alone, on a narrow screen, in Paris."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from demo_scene import (
    CLAIRE,
    FATOU,
    LINDA,
    PATIENCE,
    ROSA,
    SAMIR,
    demonstration,
    heard,
    keep,
    leaves_nothing_when_killed,
    let_time_pass,
    page_time,
    phone,
    reads,
    tap,
    writes,
)
from playwright.async_api import Locator, Page, expect

MOUSSA = 5_000_000_106
NARROW = 360  # pixels
FINGER = 24  # pixels: WCAG 2.2, 2.5.8
TABS = 600  # more than the page has controls, however much was said on it before
FOCUSED = """() => {
  const node = document.activeElement;
  const name = node.getAttribute("aria-label") ?? node.textContent.trim();
  return [name, Number(node.closest("[data-phone]")?.dataset.phone ?? 0)];
}"""
BOXES = "nodes => nodes.map(node => node.getBoundingClientRect().toJSON())"  # at one moment: a card may be drawn anew


@pytest.fixture(scope="module")
def paris(tmp_path_factory) -> Iterator[str]:
    """One for all: each test has people of its own."""
    with demonstration(tmp_path_factory.mktemp("paris"), "--programme", "paris") as (url, process):
        yield url
        leaves_nothing_when_killed(process)


def eve_of_the_first_meeting(now: datetime) -> datetime:
    """The demonstration begins with one on a Thursday at half past six, ten days ahead at least."""
    ahead = now + timedelta(days=10)
    thursday = ahead + timedelta(days=(3 - ahead.weekday()) % 7)
    return thursday.replace(hour=18, minute=30, second=0, microsecond=0) - timedelta(days=1)


async def answers(where: Locator, label: str, told: str) -> None:
    invitation = heard(where, "Maison de quartier")
    await tap(invitation, label)
    await expect(invitation).to_contain_text(told, timeout=PATIENCE)


async def test_claire_sees_her_team_of_eight_and_the_page_shows_a_few(paris, open_page):
    page = await open_page(paris, width=1500, height=950)
    shelf = page.get_by_role("navigation", name="Autres personnes")
    await expect(shelf.get_by_role("button")).to_have_count(5)
    await shelf.get_by_role("button", name="Claire").click()
    claire = phone(page, CLAIRE)
    await writes(claire, "/equipe")
    await reads(claire, "L’équipe")
    for name in ("Moussa", "Paulo", "Nadia", "Aïcha", "Julien", "Inès", "Thomas"):
        await expect(claire.get_by_role("button", name=name).last).to_be_visible(timeout=PATIENCE)
    await keep(page, "team-of-eight")
    await tap(claire, "▶")
    await expect(claire.get_by_role("button", name="Mei").last).to_be_visible(timeout=PATIENCE)

    await page.get_by_role("button", name="Téléphones", exact=True).click()
    await keep(page, "phones-to-choose", dark=False)
    await page.get_by_role("menuitemcheckbox", name="Moussa").click()
    await page.keyboard.press("Escape")
    moussa = phone(page, MOUSSA)
    await expect(moussa).to_be_visible(timeout=PATIENCE)
    await writes(moussa, "/demandes")
    await expect(moussa.locator(".message.in").filter(has_text="D-2")).not_to_have_count(0, timeout=PATIENCE)
    await keep(page, "moussa")


async def test_linda_reads_english_and_samir_arabic_on_a_page_of_their_language(paris, open_page):
    page = await open_page(paris, width=1500, height=950)
    eve = eve_of_the_first_meeting(await page_time(page))
    await page.get_by_role("combobox", name="Langue", exact=True).select_option("en")
    await page.get_by_role("navigation", name="Other people").get_by_role("button", name="Linda").click()
    linda, samir = phone(page, LINDA), phone(page, SAMIR)
    await expect(linda.locator(".messages")).to_be_focused()
    await answers(linda, "^Yes$", "Your answer: yes")
    await answers(samir, "^نعم$", "إجابتكم: نعم")
    await keep(page, "english")

    await page.get_by_role("combobox", name="Language", exact=True).select_option("ar")
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    await let_time_pass(page, eve)
    await reads(linda, "Tomorrow at 18:30")
    await reads(samir, "غدًا")
    await keep(page, "arabic")


async def test_the_story_fits_a_narrow_screen(paris, open_page):
    page = await open_page(paris, width=NARROW, height=740)
    rosa, fatou = phone(page, ROSA), phone(page, FATOU)
    await tap(rosa, "^DÉMARRER$")
    await keep(page, "narrow-welcome")
    await tap(rosa, "D’accord")
    await tap(rosa, "15 ans ou plus")
    await expect(heard(rosa, "quartier")).to_be_visible(timeout=PATIENCE)
    await keep(page, "narrow-councils")
    await tap(rosa, "18e arrondissement")
    await reads(rosa, "Bienvenue, Rosa")

    # A neighbour scans the council's code from Rosa's phone.
    await tap(rosa, "Voir mon conseil")
    await tap(rosa, "Inviter mes voisins")
    await expect(rosa.locator(".photo img").last).to_be_visible(timeout=PATIENCE)
    await keep(page, "narrow-code")

    # All that is held on Rosa, to read and to keep.
    await writes(rosa, "/mesdonnees")
    await keep(page, "narrow-data")
    async with page.expect_download() as download:
        await rosa.get_by_role("link", name=re.compile(r"\.json$")).last.click(timeout=PATIENCE)
    assert "Rosa" in json.dumps(json.loads((await (await download.value).path()).read_text("utf-8")))

    await page.get_by_role("tab", name="Fatou").click()
    await tap(fatou, "Créer une réunion")
    await tap(fatou, "Réunion plénière")
    await tap(fatou, "Assemblée des habitants")
    await tap(fatou, "▶")
    await expect(fatou.get_by_role("button", name="15", exact=True)).to_be_visible(timeout=PATIENCE)
    await keep(page, "narrow-calendar")
    days = await fatou.locator(".many").last.locator("button").evaluate_all(BOXES)
    assert len(days) > 28
    assert all(min(day["width"], day["height"]) >= FINGER and 0 <= day["x"] <= NARROW - day["width"] for day in days)
    assert await page.evaluate("document.documentElement.scrollWidth") == NARROW


async def focus(page: Page, name: str, number: int = 0) -> None:
    """With the Tab key, to the control of that name, on that phone when there is one."""
    for _ in range(TABS):
        found, where = await page.evaluate(FOCUSED)
        if re.search(name, found) and number in (0, where):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {name}")


async def push(page: Page, name: str, number: int, then: str) -> None:
    await expect(phone(page, number).get_by_role("button", name=re.compile(name)).last).to_be_visible(timeout=PATIENCE)
    await focus(page, name, number)
    await page.keyboard.press("Enter")
    await reads(phone(page, number), then)


async def test_the_story_needs_no_mouse(paris, open_page):
    page = await open_page(paris, width=1280, height=800)
    await page.wait_for_selector("html[data-ready]", state="attached")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Aller aux téléphones")).to_be_focused()
    await focus(page, "^Téléphones$")
    for key in ("Enter", "End", "Enter"):
        await page.keyboard.press(key)
    await focus(page, "^$")  # the first name, which has a label beside it
    await page.keyboard.type("Nour")
    await page.keyboard.press("Enter")
    nour = page.locator("[data-phone]").last
    await expect(nour).to_contain_text("Nour")
    number = int(await nour.get_attribute("data-phone"))

    await push(page, "^DÉMARRER$", number, "d’accord")
    await push(page, "D’accord", number, "15 ans")
    await push(page, "15 ans ou plus", number, "quartier")
    await push(page, "18e arrondissement", number, "Bienvenue, Nour")
    await push(page, "Réunions", number, "réunions")
    await push(page, "Réunion plénière du conseil", number, "Viendrez-vous")
    await push(page, "^Oui$", number, "Votre réponse : oui")
    await keep(page, "keyboard", dark=False)
    await focus(page, "Écrire un message", number)
    await page.keyboard.type("/menu")
    await page.keyboard.press("Enter")
    await reads(nour, "Que voulez-vous faire ?")
