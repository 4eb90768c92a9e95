"""Logs of what happened, never of what was said: no token, no name, no message text, at any level.

Exceptions are logged by their type and the places they passed; their own words may quote what a person wrote. Of what
libraries log, warnings and worse are kept, as the sentence that stands in their code, without what they fill in.
"""

import asyncio
import logging
import re
import sys
import threading
import traceback
import warnings
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO

import structlog

TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{5,}")
HIDDEN = "[token]"
OURS = "bot"


def configure_logs(log_format: Literal["console", "json"], level: str) -> None:
    """Sets up structlog and the standard logging alike; writes to stderr."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _places_of_exceptions,
        _hide_tokens,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            use_get_message=False,
        )
    )
    logging.basicConfig(handlers=[handler], level=max(logging.getLevelName(level), logging.WARNING), force=True)
    logging.getLogger(OURS).setLevel(level)
    logging.raiseExceptions = False  # a line that cannot be formatted would be quoted with its arguments
    warnings.showwarning = _log_warning


def log_stray_errors(loop: asyncio.AbstractEventLoop) -> None:
    """An error that nobody awaited or caught is logged like any other; Python's own lines would quote its words."""
    log = structlog.get_logger("bot.stray")

    def handle(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        log.error("stray_error", exc_info=error if isinstance(error, BaseException) else None)

    loop.set_exception_handler(handle)
    sys.unraisablehook = lambda stray: log.error("stray_error", exc_info=stray.exc_value)
    threading.excepthook = lambda stray: log.error("stray_error", exc_info=stray.exc_value)


def _log_warning(
    message: Warning | str,  # unused: it may quote what a person wrote
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    structlog.get_logger("bot.warnings").warning("warning", kind=category.__name__, place=f"{filename}:{lineno}")


def reference_of(error: BaseException) -> str:
    """The name of an error's type, for a row or a line: never its words."""
    return type(error).__name__


def _places_of_exceptions(_log: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = reference_of(error)
        event["places"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    event.pop("stack_info", None)
    return event


def _hide_tokens(_log: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = TOKEN.sub(HIDDEN, value)
    return event
