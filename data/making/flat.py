"""Points and distances on a flat county: good to a part in a thousand, and the same on every machine.

The product measures in the National Grid. Making a county needs no more than this, and a distance that depends on
nothing but multiplication keeps the written files the same everywhere.
"""

from __future__ import annotations

import math
from typing import NamedTuple

KM_PER_DEGREE_NORTH = 111.26
KM_PER_DEGREE_EAST = 67.62
"""At 52.65 degrees north, the middle of Norfolk."""
KM_PER_MILE = 1.609344


class Point(NamedTuple):
    """A place in degrees."""

    latitude: float
    longitude: float


def km(a: Point, b: Point) -> float:
    north = (a.latitude - b.latitude) * KM_PER_DEGREE_NORTH
    east = (a.longitude - b.longitude) * KM_PER_DEGREE_EAST
    return math.sqrt(north * north + east * east)


def miles(a: Point, b: Point) -> float:
    return km(a, b) / KM_PER_MILE


def shifted(a: Point, north_km: float, east_km: float, decimals: int = 5) -> Point:
    return Point(
        round(a.latitude + north_km / KM_PER_DEGREE_NORTH, decimals),
        round(a.longitude + east_km / KM_PER_DEGREE_EAST, decimals),
    )
