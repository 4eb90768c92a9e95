"""Runs the playground until SIGTERM or SIGINT. Exit code 3: the port is taken.

With --leash, for a program that starts it: it says its address on standard output as soon as it listens, that of its
mail server on the next line, and ends when its standard input closes, which happens however that program ends.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import os
import signal
import sys
import threading
from collections.abc import Callable

from .flood import FloodSettings
from .server import Playground

_PORT_TAKEN = 3


async def _serve(host: str, port: int, *, flood: bool, leash: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with Playground(host, port, FloodSettings() if flood else None, mail=True) as playground:
        if leash:
            sys.stdout.write(f"{playground.url}\n{playground.mail_url}\n")
            sys.stdout.flush()
            _on_end_of_input(lambda: loop.call_soon_threadsafe(stop.set))
        await stop.wait()


def _on_end_of_input(act: Callable[[], object]) -> None:
    """A thread, because event loops cannot wait for every kind of input; os.read holds no lock at the exit."""

    def wait() -> None:
        while os.read(0, 1024):
            pass
        with contextlib.suppress(RuntimeError):  # the loop has ended by itself
            act()

    threading.Thread(target=wait, daemon=True).start()


def main() -> int:
    parser = argparse.ArgumentParser(prog="playground", description="Telegram on this machine.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8181)
    parser.add_argument("--flood", action="store_true", help="hold bots to Telegram's limits")
    parser.add_argument("--leash", action="store_true", help="tell the address; end when standard input closes")
    options = parser.parse_args()
    try:
        asyncio.run(_serve(options.host, options.port, flood=options.flood, leash=options.leash))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        sys.stderr.write(f"Port {options.port} of {options.host} is in use by another program.\n")
        return _PORT_TAKEN
    return 0


if __name__ == "__main__":
    sys.exit(main())
