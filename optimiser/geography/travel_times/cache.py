"""What a server has told, by place: no way is asked for twice in one run."""

from __future__ import annotations

import numpy as np

from optimiser.geography.travel_times.interface import Degrees, Ints

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
