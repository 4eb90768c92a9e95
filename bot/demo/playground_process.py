"""The playground in a process of its own, which lives no longer than this one."""

import subprocess
import sys
from types import TracebackType

STOPS_WITHIN = 3.0  # seconds


class PortInUse(Exception):
    """Another program listens there."""


class PlaygroundProcess:
    """A context manager; it begins at once, and `url` waits until it listens. Port 0 takes a free one.

    Its standard input is its leash: however this process ends, killed or not, the input closes, and the playground
    ends with it. It has a session of its own, so that Ctrl-C in a terminal reaches the bot alone, which hangs up first.
    """

    def __init__(self, port: int) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", "playground", "--leash", "--port", str(port)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            start_new_session=True,
        )  # fmt: skip

    def __enter__(self) -> "PlaygroundProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def url(self) -> str:
        """Where it listens. Raises PortInUse."""
        return self._told()

    def mail_url(self) -> str:
        """Where its mail server listens; to be asked after `url`. Raises PortInUse."""
        return self._told()

    def _told(self) -> str:
        told = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not told:
            raise PortInUse
        return told.strip()
