"""Runs the playground until SIGTERM or SIGINT. Exit code 3: the port is taken."""

from __future__ import annotations

import argparse
import asyncio
import errno
import signal
import sys

from .flood import FloodSettings
from .server import Playground

_PORT_TAKEN = 3


async def _serve(host: str, port: int, *, flood: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with Playground(host, port, FloodSettings() if flood else None):
        await stop.wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="playground", description="Telegram on this machine.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8181)
    parser.add_argument("--flood", action="store_true", help="hold bots to Telegram's limits")
    options = parser.parse_args()
    try:
        asyncio.run(_serve(options.host, options.port, flood=options.flood))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        sys.stderr.write(f"Port {options.port} of {options.host} is in use by another program.\n")
        return _PORT_TAKEN
    return 0


if __name__ == "__main__":
    sys.exit(main())
