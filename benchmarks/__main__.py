"""Measures what the project promises, each figure against a named baseline of the same run.

    python -m benchmarks                    all of it, in about twenty minutes
    python -m benchmarks fanout sweep       some of it: startup, fanout, sweep, queue, inbound, relay, broadcast
    python -m benchmarks broadcast --full   the broadcast to 3,000 people instead of 600

PostgreSQL is measured beside SQLite when it answers at PORTEVOIX_TEST_POSTGRESQL (by default
postgresql://127.0.0.1:5432/postgres); databases are made there and dropped again. Exit code 1: an aim is missed.
Run it on a machine that does nothing else: what others do meanwhile falls on figure and baseline alike only on average.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from functools import partial

from benchmarks import broadcast, fanout, inbound, queue, relay, startup, sweep
from benchmarks.figures import Figure, table

NAMES = ("startup", "fanout", "sweep", "queue", "inbound", "relay", "broadcast")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--full", action="store_true", help="the broadcast to 3,000 people")
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"there is no {min(unknown)}; choose from {', '.join(NAMES)}")
    measures: dict[str, Callable[[], Coroutine[None, None, list[Figure]]]] = {
        "startup": startup.measure,
        "fanout": fanout.measure,
        "sweep": sweep.measure,
        "queue": queue.measure,
        "inbound": inbound.measure,
        "relay": relay.measure,
        "broadcast": partial(broadcast.measure, full=options.full),
    }
    figures: list[Figure] = []
    for name in options.names or NAMES:
        print(f"{name} …", file=sys.stderr, flush=True)
        figures += asyncio.run(measures[name]())
    print(table(figures))
    return int(any(figure.missed for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
