"""What a button carries: a named, typed, short string. It is data from outside: every press is checked again.

The 64 bytes of Telegram hold a prefix and a few ids; nothing is trusted because it stands on a button.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, ClassVar, TypeVar, dataclass_transform, get_args, get_origin, get_type_hints

SEPARATOR = ":"
LIMIT_BYTES = 64
LARGEST = 2**63 - 1
"""No row has a larger number, and neither database could be asked for one."""


class Forged(ValueError):
    """Callback data that no button of ours carries."""


class Press:
    """Parent of all callback data: a frozen dataclass with `prefix`, packed as prefix:field:field."""

    prefix: ClassVar[str]

    def pack(self) -> str:
        """Raises ValueError when it would not fit into Telegram's 64 bytes."""
        values = [_packed(getattr(self, each.name)) for each in fields(self)]  # type: ignore[arg-type]
        data = SEPARATOR.join([self.prefix, *values])
        if len(data.encode()) > LIMIT_BYTES:
            raise ValueError(data)
        return data


P = TypeVar("P", bound=Press)
_PRESSES: dict[str, type[Press]] = {}


@dataclass_transform(frozen_default=True)
def press(prefix: str) -> Callable[[type[P]], type[P]]:
    """Declares a kind of button; a prefix is taken once in the whole program."""

    def declare(kind: type[P]) -> type[P]:
        if prefix in _PRESSES:
            raise ValueError(f"the prefix {prefix} is taken by {_PRESSES[prefix].__name__}")
        kind.prefix = prefix
        made = dataclass(frozen=True)(kind)
        _PRESSES[prefix] = made
        return made

    return declare


def unpack(data: str, kind: type[P]) -> P:
    """The press in `data`.

    Raises:
        Forged: not of this kind, a field too many or too few, or a value that does not fit its type.
    """
    prefix, *values = data.split(SEPARATOR)
    hints = _hints_of(kind.prefix)
    if prefix != kind.prefix or len(values) != len(hints):
        raise Forged(data)
    try:
        return kind(**{name: _unpacked(value, hint) for value, (name, hint) in zip(values, hints.items(), strict=True)})
    except ValueError as error:
        raise Forged(data) from error


@cache
def _hints_of(prefix: str) -> dict[str, Any]:
    """The fields in their order, with their types: the same at every press."""
    hints = get_type_hints(_PRESSES[prefix])
    return {name: hint for name, hint in hints.items() if get_origin(hint) is not ClassVar}


def prefix_of(data: str | None) -> str:
    return (data or "").split(SEPARATOR, 1)[0]


def _packed(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    packed = str(value.value if isinstance(value, StrEnum) else value)
    if SEPARATOR in packed:
        raise ValueError(packed)
    return packed


def _unpacked(value: str, hint: Any) -> Any:
    if isinstance(hint, UnionType):
        if value == "":
            return None
        hint = next(each for each in get_args(hint) if each is not type(None))
    if hint is bool:
        return {"0": False, "1": True}[value] if value in {"0", "1"} else _refuse(value)
    if hint is int:
        digits = value.removeprefix("-")
        fits = digits.isascii() and digits.isdigit() and abs(int(digits)) <= LARGEST
        return int(value) if fits else _refuse(value)
    return hint(value)


def _refuse(value: str) -> Any:
    raise ValueError(value)
