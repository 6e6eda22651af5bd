"""A repair of outlines, to be looked at before anybody takes it.

Rings are drawn validly, and slivers given to one of the areas beside them. What is wider may be somebody's home.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from optimiser.boundaries.flaws import SLIVER_METRES, Flaw, flaws_of
from optimiser.mapping.shapes import FINEST_METRES, Shape, joined, polygons_of


@dataclass(frozen=True)
class Given:
    """A sliver and the area that gets it."""

    flaw: Flaw
    to: str


@dataclass(frozen=True)
class Repair:
    """Outlines as they would be. ``given``: what was settled; ``left``: the flaws that remain, for a person."""

    shapes: Mapping[str, Shape]
    given: tuple[Given, ...]
    redrawn: tuple[str, ...]
    """Areas whose rings were not valid."""
    left: tuple[Flaw, ...]

    def gained(self, before: Mapping[str, Shape]) -> dict[str, float]:
        """By area the square metres that it has more than before (less: below 0); only those that changed by a square metre.

        ``before``: the outlines as they were, made valid.
        """
        changes = {each: float(shape.area) - float(before[each].area) for each, shape in self.shapes.items()}
        return {each: change for each, change in sorted(changes.items()) if abs(change) >= 1}


def repaired(valid: Mapping[str, Shape], flaws: Sequence[Flaw], sliver_metres: float = SLIVER_METRES) -> Repair:
    """What a repair would make of the outlines, made ``valid``. ``flaws``: as ``flaws_of`` found them.

    A sliver goes to the area that it has the longest border with once it belongs to nobody; of equals to the first id. Where
    filling the narrow parts of a river would close off its wide ones, it is left alone.
    """
    slivers = [each for each in flaws if each.is_sliver and each.kind in ("overlap", "gap") and each.area_ids]
    before = _holes(valid)
    while True:
        now, given = _given_away(valid, slivers)
        new = [hole for hole in _holes(now) if not any(hole.intersects(each) for each in before)]
        closing = [each for each in slivers if each.is_open and any(each.piece.distance(hole) < 1 for hole in new)]
        if not closing:
            break
        slivers = [each for each in slivers if each not in closing]
    redrawn = tuple(sorted({each.area_ids[0] for each in flaws if each.kind == "invalid_ring"}))
    return Repair(now, tuple(given), redrawn, tuple(flaws_of(now, sliver_metres)))


def _given_away(valid: Mapping[str, Shape], slivers: Sequence[Flaw]) -> tuple[dict[str, Shape], list[Given]]:
    now, given = dict(valid), []
    for flaw in slivers:
        for area_id in flaw.area_ids:
            now[area_id] = now[area_id].difference(flaw.piece, grid_size=FINEST_METRES)
        to = max(flaw.area_ids, key=lambda area_id: (_border_metres(flaw.piece, now[area_id]), -flaw.area_ids.index(area_id)))
        now[to] = joined([now[to], flaw.piece])
        given.append(Given(flaw, to))
    return {area_id: joined(polygons_of(shape)) for area_id, shape in now.items()}, given


def _holes(shapes: Mapping[str, Shape]) -> list[Shape]:
    """What all areas together lie around."""
    import shapely

    found = [shapely.Polygon(ring) for polygon in polygons_of(joined(shapes.values())) for ring in polygon.interiors]
    return [hole for hole in found if polygons_of(hole)]


def _border_metres(piece: Shape, beside: Shape) -> float:
    """How long the border is that two shapes share: to the centimetre, since corners were moved onto a grid of that size."""
    return round(float(piece.boundary.intersection(beside.buffer(5 * FINEST_METRES)).length), 2)
