"""The playground in a process of its own, which lives no longer than this one."""

import asyncio
import sys

STOPS_WITHIN = 3.0  # seconds


class PortInUse(Exception):
    """Another program listens there."""


class PlaygroundProcess:
    """Begins at once; `url` waits until it listens.

    Its standard input is its leash: however this process ends, killed or not, the input closes, and the playground
    with it. In a session of its own, so that Ctrl-C in a terminal reaches the bot first, which still has to hang up.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def begin(cls, port: int) -> "PlaygroundProcess":
        """Port 0 takes a free one."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "playground", "--leash", "--port", str(port),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        return cls(process)

    async def url(self) -> str:
        """Where it listens. Raises PortInUse."""
        assert self._process.stdout is not None
        told = await self._process.stdout.readline()
        if not told:
            raise PortInUse
        return told.decode().strip()

    async def end(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), STOPS_WITHIN)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
