"""The loop that the program runs on: uvloop where there is one, which is everywhere but on Windows."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """As asyncio.run, signals and Ctrl-C included."""
    with asyncio.Runner(loop_factory=_fast()) as runner:
        return runner.run(work)


def _fast() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    try:
        import uvloop
    except ImportError:  # a machine for which there is none
        return None
    return uvloop.new_event_loop
