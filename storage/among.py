"""Many ids as one parameter, where the engine takes it."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY


def among(is_sqlite: bool, column: Any, name: str) -> ColumnElement[bool]:
    """That the column holds one of the ids of the parameter of this name; with none of them, of no row.

    On PostgreSQL an array: to write, send and plan a statement with hundreds of parameters takes longer than to run it.
    SQLite has no arrays, and needs to see how few they are to begin with them.
    """
    if is_sqlite:
        found: ColumnElement[bool] = column.in_(bindparam(name, expanding=True))
        return found
    return column == any_(bindparam(name, type_=ARRAY(BigInteger)))  # type: ignore[no-any-return]
