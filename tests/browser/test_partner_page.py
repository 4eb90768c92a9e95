"""The partner's page in a real browser: without scripts, on a phone of 320 pixels, by keyboard alone."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import update
from sqlmodel import col

from playground.server import Playground
from storage.database import Database
from storage.interpellations import Interpellation, InterpellationState
from storage.people import Role
from tests.conftest import small_settings
from tests.scenes.letter_steps import JPEG, PDF, answers, case_of, sent_letter, with_pages
from tests.scenes.stage import Stage

HERE = Path(__file__).parent
NAMELESS = (HERE / "nameless.js").read_text("utf-8")
FAINT = (HERE / "faint.js").read_text("utf-8")
FAINT_EDGES = (HERE / "faint_edges.js").read_text("utf-8")
BODY_GROUND = "() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
OUTLINE = "() => [...document.querySelectorAll('h1, h2, h3')].map((each) => Number(each.tagName[1]))"
UNLABELLED = """() => [...document.querySelectorAll('input:not([type=hidden]), textarea')]
  .filter((each) => !each.labels.length).map((each) => each.outerHTML)"""
DOUBLE_IDS = """() => { const ids = [...document.querySelectorAll('[id]')].map((each) => each.id);
  return ids.filter((each, place) => ids.indexOf(each) !== place); }"""
LOST = """() => [...document.querySelectorAll('[aria-describedby], [aria-labelledby]')]
  .flatMap((each) => `${each.getAttribute('aria-describedby') ?? ''} ${each.getAttribute('aria-labelledby') ?? ''}`
  .split(' ')).filter((id) => id && !document.getElementById(id))"""
SMALL = """() => [...document.querySelectorAll('button, input:not([type=hidden]), textarea')]
  .filter((each) => each.getBoundingClientRect().height < 24).map((each) => each.outerHTML)"""
FOCUSED = """() => { const each = document.activeElement;
  return each.id || each.getAttribute('href') || each.textContent.trim(); }"""
EDGE = "node => getComputedStyle(node).borderTopColor"
RING = "() => getComputedStyle(document.activeElement).outlineStyle !== 'none'"


@dataclass
class Office:
    """A partner's browser on the page of a letter."""

    stage: Stage
    page: Page
    case_id: int
    url: str


@pytest.fixture
async def stage(fresh_url) -> AsyncIterator[Stage]:
    url = fresh_url("sqlite")
    database = Database(url)
    async with Playground(port=0, mail=True) as playground:
        made = Stage(playground, database, url, small_settings())
        await made.raise_curtain()
        yield made
        await made.stop_bot()
    await database.close()


@pytest.fixture
async def office(stage: Stage, chromium: Browser) -> AsyncIterator[Office]:
    rosa = await stage.joined("Rosa", "nord")
    karim = await stage.joined("Karim", "nord", role=Role.LEAD)
    address = await with_pages(stage)
    case_id, token = await sent_letter(
        stage, rosa, karim, title="L’ascenseur du bâtiment C est en panne depuis trois semaines"
    )
    place = await chromium.new_context(
        viewport={"width": 320, "height": 640}, java_script_enabled=False, locale="fr-FR", reduced_motion="reduce"
    )
    page = await place.new_page()
    page.set_default_timeout(15_000)
    asked_elsewhere: list[str] = []
    page.on("request", lambda asked: None if asked.url.startswith(address) else asked_elsewhere.append(asked.url))
    url = f"{address}/r/{token}"
    await page.goto(url)
    yield Office(stage, page, case_id, url)
    assert asked_elsewhere == []
    await place.close()


async def is_accessible(page: Page, name: str) -> None:
    """Names, labels, contrast by day and by night, outline, size of what is pressed; nothing wider than the phone."""
    for scheme in ("dark", "light"):
        await page.emulate_media(color_scheme=scheme)
        assert (max(await page.evaluate(BODY_GROUND)) < 64) == (scheme == "dark")
        assert await page.evaluate(FAINT) == []
        assert await page.evaluate(FAINT_EDGES) == []
        await keep(page, f"{name}-{scheme}")
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(UNLABELLED) == []
    assert await page.evaluate(DOUBLE_IDS) == []
    assert await page.evaluate(LOST) == []
    assert await page.evaluate(SMALL) == []
    assert await page.evaluate(WIDE) <= 0
    outline = await page.evaluate(OUTLINE)
    assert outline.count(1) == 1
    assert await page.locator("html").get_attribute("lang") == "fr"
    assert await page.title()


async def keep(page: Page, name: str) -> None:
    """As a picture, in the folder PORTEVOIX_PICTURES, at the width of most phones."""
    if os.environ.get("PORTEVOIX_PICTURES"):
        size = page.viewport_size
        await page.set_viewport_size({"width": 360, "height": 740})
        await page.screenshot(path=Path(os.environ["PORTEVOIX_PICTURES"]) / f"partner-{name}.png", full_page=True)
        await page.set_viewport_size(size)


async def tabs_to(page: Page, name: str) -> None:
    """By the Tab key alone, with a ring around each stop."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        assert await page.evaluate(RING)
        if await page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(name)


async def test_every_state_of_the_page_is_accessible(office: Office):
    page = office.page
    await is_accessible(page, "letter")

    await page.get_by_role("button", name="Envoyer la réponse").click()
    await expect(page.get_by_role("alert")).to_contain_text("Il manque un nom.")
    await is_accessible(page, "errors")
    edges = [await page.locator(field).evaluate(EDGE) for field in ("#signature", "#reponse", "#nom")]
    assert edges[0] == edges[1] != edges[2], "what is missing stands out"

    await page.get_by_label("Qui répond ?").fill("Service des bâtiments")
    await page.get_by_label("Votre réponse").fill("Nous réparons lundi.\nMerci de votre patience.")
    await page.get_by_label("Joindre des fichiers").set_input_files(
        [{"name": "plan.pdf", "mimeType": "application/pdf", "buffer": PDF}]
    )
    await page.get_by_role("button", name="Envoyer la réponse").click()
    await expect(page.get_by_role("status")).to_contain_text("Merci. Votre réponse est envoyée")
    await expect(page.locator("#reponses")).to_contain_text("Service des bâtiments, le")
    await expect(page.locator("#reponses")).to_contain_text("plan.pdf")
    await is_accessible(page, "answered")

    async with office.stage.database.write() as session:
        closing = update(Interpellation).where(col(Interpellation.id) == office.case_id)
        await session.exec(closing.values(state=InterpellationState.CLOSED, closed_at=office.stage.now()))
    await page.goto(office.url)
    await expect(page.locator("main")).to_contain_text("Merci. Ce dossier est clos.")
    await expect(page.locator("form")).to_have_count(0)
    await is_accessible(page, "closed")

    await page.goto(office.url[:-43] + "A" * 43)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cette page n’existe pas")
    await is_accessible(page, "unknown")


async def test_at_night_where_one_is_and_what_is_pressed_is_seen(office: Office):
    page = office.page
    await page.emulate_media(color_scheme="dark")
    button = page.get_by_role("button", name="Envoyer la réponse")
    by_day = await button.evaluate("node => getComputedStyle(node).backgroundColor")
    await button.hover()
    assert await button.evaluate("node => getComputedStyle(node).backgroundColor") != by_day
    assert await page.evaluate(FAINT) == []
    await tabs_to(page, "signature")
    await page.keyboard.type("Mairie")
    ring = "node => getComputedStyle(node).outlineColor"
    assert await page.locator("#signature").evaluate(ring) == "rgb(255, 176, 119)"


async def test_on_paper_the_page_is_as_by_day(office: Office):
    page = office.page
    await page.emulate_media(color_scheme="dark", media="print")
    assert min(await page.evaluate(BODY_GROUND)) == 255
    assert await page.evaluate(FAINT) == []


async def test_all_of_it_is_done_by_keyboard(office: Office):
    page = office.page
    await page.keyboard.press("Tab")
    assert await page.evaluate(FOCUSED) == "#contenu"
    await tabs_to(page, "Accuser réception")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Les habitants savent que la lettre est arrivée.")
    assert (await case_of(office.stage, office.case_id)).state is InterpellationState.ACKNOWLEDGED

    await tabs_to(page, "signature")
    await page.keyboard.type("Mairie")
    await tabs_to(page, "reponse")
    await page.keyboard.type("Lundi.")
    await tabs_to(page, "Envoyer la réponse")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Votre réponse est envoyée")
    assert [each.words for each in await answers(office.stage, office.case_id)] == ["Lundi."]

    await tabs_to(page, "nom")
    await page.keyboard.type("Service technique")
    await page.keyboard.press("Tab")
    await page.keyboard.type("technique@ville.example")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("La personne va recevoir un e-mail")


async def test_what_is_wrong_is_said_where_it_is_and_what_was_typed_stays(office: Office):
    page = office.page
    await page.get_by_label("Qui répond ?").fill("Mairie")
    await page.get_by_label("Votre réponse").fill("\nUn mot, avec une ligne vide devant.")
    await page.get_by_label("Joindre des fichiers").set_input_files(
        [{"name": "photo é.png", "mimeType": "image/png", "buffer": JPEG}]
    )
    await page.get_by_role("button", name="Envoyer la réponse").click()
    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(page.get_by_role("alert")).to_contain_text("Le fichier « photo é.png » n’est pas ce que dit son nom.")
    await expect(page.get_by_label("Qui répond ?")).to_have_value("Mairie")
    await expect(page.get_by_label("Votre réponse")).to_have_value("\nUn mot, avec une ligne vide devant.")
    files = page.get_by_label("Joindre des fichiers")
    await expect(files).to_have_attribute("aria-invalid", "true")
    await expect(files).to_have_accessible_description(
        "Si vous voulez : 5 fichiers au plus, 10 Mo chacun, 20 Mo en tout. "
        "PDF, JPEG, PNG, ODT, DOCX, ODS, XLSX ou TXT. "
        "Le fichier « photo é.png » n’est pas ce que dit son nom."
    )
    assert "Erreur" in await page.title()
    await page.get_by_role("alert").get_by_role("link").first.click()
    await expect(files).to_be_focused()


async def test_thirty_megabytes_are_refused_with_a_page(office: Office):
    page = office.page
    await page.get_by_label("Qui répond ?").fill("Mairie")
    await page.get_by_label("Votre réponse").fill("Ceci reste.")
    grand = office.stage.url.removeprefix("sqlite:///") + ".pdf"
    with Path(grand).open("wb") as file:
        file.write(PDF)
        file.truncate(30 * 1024 * 1024)
    await page.get_by_label("Joindre des fichiers").set_input_files(grand)
    await page.get_by_role("button", name="Envoyer la réponse").click()
    await expect(page.get_by_role("alert")).to_contain_text("est trop lourd. Il faut moins de 10 Mo.")
    await expect(page.get_by_label("Votre réponse")).to_have_value("Ceci reste.")


async def test_reloading_sends_nothing_again_and_the_letter_downloads(office: Office):
    page = office.page
    await page.get_by_label("Qui répond ?").fill("Mairie")
    await page.get_by_label("Votre réponse").fill("Lundi.")
    await page.get_by_role("button", name="Envoyer la réponse").click()
    await page.reload()
    await page.go_back()
    await page.get_by_role("button", name="Envoyer la réponse").click()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert len(await answers(office.stage, office.case_id)) == 1
    async with page.expect_download() as waited:
        await page.get_by_role("link", name="Télécharger la lettre").click()
    download = await waited.value
    assert download.suggested_filename == "lettre-I-2026-001.pdf"
    assert Path(await download.path()).read_bytes() == PDF
