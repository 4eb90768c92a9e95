"""`python3 start.py`: whatever befell an earlier installation, the same command mends it."""

import subprocess
import venv
from pathlib import Path

import pytest

import start

ROOT = Path(start.__file__).parent


@pytest.fixture
def installed(monkeypatch, tmp_path) -> list[str]:
    """What was installed, by the names of the locks; the environment is one of the test's own."""
    environment = tmp_path / ".venv"
    monkeypatch.setattr(start, "ENVIRONMENT", environment)
    monkeypatch.setattr(start, "BIN", environment / "bin")
    monkeypatch.setattr(start, "STAMP", environment / "installed")
    for name in ("LOCK", "DEV_LOCK"):
        lock = tmp_path / name
        lock.write_text(name)
        monkeypatch.setattr(start, name, lock)
    done: list[str] = []
    monkeypatch.setattr(start, "install", lambda lock: done.append(lock.read_text()))
    return done


@pytest.fixture
def with_pip(monkeypatch, installed) -> list[str]:
    start.ENVIRONMENT.mkdir()
    monkeypatch.setattr(start, "has_pip", lambda: True)
    return installed


def test_an_environment_that_was_left_without_pip_is_made_anew(installed):
    venv.create(start.ENVIRONMENT, with_pip=False)
    assert not start.has_pip()
    start.prepare(start.LOCK)
    assert start.has_pip()
    assert installed == ["LOCK"]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("fault", [subprocess.CalledProcessError(1, "ensurepip"), PermissionError()])
def test_a_python_that_makes_no_environment_is_told_with_what_is_missing(monkeypatch, capsys, fault):
    def unable(*_given, **_options):
        raise fault

    monkeypatch.setattr(venv, "create", unable)
    assert start.main(["demo"]) == 1
    said = capsys.readouterr().err
    assert "python3-venv" in said
    assert "Vérifiez la connexion" not in said


def test_what_is_installed_is_not_installed_again_and_an_older_lock_is(with_pip):
    for words in ("one", "one", "two", "one"):
        start.LOCK.write_text(words)
        start.prepare(start.LOCK)
    assert with_pip == ["one", "two", "one"]


def test_who_has_passed_the_tests_has_all_that_the_demonstration_needs(with_pip):
    start.prepare(start.DEV_LOCK)
    start.prepare(start.LOCK)
    assert with_pip == ["DEV_LOCK"]


def test_the_lock_of_the_tests_holds_the_other_whole():
    def pins(name: str) -> set[str]:
        return {line for line in (ROOT / name).read_text().splitlines() if line[:1].isalpha()}

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


@pytest.mark.parametrize(
    ("end", "code", "told"),
    [
        (KeyboardInterrupt(), 130, "Installation interrompue"),
        (subprocess.CalledProcessError(1, "pip"), 1, "Vérifiez la connexion"),
    ],
)
def test_an_installation_that_ends_early_is_told_in_a_sentence_and_begun_again(
    with_pip, monkeypatch, capsys, end, code, told
):
    start.prepare(start.LOCK)
    start.LOCK.write_text("newer")

    def ends_early(_lock: Path) -> None:
        raise end

    monkeypatch.setattr(start, "install", ends_early)
    assert start.main(["demo"]) == code
    assert told in capsys.readouterr().err

    start.LOCK.write_text("LOCK")  # back at the older commit: what is there is half of each
    monkeypatch.setattr(start, "install", lambda lock: with_pip.append(lock.read_text()))
    start.prepare(start.LOCK)
    assert with_pip == ["LOCK", "LOCK"]
