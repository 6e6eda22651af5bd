"""Which area a place is in: as the file says, or as the outlines say where the file is silent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimiser.geography.grid import Metres
from optimiser.geography.outlines import Outlines
from optimiser.io.area_files import FILE as AREAS
from optimiser.io.csv_tables import Row
from optimiser.io.faults import Findings
from optimiser.io.schema import TABLES


def place_in_areas(file: str, rows: list[Row], outlines: Outlines, area_ids: set[str], findings: Findings) -> list[Row]:
    """The rows with their ``area_id`` filled in. A stated one wins over the outlines; a point outside it is a note.

    An empty one needs exactly one outline around the point; if not, the fault names the nearest area and nothing finer.
    A point in no outline may lie in one that could not be read, which has its own fault.
    """
    names = [column.name for column in TABLES[file]]
    latitude, longitude, area = names.index("latitude"), names.index("longitude"), names.index("area_id")
    silent = [row for row in rows if not row.values[area]]
    around = dict(zip((row.line for row in silent), outlines.inside_each(*_places(silent, latitude, longitude)), strict=True))
    placed = []
    for row in rows:
        if row.values[area]:
            placed.append(row)
            continue
        found = sorted(set(around[row.line]))  # an id may be there twice
        if len(found) == 1:
            placed.append(replace(row, values=(*row.values[:area], found[0], *row.values[area + 1 :])))
            continue
        findings.doubt(file, row.values[:1])
        if found or findings.is_whole(AREAS):
            inside = "no area's outline" if not found else f"{len(found)} outlines ({', '.join(found)})"
            nearest = None if found else outlines.nearest(row.values[latitude], row.values[longitude])
            findings.fault(
                file, row.line, "area_id", "an area, or a place inside exactly one outline",
                f"empty, inside {inside}" + (f", nearest {nearest}" if nearest else ""),
            )  # fmt: skip
    stated = [row for row in rows if row.values[area] in area_ids]
    for _ in outlines.outside_own(*_places(stated, latitude, longitude), [row.values[area] for row in stated]):
        findings.note(file, "a place lies outside the outline of the area that it names; the name counts")
    return placed


def _places(rows: list[Row], latitude: int, longitude: int) -> tuple[Metres, Metres]:
    """Latitudes and longitudes."""
    read = np.array([(row.values[latitude], row.values[longitude]) for row in rows], dtype=np.float64).reshape(-1, 2)
    return read[:, 0], read[:, 1]
