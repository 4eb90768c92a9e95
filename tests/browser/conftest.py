"""A real Chromium for the tests of pages: `open_page(url, …)` gives a page whose console must stay without errors."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from page_scene import CLAIRE, PEOPLE, TOKEN, Scene
from playwright.async_api import Browser, Page, async_playwright

from playground.server import Playground

REQUIRED = os.environ.get("PORTEVOIX_REQUIRE_SERVICES") == "1"
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]

OpenPage = Callable[..., Awaitable[Page]]


def chromium_path(own: str) -> str | None:
    """The Chromium to use: PORTEVOIX_CHROMIUM, then one on PATH, then Playwright's own at `own`."""
    asked = os.environ.get("PORTEVOIX_CHROMIUM")
    candidates = [asked] if asked else [*map(shutil.which, NAMES), own]
    return next((path for path in candidates if path and Path(path).exists()), None)


def without_chromium() -> None:
    reason = "no Chromium: set PORTEVOIX_CHROMIUM, install chromium or run `playwright install chromium`"
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


def stays_here(url: str) -> bool:
    """True for what needs no network: this machine, and what a page holds itself."""
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob", "about") or parts.hostname in ("127.0.0.1", "localhost")


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        path = chromium_path(playwright.chromium.executable_path)
        if path is None:
            without_chromium()
        browser = await playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture
async def open_page(chromium: Browser) -> AsyncIterator[OpenPage]:
    """`await open_page(url, width=1280, height=800, scheme="light")`.

    At the end no page may have said an error, nor asked anything of another machine.
    """
    problems: list[str] = []

    async def opened(
        url: str, *, width: int = 1280, height: int = 800, scheme: str = "light", **context: object
    ) -> Page:
        size = {"width": width, "height": height}
        place = await chromium.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce", **context)
        page = await place.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda sent: None if stays_here(sent.url) else problems.append(f"asked for {sent.url}"))
        await page.goto(url)
        return page

    yield opened
    assert problems == []


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with Playground(host="127.0.0.1", port=0) as playground, aiohttp.ClientSession() as session:
        scene = Scene(playground.url, session)
        await scene.control("bots", {"token": TOKEN, "username": "essai_bot", "first_name": "Essai"})
        for number, name, role, language in PEOPLE:
            body = {"id": number, "first_name": name, "role": role, "language_code": language}
            await scene.control("phones", body | {"started": number != CLAIRE, "open": True})
        yield scene
