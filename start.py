"""The one way to begin: `python3 start.py demo` shows all of it, `python3 start.py test` passes the tests.

Makes a virtual environment in .venv from the locked requirements, then runs the command `portevoix` in it with the
words that were given (any of its commands). Needs nothing but Python 3.11 or newer.
"""

import hashlib
import os
import signal
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
STAMP = ENVIRONMENT / "installed"
LOCK, DEV_LOCK = HERE / "requirements.txt", HERE / "requirements-dev.txt"
BUILD_LOCK = HERE / "requirements-build.txt"


class NoEnvironment(Exception):
    """Python could not make one: on Debian and Ubuntu a part of it comes as a package of its own."""


def wanted(lock: Path) -> str:
    """What must be installed, as one number: the locks and the project's own declaration."""
    parts = (lock, BUILD_LOCK, HERE / "pyproject.toml")
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def prepare(lock: Path) -> None:
    """Installs what the lock names, unless it is there already. Raises NoEnvironment and CalledProcessError."""
    installed = STAMP.read_text().strip() if STAMP.exists() else ""
    if installed in (wanted(lock), wanted(DEV_LOCK)):  # the lock for tests holds all of the other
        return
    if not has_pip():  # none yet, or one that was interrupted while it was made
        say("Je prépare l’environnement Python (.venv)…")
        try:
            venv.create(ENVIRONMENT, with_pip=True, clear=True)
        except (subprocess.CalledProcessError, OSError) as error:
            raise NoEnvironment from error
    say("J’installe les bibliothèques, une à deux minutes la première fois…")
    STAMP.unlink(missing_ok=True)  # from here on, and until the end, neither the old nor the new is whole
    install(lock)
    STAMP.write_text(wanted(lock))


def has_pip() -> bool:
    """Whether the environment can install anything."""
    try:
        asked = [str(BIN / "python"), "-m", "pip", "--version"]
        return subprocess.run(asked, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def install(lock: Path) -> None:
    pip = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    locks = (each for path in (lock, BUILD_LOCK) for each in ("-r", str(path)))
    subprocess.run([*pip, "--require-hashes", *locks], check=True, cwd=HERE)
    # With what was just installed: pip would otherwise fetch the newest setuptools there is.
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(HERE)], check=True, cwd=HERE)


def say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def main(words: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - the very reader of this line may have an older one
        say("Il faut Python 3.11 ou plus récent.")
        return 1
    testing = words[:1] == ["test"]
    try:
        prepare(DEV_LOCK if testing else LOCK)
    except KeyboardInterrupt:
        say("\nInstallation interrompue. Relancez la même commande pour la reprendre.")
        return 130
    except NoEnvironment:
        say("L’environnement .venv n’a pas pu être fait. Sous Debian ou Ubuntu : sudo apt install python3-venv")
        return 1
    except subprocess.CalledProcessError:
        say("L’installation n’a pas abouti. Vérifiez la connexion, puis relancez la même commande.")
        return 1
    if testing:
        # Scenes wait as much as they compute: two for each processor keep it busy.
        side_by_side = f"--numprocesses={2 * (os.cpu_count() or 1)}"
        command = [str(BIN / "python"), "-m", "pytest", *(words[1:] or ["-q", side_by_side])]
    else:
        command = [str(BIN / "portevoix"), *words]
    os.chdir(HERE)
    if os.name != "nt":
        os.execv(command[0], command)  # Ctrl-C then reaches the program itself, which ends in order
    with subprocess.Popen(command) as program:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return program.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
