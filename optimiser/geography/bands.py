"""Price bands by distance from the nearest band centre, straight line. Source: events, prices of 2019/20."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from optimiser.geography.grid import METRES_PER_MILE, Metres
from optimiser.geography.travel import StraightLine


def nearest_centre_miles(places: Metres, centres: Metres) -> Metres:
    """Miles from each place to its nearest band centre. Bands are always judged on the straight line."""
    if not len(places):
        return np.empty(0)
    return np.asarray(StraightLine().metres(places, centres).min(axis=1) / METRES_PER_MILE)


def band_of(miles: Metres, limits_miles: tuple[Fraction, Fraction]) -> NDArray[np.int64]:
    """Band 1, 2 or 3 of each distance; exactly on a limit is the nearer band."""
    one, two = (float(limit) for limit in limits_miles)
    return 1 + (miles > one).astype(np.int64) + (miles > two)
