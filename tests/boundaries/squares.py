"""Areas as rectangles in metres on the grid, so that every figure can be worked out by hand."""

from __future__ import annotations

import datetime as dt

import shapely

from optimiser.domain.records import Area
from optimiser.mapping.shapes import Shape, geometry_of

WEST, SOUTH = 600_000, 300_000
"""A place in Norfolk."""


def box(west: float, south: float, east: float, north: float) -> Shape:
    """Metres from the corner."""
    return shapely.box(WEST + west, SOUTH + south, WEST + east, SOUTH + north)


def area(area_id: str, shape: Shape | None) -> Area:
    return Area(area_id, f"Area {area_id}", "East", dt.date(2026, 4, 1), None if shape is None else geometry_of(shape))
