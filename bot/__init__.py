"""The running program.

structlog takes rich in where it is installed, for tracebacks in colour that our logs never show (bot/logs.py): 4 MB and
a twentieth of a second that a bot need not pay. It is imported here, before anything else could, without it.
"""

import sys

_absent = sys.modules.setdefault("rich", None)  # type: ignore[arg-type]  # None: "not installed", until we delete it
import structlog  # noqa: E402, F401

if _absent is None:
    del sys.modules["rich"]
