"""Column kinds that every table shares, so that each rule on types stands once."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Enum, Integer, MetaData
from sqlmodel import Field, SQLModel

# Names that Alembic can find again on both engines; SQLite needs them for batch migrations.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """Parent of every table. Rows are never validated by pydantic: their validators are not built."""

    model_config = {"defer_build": True}

    metadata = MetaData(naming_convention=NAMING)


# SQLite numbers rows by itself only in an INTEGER column; Telegram ids need 64 bits everywhere.
BigId = BigInteger().with_variant(Integer, "sqlite")


def row_id() -> Any:
    """A 64-bit primary key that the database gives."""
    return Field(default=None, primary_key=True, sa_type=BigId)


def big(**options: Any) -> Any:
    """A 64-bit integer: Telegram ids and references to row ids."""
    return Field(sa_type=BigId, **options)


def word(kind: type[StrEnum], **options: Any) -> Any:
    """A StrEnum kept as its word: readable in the database, and a new word needs no ALTER TYPE."""
    words = Enum(kind, native_enum=False, length=32, create_constraint=False, values_callable=_values)
    return Field(sa_type=words, **options)


def json_value(**options: Any) -> Any:
    """A JSON document, written whole and read whole."""
    return Field(sa_type=JSON, **options)


def _values(kind: type[StrEnum]) -> list[str]:
    return [each.value for each in kind]
