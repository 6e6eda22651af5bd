"""What is wrong with the outlines of a county's areas, each with its place.

A home that lies in two areas, or in none, has no area of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from optimiser.mapping.shapes import FINEST_METRES, Shape, all_valid, joined, polygons_of, width_metres

if TYPE_CHECKING:
    from geopandas import GeoSeries

Kind = Literal["invalid_ring", "overlap", "gap", "island"]
KINDS: tuple[Kind, ...] = ("overlap", "gap", "invalid_ring", "island")
SLIVER_METRES = 20.0
"""What is no wider lies between two drawings of one border, and is no place of its own: the width of a road with its verges."""


RINGS = {
    "self-intersection": "a ring crosses itself",
    "ring self-intersection": "a ring touches itself",
    "too few points": "a ring encloses nothing",
    "hole lies outside": "a hole lies outside of its ring",
    "nested": "a ring lies inside of another",
    "duplicate rings": "a ring stands twice",
    "interior is disconnected": "holes cut the area in two",
}
"""What the library says first of rings, and what that means."""


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong. ``area_ids``: the areas that it is of, or that lie around a gap, sorted."""

    kind: Kind
    area_ids: tuple[str, ...]
    square_metres: float
    """Of the piece; of an invalid ring how much the area changes when it is drawn validly."""
    metres_wide: float
    """Where it is widest."""
    easting: float
    northing: float
    is_sliver: bool
    said: str
    """What it is, in a few words."""
    is_open: bool = False
    """A slit between areas that is open at an end, such as a river that reaches the sea."""
    piece: Shape = field(repr=False, compare=False, default=None)

    def record(self) -> dict[str, Any]:
        """For programs, without the shape."""
        return {
            "kind": self.kind,
            "sliver": self.is_sliver,
            "area_ids": list(self.area_ids),
            "square_metres": round(self.square_metres),
            "metres_wide": round(self.metres_wide, 1),
            "easting": round(self.easting),
            "northing": round(self.northing),
            "said": self.said,
        }


def flaws_of(
    shapes: Mapping[str, Shape], sliver_metres: float = SLIVER_METRES, *, made: Mapping[str, Shape] | None = None
) -> list[Flaw]:
    """All flaws in the order of ``KINDS``, of each kind the largest first. ``made``: the shapes made valid, where they are."""
    from geopandas import GeoSeries

    valid = GeoSeries(dict(all_valid(shapes) if made is None else made), crs=27700)
    found = [*_rings(shapes), *_overlaps(valid, sliver_metres), *_gaps(valid, sliver_metres), *_islands(valid)]
    return sorted(found, key=lambda each: (KINDS.index(each.kind), -round(each.square_metres), each.area_ids, each.easting))


def _rings(shapes: Mapping[str, Shape]) -> Iterator[Flaw]:
    import shapely

    for area_id, shape in shapes.items():
        if shapely.is_valid(shape):
            continue
        reason = str(shapely.is_valid_reason(shape))
        words, _, place = reason.partition("[")
        x, y = map(float, place.rstrip("]").split()[:2]) if place else shape.representative_point().coords[0]
        # A ring that crosses itself counts its parts against each other: the area of what is drawn is not what it says.
        change = abs(float(shapely.make_valid(shape, method="structure", keep_collapsed=False).area) - float(shape.area))
        said = next((plain for begins, plain in RINGS.items() if words.lower().startswith(begins)), words.strip().lower())
        yield Flaw("invalid_ring", (area_id,), change, 0.0, x, y, is_sliver=False, said=said)


def _overlaps(valid: GeoSeries, sliver_metres: float) -> Iterator[Flaw]:
    first, second = valid.sindex.query(valid, predicate="intersects")
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        if one >= other:
            continue
        ids = tuple(sorted((str(valid.index[one]), str(valid.index[other]))))
        for piece in polygons_of(valid.iloc[one].intersection(valid.iloc[other], grid_size=FINEST_METRES)):
            yield _piece("overlap", ids, piece, sliver_metres, "lies in both areas")


def _gaps(valid: GeoSeries, sliver_metres: float) -> Iterator[Flaw]:
    """Places that areas lie around: holes of all together, and slits between areas that are open at an end."""
    import shapely

    whole = joined(valid)
    holes = [shapely.Polygon(ring) for polygon in polygons_of(whole) for ring in polygon.interiors]
    half = sliver_metres / 2
    closed = whole.buffer(half, join_style="mitre").buffer(-half, join_style="mitre")
    slits = polygons_of(closed.difference(joined([whole, *holes])))
    for piece, is_open in [*((inner, False) for hole in holes for inner in polygons_of(hole)), *((each, True) for each in slits)]:
        ids = tuple(sorted(map(str, valid.index[valid.sindex.query(piece.buffer(0.5), predicate="intersects")])))
        if len(ids) > 1:
            yield _piece("gap", ids, piece, sliver_metres, "lies between areas, in none of them", is_open=is_open)
        elif not is_open:
            yield _piece("gap", ids, piece, sliver_metres, "a hole in the area, in which no other lies")


def _islands(valid: GeoSeries) -> Iterator[Flaw]:
    for area_id, shape in valid.items():
        main, *others = polygons_of(shape) or [None]
        for piece in others:
            away = float(piece.distance(main))
            said = f"a part of its own, {away:,.0f} metres from the rest of the area"
            yield _piece("island", (str(area_id),), piece, 0.0, said)


def _piece(kind: Kind, ids: tuple[str, ...], piece: Shape, sliver_metres: float, said: str, *, is_open: bool = False) -> Flaw:
    width, inside = width_metres(piece), piece.representative_point()
    return Flaw(kind, ids, float(piece.area), width, inside.x, inside.y, width <= sliver_metres, said, is_open, piece)


def counted(flaws: Sequence[Flaw]) -> dict[str, int]:
    """How many there are of each kind; slivers are counted among their kind, and once more for themselves."""
    counts: dict[str, int] = {kind: sum(each.kind == kind for each in flaws) for kind in KINDS}
    return counts | {"sliver": sum(each.is_sliver for each in flaws)}
