"""The story of the README, played in the browser: join a council, hear of a meeting, answer, be reminded.

With PORTEVOIX_KEEP_PICTURES set to a folder, the screens that it passes are kept there.
"""

import asyncio
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

ROSA, SAMIR, FATOU, LINDA = 5_000_000_001, 5_000_000_002, 5_000_000_003, 5_000_000_006
PATIENCE = 20_000  # milliseconds


@pytest.fixture
async def demonstration() -> AsyncIterator[str]:
    """`portevoix demo`, as a newcomer starts it; its page."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from bot.cli import main; main()",
        "demo",
        "--no-open",
        "--port",
        str(port),
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "LANG": "fr_FR.UTF-8", "LC_ALL": ""},
    )
    assert process.stderr is not None
    said = []
    async with asyncio.timeout(60):
        while not said or "C’est prêt" not in said[-1]:
            line = (await process.stderr.readline()).decode()
            assert line, said
            said.append(line)
    assert len(said) >= 3, "progress is shown while it sets itself up"
    yield f"http://127.0.0.1:{port}/"
    process.send_signal(2)
    rest = (await asyncio.wait_for(process.stderr.read(), 30)).decode()
    assert await process.wait() == 0
    assert "Tout est arrêté" in rest
    assert "Traceback" not in rest
    assert "error" not in rest


def phone(page: Page, number: int) -> Locator:
    return page.locator(f'[data-phone="{number}"]')


async def tap(where: Locator, label: str) -> None:
    """The newest button that says so."""
    await where.get_by_role("button", name=re.compile(label)).last.click(timeout=PATIENCE)


async def reads(where: Locator, *parts: str) -> None:
    for part in parts:
        await expect(where.locator(".message.in").filter(has_text=part).last).to_be_visible(timeout=PATIENCE)


async def keep(page: Page, name: str) -> None:
    folder = os.environ.get("PORTEVOIX_KEEP_PICTURES")
    if folder:
        await page.wait_for_timeout(700)
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_a_resident_joins_hears_of_a_meeting_answers_and_is_reminded(demonstration, open_page):
    page = await open_page(demonstration, width=1500, height=950)
    rosa, samir, fatou = phone(page, ROSA), phone(page, SAMIR), phone(page, FATOU)

    # Samir reads of the first meeting from right to left, and comes.
    await reads(samir, "Maison de quartier")
    await expect(samir).to_have_attribute("dir", "rtl")
    invitation = samir.locator(".message.in").filter(has_text="Maison de quartier").last
    await tap(invitation, "^(Oui|نعم)$")
    await expect(invitation.get_by_role("button", name="✅")).to_be_visible(timeout=PATIENCE)

    # Rosa joins with buttons alone.
    await rosa.locator(".big-button").click()
    await tap(rosa, "D’accord")
    await tap(rosa, "15 ans ou plus")
    await tap(rosa, "Empalot")
    await reads(rosa, "Bienvenue, Rosa")

    # Fatou calls a meeting in three weeks, with buttons alone but for the place.
    await tap(fatou, "Créer une réunion")
    await tap(fatou, "Réunion plénière")
    await tap(fatou, "Assemblée des habitants")
    await tap(fatou, "▶")
    await tap(fatou, "^15$")
    await tap(fatou, r"^18\sh$")
    await tap(fatou, r"^18\sh\s30$")
    await tap(fatou, "^2 heures$")
    await fatou.get_by_role("textbox").fill("École Langevin")
    await fatou.get_by_role("textbox").press("Enter")
    await tap(fatou, "Pas d’ordre du jour")
    await tap(fatou, "Autant que l’on veut")
    await tap(fatou, "Pas de fichier")
    await tap(fatou, "Tout de suite")
    await reads(fatou, "personnes recevront l’annonce")
    await keep(page, "preview")
    await tap(fatou, "✅ Annoncer")

    # Rosa hears of it and comes; Fatou's card tells her so by itself.
    await reads(rosa, "Assemblée des habitants", "École Langevin", "18 h 30")
    await tap(rosa, "^Oui$")
    await reads(rosa, "Votre réponse : oui")
    await reads(fatou, "1 inscrit", "Rosa")
    await keep(page, "chat")

    # Time passes, and the day before, Rosa is reminded.
    for _ in range(12):
        if await rosa.locator(".message.in").filter(has_text="Demain").count():
            break
        await page.get_by_role("button", name="Prochain événement").click()
        await page.wait_for_timeout(1_500)
    await reads(rosa, "Demain à 18 h 30")
    await keep(page, "reminded")


async def test_a_port_in_use_is_said_in_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from bot.cli import main; main()",
            "demo",
            "--no-open",
            "--port",
            str(taken.getsockname()[1]),
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "LANG": "fr_FR.UTF-8"},
        )
        _, said = await process.communicate()
    assert process.returncode == 1
    assert said.decode().splitlines()[-1].startswith("Le port")
    assert "Traceback" not in said.decode()
