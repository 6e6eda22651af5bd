"""What every source of travel times answers; what a server has told is kept by place: no way is asked for twice in one run."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Degrees = NDArray[np.float64]
"""Places as latitude and longitude in WGS 84 degrees, shape (n, 2)."""
Ints = NDArray[np.int64]


ToAndFrom = Callable[[Degrees], tuple[Ints, Ints]]
"""Of a place, shape (1, 2): whole seconds from each of some points to it, and from it to each."""


class TravelError(Exception):
    """Travel times cannot be told; the message says why and what to do. It never holds a place."""


@dataclass(frozen=True)
class TravelTimes:
    """Whole seconds and metres from each origin to each destination, both of shape (origins, destinations).

    The seconds hold the minutes to park; from a place to itself both are 0.
    """

    seconds: Ints
    metres: Ints
    provenance: str
    """What the figures rest on, for the report."""


class Travel(ABC):
    """A source of travel times between places."""

    provenance: str

    @abstractmethod
    def between(self, origins: Degrees, destinations: Degrees) -> TravelTimes:
        """From each origin to each destination. Raises ``TravelError``; nothing is ever estimated in another way instead."""

    def to_and_from(self, points: Degrees) -> ToAndFrom:
        """For questions about the same points again and again."""

        def ask(place: Degrees) -> tuple[Ints, Ints]:
            return self.between(points, place).seconds[:, 0], self.between(place, points).seconds[0]

        return ask

    def matrix(self, points: Degrees) -> TravelTimes:
        """From each point to each."""
        return self.between(points, points)


def degrees(latitudes: list[float], longitudes: list[float]) -> Degrees:
    """Places as the interface takes them."""
    return np.array([latitudes, longitudes], dtype=np.float64).T.reshape(-1, 2)


def same_place(origins: Degrees, destinations: Degrees) -> NDArray[np.bool_]:
    """Which origin is which destination; shape (origins, destinations)."""
    return np.asarray((origins[:, None, :] == destinations[None, :, :]).all(axis=2))


UNKNOWN = -1
DECIMALS = 5
"""Of a degree: about a metre. Places closer than that are one."""

Place = tuple[float, float]


class PlaceCache:
    """Seconds and metres between places that have been asked about, -1 where not yet."""

    def __init__(self) -> None:
        self._index: dict[Place, int] = {}
        self.places: list[Place] = []
        self.seconds = np.full((64, 64), UNKNOWN, dtype=np.int32)
        self.metres = np.full((64, 64), UNKNOWN, dtype=np.int32)

    def indices(self, points: Degrees) -> Ints:
        """The number of each place; new places get the next ones."""
        found = [self._of((round(float(lat), DECIMALS), round(float(lon), DECIMALS))) for lat, lon in points]
        self._make_room()
        return np.array(found, dtype=np.int64)

    def _of(self, place: Place) -> int:
        if place not in self._index:
            self._index[place] = len(self.places)
            self.places.append(place)
        return self._index[place]

    def _make_room(self) -> None:
        size, needed = len(self.seconds), len(self.places)
        if needed > size:
            for name in ("seconds", "metres"):
                larger = np.full((max(needed, 2 * size),) * 2, UNKNOWN, dtype=np.int32)
                larger[:size, :size] = getattr(self, name)
                setattr(self, name, larger)
        known = np.arange(needed)
        self.seconds[known, known] = self.metres[known, known] = 0
