"""Outlines of the areas, derived from the neighbourhoods of surgeries and places.

Every surgery and every place gets the ground that is nearest to it; a place belongs to the area of its nearest surgery.
The cells of one area together, clipped to the outline of the county, are the area's outline: an approximation, and not
official.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely  # type: ignore[import-untyped, unused-ignore]

from .facts import Facts
from .flat import KM_PER_DEGREE_EAST, KM_PER_DEGREE_NORTH, Point, km

DECIMALS = 5
MARGIN_DEGREES = 0.0003
"""People live at least this far (some 20 metres) inside an outline, so that no reader finds one on a border."""

Rings = list[list[list[list[float]]]]


@dataclass(frozen=True, slots=True)
class Settlement:
    """A surgery's neighbourhood or a place: where people live."""

    at: Point
    people_65: int
    area_id: str


@dataclass(frozen=True, slots=True)
class Outline:
    """An area's rings as they are written, and the same shape a little smaller, where people may live."""

    rings: Rings
    inside: Any

    def contains(self, at: Point) -> bool:
        return bool(shapely.contains_xy(self.inside, at.longitude, at.latitude))


def settlements(facts: Facts) -> list[Settlement]:
    found: dict[Point, Settlement] = {}
    for surgery in facts.surgeries:
        found.setdefault(surgery.at, Settlement(surgery.at, surgery.people_65, surgery.area_id))
    for place in facts.places:
        nearest = min(facts.surgeries, key=lambda s: (km(s.at, place.at), s.surgery_id))
        found.setdefault(place.at, Settlement(place.at, place.people_65, nearest.area_id))
    return list(found.values())


def outlines(facts: Facts, homes: Sequence[Settlement]) -> dict[str, Outline]:
    county = shapely.Polygon([flat_xy(p) for p in facts.outline])
    sites = shapely.MultiPoint([flat_xy(h.at) for h in homes])
    cells = shapely.get_parts(shapely.voronoi_polygons(sites, extend_to=county))
    tree = shapely.STRtree(cells)
    of_area: dict[str, list[Any]] = {area.area_id: [] for area in facts.areas}
    for home in homes:
        here = shapely.Point(flat_xy(home.at))
        of_area[home.area_id].append(cells[tree.query(here, predicate="within")[0]])
    return {a: in_degrees(shapely.intersection(shapely.union_all(parts), county)) for a, parts in of_area.items()}


def flat_xy(p: Point) -> tuple[float, float]:
    return p.longitude * KM_PER_DEGREE_EAST, p.latitude * KM_PER_DEGREE_NORTH


def in_degrees(shape: Any) -> Outline:
    polygons = [shapely.normalize(g) for g in shapely.get_parts(shape) if g.geom_type == "Polygon" and g.area > 0.01]
    rings = [[degree_ring(r) for r in (g.exterior, *g.interiors)] for g in sorted(polygons, key=lambda g: -g.area)]
    whole = shapely.union_all([shapely.Polygon(r[0], r[1:]) for r in rings])
    return Outline(rings, shapely.buffer(whole, -MARGIN_DEGREES))


def degree_ring(ring: Any) -> list[list[float]]:
    corners: list[list[float]] = []
    for x, y in ring.coords:
        corner = [round(x / KM_PER_DEGREE_EAST, DECIMALS), round(y / KM_PER_DEGREE_NORTH, DECIMALS)]
        if not corners or corner != corners[-1]:
            corners.append(corner)
    return corners
