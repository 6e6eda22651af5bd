"""Which area a point lies in, from the areas' outlines. Outlines may be rough: holes, slivers, crossed edges."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimiser.domain.records import Area
from optimiser.geography.grid import Metres, to_grid

Geometry = Any
"""A shapely geometry; shapely carries no types of its own."""


def rings_of(geometry: dict[str, Any]) -> list[list[list[list[float]]]]:
    """The polygons of a GeoJSON geometry, each a list of rings."""
    coordinates = geometry["coordinates"]
    return list(coordinates) if geometry["type"] == "MultiPolygon" else [coordinates]


class Outlines:
    """The outlines of a county, in degrees as the file has them."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._areas = [area for area in areas if area.geometry is not None]

    def inside(self, latitude: float, longitude: float) -> list[str]:
        """The ids of all areas whose outline contains the point.

        By the even-odd rule, polygon by polygon: holes fall out by parity, and no outline is too rough to be answered
        (a crossed edge or a sliver never raises, unlike a test that asks for a valid geometry first).
        """
        return [
            area.area_id
            for area in self._areas
            if area.geometry and any(_odd(polygon, longitude, latitude) for polygon in rings_of(area.geometry))
        ]

    def outside_own(self, latitudes: Metres, longitudes: Metres, area_ids: Sequence[str]) -> list[int]:
        """The indices of points that lie outside the outline of the area that they name (only areas with one)."""
        points = np.column_stack((longitudes, latitudes))
        by_area = {area.area_id: area for area in self._areas}
        groups: dict[str, list[int]] = {}
        for index, area_id in enumerate(area_ids):
            if area_id in by_area:
                groups.setdefault(area_id, []).append(index)
        outside: list[int] = []
        for area_id, members in groups.items():
            geometry = by_area[area_id].geometry
            assert geometry is not None
            within = np.zeros(len(members), dtype=np.bool_)
            for polygon in rings_of(geometry):
                within |= _odd_many(polygon, points[members])
            outside += [index for index, good in zip(members, within, strict=True) if not good]
        return sorted(outside)

    def nearest(self, latitude: float, longitude: float) -> str | None:
        """The id of the area whose outline is nearest to the point, in metres; None when there are no outlines."""
        import shapely

        if not self._areas:
            return None
        place = shapely.Point(*to_grid([latitude], [longitude])[0])
        return min(self._areas, key=lambda area: (float(_on_grid(area).distance(place)), area.area_id)).area_id


def _on_grid(area: Area) -> Geometry:
    """An outline as lines in metres: distance to lines needs no valid polygon."""
    import shapely

    assert area.geometry is not None
    lines = []
    for polygon in rings_of(area.geometry):
        for ring in polygon:
            lines.append(to_grid([point[1] for point in ring], [point[0] for point in ring]))
    return shapely.MultiLineString([line for line in lines if len(line) > 1])


def _odd(rings: list[list[list[float]]], x: float, y: float) -> bool:
    crossings = 0
    for ring in rings:
        for (x1, y1, *_), (x2, y2, *_) in pairwise(ring):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                crossings += 1
    return crossings % 2 == 1


def _odd_many(rings: list[list[list[float]]], points: Metres) -> NDArray[np.bool_]:
    """The same rule for many points at once; shape (points,)."""
    odd = np.zeros(len(points), dtype=np.bool_)
    x, y = points[:, :1], points[:, 1:]
    for ring in rings:
        edges = np.asarray([point[:2] for point in ring], dtype=np.float64)
        x1, y1, x2, y2 = edges[:-1, 0], edges[:-1, 1], edges[1:, 0], edges[1:, 1]
        spans = (y1 > y) != (y2 > y)
        rise = np.where(y2 == y1, 1.0, y2 - y1)  # a level edge spans nothing: its slope is never used
        crossed = spans & (x < (x2 - x1) * (y - y1) / rise + x1)
        odd ^= crossed.sum(axis=1) % 2 == 1
    return odd
