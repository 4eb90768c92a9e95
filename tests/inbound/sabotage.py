"""What is done to a program before it begins; each is called in its process."""

import asyncio
import gc
import logging
import os
import threading
import warnings
from pathlib import Path
from typing import Any

WORDS = "ce-que-personne-ne-doit-lire"
"""Stands in every error, warning and line that is provoked here, as a person's words might."""


def wait_for_a_file() -> None:
    """Choosing how one takes news lasts until the file PORTEVOIX_UNTIL is there; PORTEVOIX_BEGUN says that it began."""
    from council import people

    mute, begun, until = people.mute_news, Path(os.environ["PORTEVOIX_BEGUN"]), Path(os.environ["PORTEVOIX_UNTIL"])

    async def slow(*given: Any) -> None:
        begun.touch()
        while not until.exists():
            await asyncio.sleep(0.01)
        await mute(*given)

    people.mute_news = slow


def fail_in_every_way() -> None:
    """Each of a person's choices ends in another kind of error, all with WORDS in them."""
    from sqlalchemy import text

    from council import people

    async def poisoned(_session: Any, _clock: Any, actor: Any, _news: Any) -> None:
        warnings.warn(f"{actor.first_name} {WORDS}", stacklevel=1)
        _log_as_libraries_do()
        _leave_errors_behind()
        raise RuntimeError(f"{actor.first_name} {WORDS}")

    async def wrong_statement(session: Any, _clock: Any, actor: Any, _language: str, *_given: Any) -> None:
        await session.exec(text("SELECT nothing FROM nowhere WHERE a = :a"), params={"a": actor.first_name + WORDS})

    async def wrong_value(session: Any, clock: Any, actor: Any, words: str) -> str:
        async def stray() -> None:
            raise ValueError(words)

        forgotten = asyncio.create_task(stray(), name=words)
        await asyncio.sleep(0)
        del forgotten
        gc.collect()
        raise ValueError(words)

    people.mute_news, people.change_language, people.change_first_name = poisoned, wrong_statement, wrong_value


def _log_as_libraries_do() -> None:
    for name in ("aiogram.event", "aiohttp.server", "httpx", "telegram.Bot", "sqlalchemy.engine", "asyncio", "redis"):
        log = logging.getLogger(name)
        for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
            log.log(level, "somebody said %s", WORDS, exc_info=OSError(WORDS), stack_info=True)
    logging.getLogger("careless").error("%d people", WORDS)


def _leave_errors_behind() -> None:
    class Careless:
        def __del__(self) -> None:
            raise ValueError(WORDS)

    def fail() -> None:
        raise ValueError(WORDS)

    Careless()
    thread = threading.Thread(target=fail, name=WORDS)
    thread.start()
    thread.join()
