"""A programme file (TOML) read into settings; whatever is wrong in it is listed at once, each with its line."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from council import toml_lines
from council.settings import SPOKEN, ProgrammeSettings
from council.settings_section import Section
from council.toml_lines import TomlLines

SHIPPED = Path(__file__).parent / "programmes"


@dataclass(frozen=True)
class Problem:
    """One thing wrong: at which key, on which line, and what is expected, by `code` and its `details`.

    handlers/cards/programme_errors.py has the sentence of each code. `key` is dotted, without places in lists: the line
    says which one; it is empty where the fault is in the writing itself. Lines count from 1; 0: there is no file.
    """

    line: int
    key: str
    code: str
    details: Mapping[str, Any] = field(default_factory=dict)


class ProgrammeFileError(Exception):
    """The file cannot be used: all its problems, in the order of their lines."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        super().__init__(path, problems)
        self.path = path
        self.problems = tuple(sorted(problems, key=lambda each: (each.line, each.key)))


def shipped_programmes() -> tuple[str, ...]:
    """Names of the programmes that come with the project."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def programme_path(name: str) -> Path:
    """The file of a shipped programme, or else the path that was given."""
    return SHIPPED / f"{name}.toml" if name in shipped_programmes() else Path(name)


def read_programme_file(path: Path, spoken: Sequence[str] | None = None) -> ProgrammeSettings:
    """The settings in a file; `spoken`: the languages that it may name, any when they are not given.

    Raises:
        ProgrammeFileError: not there, not TOML, or not what a programme needs.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        shipped = list(shipped_programmes())
        raise ProgrammeFileError(path, [Problem(0, "", "no_such_file", {"choices": shipped})]) from None
    except OSError:
        raise ProgrammeFileError(path, [Problem(1, "", "unreadable_file")]) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ProgrammeFileError(path, [Problem(line, "", "not_utf8")]) from None
    return parse_programme(text, path, spoken)


def parse_programme(text: str, path: Path, spoken: Sequence[str] | None = None) -> ProgrammeSettings:
    """The settings in a text; `path` is only for saying where it comes from, `spoken` as for a file.

    Raises:
        ProgrammeFileError: as `read_programme_file`.
    """
    text = text.replace("\r\n", "\n")
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ProgrammeFileError(path, [_syntax_problem(error, text)]) from None
    try:
        return ProgrammeSettings.model_validate(values, context={SPOKEN: spoken})
    except ValidationError as error:
        lines = TomlLines(text)
        problems = [_problem(each, lines) for each in _told_once(error.errors(include_url=False))]
    raise ProgrammeFileError(path, problems)


def _syntax_problem(error: tomllib.TOMLDecodeError, text: str) -> Problem:
    """The parser says where in its message, or that it came to the end of the document."""
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    if found is None:
        return Problem(max(1, text.rstrip("\n").count("\n") + 1), "", "unfinished")
    return Problem(int(found[1]), "", "not_toml", {"column": int(found[2])})


def _told_once(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """A list whose items are all wrong is not called empty besides."""
    within = {error["loc"][:depth] for error in errors for depth in range(len(error["loc"]))}
    return [error for error in errors if error["type"] != "too_short" or error["loc"] not in within]


def _problem(error: ErrorDetails, lines: TomlLines) -> Problem:
    details = dict(error.get("ctx", {}))
    path: toml_lines.Path = tuple(error["loc"])
    if at := details.pop("at", None):
        path += tuple(int(part) if part.isdigit() else part for part in at.split("."))
    key = ".".join(part for part in path if isinstance(part, str))
    code = details.pop("code", None) or _CODES.get(error["type"]) or _code_by_family(error["type"])
    return Problem(lines.line_of(path), key, code, {**_in_our_words(details), **_expected_keys(code, path)})


_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_key",
    "string_too_short": "empty_text",
    "string_too_long": "long_text",
    "enum": "choice",
    "literal_error": "choice",
    "greater_than": "more_than",
    "greater_than_equal": "at_least",
    "less_than_equal": "at_most",
    "decimal_max_places": "cents",
    "decimal_max_digits": "large_number",
    "decimal_whole_digits": "large_number",
    "too_short": "empty_list",
}
_FAMILIES = {
    "string": "text",
    "int": "whole_number",
    "float": "number",
    "finite": "number",
    "decimal": "number",
    "date": "date",
    "time": "time",
    "tuple": "list",
    "model": "section",
    "dict": "section",
}


def _code_by_family(kind: str) -> str:
    return _FAMILIES.get(kind.split("_")[0], "not_accepted")


def _in_our_words(details: dict[str, Any]) -> dict[str, Any]:
    """The bounds and choices that pydantic speaks of, by short names."""
    for bound in ("gt", "ge", "le", "max_length"):
        if bound in details:
            return {"bound": details[bound]}
    if isinstance(details.get("expected"), str):
        return {"choices": re.findall(r"'([^']*)'", details["expected"])}
    return {name: value for name, value in details.items() if name != "error"}


def _expected_keys(code: str, path: toml_lines.Path) -> dict[str, Any]:
    """What may stand in the section where an unknown key was found."""
    if code != "unknown_key":
        return {}
    section: type[Section] = ProgrammeSettings
    for part in path[:-1]:
        if isinstance(part, str):
            section = _section_of(section.model_fields[part].annotation) or section
    return {"choices": list(section.model_fields)}


def _section_of(annotation: Any) -> type[Section] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation if issubclass(annotation, Section) else None
    return next((found for each in get_args(annotation) if (found := _section_of(each))), None)
