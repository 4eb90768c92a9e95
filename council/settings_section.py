"""What every section of a programme file shares: how it is read, and how a rule says that it is broken."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError


def wrong(code: str, at: str | None = None, **details: Any) -> PydanticCustomError:
    """A rule that a file breaks: its `code` has a sentence in handlers/cards/programme_errors.py.

    `at` names the key below the section that is to blame, where the section alone would be too wide.
    """
    return PydanticCustomError("programme", "{code}", {"code": code, "at": at, **details})


class Section(BaseModel):
    """Parent of all sections: unknown keys are errors, values do not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def _no_yes_or_no(cls, value: Any) -> Any:
        """No setting is a boolean, and `true` would otherwise pass for the number 1."""
        if isinstance(value, bool):
            raise wrong("yes_or_no")
        return value


def _shaped(pattern: str, code: str) -> AfterValidator:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise wrong(code)
        return value

    return AfterValidator(check)


def _written_as(code: str) -> BeforeValidator:
    """A bare number would be taken for seconds: `start = 9` must not come to mean nine seconds past midnight."""

    def check(value: Any) -> Any:
        if isinstance(value, int | float | Decimal):
            raise wrong(code)
        return value

    return BeforeValidator(check)


def repeated(values: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Those that stood there before, with their place."""
    seen: set[str] = set()
    for place, value in enumerate(values):
        if value in seen:
            yield place, value
        seen.add(value)


Text = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, _shaped(r"[A-Za-z0-9_-]{1,32}", "bad_code")]
Euros = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
MailAddress = Annotated[str, _shaped(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]+", "bad_email")]
Language = Annotated[str, _shaped("[a-z]{2,3}", "bad_language")]
Day = Annotated[date, _written_as("date")]
Hour = Annotated[time, _written_as("time")]
