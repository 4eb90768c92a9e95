"""What is committed: small modules, locks with hashes and without hosts, names that say something."""

import ast
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]


def committed(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=False)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


def test_locks_hold_versions_and_hashes_and_no_host():
    for name, least in (("requirements.txt", 20), ("requirements-dev.txt", 20), ("requirements-build.txt", 1)):
        text = (ROOT / name).read_text()
        assert "://" not in text
        pinned = re.findall(r"^[a-z0-9][\w.\-\[\]]*==", text, re.MULTILINE)
        assert len(pinned) >= least
        assert text.count("--hash=sha256:") >= len(pinned)


def test_what_a_newcomer_installs_is_all_that_the_program_imports():
    """The demonstration has the first lock alone; our environment has the tests' libraries too, and hides a lack."""
    locked = {plain(each) for each in re.findall(r"^([\w.\-]+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)}
    ours = {path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()}
    shipped = committed(*(f"{floor}/*.py" for floor in ours - {"tests", "benchmarks"}))
    foreign = {name for path in shipped for name in imported(path)} - ours - sys.stdlib_module_names
    assert len(foreign) > 20
    homes = packages_distributions()
    assert [each for each in sorted(foreign) if not locked & {plain(home) for home in homes.get(each, ())}] == []


def imported(path: Path) -> set[str]:
    """First names of all modules that this one imports anywhere."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def plain(distribution: str) -> str:
    """As registries compare names."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_no_module_is_longer_than_400_lines():
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in committed("*.py")
        if not {"versions", "tests"} & set(path.parts) and (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_no_module_is_named_for_everything_and_nothing():
    vague = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert not [path for path in committed("*.py") if path.stem in vague]


def test_nothing_is_left_to_do():
    markers = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    for path in committed("*.py", "*.md", "*.toml", "*.js", "*.css", "*.html"):
        if path != Path(__file__):
            assert not markers.search(path.read_text()), path
