"""What the stories share: the demonstration as a newcomer starts it, and people's fingers on its page."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil
from playwright.async_api import FloatRect, Locator, Page, expect

ROSA, SAMIR, FATOU, JULIEN, CLAIRE, LINDA = (5_000_000_000 + number for number in range(1, 7))
PARIS_TIME = ZoneInfo("Europe/Paris")
PATIENCE = 25_000  # milliseconds
SOON = 0.1  # seconds
COMMAND = [sys.executable, "-c", "from bot.cli import main; main()", "demo", "--no-open"]


def begin(folder: Path, *options: str) -> subprocess.Popen[str]:
    """`portevoix demo` in a French terminal; its files of the occasion are in `folder`."""
    around = {**os.environ, "LANG": "fr_FR.UTF-8", "LC_ALL": "", "LC_MESSAGES": "", "TMPDIR": str(folder)}
    return subprocess.Popen([*COMMAND, *options], stderr=subprocess.PIPE, text=True, encoding="utf-8", env=around)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@contextlib.contextmanager
def demonstration(folder: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Its page and its process, which whoever asked for it ends; at the latest here, whatever happens."""
    process = begin(folder, "--port", str(free_port()), *options)
    watchdog = threading.Timer(90, process.kill)
    watchdog.start()
    assert process.stderr is not None
    said: list[str] = []
    try:
        while not said or "C’est prêt" not in said[-1]:
            said.append(process.stderr.readline())
            assert said[-1], said
        watchdog.cancel()
        assert len(said) >= 4, "each step of the preparation is told"
        yield re.search(r"http://\S+", said[-1]).group(), process
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        process.stderr.close()


def ends_in_order(process: subprocess.Popen[str]) -> None:
    """Ctrl-C: one sentence, and nothing is left behind."""
    children = psutil.Process(process.pid).children(recursive=True)
    assert children, "the playground"
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 0
    assert rest.splitlines() == ["Tout est arrêté."]
    assert not any(child.is_running() for child in children)


def leaves_nothing_when_killed(process: subprocess.Popen[str]) -> None:
    children = psutil.Process(process.pid).children(recursive=True)
    assert children, "the playground"
    process.kill()
    _, alive = psutil.wait_procs(children, timeout=60)
    assert alive == []


def phone(page: Page, number: int) -> Locator:
    return page.locator(f'[data-phone="{number}"]')


async def tap(where: Locator, label: str) -> None:
    """The newest button that says so."""
    await where.get_by_role("button", name=re.compile(label)).last.click(timeout=PATIENCE)


def heard(where: Locator, part: str) -> Locator:
    """The newest message with these words."""
    return where.locator(".message.in").filter(has_text=part).last


async def reads(where: Locator, *parts: str) -> None:
    for part in parts:
        await expect(heard(where, part)).to_be_visible(timeout=PATIENCE)


async def writes(where: Locator, text: str) -> None:
    await where.get_by_role("textbox").fill(text)
    await where.get_by_role("textbox").press("Enter")


async def let_time_pass(page: Page, until: datetime) -> None:
    """From event to event with the page's own button, at least to this moment."""
    while True:
        clock = await (await page.request.get(f"{page.url.split('?')[0]}playground/clock")).json()
        now, following = (datetime.fromisoformat(clock[key] or clock["now"]) for key in ("now", "next_event"))
        if now >= until:
            return
        if following > now:
            await page.locator(".next-event").click()
        await asyncio.sleep(SOON)


def day_before(moment: datetime, month: int) -> datetime:
    """The eve of the 15th, `month` months after this moment, half past six in the evening."""
    years, month = divmod(moment.month - 1 + month, 12)
    return datetime(moment.year + years, month + 1, 14, 18, 30, tzinfo=PARIS_TIME)


async def page_time(page: Page) -> datetime:
    shown = await page.locator(".clock-date").get_attribute("datetime")
    return datetime.fromisoformat(shown).astimezone(PARIS_TIME)


async def keep(page: Page, name: str, *, dark: bool = True, around: Sequence[int] = ()) -> None:
    """With PORTEVOIX_KEEP_PICTURES set to a folder: the screen as it is now, by day and by night.

    `around`: of that screen only these phones, which stand side by side.
    """
    folder = os.environ.get("PORTEVOIX_KEEP_PICTURES")
    if not folder:
        return
    await page.mouse.move(0, 0)
    await expect(page.locator("[data-toast]")).to_have_count(0, timeout=PATIENCE)
    for scheme in ("dark", "light") if dark else ("light",):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.wait_for_timeout(500)
        path = Path(folder) / (f"{name}-dark.png" if scheme == "dark" else f"{name}.png")
        await page.screenshot(path=path, clip=await _around(page, around) if around else None)


async def _around(page: Page, numbers: Sequence[int]) -> FloatRect:
    boxes = [await phone(page, number).bounding_box() for number in numbers]
    left, top = (min(box[side] for box in boxes) for side in ("x", "y"))
    right, bottom = (max(box[side] + box[size] for box in boxes) for side, size in (("x", "width"), ("y", "height")))
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}
