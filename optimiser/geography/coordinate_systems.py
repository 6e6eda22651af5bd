"""Coordinates of other systems as WGS 84 degrees, and what coordinates that are no degrees look like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyproj import Transformer

DEGREES = frozenset({("EPSG", "4326"), ("OGC", "CRS84")})
"""WGS 84 under both of its names: in GeoJSON the longitude stands first in either."""

PLACES = 9
"""Decimals of transformed degrees, a tenth of a millimetre: the digits behind differ from one machine to the next."""

NAMES = (
    r"(?:urn:(?:x-)?ogc:def:crs:)?(?P<authority>\w{1,20}):(?:[\d.]{0,20}:)?(?P<code>\w{1,20})",
    r"https?://www\.opengis\.net/def/crs/(?P<authority>\w{1,20})/[\w.]{1,20}/(?P<code>\w{1,20})",
    r"https?://www\.opengis\.net/gml/srs/(?P<authority>\w{1,20})\.xml#(?P<code>\w{1,20})",
)
BARE = {"CRS84": "OGC:CRS84", "WGS84": "EPSG:4326", "WGS 84": "EPSG:4326"}

METRES = (
    ("the National Grid (EPSG:27700)", (0, 700_000), (0, 1_300_000)),
    ("Web Mercator (EPSG:3857)", (-760_000, 215_000), (6_300_000, 7_600_000)),
    ("UTM (EPSG:32630 or 32631)", (100_000, 900_000), (5_400_000, 6_300_000)),
)
"""Systems in metres that maps of England are kept in: eastings and northings of a box around it."""


class UnknownSystemError(Exception):
    """No system of coordinates in a plane or on the globe has this name."""


@dataclass(frozen=True)
class System:
    """A system of coordinates by its authority and code."""

    authority: str = "EPSG"
    code: str = "4326"

    def __str__(self) -> str:
        return f"{self.authority}:{self.code}"

    @property
    def is_degrees(self) -> bool:
        return (self.authority, self.code) in DEGREES

    def to_degrees(self, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        """Longitude and latitude of each point, which is x before y whatever the system's own order; beyond it, infinite."""
        xs, ys = zip(*points, strict=True)
        longitudes, latitudes = _transformer(self).transform(xs, ys)
        return [(round(x, PLACES), round(y, PLACES)) for x, y in zip(longitudes, latitudes, strict=True)]


def system_named(name: str) -> System:
    """The system of a name such as ``urn:ogc:def:crs:EPSG::27700``. Raises ``UnknownSystemError``."""
    for pattern in NAMES:
        if found := re.fullmatch(pattern, BARE.get(name.upper(), name), re.ASCII | re.IGNORECASE):
            system = System(found["authority"].upper(), found["code"].upper())
            if not system.is_degrees:
                _transformer(system)  # raises where nobody knows it
            return system
    raise UnknownSystemError(name)


@cache
def _transformer(system: System) -> Transformer:
    # Without grids and with the network off the answer is the same on every machine.
    from pyproj import CRS, Transformer
    from pyproj.exceptions import ProjError
    from pyproj.network import set_network_enabled  # type: ignore[attr-defined]

    set_network_enabled(False)
    try:
        crs = CRS.from_authority(system.authority, system.code)
        if crs.is_geographic or crs.is_projected:
            return Transformer.from_crs(crs, 4326, always_xy=True)
    except ProjError:
        pass
    raise UnknownSystemError(str(system))


def metres_in_words(x: float, y: float) -> str:
    """What a pair of numbers that is no longitude and latitude looks like; empty where it may be a place on the globe."""
    if abs(x) <= 180 and abs(y) <= 180:
        return ""
    for name, (west, east), (south, north) in METRES:
        if west <= x <= east and south <= y <= north:
            return f"metres of {name}, it seems"
    return "numbers that are no degrees"
