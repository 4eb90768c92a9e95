"""Short public numbers ("D-2026-014"), given in order within a year and never twice."""

from sqlmodel import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Table, big
from storage.database import dialect_insert

DIGITS = 3


class NumberSeries(Table, table=True):
    """The last number given of each series and year; a series is the letter that its numbers begin with."""

    __tablename__ = "number_series"

    series: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last: int = big()


async def next_number(session: AsyncSession, series: str, year: int) -> str:
    """The next number of a series in a (local) year; two at once wait for each other."""
    first = dialect_insert(session, NumberSeries).values(series=series, year=year, last=1)
    taking = first.on_conflict_do_update(
        index_elements=["series", "year"],
        set_={"last": NumberSeries.__table__.c.last + 1},  # type: ignore[attr-defined]
    ).returning(NumberSeries.__table__.c.last)  # type: ignore[attr-defined]
    last = (await session.exec(taking)).scalar_one()
    return f"{series}-{year}-{last:0{DIGITS}d}"
