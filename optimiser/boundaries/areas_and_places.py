"""Areas, and where people and surgeries are, of a folder whose outlines may be too poor for it to be a snapshot yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from optimiser.domain.records import Area, Surgery
from optimiser.domain.snapshot import OwnColumns
from optimiser.io.area_files import FILE, read_areas
from optimiser.io.csv_tables import read_table
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.schema import TABLES

HOMES, SURGERIES = "homes", "surgeries"


@dataclass(frozen=True)
class Found:
    """``places``: latitudes and longitudes of homes and surgeries, as far as they can be read."""

    areas: tuple[Area, ...]
    own: OwnColumns
    places: Mapping[str, Sequence[tuple[float, float]]]


def areas_and_places(path: Path) -> Found:
    """Of a folder, or of an ``areas.geojson`` by itself. Raises ``InputRefusedError`` where the areas cannot be read."""
    findings = Findings()
    places: dict[str, Sequence[tuple[float, float]]] = {}
    if path.is_dir():
        areas, own = read_areas(path, findings)
        places = {HOMES: _places(path, "packages.csv"), SURGERIES: _places(path, "surgeries.csv")}
    else:
        areas, own = read_areas(path.parent, findings, path.name)
    if not findings.faults and not any(area.geometry for area in areas):
        findings.fault(FILE, 0, "geometry", "outlines to look over", "none")
    if findings.faults:
        raise InputRefusedError(replace(each, file=path.name if each.file == FILE else each.file) for each in findings.faults)
    return Found(areas, own, places)


def _places(folder: Path, name: str) -> list[tuple[float, float]]:
    """What is wrong with the file otherwise is for ``check`` to say."""
    if not (folder / name).is_file():
        return []
    columns = [each for each in TABLES[name] if each.name in ("latitude", "longitude")]
    return [(row.values[0], row.values[1]) for row in read_table(folder, name, columns, Findings())]


def areas_and_surgeries(folder: Path) -> tuple[tuple[Area, ...], OwnColumns, list[Surgery]]:
    """The areas of a folder, with or without outlines, and its surgeries, each of which names its area.

    Raises ``InputRefusedError`` with every fault.
    """
    findings = Findings()
    areas, own = read_areas(folder, findings)
    rows = read_table(folder, "surgeries.csv", TABLES["surgeries.csv"], findings)
    surgeries = [Surgery(*row.values) for row in rows]
    known = {area.area_id for area in areas}
    for row, surgery in zip(rows, surgeries, strict=True):
        if surgery.area_id not in known and not findings.faults:
            findings.fault("surgeries.csv", row.line, "area_id", f"an area of {FILE}", surgery.area_id or "empty")
    if not surgeries and not findings.faults:
        findings.fault("surgeries.csv", 0, "", "a surgery", "none")
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return areas, own, surgeries
