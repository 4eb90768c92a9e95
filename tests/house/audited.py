"""Every act that the code can write into the audit, read from the code itself."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from itertools import product
from pathlib import Path

from tests.house.walk import PACKAGES

ROOT = Path(__file__).parents[2]
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_PLACE = 3
"""Of the act among the arguments of council.audit.record."""


@dataclass(frozen=True)
class _Call:
    """A call, and where it stands; `inside` None: in no function."""

    node: ast.Call
    inside: _Function | None
    module: str


def audited_acts() -> set[str]:
    """Raises AssertionError for an act that cannot be read from the code."""
    calls = [each for package in PACKAGES for path in (ROOT / package).rglob("*.py") for each in _calls_in(path)]
    recording = [each for each in calls if ast.unparse(each.node.func) == "audit.record"]
    return {act for each in recording for act in _values(each.node.args[_PLACE], each, calls)}


def _calls_in(path: Path) -> Iterator[_Call]:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    waiting: list[tuple[ast.AST, _Function | None]] = [(ast.parse(path.read_text()), None)]
    while waiting:
        node, inside = waiting.pop()
        if isinstance(node, ast.Call):
            yield _Call(node, inside, module)
        within = node if isinstance(node, _Function) else inside
        waiting += [(child, within) for child in ast.iter_child_nodes(node)]


def _values(said: ast.expr, call: _Call, calls: list[_Call]) -> set[str]:
    """All that the expression may be at that place."""
    match said:
        case ast.Constant(value=str(act)):
            return {act}
        case ast.IfExp(body=body, orelse=otherwise):
            return _values(body, call, calls) | _values(otherwise, call, calls)
        case ast.FormattedValue(value=value):
            return _values(value, call, calls)
        case ast.JoinedStr(values=parts):
            return {"".join(each) for each in product(*(_values(part, call, calls) for part in parts))}
        case ast.Name(id=name) if call.inside is not None:
            return _values_of_name(name, call, call.inside, calls)
    raise AssertionError(f"{call.module}: what act is {ast.unparse(said)}?")


def _values_of_name(name: str, call: _Call, inside: _Function, calls: list[_Call]) -> set[str]:
    names = [each.arg for each in inside.args.args]
    if name not in names:
        told = [each.value for each in ast.walk(inside) if isinstance(each, ast.Assign) and _is_named(each, name)]
        assert told, f"{call.module}: nothing says what {name} is"
        return {act for value in told for act in _values(value, call, calls)}
    kind = ast.unparse(inside.args.args[names.index(name)].annotation or ast.Constant(None))
    if kind != "str":
        words = getattr(import_module(call.module), kind)
        assert issubclass(words, StrEnum), f"{call.module}: {kind} tells no acts"
        return {each.value for each in words}
    given = [(each, _argument(each.node, names.index(name), name)) for each in calls if _calls(each, inside.name)]
    assert given, f"{call.module}: nobody calls {inside.name}"
    return {act for each, value in given for act in _values(value, each, calls)}


def _is_named(assigned: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in assigned.targets)


def _calls(call: _Call, function: str) -> bool:
    return ast.unparse(call.node.func).split(".")[-1] == function


def _argument(call: ast.Call, place: int, name: str) -> ast.expr:
    by_name = [each.value for each in call.keywords if each.arg == name]
    return by_name[0] if by_name else call.args[place]
