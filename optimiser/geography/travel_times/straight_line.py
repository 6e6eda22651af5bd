"""Travel times without any map: the straight line times a factor, and minutes to park.

The defaults are calibrated by ``tests/benchmarks/travel_times.py``; what they are worth: ``decisions/travel_times.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimiser.geography.grid import Metres, crow_metres, half_up, to_grid
from optimiser.geography.travel_times.interface import Degrees, Ints, ToAndFrom, Travel, TravelTimes, same_place


@dataclass(frozen=True)
class StraightLineTravel(Travel):
    """Seconds from metres as the crow flies, and metres on the road (metres alone: ``distances.StraightLineDistances``)."""

    seconds_per_kilometre: float = 76.0
    """For a kilometre as the crow flies: 29 miles an hour."""
    detour: float = 1.3
    """Metres on the road for a metre as the crow flies; the times do not use it."""
    minutes_to_park: float = 4.0
    """For parking, the door, and slow streets at both ends of every way, however short."""

    @property
    def provenance(self) -> str:  # type: ignore[override]
        return (
            f"straight line, {self.seconds_per_kilometre:g} s a kilometre and {self.minutes_to_park:g} minutes to park;"
            f" metres x {self.detour:g}"
        )

    def between(self, origins: Degrees, destinations: Degrees) -> TravelTimes:
        crow = crow_metres(_grid(origins)[:, None], _grid(destinations))
        same = same_place(origins, destinations)
        metres = half_up(crow * self.detour)
        metres[same] = 0
        return TravelTimes(self._seconds(crow, same), metres, self.provenance)

    def to_and_from(self, points: Degrees) -> ToAndFrom:
        """The points are put on the grid once; there and back are the same."""
        grid = _grid(points)

        def ask(place: Degrees) -> tuple[Ints, Ints]:
            seconds = self._seconds(crow_metres(grid[:, None], _grid(place)), same_place(points, place))[:, 0]
            return seconds, seconds

        return ask

    def _seconds(self, crow: Metres, same: NDArray[np.bool_]) -> Ints:
        seconds = half_up(crow * (self.seconds_per_kilometre / 1000) + self.minutes_to_park * 60)
        seconds[same] = 0
        return seconds


def _grid(places: Degrees) -> Degrees:
    return to_grid(places[:, 0].tolist(), places[:, 1].tolist())


DRIVING = StraightLineTravel()
WALKING = StraightLineTravel(seconds_per_kilometre=975.0, minutes_to_park=0.0)
"""Three miles an hour on paths 1.3 times as long as the straight line."""
