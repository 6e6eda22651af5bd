"""Which area a point lies in, from the areas' outlines. Outlines may be rough: holes, slivers, crossed edges."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimiser.domain.records import Area
from optimiser.geography.edges import Edges
from optimiser.geography.grid import Metres, to_grid

Tree = Any
"""A tree of shapely's; shapely carries no types of its own."""


def rings_of(geometry: dict[str, Any]) -> list[list[list[list[float]]]]:
    """The polygons of a GeoJSON geometry, each a list of rings."""
    coordinates = geometry["coordinates"]
    return list(coordinates) if geometry["type"] == "MultiPolygon" else [coordinates]


class Outlines:
    """The outlines of a county, in degrees as the file has them. What a question needs is prepared once, when first asked."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._areas = [area for area in areas if area.geometry is not None]

    def inside(self, latitude: float, longitude: float) -> list[str]:
        """The ids of all areas whose outline contains the point."""
        return self.inside_each(np.array([latitude]), np.array([longitude]))[0]

    def inside_each(self, latitudes: Metres, longitudes: Metres) -> list[list[str]]:
        """Per point the ids of all areas whose outline contains it, in the order of the areas.

        By the even-odd rule, polygon by polygon: holes fall out by parity, and no outline is too rough to be answered
        (a crossed edge or a sliver never raises, unlike a test that asks for a valid geometry first).
        """
        points = np.column_stack((longitudes, latitudes))
        found: list[list[str]] = [[] for _ in points]
        for area, edges in zip(self._areas, self._edges, strict=True):
            for index in np.flatnonzero(edges.around(points)):
                found[index].append(area.area_id)
        return found

    def outside_own(self, latitudes: Metres, longitudes: Metres, area_ids: Sequence[str]) -> list[int]:
        """The indices of points that lie outside the outline of the area that they name (only areas with one)."""
        points = np.column_stack((longitudes, latitudes))
        groups: dict[str, list[int]] = {}
        for index, area_id in enumerate(area_ids):
            groups.setdefault(area_id, []).append(index)
        by_area = {area.area_id: edges for area, edges in zip(self._areas, self._edges, strict=True)}
        outside: list[int] = []
        for area_id in groups.keys() & by_area.keys():
            members = np.array(groups[area_id])
            outside += members[~by_area[area_id].around(points[members])].tolist()
        return sorted(outside)

    def nearest(self, latitude: float, longitude: float) -> str | None:
        """The id of the area whose outline is nearest to the point, in metres; None when there are no outlines."""
        import shapely

        if not self._areas:
            return None
        tree, owners = self._on_grid
        place = shapely.Point(*to_grid([latitude], [longitude])[0])
        near: list[int] = owners[tree.query_nearest(place, all_matches=True)].tolist()
        return min(self._areas[index].area_id for index in near)

    @cached_property
    def _edges(self) -> list[Edges]:
        return [Edges(rings_of(area.geometry)) for area in self._areas if area.geometry]

    @cached_property
    def _on_grid(self) -> tuple[Tree, NDArray[np.int64]]:
        """A tree of all edges as lines in metres, which needs no valid polygon; and per edge the index of its area."""
        import shapely

        lines = []
        for edges in self._edges:
            ends = np.concatenate((edges.starts, edges.ends))
            on_grid = to_grid(ends[:, 1].tolist(), ends[:, 0].tolist()).reshape(2, -1, 2)
            lines.append(on_grid.transpose(1, 0, 2))
        owners = np.repeat(np.arange(len(lines)), [len(each) for each in lines])
        return shapely.STRtree(shapely.linestrings(np.concatenate(lines))), owners
