"""The command `portevoix`: each command imports what it needs when it is called, so that --help costs nothing."""

import sys

from bot.cli.commands import app
from bot.cli.sentences import explain
from bot.cli.usage_errors import explain_usage


def main() -> None:
    """Runs the command; what can go wrong in a known way ends with one sentence and exit code 1, never a traceback.

    A command that is written wrongly ends with exit code 2, as everywhere.
    """
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if (wrongly_written := explain_usage(error)) is not None:
            sys.stderr.write(f"{wrongly_written}\n")
            sys.exit(2)
        sentence = explain(error)
        if sentence is None:
            raise
        sys.stderr.write(f"portevoix: {sentence}\n")
        sys.exit(1)
