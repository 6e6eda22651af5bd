"""What every source of travel times answers."""

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
