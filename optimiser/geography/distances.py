"""How far it is from one place to another. The source is pluggable; the straight line is the default."""

from __future__ import annotations

from typing import Protocol

from optimiser.geography.grid import Metres, crow_metres


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
