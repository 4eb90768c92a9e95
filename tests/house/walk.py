"""Imports every module of the project, so that what modules declare can be counted."""

import importlib
import pkgutil

PACKAGES = ("bot", "handlers", "documents", "council", "storage", "locales", "playground")
# Running these is their purpose.
SCRIPTS = ("playground.__main__", "storage.revise", "storage.migrations.env")


def import_everything() -> None:
    for package in PACKAGES:
        root = importlib.import_module(package)
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if found.name not in SCRIPTS and ".versions" not in found.name:
                importlib.import_module(found.name)
