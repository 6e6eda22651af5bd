"""Outlines for a map: fewer corners, shared borders still shared, and for each a place inside where its name can stand.

Drawn, never judged by: which area a place lies in is decided on the outlines as they are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import orjson

from optimiser.geography.grid import to_degrees, to_grid
from optimiser.geography.outlines import rings_of

TOLERANCE_METRES = 150
"""What is smaller than a square of this side is left out of a border: less than a dot on a map of a county."""
PLACES = 5
"""Decimals of a degree: about a metre."""

Geometry = Any
"""A geometry of shapely's; shapely carries no types of its own."""


@dataclass(frozen=True)
class Simplified:
    """An outline, GeoJSON in degrees, longitude first, and a place well inside it (longitude, latitude); None: there is none."""

    outline: dict[str, Any] | None
    inside: tuple[float, float] | None


NO_OUTLINE = Simplified(None, None)


def simplified(outlines: Sequence[dict[str, Any] | None]) -> tuple[Simplified, ...]:
    """Each outline of a county with fewer corners, in their order. Those that are too rough for it stay as they are written."""
    return _simplified(orjson.dumps(list(outlines)))


@lru_cache(maxsize=8)
def _simplified(written: bytes) -> tuple[Simplified, ...]:
    outlines = orjson.loads(written)
    shapes = [None if each is None else _on_grid(each) for each in outlines]
    found = iter(_with_fewer_corners([each for each in shapes if each is not None]))
    return tuple(NO_OUTLINE if each is None else _told(outlines[index], next(found)) for index, each in enumerate(shapes))


def _on_grid(outline: dict[str, Any]) -> Geometry:
    """A polygon of several parts, in metres."""
    import shapely

    def ring(corners: list[list[float]]) -> Geometry:
        return to_grid([each[1] for each in corners], [each[0] for each in corners])

    return shapely.MultiPolygon([(ring(rings[0]), [ring(each) for each in rings[1:]]) for rings in rings_of(outline)])


def _with_fewer_corners(shapes: list[Geometry]) -> list[Geometry]:
    import shapely

    try:
        return list(shapely.coverage_simplify(shapes, TOLERANCE_METRES))
    except shapely.GEOSException:
        return shapes


def _told(outline: dict[str, Any], shape: Geometry) -> Simplified:
    import shapely

    whole = shapely.make_valid(shape)
    parts = [each for each in shapely.get_parts(shapely.get_parts([whole])) if each.geom_type == "Polygon"]
    if not parts:
        return Simplified(outline, None)
    widest = max(parts, key=lambda each: float(each.area))
    centre = shapely.maximum_inscribed_circle(widest, TOLERANCE_METRES).coords[0]
    ((latitude, longitude),) = to_degrees(np.array([centre])).round(PLACES).tolist()
    polygons = [
        [_in_degrees(ring) for ring in (each.exterior, *each.interiors)] for each in shapely.get_parts(shape) if not each.is_empty
    ]
    return Simplified({"type": "MultiPolygon", "coordinates": polygons}, (longitude, latitude))


def _in_degrees(ring: Geometry) -> list[list[float]]:
    return [[longitude, latitude] for latitude, longitude in to_degrees(np.array(ring.coords)).round(PLACES).tolist()]
