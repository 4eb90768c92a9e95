"""`portevoix demo`: a playground in a process of its own, a database for the occasion, and the real bot."""

import contextlib
import gc
import tempfile
import webbrowser
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from bot.cli.sentences import terminal_say
from bot.demo.playground_process import PlaygroundProcess, PortInUse

say = terminal_say()


async def show(name: str, port: int, *, open_browser: bool) -> int:
    """Until Ctrl-C; the exit code. Raises what bot.cli.sentences explains."""
    console = Console(stderr=True, highlight=False)
    with tempfile.TemporaryDirectory(prefix="portevoix-demo-") as directory:
        try:
            await _show(console, name, port, Path(directory), open_browser=open_browser)
        except PortInUse:
            console.print(say.plain("Le port {port} est déjà pris. Choisissez-en un autre avec --port.", port=port))
            return 1
    console.print(say.plain("Tout est arrêté."))
    gc.freeze()  # or the interpreter, at its end, looks through all that was imported: a second of nothing
    return 0


async def _show(console: Console, name: str, port: int, directory: Path, *, open_browser: bool) -> None:
    """Raises PortInUse."""
    async with contextlib.AsyncExitStack() as stack:
        with _step(console, say.plain("Je prépare Telegram sur cette machine…")):
            playground = await PlaygroundProcess.begin(port)
            stack.push_async_callback(playground.end)
            # Imports that take a second or two, while the playground begins on its side.
            from bot.app import App
            from bot.demo.preparation import TOKEN, open_menus, prepare
            from bot.logs import configure_logs
            from bot.settings import read_settings

            url = await playground.url()
        configure_logs("console", "ERROR")
        settings = read_settings(
            bot_token=TOKEN,
            bot_api_url=url,
            database_url=f"sqlite:///{directory / 'demo.db'}",
            redis_url=None,
            roles="inbound,sender,sweeps",
            webhook_url=None,
            listen="127.0.0.1:0",
            clock_url=f"{url}/playground/clock",
        )
        with _step(console, say.plain("Je remplis la base de données…")):
            await prepare(settings.database_url, name, url, say)
        starting = stack.enter_context(contextlib.ExitStack())
        starting.enter_context(_step(console, say.plain("Je lance le bot…")))

        async def ready() -> None:
            await open_menus(url)
            starting.close()
            console.print(say.plain("C’est prêt : {url} (Ctrl-C pour arrêter)", url=url))
            if open_browser:
                webbrowser.open(url)

        await App(settings).run(ready)


@contextlib.contextmanager
def _step(console: Console, sentence: str) -> Iterator[None]:
    """One line: it moves while the step goes on, where the terminal can, and has its tick at the end."""
    with console.status(sentence):
        yield
    console.print(f"[green]✓[/green] {sentence}")
