"""Where each key of a TOML text stands: parsers give the values and forget the lines, people need them."""

import re
import tomllib
from collections.abc import Iterator

Path = tuple[str | int, ...]
"""Keys and places in lists (from 0), outermost first: ("councils", 2, "name")."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}|' + r"'''(?:[^']|'(?!''))*'{3,5}|" + r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}\n#]*")


class TomlLines:
    """The lines, from 1, of the keys, tables and list items of a text that a TOML parser has accepted."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {(): 1}
        for path, line in _Scan(text).places():
            for depth in range(1, len(path) + 1):  # [a.b] and [[a]] name `a` too
                self._lines.setdefault(path[:depth], line)

    def line_of(self, path: Path) -> int:
        """The line of the key; of the section that it should stand in when it does not stand anywhere."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]


class _Scan:
    """One walk through the text. It trusts that the text is sound, and so need not say what is wrong with it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line, self._counted = 1, 0
        self._last_item: dict[Path, int] = {}  # of each list of tables, the item that [[…]] opened last

    def places(self) -> Iterator[tuple[Path, int]]:
        table: Path = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            line = self._current_line()
            if self._text.startswith("[", self._at):
                table = self._header()
                yield table, line
            else:
                yield from self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> Path:
        opens_item = self._text.startswith("[[", self._at)
        self._at += 2 if opens_item else 1
        *outer, last = self._keys()
        self._at += 2 if opens_item else 1
        path: Path = ()
        for key in outer:
            path = self._inside((*path, key))
        path = (*path, last)
        if not opens_item:
            return self._inside(path)
        self._last_item[path] = self._last_item.get(path, -1) + 1
        return self._inside(path)

    def _inside(self, path: Path) -> Path:
        """A name of a list of tables means its last item."""
        return (*path, self._last_item[path]) if path in self._last_item else path

    def _pair(self, table: Path) -> Iterator[tuple[Path, int]]:
        line = self._current_line()
        path = (*table, *self._keys())
        yield path, line
        self._at += 1  # =
        yield from self._value(path)

    def _keys(self) -> list[str]:
        """A key, dotted or not, and the space around it."""
        keys = []
        while True:
            self._skip(_SPACE)
            keys.append(_bare(self._skip(_KEY)))
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return keys
            self._at += 1

    def _value(self, path: Path) -> Iterator[tuple[Path, int]]:
        self._skip(_SPACE)
        if self._text.startswith("[", self._at):
            yield from self._list(path)
        elif self._text.startswith("{", self._at):
            yield from self._inline_table(path)
        elif _STRING.match(self._text, self._at):
            self._skip(_STRING)
        else:
            self._skip(_SCALAR)

    def _list(self, path: Path) -> Iterator[tuple[Path, int]]:
        self._at += 1
        item = 0
        while not self._ends_with("]"):
            yield (*path, item), self._current_line()
            yield from self._value((*path, item))
            item += 1

    def _inline_table(self, path: Path) -> Iterator[tuple[Path, int]]:
        self._at += 1
        while not self._ends_with("}"):
            yield from self._pair(path)

    def _ends_with(self, bracket: str) -> bool:
        """Steps over blanks, a comma and the closing bracket; whether it was closed."""
        self._skip(_BLANK)
        if self._text.startswith(",", self._at):
            self._at += 1
            self._skip(_BLANK)
        closed = self._text.startswith(bracket, self._at)
        self._at += closed
        return closed

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise ValueError(f"no TOML at character {self._at}")
        self._at = found.end()
        return found[0]

    def _current_line(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line


def _bare(key: str) -> str:
    return str(tomllib.loads(f"key = {key}")["key"]) if key[0] in "\"'" else key
