"""Outlines and what is wrong with them as pictures: all areas with numbered marks, and each flaw from close by, before and after.

Pictures are in whole units of the national grid, north up; nothing is fetched from anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from optimiser.boundaries.flaws import Flaw, counted
from optimiser.boundaries.repair import Repair
from optimiser.domain.records import Area
from optimiser.io.folders import page_of
from optimiser.mapping.shapes import Shape, polygons_of

COLOURS = ("#9ecae1", "#fdd0a2", "#c7e9c0", "#dadaeb", "#f7c6d9", "#e6d8a8")
"""Of areas beside each other; the flaw itself is hatched, and every area has its name: no colour speaks alone."""
OVERVIEW_UNITS = 1000
CLOSE_UP_UNITS = 300
LEAST_METRES = 40.0
"""A close-up shows no less, so that a sliver has something around it."""
MOST_CLOSE_UPS = 60
NORTH = 1_300_000


@dataclass(frozen=True)
class Drawn:
    """A shape as an SVG path, in the picture's units, with its colour and name."""

    path: str
    colour: str
    name: str
    x: float
    y: float


@dataclass(frozen=True)
class View:
    """A square part of the country as a picture of ``units`` by ``units``."""

    west: float
    north: float
    metres: float
    units: int

    @staticmethod
    def around(bounds: Sequence[float], units: int, least: float) -> View:
        west, south, east, north = bounds
        side = max((east - west) * 1.2, (north - south) * 1.2, least)
        return View((west + east - side) / 2, (south + north + side) / 2, side, units)

    def point(self, easting: float, northing: float) -> tuple[float, float]:
        scale = self.units / self.metres
        return round((easting - self.west) * scale, 1), round((self.north - northing) * scale, 1)

    def path(self, shape: Shape) -> str:
        """All its rings; what is finer than a unit of the picture is left out."""
        simple = shape.simplify(self.metres / self.units / 2, preserve_topology=False)
        rings = [
            ring for polygon in (polygons_of(simple) or polygons_of(shape)) for ring in (polygon.exterior, *polygon.interiors)
        ]
        return " ".join(f"M{'L'.join('{},{}'.format(*self.point(*point[:2])) for point in ring.coords)}Z" for ring in rings)

    @property
    def box(self) -> Shape:
        import shapely

        return shapely.box(self.west, self.north - self.metres, self.west + self.metres, self.north)

    @property
    def scale(self) -> tuple[float, str]:
        """A length for a scale bar in units, and what it stands for."""
        metres = max((m for m in (1, 2, 5, 10, 20, 50, 100, 200, 500, *(10**p * f for p in (3, 4) for f in (1, 2, 5)))
                      if m <= self.metres / 3), default=1)  # fmt: skip
        return round(metres * self.units / self.metres, 1), f"{metres:,} m" if metres < 1000 else f"{metres // 1000} km"


def _colours(shapes: Mapping[str, Shape]) -> dict[str, str]:
    """Areas beside each other in different colours, as far as there are enough of them."""
    from geopandas import GeoSeries

    series = GeoSeries(dict(shapes), crs=27700)
    one, other = series.sindex.query(series.buffer(10), predicate="intersects")
    beside: dict[int, set[int]] = {}
    for first, second in zip(one.tolist(), other.tolist(), strict=True):
        if first != second:
            beside.setdefault(first, set()).add(second)
            beside.setdefault(second, set()).add(first)
    taken: dict[int, int] = {}
    for index in range(len(series)):
        used = {taken[each] for each in beside.get(index, ()) if each in taken}
        taken[index] = min((each for each in range(len(COLOURS)) if each not in used), default=index % len(COLOURS))
    return {str(series.index[index]): COLOURS[colour] for index, colour in taken.items()}


def _drawn(view: View, shapes: Mapping[str, Shape], colours: Mapping[str, str], names: Mapping[str, str]) -> list[Drawn]:
    found = []
    for area_id, shape in shapes.items():
        inside = shape.intersection(view.box)
        if polygons_of(inside):
            label = polygons_of(inside)[0].representative_point()
            found.append(Drawn(view.path(inside), colours[area_id], names[area_id], *view.point(label.x, label.y)))
    return found


def boundaries_page(
    title: str,
    areas: Sequence[Area],
    valid: Mapping[str, Shape],
    flaws: Sequence[Flaw],
    repair: Repair,
    counts: Mapping[str, tuple[int, int]],
) -> bytes:
    """``boundaries.html``. ``valid``: the outlines as they are drawn; ``counts``: of homes and surgeries in no area or in
    several, before and after; empty where none are known.
    """
    import shapely

    names = {area.area_id: area.name for area in areas}
    colours = _colours(valid)
    overview = View.around(shapely.total_bounds(list(valid.values())), OVERVIEW_UNITS, LEAST_METRES)
    to = {id(each.flaw): each.to for each in repair.given}
    close_ups = []
    for number, flaw in enumerate(flaws[:MOST_CLOSE_UPS], 1):
        piece = flaw.piece if flaw.piece is not None else shapely.Point(flaw.easting, flaw.northing)
        view = View.around(piece.bounds, CLOSE_UP_UNITS, LEAST_METRES)
        close_ups.append(
            {
                "number": number,
                "flaw": flaw,
                "names": [names[each] for each in flaw.area_ids],
                "to": names.get(to.get(id(flaw), ""), ""),
                "before": _drawn(view, valid, colours, names),
                "after": _drawn(view, repair.shapes, colours, names) if id(flaw) in to else None,
                "piece": "" if flaw.piece is None else view.path(flaw.piece.intersection(view.box)),
                "mark": view.point(flaw.easting, flaw.northing),
                "scale": view.scale,
                "units": CLOSE_UP_UNITS,
            }
        )
    before = {each: float(shape.area) for each, shape in valid.items()}
    values = {
        "title": title,
        "counts": counted(flaws),
        "counts_after": counted(repair.left),
        "overview": _drawn(overview, valid, colours, names),
        "units": OVERVIEW_UNITS,
        "scale": overview.scale,
        "marks": [(n, *overview.point(flaw.easting, flaw.northing)) for n, flaw in enumerate(flaws[:MOST_CLOSE_UPS], 1)],
        "close_ups": close_ups,
        "more": max(0, len(flaws) - MOST_CLOSE_UPS),
        "redrawn": [names[each] for each in repair.redrawn],
        "given": len(repair.given),
        "gained": [(names[each], before[each] / 10_000, gain / 10_000) for each, gain in repair.gained(valid).items()],
        "places": counts,
    }
    return page_of("optimiser.boundaries", "boundaries.html.j2", values)
