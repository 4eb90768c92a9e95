"""Public numbers ("P-2026-014") as people write them, and what each one names."""

import re
from enum import StrEnum

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import interpellation_drafts, proposals, support
from council.errors import NotAllowed
from storage.interpellations import Interpellation
from storage.numbers import DIGITS
from storage.proposals import Proposal


class Series(StrEnum):
    """What a number begins with."""

    REQUEST = support.SERIES
    PROPOSAL = proposals.SERIES
    INTERPELLATION = interpellation_drafts.SERIES


# The year and the number may stand apart by any dash, a blank or nothing; a number that has outgrown its three digits
# is still told from the year, which has four.
_NUMBER = re.compile(rf"(?<!\w)([{''.join(Series)}])[\s.–—‑‐-]*(\d{{4}})[\s.–—‑‐-]*(\d{{1,9}})(?!\w)", re.IGNORECASE)


def read_number(words: str, *series: Series) -> str | None:
    """The first number of one of these series (of any, when none is named) in what somebody wrote.

    "D-2026-014" for "d 2026 14"; None: there is none.
    """
    for found in _NUMBER.finditer(words):
        if Series(found[1].upper()) in (series or tuple(Series)):
            return f"{found[1].upper()}-{int(found[2]):04d}-{int(found[3]):0{DIGITS}d}"
    return None


def only_number(words: str) -> str | None:
    """The number that somebody wrote and nothing besides; None: they wrote something else, or something more."""
    found = _NUMBER.fullmatch(words.strip())
    return read_number(words) if found is not None else None


def linked_number(token: str) -> str | None:
    """The number that a deep link carries in the place of a token, as it stands on cards; None: it carries none."""
    number = read_number(token)
    return number if number == token.upper() else None


async def find_proposal(session: AsyncSession, number: str) -> int:
    """Its id; who may see it is asked when it is opened. Raises NotAllowed when there is none."""
    return _found((await session.exec(select(col(Proposal.id)).where(col(Proposal.number) == number))).first())


async def find_interpellation(session: AsyncSession, number: str) -> int:
    """Its id; who may see it is asked when it is opened. Raises NotAllowed when there is none."""
    query = select(col(Interpellation.id)).where(col(Interpellation.number) == number)
    return _found((await session.exec(query)).first())


def _found(found: int | None) -> int:
    if found is None:
        raise NotAllowed
    return found
