"""Outlines as shapes on the national grid, in metres, and back as degrees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from optimiser.domain.records import Area
from optimiser.geography.coordinate_systems import System
from optimiser.geography.grid import to_grid
from optimiser.geography.outlines import rings_of

Shape = Any
"""A shape of shapely's, which carries no types of its own."""

GRID = System("EPSG", "27700")
FINEST_METRES = 0.01
"""Corners closer than that are one: what two programs make of one border differs by less."""
LEAST_SQUARE_METRES = 1.0
"""What is smaller is no place: nobody lives in it."""


def shapes_of(areas: Iterable[Area]) -> dict[str, Shape]:
    """By id the outline of each area that has one, as it is drawn: rings may cross themselves."""
    import shapely

    found = {}
    for area in areas:
        if area.geometry is None:
            continue
        polygons = []
        for rings in rings_of(area.geometry):
            points = [to_grid([point[1] for point in ring], [point[0] for point in ring]) for ring in rings]
            polygons.append(shapely.Polygon(points[0], points[1:]))
        found[area.area_id] = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    return found


def polygons_of(shape: Shape) -> list[Shape]:
    """The polygons of any shape that are large enough to be a place, the largest first."""
    import shapely

    flat = shapely.get_parts([shape])
    while any(each.geom_type == "GeometryCollection" or each.geom_type.startswith("Multi") for each in flat):
        flat = shapely.get_parts(flat)
    found = [each for each in flat if each.geom_type == "Polygon" and each.area >= LEAST_SQUARE_METRES]
    return sorted(found, key=lambda each: (-each.area, each.bounds))


def joined(shapes: Iterable[Shape]) -> Shape:
    """Several shapes as one."""
    import shapely

    return shapely.union_all(list(shapes), grid_size=FINEST_METRES)


def made_valid(shape: Shape) -> Shape:
    """The shape as a program for maps draws it: rings that cross themselves become several."""
    import shapely

    made = shape if shapely.is_valid(shape) else shapely.make_valid(shape, method="structure", keep_collapsed=False)
    return shapely.set_precision(made, FINEST_METRES)


def all_valid(shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    """All of them so, by the same names."""
    return {name: made_valid(shape) for name, shape in shapes.items()}


def width_metres(polygon: Shape) -> float:
    """How wide a polygon is where it is widest: the diameter of the largest circle inside."""
    import shapely

    return 2 * float(shapely.maximum_inscribed_circle(polygon, tolerance=FINEST_METRES * 10).length)


def with_shapes(areas: Sequence[Area], shapes: dict[str, Shape]) -> tuple[Area, ...]:
    """The areas with these outlines, in degrees; one without a shape stays as it is."""
    return tuple(replace(area, geometry=geometry_of(shapes[area.area_id])) if area.area_id in shapes else area for area in areas)


def geometry_of(shape: Shape) -> dict[str, Any]:
    """A shape on the grid as GeoJSON has it: degrees to a tenth of a millimetre, outer rings against the clock."""
    import shapely

    polygons = [shapely.orient_polygons(each) for each in polygons_of(shape)]
    rings = [[_degrees(ring) for ring in (polygon.exterior, *polygon.interiors)] for polygon in polygons]
    return {"type": "Polygon", "coordinates": rings[0]} if len(rings) == 1 else {"type": "MultiPolygon", "coordinates": rings}


def _degrees(ring: Shape) -> list[list[float]]:
    points = np.asarray(ring.coords)[:, :2]
    return [list(point) for point in GRID.to_degrees([(float(x), float(y)) for x, y in points])]
