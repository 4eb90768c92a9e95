"""The program `portevoix` in a process of its own, so that it can be killed.

Each is forked from one warm process that has imported everything: importing aiogram takes seconds, and a test of
crashes starts the program many times. What runs is `bot.cli.main`, with its arguments and its environment.
"""

import asyncio
import multiprocessing
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from bot.settings import PREFIX
from playground.world import World

_WARM = multiprocessing.get_context("forkserver")
_WARM.set_forkserver_preload(["tests.inbound.warm"])
PATIENCE = 300.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Ended(AssertionError):
    """The program has ended while something was awaited of it; with its last words."""


class Program:
    """One run. `settings` are named without their prefix; `sabotage` is called in the process before it begins."""

    def __init__(
        self,
        command: tuple[str, ...],
        settings: dict[str, str],
        stderr: Path,
        sabotage: Callable[[], None] | None = None,
    ) -> None:
        self._stderr = stderr
        environment = {PREFIX + name: value for name, value in settings.items()}
        self.process = _WARM.Process(target=_run, args=(command, environment, str(stderr), sabotage))
        self.process.start()

    @property
    def stderr(self) -> str:
        """Everything that it has written so far."""
        return self._stderr.read_text(errors="replace") if self._stderr.exists() else ""

    def terminate(self) -> None:
        """SIGTERM."""
        self.process.terminate()

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()

    async def ended(self) -> int:
        """The exit code, once it has ended; raises TimeoutError."""
        await asyncio.to_thread(self.process.join, PATIENCE)
        if self.process.exitcode is None:
            raise TimeoutError(self.stderr)
        return self.process.exitcode

    async def until(self, world: World, predicate: Callable[[], object]) -> None:
        """Until it is true in the playground. Raises Ended when the program ends instead."""
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self.process.sentinel, ended.set)
        ends = [
            asyncio.create_task(world.wait_for(predicate, PATIENCE)),
            asyncio.create_task(ended.wait()),
        ]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if not ends[0].done():
                raise Ended(self.stderr)
            ends[0].result()
        finally:
            loop.remove_reader(self.process.sentinel)
            for each in ends:
                each.cancel()

    @property
    def runs(self) -> bool:
        return self.process.is_alive()

    def end(self) -> None:
        if self.process.is_alive():
            self.process.kill()
        self.process.join()
        self.process.close()


def _run(
    command: tuple[str, ...], environment: dict[str, str], stderr: str, sabotage: Callable[[], None] | None
) -> None:
    for name in [each for each in os.environ if each.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update(environment, LANG="fr_FR.UTF-8", LC_ALL="fr_FR.UTF-8")
    os.chdir(Path(stderr).parent)  # where no .env lies
    written = os.open(stderr, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(written, 2)
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", closefd=False)
    sys.argv = ["portevoix", *command]
    if sabotage is not None:
        sabotage()
    from bot.cli import main

    main()
