"""Imports every module of the project, so that what modules declare can be counted."""

import importlib
import pkgutil
from collections.abc import Iterator

PACKAGES = ("bot", "handlers", "documents", "council", "storage", "locales", "playground")
# Running these is their purpose.
SCRIPTS = ("playground.__main__", "storage.revise", "storage.migrations.env")


def import_everything() -> None:
    for package in PACKAGES:
        for module in modules_of(package):
            importlib.import_module(module)


def modules_of(package: str) -> Iterator[str]:
    """The package and all modules in it, but scripts and migrations."""
    yield package
    for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        if found.name not in SCRIPTS and ".versions" not in found.name:
            yield found.name
