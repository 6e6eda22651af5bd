"""Price bands by distance from the nearest band centre, straight line. Source: events, prices of 2019/20."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from optimiser.domain.records import Surgery
from optimiser.geography.grid import METRES_PER_MILE, Metres, crow_metres, to_grid


def nearest_centre_miles(places: Metres, centres: Metres) -> Metres:
    """Miles from each place to its nearest band centre. Bands are always judged on the straight line."""
    if not len(places):
        return np.empty(0)
    return np.asarray(crow_metres(places[:, None], centres).min(axis=1) / METRES_PER_MILE)


def band_of(miles: Metres, limits_miles: tuple[Fraction, Fraction]) -> NDArray[np.int64]:
    """Band 1, 2 or 3 of each distance; exactly on a limit is the nearer band."""
    one, two = (float(limit) for limit in limits_miles)
    return 1 + (miles > one).astype(np.int64) + (miles > two)


def band_at(
    latitude: float, longitude: float, surgeries: Sequence[Surgery], limits_miles: tuple[Fraction, Fraction]
) -> tuple[int, float, Surgery]:
    """The band of a place in degrees, the miles to its nearest band centre, and that centre (of several as near: by id)."""
    centres = sorted((surgery for surgery in surgeries if surgery.band_centre), key=lambda surgery: surgery.surgery_id)
    each = to_grid([centre.latitude for centre in centres], [centre.longitude for centre in centres])
    miles = crow_metres(to_grid([latitude], [longitude]), each) / METRES_PER_MILE
    nearest = int(miles.argmin())
    return int(band_of(miles, limits_miles)[nearest]), float(miles[nearest]), centres[nearest]
