"""What a wheel takes along: whatever a package reads at run time is named in pyproject.toml."""

import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path

from tests.house.walk import PACKAGES

ROOT = Path(__file__).parents[2]


def kept_files() -> list[Path]:
    """What is committed beside the code; all there is when this is no checkout."""
    listed = subprocess.run(["git", "ls-files", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=False)
    every = [Path(line) for line in listed.stdout.splitlines()] or [
        path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()
    ]
    return [path for path in every if path.suffix not in (".py", ".pyc")]


def test_every_file_beside_the_code_goes_into_the_wheel():
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]
    named = {path for package in PACKAGES for each in patterns.get(package, []) for path in (ROOT / package).glob(each)}
    left = [
        path.as_posix()
        for path in kept_files()
        if ROOT / path not in named and not any(fnmatch(path.name, each) for each in patterns["*"])
    ]
    assert named
    assert left == []
