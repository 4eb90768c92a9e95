"""The story of the README, played in the browser: join a council, hear of a meeting, answer, be reminded.

With PORTEVOIX_KEEP_PICTURES set to a folder, the screens that the stories pass are kept there. The README's pictures
are chat.png of this one, support.png and partner.png of the stories of support and of a question:
PORTEVOIX_KEEP_PICTURES=docs pytest tests/browser/test_story.py; add only those.
"""

import re
import signal
import socket
from collections.abc import Iterator

import pytest
from demo_scene import (
    FATOU,
    PATIENCE,
    ROSA,
    SAMIR,
    begin,
    day_before,
    demonstration,
    ends_in_order,
    heard,
    keep,
    let_time_pass,
    page_time,
    phone,
    reads,
    tap,
    writes,
)
from playwright.async_api import Locator, Page, expect


@pytest.fixture
def toulouse(tmp_path) -> Iterator[str]:
    with demonstration(tmp_path) as (url, process):
        yield url
        ends_in_order(process)
        assert list(tmp_path.iterdir()) == []


async def samir_comes(page: Page) -> None:
    """He reads from right to left."""
    samir = phone(page, SAMIR)
    await expect(samir).to_have_attribute("dir", "rtl")
    invitation = heard(samir, "Maison de quartier")
    await tap(invitation, "^نعم$")
    await expect(invitation.get_by_role("button", name="✅")).to_be_visible(timeout=PATIENCE)


async def rosa_joins(page: Page) -> None:
    """With buttons alone."""
    rosa = phone(page, ROSA)
    await tap(rosa, "^DÉMARRER$")
    await tap(rosa, "D’accord")
    await tap(rosa, "15 ans ou plus")
    await keep(page, "councils")
    await tap(rosa, "Empalot")
    await reads(rosa, "Bienvenue, Rosa")


async def fatou_links_the_group(page: Page) -> None:
    fatou = phone(page, FATOU)
    await tap(fatou, "^Discussions")
    await tap(fatou, "Le groupe du conseil")
    await tap(fatou, "Relier ce groupe")
    await reads(fatou, "C’est fait. Les réunions du conseil")
    await keep(page, "group")
    await tap(fatou, "^Discussions")
    await tap(fatou, "Porte-voix")


async def fatou_calls_a_meeting(page: Page) -> None:
    """On the 15th of next month, with buttons alone but for the place."""
    fatou = phone(page, FATOU)
    await tap(fatou, "Créer une réunion")
    await tap(fatou, "Réunion plénière")
    await tap(fatou, "Assemblée des habitants")
    await keep(page, "calendar")
    await tap(fatou, "▶")
    await tap(fatou, "^15$")
    await tap(fatou, r"^18\sh$")
    await tap(fatou, r"^18\sh\s30$")
    await keep(page, "length")
    await tap(fatou, "^2 heures$")
    await expect(heard(fatou, "Où est la réunion")).to_be_visible(timeout=PATIENCE)
    await writes(fatou, "École Langevin")
    await tap(fatou, "Pas d’ordre du jour")
    await tap(fatou, "Autant que l’on veut")
    await tap(fatou, "Pas de fichier")
    await tap(fatou, "Tout de suite")
    await reads(fatou, "personnes recevront l’annonce")
    await keep(page, "preview")
    await tap(fatou, "✅ Annoncer")


async def downloads_calendar(page: Page, where: Locator) -> None:
    await tap(where, "Ajouter à mon agenda")
    async with page.expect_download() as download:
        await where.get_by_role("link", name=re.compile(r"\.ics$")).last.click(timeout=PATIENCE)
    assert (await (await download.value).path()).read_bytes().startswith(b"BEGIN:VCALENDAR")


async def test_a_resident_joins_hears_of_a_meeting_answers_and_is_reminded(toulouse, open_page):
    page = await open_page(toulouse, width=1500, height=950)
    rosa, samir, fatou = phone(page, ROSA), phone(page, SAMIR), phone(page, FATOU)
    await samir_comes(page)
    await rosa_joins(page)
    await fatou_links_the_group(page)
    eve = day_before(await page_time(page), 1)
    await fatou_calls_a_meeting(page)

    # Rosa hears of it and comes; Fatou's card tells her so by itself; the group hears too.
    await reads(rosa, "Assemblée des habitants", "École Langevin", "18 h 30")
    await reads(fatou, "0 inscrit")
    await reads(samir, "Assemblée des habitants")
    await tap(heard(rosa, "Assemblée des habitants"), "^Oui$")  # she has heard of another one when she joined
    await reads(rosa, "Votre réponse : oui")
    await reads(fatou, "1 inscrit", "Rosa")
    await expect(fatou.get_by_role("button", name="non lu ailleurs")).to_be_visible(timeout=PATIENCE)
    await keep(page, "chat")
    await downloads_calendar(page, rosa)

    # Time passes, and the day before, Rosa is reminded, and only those who come.
    await let_time_pass(page, eve)
    await reads(rosa, "Demain à 18 h 30")
    await keep(page, "reminded")
    await expect(samir.locator(".message.in").filter(has_text="غدًا").filter(has_text="Assemblée")).to_have_count(0)


def test_a_port_in_use_is_said_in_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = begin(tmp_path, "--port", str(taken.getsockname()[1]))
        _, said = process.communicate()
    assert process.returncode == 1
    assert said.splitlines()[-1].startswith("Le port")
    assert "Traceback" not in said


def test_ctrl_c_is_heard_before_the_bot_is_there(tmp_path):
    process = begin(tmp_path, "--port", "0")
    said = process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "✓" in said
    assert rest.splitlines()[-1] == "Tout est arrêté."
    assert "Traceback" not in rest
    assert list(tmp_path.iterdir()) == []
