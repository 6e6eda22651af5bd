"""Coordinates: WGS 84 degrees in files, metres on the national grid (EPSG:27700) inside. And how far it is from one place to
another: the source is pluggable, the straight line is the default.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pyproj import Transformer


Metres = NDArray[np.float64]
"""Eastings and northings, shape (n, 2), or distances."""

METRES_PER_MILE = 1609.344

ENGLAND_LATITUDE = (49.8, 55.9)
ENGLAND_LONGITUDE = (-6.5, 1.9)
"""A box around England: what lies outside it is a mistake in a file of this kind."""


@cache
def _transformer() -> Transformer:
    # Without grids and with the network off the answer is the same on every machine, within about two metres.
    from pyproj import Transformer
    from pyproj.network import set_network_enabled  # type: ignore[attr-defined]

    set_network_enabled(False)
    return Transformer.from_crs(4326, 27700, always_xy=True)


def to_grid(latitudes: list[float], longitudes: list[float]) -> Metres:
    """Eastings and northings in metres, shape (n, 2)."""
    if not latitudes:
        return np.empty((0, 2))
    return np.column_stack(_transformer().transform(longitudes, latitudes)).astype(np.float64)


def crow_metres(origins: Metres, destinations: Metres) -> Metres:
    """As the crow flies, from eastings and northings of shapes that go together, such as (n, 1, 2) and (m, 2).

    Each difference before the root, in this order: the same arithmetic everywhere, to the last bit.
    """
    return np.hypot(destinations[..., 0] - origins[..., 0], destinations[..., 1] - origins[..., 1])


def in_england(latitude: float, longitude: float) -> bool:
    south, north = ENGLAND_LATITUDE
    west, east = ENGLAND_LONGITUDE
    return south <= latitude <= north and west <= longitude <= east


def half_up(metres: Metres) -> NDArray[np.int64]:
    """Whole metres, half up."""
    return np.floor(metres + 0.5).astype(np.int64)


def to_degrees(grid: Metres) -> Metres:
    """Latitudes and longitudes of eastings and northings, both of shape (n, 2)."""
    if not len(grid):
        return np.empty((0, 2))
    longitudes, latitudes = _transformer().transform(grid[:, 0], grid[:, 1], direction="INVERSE")
    return np.column_stack((latitudes, longitudes)).astype(np.float64)


def square_name(easting: float, northing: float) -> str:
    """The kilometre square of the national grid that a place lies in, such as ``TG2308``."""
    letters = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # without I
    east, north = int(easting // 100_000), int(northing // 100_000)
    first = letters[(19 - north) // 5 * 5 + (east + 10) // 5]
    second = letters[(19 - north) * 5 % 25 + east % 5]
    return f"{first}{second}{int(easting) % 100_000 // 1000:02}{int(northing) % 100_000 // 1000:02}"


class TravelSource(Protocol):
    """Anything that knows distances between places on the national grid."""

    provenance: str
    """What the distances rest on, for the report."""

    def metres(self, origins: Metres, destinations: Metres) -> Metres:
        """Distances in metres, shape (origins, destinations), from eastings and northings of shape (n, 2)."""
        ...


class StraightLineDistances:
    """As the crow flies, metres alone: the default, because it needs nothing else and prices are banded by it.

    Times for rounds made of the same line: ``travel_times.straight_line.StraightLineTravel``.
    """

    provenance = "straight line on EPSG:27700"

    def metres(self, origins: Metres, destinations: Metres) -> Metres:
        return crow_metres(origins[:, None], destinations)
