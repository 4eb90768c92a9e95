"""The arrows of design.md, section 1: imports point down only, and each Telegram library stays where it is needed."""

import ast
import asyncio
import subprocess
import sys
from collections.abc import Iterator, Mapping, Set
from os import environ
from pathlib import Path

import pytest

from council.programme import apply_programme
from playground.server import Playground
from storage.database import Database
from tests.conftest import FakeClock, small_settings
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
TOKEN = "4200000017:token-of-the-house"


SHARED = {
    "arrivals",
    "awaited",
    "bursts",
    "buttons",
    "contents",
    "dialogues",
    "files",
    "filters",
    "formatted_text",
    "live_messages",
    "moment_choice",
    "prepared",
    "scans",
    "turn",
    "typed_dates",
    "typed_vocabulary",
}
"""Modules of handlers/ that belong to no feature: every feature may build on them."""
BESIDE = {
    ("joining", "numbers"): "a link may carry the number of what it opens",
    ("interpellation_opening", "interpellation_signing"): "what is done behind its buttons leads back to the card",
    ("interpellation_votes", "interpellation_signing"): "what is done behind its buttons leads back to the card",
    ("interpellation_leavers", "interpellation_draft"): "who has left the council is led back to their letter",
    ("interpellations", "interpellation_leavers"): "who has left the council is led back to it, and then to the letter",
    ("interpellations", "interpellation_draft"): "one conversation in two modules: the draft, and what is answered",
    ("meeting_answers", "meeting_draft"): "one form in three modules: the draft, what is answered, the conversation",
    ("meeting_form", "meeting_answers"): "the same form",
    ("meeting_form", "meeting_draft"): "the same form",
    ("interpellations", "numbers"): "in the midst of writing, a number opens what it names",
    ("numbers", "proposal_list"): "a number that somebody writes opens the card of the proposal",
    ("numbers", "requests"): "a number that somebody writes opens the card of the request",
    (
        "proposal_treatment",
        "moderation",
    ): "the reasons of moderators are asked in the same dialogue; their queue follows",
    ("proposal_mine", "proposal_draft"): "what was sent back is corrected in the draft that it came from",
    ("proposals", "numbers"): "in the midst of writing, a number opens what it names",
    ("proposals", "proposal_draft"): "one conversation in two modules: the draft, and what is answered",
    ("ready_answers", "requests"): "after a ready answer the card is shown as it is now",
    ("ready_answers", "requests_work"): "after a ready answer the card is shown as it is now",
    ("redirect", "resource_actors"): "a request is redirected by looking somebody up in the directory",
    ("requests_sort", "requests"): "sorting and working are done on the card of the request",
    ("requests_sort", "requests_work"): "both ask short questions on that card, and go back to it in one way",
    ("requests_work", "requests"): "sorting and working are done on the card of the request",
    ("support", "numbers"): "in the midst of writing, a number opens what it names",
    ("support", "support_draft"): "one conversation in two modules: the draft, and what is answered",
    ("support_mine", "support_draft"): "words for a request that is there are kept as a draft too",
    ("unplaced", "proposals"): "what was sent out of any dialogue becomes a proposal",
    ("unplaced", "interpellations"): "what was sent out of any dialogue begins a letter to an institution",
    ("unplaced", "support"): "what was sent out of any dialogue becomes a request, or words for one",
    ("unplaced", "talk"): "for who holds a request, what was sent out of any dialogue is an answer to it",
}
"""Which feature of handlers/ may import which, and why; all others speak through council and cards."""


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


def features_beside(source: str, path: Path) -> set[str]:
    """The modules beside it in handlers/ that a feature imports, but for those that all share."""
    names = {name.split(".")[1] for name in imported_names(source, path) if name.startswith("handlers.")}
    return names - SHARED - {"cards", "notices"}


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


def test_features_do_not_import_one_another_but_where_it_is_said_why():
    beside = {
        (path.stem, other)
        for path in sources()
        if path.parent == Path("handlers")
        for other in features_beside((ROOT / path).read_text(), path)
    }
    assert beside - BESIDE.keys() == set()
    assert BESIDE.keys() - beside == set()  # said of what is no longer so
    shared_on_features = {(one, other) for one, other in beside if one in SHARED}
    assert shared_on_features == set()


def test_a_feature_that_imports_another_is_found():
    source = "from handlers.turn import Turn\nfrom handlers.cards.team import team_card\nimport handlers.talk"
    assert features_beside(source, Path("handlers/redirect.py")) == {"talk"}


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


HEAVY = {
    "PIL",
    "alembic",
    "dateparser",
    "holidays",
    "icalendar",
    "mako",
    "matplotlib",
    "numpy",
    "openpyxl",
    "playground",
    "redis",
    "rich",
    "shapely",
    "typst",
    "xlsxwriter",
}
"""What only some turns, files or deployments need: imported with the first of them, never at the start of a bot."""


def loaded_by(script: str, of: Set[str] = TELEGRAM_LIBRARIES, environment: Mapping[str, str] = environ) -> set[str]:
    """Which of these libraries a fresh Python has loaded after the script."""
    told = f"\nimport sys\nprint('loaded', *({set(of)} & sys.modules.keys()))"
    command = [sys.executable, "-c", script + told]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
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


async def test_a_bot_that_has_started_has_loaded_nothing_that_only_some_turns_need(fresh_url):
    """All its parts run, every sweep has passed once, and nobody has asked for anything yet."""
    start = """
import asyncio
from bot.app import App
from bot.settings import read_settings

async def start():
    app = App(read_settings())
    async def swept():
        await app.sweeps.run_all()
        app.stop()
    await app.run(swept)

asyncio.run(start())
"""
    url = fresh_url("sqlite")
    database = Database(url)
    async with database.write() as session:
        await apply_programme(session, FakeClock(), small_settings())
    await database.close()
    async with Playground() as playground:
        playground.world.add_bot(TOKEN, username="porte_voix_bot")
        settings = {
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": playground.url,
            "DATABASE_URL": url,
            "LISTEN": "127.0.0.1:0",
            "REDIS_URL": "",
            "SMTP_URL": "",
        }
        environment = {**environ, **{f"PORTEVOIX_{name}": value for name, value in settings.items()}}
        loaded = await asyncio.to_thread(loaded_by, start, HEAVY | TELEGRAM_LIBRARIES, environment)
    assert loaded == TELEGRAM_LIBRARIES


def test_asking_for_help_loads_no_telegram_no_tables_no_settings():
    ask = """
import sys
from bot.cli import main
sys.argv = ["portevoix", "--help"]
try:
    main()
except SystemExit as end:
    assert not end.code
"""
    heavy_here = {"aiohttp", "council", "pydantic", "pydantic_settings", "sqlalchemy", "sqlmodel"}
    assert loaded_by(ask, HEAVY | TELEGRAM_LIBRARIES | heavy_here) <= {"rich"}  # typer draws its help with it
