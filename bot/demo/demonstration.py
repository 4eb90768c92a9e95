"""`portevoix demo`: a playground in a process of its own, a database for the occasion, and the real bot."""

import asyncio
import contextlib
import socket
import sys
import tempfile
import webbrowser
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import aiohttp
from rich.console import Console

from bot.app import App
from bot.cli.sentences import terminal_say
from bot.clock import PlaygroundClock
from bot.demo.people import PEOPLE
from bot.demo.seed import seed
from bot.logs import configure_logs
from bot.settings import Settings, read_settings
from council.programme_file import programme_path, read_programme_file
from council.quiet_hours import QuietHours
from council.settings import ProgrammeSettings
from storage.database import Database
from storage.migrate import migrate

TOKEN = "4200000001:demonstration-token-of-the-playground"  # noqa: S105 - opens nothing but the playground
USERNAME = "porte_voix_bot"
PORT_IN_USE = 3  # the playground's exit code
READY_WITHIN = 20.0  # seconds
LOOK = 0.3  # seconds
AFTER_NIGHT = timedelta(hours=1)

say = terminal_say()


async def show(name: str, port: int, *, open_browser: bool) -> int:
    """Until Ctrl-C; the exit code. Raises what bot.cli.sentences explains."""
    console = Console(stderr=True)
    configure_logs("console", "ERROR")
    with tempfile.TemporaryDirectory(prefix="portevoix-demo-") as directory:
        async with contextlib.AsyncExitStack() as stack:
            console.print(say.plain("Je prépare Telegram sur cette machine…"))
            url = await _start_playground(stack, port)
            if url is None:
                console.print(say.plain("Le port {port} est déjà pris. Choisissez-en un autre avec --port.", port=port))
                return 1
            settings = _settings(directory, url)
            console.print(say.plain("Je remplis la base de données…"))
            await _prepare(settings, name, url)
            console.print(say.plain("Je lance le bot…"))

            async def ready() -> None:
                await _open_menus(url)
                console.print(say.plain("C’est prêt : {url} (Ctrl-C pour arrêter)", url=url))
                if open_browser:
                    webbrowser.open(url)

            await App(settings).run(ready)
            console.print(say.plain("Tout est arrêté."))
    return 0


def _settings(directory: str, url: str) -> Settings:
    return read_settings(
        bot_token=TOKEN,
        bot_api_url=url,
        database_url=f"sqlite:///{Path(directory) / 'demo.db'}",
        redis_url=None,
        roles="inbound,sender,sweeps",
        webhook_url=None,
        listen="127.0.0.1:0",
        clock_url=f"{url}/playground/clock",
    )


async def _start_playground(stack: contextlib.AsyncExitStack, port: int) -> str | None:
    """Its URL; None when the port is in use. In a session of its own, so that Ctrl-C reaches the bot first."""
    chosen = port or _free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "playground", "--port", str(chosen), stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    stack.push_async_callback(_end, process)
    url = f"http://127.0.0.1:{chosen}"
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=LOOK)) as http, asyncio.timeout(READY_WITHIN):
        while not await _answers(http, f"{url}/playground/clock") or await _has_ended(process):
            if await _has_ended(process):
                return None
    return url


async def _answers(http: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with http.get(url) as answer:
            return answer.status == HTTPStatus.OK
    except (aiohttp.ClientError, TimeoutError):
        return False


async def _has_ended(process: asyncio.subprocess.Process) -> bool:
    """Somebody else may answer at that port: what counts is whether ours could begin. It ends at once when not."""
    try:
        return await asyncio.wait_for(process.wait(), LOOK) == PORT_IN_USE
    except TimeoutError:
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    await process.wait()


async def _prepare(settings: Settings, name: str, url: str) -> None:
    programme = read_programme_file(programme_path(name))
    clock = PlaygroundClock(f"{url}/playground/clock")
    async with aiohttp.ClientSession(f"{url}/") as http:
        await _post(http, "bots", {"token": TOKEN, "username": USERNAME, "first_name": say.plain("Porte-voix")})
        for person in PEOPLE:
            phone = {
                "id": person.telegram_id,
                "first_name": person.first_name,
                "language_code": person.language,
                "role": say.plain(person.label),
                "started": person.role is not None,
                "open": person.open,
            }
            await _post(http, "phones", phone)
        await clock.read()
        await _begin_by_day(http, clock, programme)
    database = Database(settings.database_url)
    await migrate(database)
    await seed(database, clock, name, programme, say)
    await database.close()


async def _begin_by_day(http: aiohttp.ClientSession, clock: PlaygroundClock, programme: ProgrammeSettings) -> None:
    """At night the bot would keep its news to itself until morning, and there would be nothing to see."""
    morning = QuietHours(programme.quiet_hours.start, programme.quiet_hours.end, programme.tz).ends_after(clock.now())
    if morning > clock.now():
        await _post(http, "clock", {"to": (morning + AFTER_NIGHT).isoformat()})
        await clock.read()


async def _open_menus(url: str) -> None:
    """Whoever has joined asks for the menu, so that each phone shows where to begin."""
    async with aiohttp.ClientSession(f"{url}/") as http:
        for person in PEOPLE:
            if person.role is not None and person.open:
                await _post(http, f"phones/{person.telegram_id}/send", {"text": "/menu"})


async def _post(http: aiohttp.ClientSession, path: str, body: dict[str, object]) -> None:
    async with http.post(f"playground/{path}", json=body) as answer:
        answer.raise_for_status()
