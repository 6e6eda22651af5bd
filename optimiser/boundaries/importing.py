"""A council's or the ONS's map to areas of a county: ids and names by their columns, dates as dates, WGS 84 degrees."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimiser.boundaries.map_files import code_of, columns_of, has_column, in_system, read_map
from optimiser.domain.records import Area
from optimiser.geography.coordinate_systems import PLACES
from optimiser.io.area_files import area_of
from optimiser.io.faults import Findings, InputRefusedError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

WRITTEN_DATE = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00(?::?00)?)?)?", re.ASCII)
"""A day, as a date column or a column of moments holds it: at midnight, or it is no day."""


@dataclass(frozen=True)
class Columns:
    """Which column of a map holds what. ``region_named``: one region for all areas, where no column holds it."""

    area_id: str
    name: str
    region: str = ""
    region_named: str = ""
    go_live: str = ""
    go_live_planned: str = ""

    @property
    def named(self) -> dict[str, str]:
        """What each is for, and the column, of those that were named."""
        every = {
            "id": self.area_id,
            "name": self.name,
            "region": self.region,
            "go-live": self.go_live,
            "go-live-planned": self.go_live_planned,
        }
        return {option: column for option, column in every.items() if column}


@dataclass(frozen=True)
class Imported:
    """Areas sorted by id. ``system``: of the file's coordinates. ``left_out``: its columns that nobody named."""

    areas: tuple[Area, ...]
    system: str
    features: int
    left_out: tuple[str, ...]


def areas_of_map(path: Path, columns: Columns, *, layer: str | None = None, system: str | None = None, merge: bool) -> Imported:
    """The areas of a map file. ``merge``: features with one id are one area. Raises ``InputRefusedError`` with every fault."""
    read = read_map(path, layer, system)
    findings = Findings()
    for option, column in columns.named.items():
        has_column(read, column, f"--{option}", path.name, findings)
    if findings.faults:
        raise InputRefusedError(findings.faults)
    outlines = _in_degrees(read, path.name, findings)
    holders: dict[str, list[int]] = {}
    for index, value in enumerate(read[columns.area_id].tolist()):
        text = _text(value)
        if text is None:
            findings.fault(path.name, 0, f"feature {index + 1}, {columns.area_id}", "an id", "empty or no whole number")
        else:
            holders.setdefault(text, []).append(index)
    areas = []
    for area_id, members in sorted(holders.items()):
        if len(members) > 1 and not merge:
            places = ", ".join(str(index + 1) for index in members[:10])
            findings.fault(
                path.name, 0, f"feature {members[1] + 1}, {columns.area_id}",
                "an id of its own for every feature, or --merge to make one area of those with one id",
                f"{area_id}, in features {places}",
            )  # fmt: skip
            continue
        properties = {"area_id": area_id} | _properties(read, members, columns, path.name, findings)
        if all(outlines[index] is not None for index in members):
            areas += _area(properties, [outlines[index] for index in members], f"feature {members[0] + 1}", path.name, findings)
    if findings.faults:
        raise InputRefusedError(findings.faults)
    left_out = tuple(each for each in columns_of(read) if each not in columns.named.values())
    return Imported(tuple(areas), code_of(read), len(read), left_out)


def _area(properties: dict[str, Any], outlines: list[Any], here: str, file: str, findings: Findings) -> list[Area]:
    """One area, judged as the snapshot's own reader judges it; none with its faults."""
    try:
        return [area_of(properties, _geometry(outlines))]
    except InputRefusedError as refused:
        for fault in refused.each:
            where = fault.column.removeprefix("feature 1").removeprefix(", ")
            findings.fault(file, 0, f"{here}{where and f', {where}'}", fault.expected, fault.found)
        return []


def _properties(read: GeoDataFrame, members: list[int], columns: Columns, file: str, findings: Findings) -> dict[str, Any]:
    """Name, region and dates of an area; what its features do not agree on is a fault."""
    found: dict[str, Any] = {"region": columns.region_named}
    for option, column in columns.named.items():
        if option == "id":
            continue
        values = {_text(read[column].iloc[index]) or "" for index in members}
        here = f"feature {members[0] + 1}, {column}"
        if len(values) > 1:
            findings.fault(file, 0, here, "the same in all features of one area", ", ".join(sorted(values)[:5]))
            continue
        (value,) = values
        if option in ("name", "region"):
            found[option] = value
            continue
        day = _day(value) if value else None
        if value and day is None:
            findings.fault(file, 0, here, "a date such as 2026-04-01", value)
        found[option.replace("-", "_")] = None if day is None else day.isoformat()
    return {"go_live": None} | found


def _text(value: Any) -> str | None:
    """A cell as a text; None where it is empty, or a number that is no id."""
    import pandas

    if pandas.isna(value) or isinstance(value, bool):
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else None
    return str(value).strip() or None


def _day(text: str) -> dt.date | None:
    found = WRITTEN_DATE.fullmatch(text)
    try:
        return dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _in_degrees(read: GeoDataFrame, file: str, findings: Findings) -> list[Any]:
    """Each outline in WGS 84 degrees, rounded to a tenth of a millimetre: the digits behind differ between machines."""
    import shapely

    found: list[Any] = []
    for index, shape in enumerate(in_system(read, 4326).geometry):
        if shape is None or shape.is_empty or shape.geom_type not in ("Polygon", "MultiPolygon"):
            kind = "no outline" if shape is None or shape.is_empty else f"a {shape.geom_type}"
            findings.fault(file, 0, f"feature {index + 1}", "a Polygon or MultiPolygon", kind)
            found.append(None)
            continue
        found.append(shapely.transform(shape, lambda points: points.round(PLACES)))
    return found


def _geometry(outlines: list[Any]) -> dict[str, Any]:
    """GeoJSON of the polygons of one feature as they are (what is wrong with them is told by a check), or of several as one."""
    import shapely

    whole = outlines[0] if len(outlines) == 1 else shapely.union_all([shapely.make_valid(each) for each in outlines])
    polygons = [each for each in getattr(whole, "geoms", (whole,)) if each.geom_type == "Polygon"]
    rings = [
        [[list(point[:2]) for point in ring.coords] for ring in (polygon.exterior, *polygon.interiors)] for polygon in polygons
    ]
    return {"type": "Polygon", "coordinates": rings[0]} if len(rings) == 1 else {"type": "MultiPolygon", "coordinates": rings}
