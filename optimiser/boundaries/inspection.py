"""A county's outlines looked over: what is wrong, what a repair would do, and how many homes have no area of their own.

As files, which change nothing by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimiser.boundaries.flaws import SLIVER_METRES, Flaw, counted, flaws_of
from optimiser.boundaries.flaws_drawn import boundaries_page
from optimiser.boundaries.repair import Repair, repaired
from optimiser.domain.records import Area
from optimiser.domain.snapshot import OwnColumns
from optimiser.geography.outlines import Outlines
from optimiser.io.exporting import NONE, areas_file
from optimiser.io.folders import pretty
from optimiser.io.spreadsheets import spreadsheet
from optimiser.mapping.shapes import Shape, all_valid, shapes_of, with_shapes

COLUMNS = ("number", "kind", "sliver", "area_ids", "square_metres", "metres_wide", "easting", "northing", "said", "repair")
Places = Sequence[tuple[float, float]]
"""Latitudes and longitudes."""


@dataclass(frozen=True)
class LookedOver:
    """What was found. ``places``: by name of a kind how many of them lie in one area, now and with the repair.

    ``valid``: the outlines as a program for maps draws them.
    """

    areas: tuple[Area, ...]
    valid: Mapping[str, Shape]
    flaws: tuple[Flaw, ...]
    repair: Repair
    places: Mapping[str, tuple[int, int]]

    def record(self) -> dict[str, Any]:
        """Every flaw with what the repair does about it, for programs. No place of a person is in it."""
        to = {id(each.flaw): each.to for each in self.repair.given}
        return {
            "counts": counted(self.flaws),
            "counts_with_the_repair": counted(self.repair.left),
            "without_an_outline": [area.area_id for area in self.areas if area.geometry is None],
            "places": {name: {"now": now, "with_the_repair": after} for name, (now, after) in self.places.items()},
            "flaws": [each.record() | {"repair": _repair_of(each, to.get(id(each), ""))} for each in self.flaws],
            "square_metres_gained": {each: round(gain) for each, gain in self.repair.gained(self.valid).items()},
        }

    def files(self, title: str, own: OwnColumns = NONE) -> dict[str, bytes]:
        """The page, the table, the record, and the areas as the repair would have them."""
        record = self.record()
        rows = [
            {"number": number, **flaw, "area_ids": ";".join(flaw["area_ids"])} for number, flaw in enumerate(record["flaws"], 1)
        ]
        return {
            "boundaries.html": boundaries_page(title, self.areas, self.valid, self.flaws, self.repair, self.places),
            "boundaries.csv": spreadsheet(COLUMNS, rows),
            "boundaries.json": pretty(record),
            "repaired-areas.geojson": areas_file(with_shapes(self.areas, dict(self.repair.shapes)), own),
        }


def _repair_of(flaw: Flaw, to: str) -> str:
    if to:
        return f"given to {to}"
    return "drawn validly" if flaw.kind == "invalid_ring" else "left to a person"


def look_over(areas: Sequence[Area], places: Mapping[str, Places], sliver_metres: float = SLIVER_METRES) -> LookedOver:
    """``places``: by a kind's name (homes, surgeries) where they are."""
    shapes = shapes_of(areas)
    valid = all_valid(shapes)
    flaws = flaws_of(shapes, sliver_metres, made=valid)
    repair = repaired(valid, flaws, sliver_metres)
    after = with_shapes(tuple(areas), dict(repair.shapes))
    counts: dict[str, tuple[int, int]] = {}
    for name, each in places.items():
        if len(each):
            now, then = _inside(areas, each), _inside(after, each)
            counts[f"{name} in no area"] = (now.count(0), then.count(0))
            counts[f"{name} in several"] = (sum(number > 1 for number in now), sum(number > 1 for number in then))
    return LookedOver(tuple(areas), valid, tuple(flaws), repair, counts)


def _inside(areas: Sequence[Area], places: Places) -> list[int]:
    """In how many areas each place lies, as a snapshot's reader counts it."""
    points = np.array(places, dtype=np.float64)
    return [len(found) for found in Outlines(areas).inside_each(points[:, 0], points[:, 1])]
