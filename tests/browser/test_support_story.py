"""Support on a Friday evening, played in the browser: asked by voice, promised for Monday, answered, done, judged."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from demo_scene import (
    CLAIRE,
    FATOU,
    JULIEN,
    PARIS_TIME,
    PATIENCE,
    ROSA,
    SAMIR,
    demonstration,
    ends_in_order,
    heard,
    keep,
    page_time,
    phone,
    reads,
    tap,
    writes,
)
from playwright.async_api import Locator, Page, expect

from council.working_time import public_holidays

FRIDAY, MONDAY = 4, 0


@pytest.fixture
def toulouse(tmp_path) -> Iterator[str]:
    with demonstration(tmp_path) as (url, process):
        yield url
        ends_in_order(process)


def _before_a_holiday(friday: date) -> bool:
    """The Monday after it is none on which the team works."""
    monday = friday + timedelta(days=3)
    return monday in public_holidays(None, monday.year)


async def goes_to(page: Page, weekday: int, at: time) -> None:
    """The clock is moved to the next such moment; to a Friday whose Monday is no holiday."""
    now = await page_time(page)
    moment = datetime.combine(now.date() + timedelta(days=(weekday - now.weekday()) % 7), at, PARIS_TIME)
    while moment < now or (weekday == FRIDAY and _before_a_holiday(moment.date())):
        moment += timedelta(days=7)
    answer = await page.request.post(f"{page.url.split('?')[0]}playground/clock", data={"to": moment.isoformat()})
    assert answer.ok
    await expect(page.locator(".clock-date")).to_contain_text(f"à {at.hour} h {at.minute:02}", timeout=PATIENCE)


async def attaches(page: Page, where: Locator, name: str) -> None:
    """With the page's own paper clip; people who read another language find it by its place."""
    before = await where.locator(".message.out").count()
    await where.locator(".composer [aria-haspopup=menu]").click()
    await page.get_by_role("menuitem", name=name, exact=True).click()
    await expect(where.locator(".message.out")).to_have_count(before + 1, timeout=PATIENCE)


async def shows(page: Page, name: str) -> None:
    await page.get_by_role("navigation", name="Autres personnes").get_by_role("button", name=name).click()


async def hides(page: Page, number: int) -> None:
    await phone(page, number).locator(".owner [aria-haspopup=menu]").click()
    await page.get_by_role("menuitem", name="Ranger ce téléphone").click()
    await expect(phone(page, number)).to_have_count(0)


async def joins(rosa: Locator) -> None:
    for label in ("^DÉMARRER$", "D’accord", "15 ans ou plus", "Empalot"):
        await tap(rosa, label)
    await reads(rosa, "Bienvenue, Rosa")


async def rosa_asks(page: Page) -> None:
    """By voice, with a photo: she writes no word."""
    rosa = phone(page, ROSA)
    await keep(page, "support-0-menu", dark=False)
    await tap(rosa, "Demander un appui")
    await reads(rosa, "De quoi avez-vous besoin")
    await keep(page, "support-1-groups", dark=False)
    await tap(rosa, "Une réunion")
    await reads(rosa, "De quoi s’agit-il")
    await keep(page, "support-2-kinds", dark=False)
    await tap(rosa, "Trouver une salle")
    await reads(rosa, "Expliquez")
    await attaches(page, rosa, "Message vocal")
    await attaches(page, rosa, "Photo")
    await reads(rosa, "J’ai gardé 2 messages")
    await keep(page, "support-3-words", dark=False)
    await tap(rosa, "C’est tout")
    await reads(rosa, "Voulez-vous l’envoyer")
    await keep(page, "support-4-preview", dark=False)
    await tap(rosa, "📤 Envoyer")
    await reads(rosa, "Nous sommes vendredi 18 h 40", "L’équipe travaille du lundi au vendredi")
    await reads(rosa, "Julien vous répondra avant lundi 12 h")
    await keep(page, "support-5-promise")


async def samir_asks(page: Page) -> None:
    """From right to left, by the same places."""
    samir = phone(page, SAMIR)
    await tap(samir, "🙋")
    await tap(samir, "💶")
    await tap(samir, "إيجاد المال")
    await expect(heard(samir, "🎤")).to_be_visible(timeout=PATIENCE)
    await attaches(page, samir, "رسالة صوتية")
    await tap(samir, "✅")
    await keep(page, "support-6-samir-preview", dark=False)
    await tap(samir, "📤")
    await expect(heard(samir, "Julien")).to_be_visible(timeout=PATIENCE)
    await keep(page, "support-7-samir-promise", dark=False)


async def test_asked_by_voice_on_friday_evening_and_answered_on_monday(toulouse, open_page):
    page = await open_page(toulouse, width=1500, height=950)
    rosa, julien = phone(page, ROSA), phone(page, JULIEN)
    await keep(page, "support-00-first-look", dark=False)
    await hides(page, FATOU)
    await shows(page, "Julien")
    await reads(julien, "Que voulez-vous faire")
    await keep(page, "support-01-julien", dark=False)
    await goes_to(page, FRIDAY, time(18, 40))
    await joins(rosa)
    await rosa_asks(page)
    await samir_asks(page)
    await hides(page, SAMIR)

    # Monday: the digest, the queue, the request, the voice.
    await goes_to(page, MONDAY, time(9))
    await reads(julien, "Vos demandes ce matin")
    await keep(page, "support", dark=False, around=(ROSA, JULIEN))
    await tap(julien, "Ouvrir les demandes")
    await reads(julien, "Mes demandes à traiter")
    await keep(page, "support-11-queue", dark=False)
    await tap(julien, "Rosa – Trouver une salle")
    await reads(julien, "Réponse promise avant")
    await keep(page, "support-12-request", dark=False)
    await tap(julien, "^Plus$")
    await tap(julien, "Tout revoir")
    await keep(page, "support-13-story", dark=False)
    await tap(julien, "Revoir les messages")
    await expect(julien.locator(".sound").last).to_be_visible(timeout=PATIENCE)
    await keep(page, "support-13-history", dark=False)
    await writes(julien, "/demandes")
    await tap(julien, "Rosa – Trouver une salle")
    await tap(julien, "Réponse toute prête")
    await reads(julien, "Que voulez-vous répondre à Rosa")
    await keep(page, "support-14-ready", dark=False)
    await tap(julien, "Chercher une salle")
    await reads(julien, "Rosa lira")
    await keep(page, "support-15-ready-preview", dark=False)
    await tap(julien, "Modifier")
    await keep(page, "support-16-ready-change", dark=False)
    await writes(julien, "Bonjour Rosa,\nJe cherche une salle. Quel jour, et combien de personnes ?\nJulien")
    await reads(rosa, "Quel jour, et combien de personnes")
    await keep(page, "support-17-answered", dark=False)

    # Rosa answers from her phone; Julien carries it out; Rosa judges.
    await tap(heard(rosa, "Quel jour"), "Répondre")
    await writes(rosa, "Un jeudi soir, nous serons trente.")
    await tap(rosa, "J’ai fini")
    await reads(julien, "nous serons trente")
    await keep(page, "support-18-talk", dark=False)
    await tap(heard(julien, "nous serons trente"), "Ouvrir")
    await tap(julien, "C’est fait")
    await reads(julien, "Qu’est-ce qui a été fait")
    await keep(page, "support-19-result", dark=False)
    await writes(julien, "La salle 2 est réservée jeudi à 19 h.")
    await reads(rosa, "La salle 2 est réservée", "Est-ce résolu")
    await keep(page, "support-20-verdict", dark=False)
    await tap(rosa, "Oui")
    await tap(rosa, "Très bien")
    await reads(rosa, "Voulez-vous ajouter un mot")
    await keep(page, "support-21-face", dark=False)
    await tap(rosa, "Non merci")
    await keep(page, "support-22-end", dark=False)

    # Claire sees how the team does.
    await shows(page, "Claire")
    claire = phone(page, CLAIRE)
    await writes(claire, "/equipe")
    await reads(claire, "L’équipe", "Julien")
    await keep(page, "support-23-team", dark=False)
    await tap(claire, "Délais")
    await reads(claire, "Première réponse")
    await keep(page, "support-24-figures", dark=False)
    await tap(claire, "Image")
    await expect(claire.locator(".photo img").last).to_be_visible(timeout=PATIENCE)
    await keep(page, "support-25-chart", dark=False)
    await tap(claire, "Tableau")
    async with page.expect_download() as download:
        await claire.get_by_role("link", name=re.compile(r"\.xlsx$")).last.click(timeout=PATIENCE)
    assert (await (await download.value).path()).read_bytes().startswith(b"PK")
    await keep(page, "support-26-sheet", dark=False)
