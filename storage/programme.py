"""The programme (one deployment), its councils and the neighbourhoods they stand for."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Table, big, json_value, row_id, word


class Regime(StrEnum):
    """Legal frame of a council: loi n° 2014-173, or decrees 2024-1036 and 2024-1037."""

    LOI2014 = "loi2014"
    DECRET2024 = "decret2024"


class CouncilStatus(StrEnum):
    ACTIVE = "active"
    DORMANT = "dormant"
    ELECTORAL_RESERVE = "electoral_reserve"


class Programme(Table, table=True):
    """The one row that says what this deployment runs; `settings` is a checked ProgrammeSettings, as JSON."""

    __tablename__ = "programme"

    id: int = Field(default=1, primary_key=True)
    name: str
    period_start: date
    period_end: date
    settings: dict[str, Any] = json_value()
    updated_at: datetime


class Council(Table, table=True):
    __tablename__ = "council"

    id: int = row_id()
    code: str = Field(unique=True)
    name: str
    regime: Regime = word(Regime)
    status: CouncilStatus = word(CouncilStatus, default=CouncilStatus.ACTIVE)
    position: int = 0


class Neighbourhood(Table, table=True):
    """A quartier prioritaire; an unknown population stays None, and `vintage` says which census it is of."""

    __tablename__ = "neighbourhood"

    code: str = Field(primary_key=True)
    name: str
    population: int | None = None
    vintage: str | None = None
    boundary: dict[str, Any] | None = json_value(default=None, nullable=True)


class CouncilNeighbourhood(Table, table=True):
    """Councils and neighbourhoods are many to many: Grand Mirail has several councils, Paris 18 several quartiers."""

    __tablename__ = "council_neighbourhood"

    council_id: int = big(primary_key=True, foreign_key="council.id", ondelete="CASCADE")
    neighbourhood_code: str = Field(primary_key=True, foreign_key="neighbourhood.code", ondelete="CASCADE")


class UsualPlace(Table, table=True):
    """A place where a council often meets, offered by a button; latitude and longitude in degrees (WGS 84)."""

    __tablename__ = "usual_place"

    id: int = row_id()
    council_id: int = big(foreign_key="council.id", ondelete="CASCADE", index=True)
    name: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class CouncilView:
    """A council as lists show it."""

    id: int
    code: str
    name: str
    status: CouncilStatus
    neighbourhoods: tuple[str, ...]


async def list_councils(session: AsyncSession) -> list[CouncilView]:
    """All councils in the order of the programme file, with the names of their neighbourhoods."""
    names: dict[int, list[str]] = {}
    linked = (
        select(col(CouncilNeighbourhood.council_id), col(Neighbourhood.name))
        .join(Neighbourhood, col(Neighbourhood.code) == col(CouncilNeighbourhood.neighbourhood_code))
        .order_by(col(Neighbourhood.code))
    )
    for council_id, name in (await session.exec(linked)).all():
        names.setdefault(council_id, []).append(name)
    councils = await session.exec(select(Council).order_by(col(Council.position), col(Council.id)))
    return [
        CouncilView(each.id, each.code, each.name, each.status, tuple(names.get(each.id, ())))
        for each in councils.all()
    ]
