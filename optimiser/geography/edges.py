"""The edges of one outline, in a tree: whether it lies around a point is asked of the few edges east of the point, not of all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Longitudes and latitudes, shape (n, 2)."""

POINTS_AT_ONCE = 256
"""An outline may run up and down across all of a county: the edges beside these points must fit into memory."""

MARGIN = 1e-9
"""Degrees. Where an edge crosses a latitude is rounded: it may come out this much beside the edge, and never more."""


class Edges:
    """All edges of an outline: where each starts and ends, shape (edges, 2), and the number of its polygon."""

    def __init__(self, polygons: Sequence[Sequence[Sequence[Sequence[float]]]]) -> None:
        rings = [(number, ring) for number, polygon in enumerate(polygons) for ring in polygon]
        corners = [_corners(ring) for _, ring in rings]
        self.starts: Points = np.concatenate([each[:-1] for each in corners])
        self.ends: Points = np.concatenate([each[1:] for each in corners])
        self.polygons = np.repeat([number for number, _ in rings], [len(each) - 1 for each in corners])
        self._count = len(polygons)
        every = np.concatenate((self.starts, self.ends))
        self._south_west, self._north_east = every.min(axis=0) - MARGIN, every.max(axis=0) + MARGIN

    def around(self, points: Points) -> NDArray[np.bool_]:
        """Which points lie inside, by the even-odd rule, polygon by polygon. Shape (points,)."""
        inside = np.zeros(len(points), dtype=np.bool_)
        near = np.flatnonzero(((points >= self._south_west) & (points <= self._north_east)).all(axis=1))
        for first in range(0, len(near), POINTS_AT_ONCE):
            chunk = near[first : first + POINTS_AT_ONCE]
            inside[chunk] = self._odd(points[chunk])
        return inside

    def _odd(self, points: Points) -> NDArray[np.bool_]:
        """Whether some polygon's edges are crossed an odd number of times on the way east."""
        point, edge = self._beside(points)
        crossed = crosses(self.starts[edge], self.ends[edge], points[point])
        crossings = np.bincount(point[crossed] * self._count + self.polygons[edge[crossed]], minlength=len(points) * self._count)
        return np.asarray((crossings.reshape(len(points), self._count) % 2 == 1).any(axis=1))

    def _beside(self, points: Points) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pairs of a point and an edge that a line from the point to the east may cross; any other edge it cannot."""
        import shapely

        west, east = points - (MARGIN, 0.0), points.copy()
        east[:, 0] = self._north_east[0] + MARGIN
        point, edge = self._tree.query(shapely.linestrings(np.stack((west, east), axis=1)))
        return point, edge

    @cached_property
    def _tree(self) -> Any:
        import shapely

        return shapely.STRtree(shapely.linestrings(np.stack((self.starts, self.ends), axis=1)))


def _corners(ring: Sequence[Sequence[float]]) -> Points:
    """Longitude and latitude of each corner, without heights."""
    if set(map(len, ring)) == {2}:
        return np.fromiter(chain.from_iterable(ring), dtype=np.float64, count=2 * len(ring)).reshape(-1, 2)
    return np.array([point[:2] for point in ring], dtype=np.float64)


def crosses(starts: Points, ends: Points, points: Points) -> NDArray[np.bool_]:
    """Per pair of an edge and a point whether a line from the point to the east crosses the edge.

    Of an edge that ends at the point's latitude only the end to the south counts: two that meet there are crossed once or twice,
    and a point on the border of two areas is in one of them.
    """
    (x1, y1), (x2, y2), (x, y) = starts.T, ends.T, points.T
    spans = (y1 > y) != (y2 > y)
    rise = np.where(y2 == y1, 1.0, y2 - y1)  # a level edge spans nothing: its slope is never used
    crossed: NDArray[np.bool_] = spans & (x < (x2 - x1) * (y - y1) / rise + x1)
    return crossed
