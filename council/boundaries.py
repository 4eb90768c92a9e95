"""Boundaries of the neighbourhoods, from the GeoJSON files that the State publishes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit
from council.clock import Clock
from storage.programme import Neighbourhood

# As the files of 2015 and of 2024 name it, and as table programs rewrite it; capitals do not matter.
CODE_NAMES = ("code_qp", "code_qpv", "codeqp", "code_qp_2024", "code_quartier", "code")
NAME_NAMES = ("nom_qp", "lib_qp", "libelle_qp", "nom_qpv", "lib_qpv", "nom", "name")

SLIVER = 0.01
"""Share of its ground that a shape may lose or win when it is drawn soundly; beyond, somebody drew something else."""


@dataclass(frozen=True)
class BoundaryProblem:
    """What is wrong with the `feature`-th shape of the file (from 1; 0: with the file), by `code`.

    handlers/cards/programme_errors.py has the sentence of each code.
    """

    feature: int
    name: str
    code: str


class BoundaryFileError(Exception):
    """The file cannot be used; nothing of it was."""

    def __init__(self, problems: list[BoundaryProblem]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)


@dataclass(frozen=True)
class ImportedBoundaries:
    """Codes, in order: boundaries written, shapes that no council of ours stands for, quartiers still without one."""

    written: tuple[str, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


async def import_boundaries(session: AsyncSession, clock: Clock, geojson: bytes) -> ImportedBoundaries:
    """Writes the boundary of every neighbourhood of the programme that the file holds; names and figures stay.

    A file of the whole country will do: what is not ours is counted and left.

    Raises:
        BoundaryFileError: not GeoJSON, or shapes that cannot be trusted; then nothing is written.
    """
    known = (await session.exec(select(col(Neighbourhood.code), col(Neighbourhood.boundary)))).all()
    shapes, unknown = read_boundaries(geojson, frozenset(code for code, _ in known))
    for code, shape in shapes.items():
        await session.exec(update(Neighbourhood).where(col(Neighbourhood.code) == code).values(boundary=shape))
    imported = ImportedBoundaries(
        written=tuple(sorted(shapes)),
        unknown=tuple(sorted(unknown)),
        missing=tuple(sorted(code for code, boundary in known if boundary is None and code not in shapes)),
    )
    await audit.record(session, clock, None, "boundaries.imported", "programme", written=len(imported.written))
    return imported


def read_boundaries(geojson: bytes, ours: frozenset[str]) -> tuple[dict[str, dict[str, Any]], set[str]]:
    """GeoJSON geometries of our neighbourhoods by their codes, and the other codes of the file.

    Raises:
        BoundaryFileError: with every shape of ours, or of nobody's, that is wrong; those of others are not looked at.
    """
    unknown: set[str] = set()
    shapes: dict[str, dict[str, Any]] = {}
    problems = []
    for number, given in enumerate(_features(geojson), start=1):
        feature = given if isinstance(given, dict) else {}
        properties = _by_small_name(feature)
        code = _first(properties, CODE_NAMES)
        if code and code not in ours:
            unknown.add(code)
            continue
        try:
            _check_code(code, shapes)
            shapes[code] = _surface(feature.get("geometry"))
        except _Unusable as reason:
            problems.append(BoundaryProblem(number, code or _first(properties, NAME_NAMES), str(reason)))
    if problems:
        raise BoundaryFileError(problems)
    return shapes, unknown


class _Unusable(Exception):
    """Says why one shape is not taken, as a problem's code."""


def _check_code(code: str, shapes: Mapping[str, Any]) -> None:
    if not code:
        raise _Unusable("no_code")
    if code in shapes:
        raise _Unusable("code_twice")


def _features(geojson: bytes) -> list[Any]:
    try:
        content = json.loads(geojson)
    except ValueError:  # neither JSON nor a text
        raise BoundaryFileError([BoundaryProblem(0, "", "not_json")]) from None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or content.get("type") != "FeatureCollection":
        raise BoundaryFileError([BoundaryProblem(0, "", "not_geojson")])
    if not features:
        raise BoundaryFileError([BoundaryProblem(0, "", "no_shapes")])
    return features


def _by_small_name(feature: Mapping[str, Any]) -> dict[str, str]:
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        return {}
    return {name.lower(): str(value).strip() for name, value in properties.items() if value is not None}


def _first(properties: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((properties[name] for name in names if properties.get(name)), "")


def _surface(geometry: Any) -> dict[str, Any]:
    """The geometry, sound. Points are degrees (WGS 84, RFC 7946); French files in metres (Lambert-93) are common."""
    from shapely import is_valid, make_valid
    from shapely.errors import ShapelyError
    from shapely.geometry import mapping, shape  # numpy comes with it: only this command pays for it

    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise _Unusable("not_a_surface")
    try:
        surface = shape(geometry)
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        raise _Unusable("broken_shape") from None
    if surface.is_empty:
        raise _Unusable("broken_shape")
    west, south, east, north = surface.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise _Unusable("not_degrees")
    if is_valid(surface):
        return geometry
    # Published coordinates are rounded, and a rounded outline may touch itself: the same ground, drawn soundly.
    sound = make_valid(surface, method="structure")
    if sound.geom_type not in ("Polygon", "MultiPolygon") or abs(sound.area - surface.area) > SLIVER * surface.area:
        raise _Unusable("crossing_lines")
    repaired: dict[str, Any] = json.loads(json.dumps(mapping(sound)))  # JSON's lists, where shapely has tuples
    return repaired
