"""The arrows of design.md, section 1: imports point down only, and each Telegram library stays where it is needed."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.walk import PACKAGES, modules_of

ROOT = Path(__file__).parents[2]
OURS = {*PACKAGES, "tests", "benchmarks", "start"}
MAY_IMPORT = {
    "bot": {"bot", "handlers", "documents", "council", "storage", "locales"},
    "handlers": {"handlers", "documents", "council", "storage", "locales"},
    "documents": {"documents", "council", "storage", "locales"},
    "council": {"council", "storage"},
    "storage": {"storage"},
    "locales": {"locales"},
    "playground": {"playground"},
}
TELEGRAM_LIBRARIES = {"aiogram", "telegram"}


def imported_names(source: str, path: Path) -> Iterator[str]:
    """Every module that the source names in an import, be it in a function or for type checkers only."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            here = path.with_suffix("").parts
            yield ".".join((*here[: len(here) - node.level], *filter(None, [node.module])))
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def wrong_imports(source: str, path: Path) -> set[str]:
    """What a module at this path of the project may not import."""
    names = {name.split(".")[0] for name in imported_names(source, path)}
    wrong = (names & OURS) - MAY_IMPORT[path.parts[0]]
    return wrong | ((names & TELEGRAM_LIBRARIES) - libraries_of(path))


def libraries_of(path: Path) -> set[str]:
    """The Telegram library that a module may import: conversations listen, the sender delivers, nothing else knows."""
    if path.parts[:2] == ("bot", "inbound") or path.parts[:-1] == ("handlers",):
        return {"aiogram"}
    return {"telegram"} if path.parts[:2] == ("bot", "sender") else set()


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path.relative_to(ROOT) for path in (ROOT / package).rglob("*.py"))


def test_imports_point_down_only():
    wrong = {str(path): found for path in sources() if (found := wrong_imports((ROOT / path).read_text(), path))}
    assert wrong == {}
    assert len(list(sources())) > 100


@pytest.mark.parametrize(
    ("path", "source", "wrong"),
    [
        ("storage/queue.py", "from council.notices import tell", "council"),
        ("council/rsvp.py", "def answer():\n    import handlers.turn", "handlers"),
        ("council/rsvp.py", "from locales.translator import translator", "locales"),
        ("documents/qr.py", "from bot.settings import Settings", "bot"),
        ("handlers/home.py", "import bot", "bot"),
        ("handlers/cards/home.py", "from ...bot import app", "bot"),
        ("locales/translator.py", "from storage.people import Person", "storage"),
        ("playground/world.py", "from storage.people import Person", "storage"),
        ("bot/demo/demonstration.py", "from playground.server import Playground", "playground"),
        ("bot/app.py", "from tests.conftest import FakeClock", "tests"),
        ("bot/app.py", "if TYPE_CHECKING:\n    from aiogram import Bot", "aiogram"),
        ("bot/sender/post.py", "from aiogram import Bot", "aiogram"),
        ("bot/inbound/answers.py", "import telegram.ext", "telegram"),
        ("handlers/cards/home.py", "from aiogram.types import Message", "aiogram"),
        ("handlers/notices/meeting.py", "from telegram import Message", "telegram"),
    ],
)
def test_an_import_that_points_elsewhere_is_found(path, source, wrong):
    assert wrong_imports(source, Path(path)) == {wrong}


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("council/rsvp.py", "from storage.people import Person\nfrom council import audit"),
        ("handlers/home.py", "from aiogram import Router\nfrom locales.translator import Translator"),
        ("playground/world.py", "from .phones import Phone\nfrom . import methods"),
        ("bot/sender/post.py", "from telegram.ext import ExtBot"),
    ],
)
def test_an_import_that_points_down_is_not(path, source):
    assert wrong_imports(source, Path(path)) == set()


def loaded_by(script: str) -> set[str]:
    """The Telegram libraries that a fresh Python has loaded after the script."""
    told = "\nimport sys\nprint('loaded', *({'aiogram', 'telegram'} & set(sys.modules)))"
    command = [sys.executable, "-c", script + told]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    word, *loaded = done.stdout.splitlines()[-1].split()
    assert word == "loaded"
    return set(loaded)


def importing(*packages: str) -> str:
    return "\n".join(f"import {module}" for package in packages for module in modules_of(package))


def test_the_lower_floors_load_neither_library():
    floors = ("council", "storage", "documents", "locales", "handlers.cards", "handlers.notices")
    assert loaded_by(importing(*floors)) == set()


def test_sweeps_gate_and_the_other_commands_load_neither_library():
    others = ("bot.sweeps", "bot.gate", "bot.operations", "bot.cli", "bot.demo")
    assert loaded_by(importing(*others) + "\nimport bot.app") == set()


def test_the_sender_loads_its_own_library_alone():
    assert loaded_by(importing("bot.sender")) == {"telegram"}


def test_asking_for_help_loads_neither_library():
    ask = """
import sys
from bot.cli import main
sys.argv = ["portevoix", "--help"]
try:
    main()
except SystemExit as end:
    assert not end.code
"""
    assert loaded_by(ask) == set()
