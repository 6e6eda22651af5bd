"""A source of travel times. Copy to ``optimiser/geography/travel_times/``, fill in, and name it where ``--travel`` chooses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimiser.geography.grid import crow_metres, half_up, to_grid
from optimiser.geography.travel_times.interface import Degrees, Travel, TravelTimes, same_place


@dataclass(frozen=True)
class FillInName(Travel):
    """FILL IN: where the times come from, in one sentence."""

    fill_in_metres_per_second: float = 9.0
    """FILL IN: its settings, each with its unit in the name."""

    @property
    def provenance(self) -> str:  # type: ignore[override]
        # FILL IN: what the figures rest on, with every setting: it stands in every result.
        return f"FILL IN: a name, {self.fill_in_metres_per_second:g} metres a second"

    def between(self, origins: Degrees, destinations: Degrees) -> TravelTimes:
        # FILL IN: whole seconds and metres, shape (origins, destinations). Where a way cannot be told, raise ``TravelError`` with
        # what to do, and without the place: nothing is ever estimated in another way instead.
        metres = crow_metres(_grid(origins)[:, None], _grid(destinations))
        same = same_place(origins, destinations)
        seconds = half_up(metres / self.fill_in_metres_per_second)
        return TravelTimes(np.where(same, 0, seconds), np.where(same, 0, half_up(metres)), self.provenance)


def _grid(places: Degrees) -> Degrees:
    return to_grid(places[:, 0].tolist(), places[:, 1].tolist())
