"""What `portevoix --help` says, and what it says of a command that is written wrongly: in French, all of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from bot.cli.commands import app

ROOT = Path(__file__).parents[2]
COMMANDS = [each.name or each.callback.__name__ for each in app.registered_commands]
STOCK = [
    *("usage:", "show this", "and exit", "commands", "command ", "default", "required", "<str>", "<bool>", "range"),
    *("error", "try '", "no such", "did you mean", "missing", "invalid", "value", "should", "unexpected", "extra"),
    *("requires", "does not", "possible options", "choose from", "argument.", "not one of"),
]


def terminal(*words: str, language: str = "fr_FR.UTF-8") -> subprocess.CompletedProcess[str]:
    start = "import sys; sys.argv[0] = 'portevoix'; from bot.cli import main; main()"
    environment = {each: value for each, value in os.environ.items() if not each.startswith(("LC_", "LANG", "PORTE"))}
    return subprocess.run(
        [sys.executable, "-c", start, *words],
        cwd=ROOT,
        env={**environment, "LC_ALL": language, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
    )


def stock_words_in(said: str) -> list[str]:
    return [each for each in STOCK if each in said.lower()]


@pytest.mark.parametrize("words", [[], *([each] for each in COMMANDS)], ids=lambda words: " ".join(words) or "alone")
def test_help_is_in_french(words):
    ran = terminal(*words, "--help")
    assert ran.returncode == 0
    assert ran.stdout.startswith(f"Utilisation : {' '.join(['portevoix', *words])} ")
    assert "Montre cette aide" in ran.stdout
    assert not stock_words_in(ran.stdout)


def test_every_argument_and_option_says_what_it_is():
    for command in get_command(app).commands.values():
        assert all(each.help for each in command.params), command.name


def test_help_lists_the_commands():
    said = terminal("--help").stdout
    assert all(f"\n  {each} " in said for each in COMMANDS)
    assert terminal().stderr.strip() == said.strip()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["invte"], "Cette commande n’existe pas : invte. Peut-être : invite, init ?"),
        (["zzz"], "Cette commande n’existe pas : zzz."),
        (["demo", "--prt", "1"], "Cette option n’existe pas : --prt. Peut-être : --port ?"),
        (["-x"], "Cette option n’existe pas : -x."),
        (["demo", "--port"], "Cette option ne s’écrit pas ainsi : --port."),
        (["demo", "--no-open=oui"], "Cette option ne s’écrit pas ainsi : --no-open."),
        (["demo", "--port", "http"], "--port ne convient pas. Un nombre de 0 à 65535."),
        (["demo", "--port", "99999"], "--port ne convient pas. Un nombre de 0 à 65535."),
        (["demo", "--programme", "lyon"], "--programme ne convient pas. Au choix : toulouse, paris."),
        (["invite", "lead", "--uses", "0"], "--uses ne convient pas. Un nombre, au moins 1."),
        (["invite", "roi"], "RÔLE ne convient pas. Au choix : resident, member, lead, animator, coordinator."),
        (["invite"], "Il manque RÔLE. Au choix : resident, member, lead, animator, coordinator."),
        (["init"], "Il manque PROGRAMME."),
        (["run", "vite"], "Il y a un mot de trop."),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else None,
)
def test_what_is_written_wrongly_is_said_in_french(words, sentence):
    ran = terminal(*words)
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[0] == f"portevoix: {sentence}"
    assert not ran.stdout
    assert not stock_words_in(ran.stderr)


def test_the_way_to_the_help_is_said():
    assert terminal("invite").stderr.splitlines()[1:] == [
        "Utilisation : portevoix invite [OPTIONS] {RÔLE}",
        "Aide : portevoix invite --help",
    ]


def test_a_terminal_in_english_is_spoken_to_in_english():
    assert terminal("init", language="en_GB.UTF-8").stderr.startswith("portevoix: PROGRAM is missing.")


def test_help_costs_nothing():
    loaded = "import sys; from bot.cli import main\ntry: main()\nfinally: print(sorted(sys.modules), file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", loaded, "--help"], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert not [each for each in ("aiogram", "telegram", "sqlalchemy", "rich") if f"'{each}'" in ran.stderr]
