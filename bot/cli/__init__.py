"""The command `portevoix`: each command imports what it needs when it is called, so that --help costs nothing."""

import sys

from bot.cli.commands import app
from bot.cli.sentences import explain


def main() -> None:
    """Runs the command; what can go wrong in a known way ends with one sentence and exit code 1, never a traceback."""
    try:
        app(standalone_mode=True)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        sentence = explain(error)
        if sentence is None:
            raise
        sys.stderr.write(f"portevoix: {sentence}\n")
        sys.exit(1)
