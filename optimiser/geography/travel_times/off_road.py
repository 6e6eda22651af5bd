"""Places that no road comes near: the map is another region's or too small, or a place is wrong. No way is told of them then."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import numpy as np

from optimiser.geography.grid import Metres, crow_metres, to_grid
from optimiser.geography.travel_times.cache import Place
from optimiser.geography.travel_times.interface import TravelError

FARTHEST_METRES = 5_000
"""A place farther than this from any road is not on the map."""
Spot = tuple[float, float] | None
"""Where on a road a place was put, in degrees north and east; None where no road was found for it."""


def metres_to_road(places: Sequence[Place], spots: Sequence[Spot]) -> Metres:
    """As the crow flies; beyond measure for a place that was put nowhere."""
    here = to_grid([north for north, _ in places], [east for _, east in places])
    there = to_grid([spot[0] if spot else inf for spot in spots], [spot[1] if spot else inf for spot in spots])
    return np.nan_to_num(crow_metres(here, there), nan=inf)


def refuse_far(gaps: Metres, roads: str, kind: str) -> None:
    """``gaps``: metres from each place to its road. Raises ``TravelError`` with how many places are too far, but not which."""
    if far := int((gaps > FARTHEST_METRES).sum()):
        raise TravelError(
            f"{far} of {len(gaps)} places are more than {FARTHEST_METRES // 1000} km from any road of {roads}:"
            f" take a {kind} of all roads of the county and what lies around it, or correct the places."
        )
