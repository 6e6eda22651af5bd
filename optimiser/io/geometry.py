"""A geometry of GeoJSON as an outline in WGS 84 degrees, whatever system of coordinates the file says it is in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from optimiser.geography.coordinate_systems import System, UnknownSystemError, metres_in_words, system_named
from optimiser.geography.grid import in_england
from optimiser.io.faults import in_words

OUTLINE = "a Polygon or MultiPolygon in England, longitude first"
SYSTEM = "a system of coordinates by its code, such as EPSG:27700, or none (WGS 84 degrees)"

Point = tuple[float, float]


class BadOutlineError(Exception):
    """What is wrong with an outline, and what was expected."""

    def __init__(self, found: str, expected: str = OUTLINE) -> None:
        self.found, self.expected = found, expected
        super().__init__(found)


class BadSystemError(Exception):
    """What stands where a system of coordinates is named."""


def system_of(member: Any) -> System:
    """The system that a ``crs`` member names; null is as good as none. Raises ``BadSystemError``.

    The member is older than GeoJSON's standard, which knows WGS 84 degrees alone; map software goes on writing it.
    """
    if member is None:
        return System()
    kind = member.get("type") if isinstance(member, Mapping) else None
    properties = member.get("properties") if kind else None
    told = properties if isinstance(properties, Mapping) else {}
    key = {"name": "name", "EPSG": "code", "link": "href"}.get(kind) if isinstance(kind, str) else None
    name = told.get(key)
    if not isinstance(name, str | int):
        raise BadSystemError("no name")
    name = {"link": "a link to ", "EPSG": "EPSG:"}.get(str(kind), "") + in_words(name)
    if kind == "link":
        raise BadSystemError(name)
    try:
        return system_named(name.strip())
    except UnknownSystemError:
        raise BadSystemError(name) from None


def outline_of(geometry: Any, system: System) -> dict[str, Any]:
    """An outline as it is kept: its kind, and each point as longitude and latitude. Raises ``BadOutlineError``."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise BadOutlineError("another geometry")
    several = geometry["type"] == "MultiPolygon"
    coordinates = geometry.get("coordinates")
    polygons = coordinates if several else [coordinates]
    if not isinstance(polygons, list) or not polygons:
        raise BadOutlineError("no coordinates")
    if not all(isinstance(polygon, list) and polygon for polygon in polygons):
        raise BadOutlineError("a polygon without rings")
    placed = _placed if system.is_degrees else _transformed(system)
    kept = [[_ring(ring, placed) for ring in polygon] for polygon in polygons]
    return {"type": geometry["type"], "coordinates": kept if several else kept[0]}


def _ring(ring: Any, placed: Callable[[list[Point]], list[list[float]]]) -> list[list[float]]:
    if not isinstance(ring, list) or len(ring) < 4:
        raise BadOutlineError("a ring of fewer than four points")
    kept = placed([_point(point) for point in ring])
    if kept[0] != kept[-1]:
        raise BadOutlineError("a ring that does not end where it begins")
    return kept


def _point(point: Any) -> Point:
    # The exact types: true and false would pass for numbers otherwise.
    if not isinstance(point, list) or len(point) < 2 or not {type(point[0]), type(point[1])} <= {int, float}:
        raise BadOutlineError("a point that is not a pair of numbers")
    return point[0], point[1]


def _placed(points: list[Point]) -> list[list[float]]:
    """Points in degrees. Compared before anything is made of them: a whole number may be beyond measure."""
    for x, y in points:
        if not in_england(y, x):
            if said := metres_in_words(x, y):
                raise BadOutlineError(
                    said, f"{OUTLINE}, in degrees: save it as WGS 84, or with a crs member that names its system"
                )
            raise BadOutlineError("a point outside England" + (" (latitude and longitude swapped?)" if in_england(x, y) else ""))
    return [[float(x) + 0.0, float(y)] for x, y in points]  # -0 and 0 are one place


def _transformed(system: System) -> Callable[[list[Point]], list[list[float]]]:
    def placed(points: list[Point]) -> list[list[float]]:
        try:
            found = system.to_degrees([(float(x), float(y)) for x, y in points])
        except OverflowError:
            raise BadOutlineError("a number beyond measure") from None
        if not all(in_england(y, x) for x, y in found):
            degrees = all(in_england(y, x) for x, y in points)
            raise BadOutlineError(
                "degrees, it seems" if degrees else "a point outside England", f"{OUTLINE}, in {system} as its crs member says"
            )
        return [[x + 0.0, y] for x, y in found]

    return placed
