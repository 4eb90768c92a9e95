"""A question to an institution, played in the browser: sent by the lead, answered by the town, read by who asked."""

from collections.abc import Iterator

import pytest
from demo_scene import FATOU, PATIENCE, SAMIR, demonstration, ends_in_order, heard, keep, phone, reads, tap, writes
from playwright.async_api import expect

ANSWER = "L’ascenseur sera réparé avant le 15 du mois prochain."


@pytest.fixture
def toulouse(tmp_path) -> Iterator[str]:
    with demonstration(tmp_path) as (url, process):
        yield url
        ends_in_order(process)


async def test_a_question_leaves_by_mail_and_its_answer_comes_back_to_who_asked(toulouse, open_page):
    page = await open_page(toulouse, width=1500, height=950)
    fatou, samir = phone(page, FATOU), phone(page, SAMIR)
    await writes(fatou, "/propositions")
    await tap(fatou, "Questions du conseil")
    await tap(fatou, "ascenseur")
    await tap(fatou, "Faire avancer")
    await tap(fatou, "Voir et envoyer la lettre")
    await expect(fatou.get_by_role("link", name="pdf").last).to_be_visible(timeout=PATIENCE)
    await keep(page, "question-letter")
    await tap(fatou, "^✉️ Envoyer$")
    mailbox = page.get_by_role("button", name="Courrier : 1 message")
    await expect(mailbox).to_be_visible(timeout=PATIENCE)
    await reads(fatou, "est partie")

    # The town opens its mail: the letter as a PDF, and a page of its own to answer on.
    await mailbox.click()
    box = page.get_by_role("complementary", name="Courrier")
    await keep(page, "question-mailbox")
    letter = box.get_by_role("link", name=".pdf")
    answered = await page.request.get(toulouse + await letter.get_attribute("href"))
    assert (await answered.body()).startswith(b"%PDF-")
    async with page.context.expect_page() as opened:
        await box.get_by_role("link", name="/r/").click()
    town = await opened.value
    await expect(town.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE)
    await town.set_viewport_size({"width": 900, "height": 950})
    await keep(town, "partner", dark=False)
    await town.get_by_label("Votre réponse").fill(ANSWER)
    await town.get_by_label("Qui répond").fill("Service des bâtiments")
    await town.get_by_role("button", name="Envoyer la réponse").click()
    await expect(town.get_by_text("Votre réponse est envoyée aux habitants.")).to_be_visible(timeout=PATIENCE)

    # Samir, who reads Arabic, has the answer in the words of the town, and says whether it answers.
    await page.keyboard.press("Escape")
    await reads(samir, ANSWER)
    await keep(page, "question-answered")
    await heard(samir, ANSWER).get_by_role("button").first.click()
    await expect(samir.locator(".message.in").last).to_be_visible(timeout=PATIENCE)
