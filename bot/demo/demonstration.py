"""`portevoix demo`: a playground in a process of its own, a database for the occasion, and the real bot."""

import asyncio
import contextlib
import gc
import socket
import tempfile
import webbrowser
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from bot import loop
from bot.cli.sentences import terminal_say
from bot.demo.interruption import Interruption
from bot.demo.playground_process import PlaygroundProcess, PortInUse

INTERRUPTED = 130  # the exit code that shells give to Ctrl-C

say = terminal_say()


def show(name: str, port: int, *, open_browser: bool) -> int:
    """Until Ctrl-C; the exit code. Raises what bot.cli.sentences explains."""
    console = Console(stderr=True, highlight=False)
    code = 0
    try:
        _show(console, name, port, open_browser=open_browser)
    except PortInUse:
        console.print(say.plain("Le port {port} est déjà pris. Choisissez-en un autre avec --port.", port=port))
        return 1
    except KeyboardInterrupt:  # before the bot was there to hang up
        code = INTERRUPTED
    console.print(say.plain("Tout est arrêté."))
    gc.freeze()  # or the interpreter, at its end, looks through all that was imported: a second of nothing
    return code


def _show(console: Console, name: str, port: int, *, open_browser: bool) -> None:
    """Raises PortInUse.

    What takes long is imported here, between the steps and outside of any event loop: the playground begins meanwhile,
    and Ctrl-C is heard at once.
    """
    with tempfile.TemporaryDirectory(prefix="portevoix-demo-") as directory, contextlib.ExitStack() as stack:
        interruption = stack.enter_context(Interruption())
        with _step(console, say.plain("Je prépare Telegram sur cette machine…")):
            playground = stack.enter_context(PlaygroundProcess(port))
            from bot.app import App
            from bot.demo.preparation import TOKEN, open_menus, prepare
            from bot.logs import configure_logs
            from bot.settings import read_settings

            url, mail_url = playground.url(), playground.mail_url()
        interruption.heed()
        configure_logs("console", "ERROR")
        listen = f"127.0.0.1:{_free_port()}"  # where partners open the letters that the mailbox shows
        settings = read_settings(
            bot_token=TOKEN,
            bot_api_url=url,
            database_url=f"sqlite:///{Path(directory) / 'demo.db'}",
            redis_url=None,
            roles="inbound,sender,sweeps",
            webhook_url=None,
            listen=listen,
            public_url=f"http://{listen}",
            smtp_url=mail_url,
            mail_from="Porte-voix <porte-voix@ville.example>",
            clock_url=f"{url}/playground/clock",
        )
        with _step(console, say.plain("Je remplis la base de données…")):
            asyncio.run(prepare(settings.database_url, name, url, say))
        interruption.heed()
        starting = stack.enter_context(contextlib.ExitStack())
        starting.enter_context(_step(console, say.plain("Je lance le bot…")))
        import bot.inbound.inbound
        import bot.mailer.mailer
        import bot.sender.post  # noqa: F401 - all for App, which imports them inside its loop

        async def ready() -> None:
            if interruption.heard:
                app.stop()
                return
            await open_menus(url)
            starting.close()
            console.print(say.plain("C’est prêt : {url} (Ctrl-C pour arrêter)", url=url))
            if open_browser:
                webbrowser.open(url)

        interruption.heed()
        app = App(settings)
        loop.run(app.run(ready))
        interruption.heed()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _step(console: Console, sentence: str) -> Iterator[None]:
    """One line: it moves while the step goes on, where the terminal can, and has its tick at the end."""
    with console.status(sentence):
        yield
    console.print(f"[green]✓[/green] {sentence}")
