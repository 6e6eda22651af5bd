"""``areas.geojson``: a feature per PCN area, with or without an outline; and which area a place is in: as its file says, or as
the outlines say where the file is silent.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from optimiser.domain.records import LONGEST, Area
from optimiser.domain.snapshot import OwnColumns
from optimiser.geography.coordinate_systems import System
from optimiser.geography.grid import Metres
from optimiser.geography.outlines import Outlines
from optimiser.io.cells import MOST_OWN_COLUMNS, BadCellError, Parse, date, identifier, optional, text
from optimiser.io.csv_tables import Row, read_text
from optimiser.io.fault_codes import Code
from optimiser.io.faults import Findings, InputRefusedError, in_words, shown
from optimiser.io.geometry import SYSTEM, BadOutlineError, BadSystemError, outline_of, system_of
from optimiser.io.json_once import OnceEach
from optimiser.io.schema import TABLES

FILE = "areas.geojson"


class _NoNumberError(Exception):
    """What stands in a number's place: the reader of JSON takes NaN and Infinity for numbers."""


def read_areas(folder: Path, findings: Findings, name: str = FILE) -> tuple[tuple[Area, ...], OwnColumns]:
    """The areas, sorted by id, and their properties that the format does not know; what is wrong is in ``findings``."""
    content = read_text(folder, name, findings)
    collection = None if content is None else _collection(content, findings)
    system = None if collection is None else _system(collection, "", System(), findings)
    if collection is None or system is None or not collection["features"]:
        findings.unread(FILE)
        return (), OwnColumns((), {})
    features = list(enumerate(collection["features"]))
    areas = [(area, index) for index, feature in features if (area := _area(index, feature, system, findings))]
    own = _own_properties([(area.area_id, index, features[index][1]["properties"]) for area, index in areas], findings)
    return tuple(sorted((area for area, _ in areas), key=lambda area: area.area_id)), own


def _own_properties(holders: list[tuple[str, int, dict[str, Any]]], findings: Findings) -> OwnColumns:
    """Properties of a council's own as texts, in the order in which they are first met. ``holders``: area, index, properties.

    What is no text is kept as JSON writes it, which reads again as that text; null is "not given".
    """
    known = {name for name, _ in PROPERTIES}
    names = list(dict.fromkeys(name for _, _, properties in holders for name in properties if name not in known))
    if len(names) > MOST_OWN_COLUMNS:
        findings.fault(
            FILE,
            0,
            "",
            f"at most {MOST_OWN_COLUMNS} properties that the format does not know",
            str(len(names)),
            code=Code.OWN_COLUMNS,
        )
        return OwnColumns((), {})
    cells: dict[str, dict[str, str]] = {}
    for area_id, index, properties in holders:
        own = {name: properties[name] for name in names if properties.get(name) not in (None, "")}
        try:
            cells |= {area_id: {_name(name): _words(_as_text(value)) for name, value in own.items()}} if own else {}
        except (BadCellError, ValueError, RecursionError) as error:
            expected = error.expected if isinstance(error, BadCellError) else "values that can be written again"
            findings.fault(
                FILE,
                0,
                f"feature {index + 1}",
                f"properties that the format does not know to be {expected}",
                code=Code.OWN_COLUMNS,
            )
    for name in names:
        findings.note(FILE, f"unknown property {shown(name)} is kept and ignored")
    return OwnColumns(tuple(names), cells)


def _name(name: str) -> str:
    if len(name) > LONGEST:
        raise BadCellError(f"of at most {LONGEST} characters in their names", "a longer name", code=Code.NO_TEXT)
    return _words(name)


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _collection(content: str, findings: Findings) -> dict[str, Any] | None:
    """The collection with its features, whatever they are; None with a fault when it is none."""
    once_each = OnceEach()
    try:
        collection = json.loads(content, parse_constant=_no_constant, object_pairs_hook=once_each)
    except json.JSONDecodeError as error:
        findings.fault(FILE, error.lineno, "", "well-formed JSON", error.msg, code=Code.MALFORMED)
        return None
    except RecursionError:
        findings.fault(FILE, 0, "", "JSON of a usual depth", "too deeply nested", code=Code.MALFORMED)
        return None
    except _NoNumberError as error:
        findings.fault(FILE, 0, "", "numbers", str(error), code=Code.MALFORMED)
        return None
    except ValueError:  # Python reads no whole number of thousands of digits
        findings.fault(FILE, 0, "", "numbers", "a number beyond measure", code=Code.MALFORMED)
        return None
    for name in dict.fromkeys(once_each.twice):
        findings.fault(FILE, 0, "", "each name once in an object", f"{name!r} twice", code=Code.COLUMN_TWICE)
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(collection, dict) or not isinstance(features, list) or collection.get("type") != "FeatureCollection":
        findings.fault(FILE, 0, "", "a GeoJSON FeatureCollection", code=Code.MALFORMED)
        return None
    if not features:
        findings.fault(FILE, 0, "", "at least one area", "no features", code=Code.VALUE_ABSENT)
    return collection


def _no_constant(name: str) -> Any:
    raise _NoNumberError(name)


def _system(holder: dict[str, Any], where: str, outer: System, findings: Findings) -> System | None:
    """The system of coordinates that a part of the file names, or that of the part around it; None with a fault."""
    if "crs" not in holder:
        return outer
    try:
        system = system_of(holder["crs"])
    except BadSystemError as error:
        findings.fault(FILE, 0, f"{where}crs", SYSTEM, str(error), code=Code.WRONG_OUTLINE)
        return None
    if holder["crs"] is None:
        findings.note(FILE, "a crs member is null: coordinates are read as WGS 84 degrees")
    elif not system.is_degrees:
        findings.note(FILE, f"outlines in {system} are turned into WGS 84 degrees")
    return system


def area_of(properties: dict[str, Any], geometry: Any) -> Area:
    """One area of its properties and its outline. Raises ``InputRefusedError`` with every fault."""
    findings = Findings()
    area = _area(0, {"properties": properties, "geometry": geometry}, System(), findings)
    if area is None or findings.faults:
        raise InputRefusedError(findings.faults)
    return area


def _area(index: int, feature: Any, outer: System, findings: Findings) -> Area | None:
    """One feature; faults name it by its place in the file, from 1."""
    here = f"feature {index + 1}"
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        findings.fault(FILE, 0, here, "a Feature with properties", code=Code.MALFORMED)
        findings.unread(FILE)
        return None
    before = len(findings.faults)
    values = [_property(properties, name, parse, here, findings) for name, parse in PROPERTIES]
    outline = _outline(feature, here, outer, findings)
    if len(findings.faults) > before:
        if values[0]:
            findings.doubt(FILE, [values[0]])
        else:
            findings.unread(FILE)
        return None
    area_id, name, region, go_live, planned = values
    return Area(area_id, name, region, go_live, outline, planned)


def _outline(feature: dict[str, Any], here: str, outer: System, findings: Findings) -> dict[str, Any] | None:
    """The outline of a feature; None where it has none, or with a fault."""
    geometry = feature.get("geometry")
    system = _system(feature, f"{here}, ", outer, findings)
    if isinstance(geometry, dict) and system is not None:
        system = _system(geometry, f"{here}, geometry, ", system, findings)
    if geometry is None or system is None:
        return None
    try:
        return outline_of(geometry, system)
    except BadOutlineError as error:
        findings.fault(FILE, 0, f"{here}, geometry", error.expected, error.found, code=Code.WRONG_OUTLINE)
        return None


def _words(value: str) -> str:
    """Free text. JSON can hold half a character, which can never be written again."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadCellError("whole characters", "half a character", code=Code.NO_TEXT) from None
    return text(value)


PROPERTIES: tuple[tuple[str, Parse], ...] = (
    ("area_id", identifier),
    ("name", _words),
    ("region", _words),
    ("go_live", optional(date)),
    ("go_live_planned", optional(date)),
)
DATES = ("go_live", "go_live_planned")
MAY_BE_MISSING = ("go_live_planned",)


def _property(properties: dict[str, Any], name: str, parse: Parse, here: str, findings: Findings) -> Any:
    """The value of a property; None with a fault when it has none."""
    value, where = properties.get(name), f"{here}, {name}"
    if name in MAY_BE_MISSING and name not in properties:
        pass
    elif name not in properties:
        findings.fault(FILE, 0, where, "this property", "no such property", code=Code.COLUMN_ABSENT)
    elif value is None and name in DATES:
        pass
    elif not isinstance(value, str):
        findings.fault(FILE, 0, where, "a date or null" if name in DATES else "a text", in_words(value), code=Code.WRONG_VALUE)
    else:
        try:
            return parse(value)
        except BadCellError as error:
            findings.fault(FILE, 0, where, error.expected, value or "empty", code=error.code if value else Code.VALUE_ABSENT)
    return None


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
        if found or findings.is_whole(FILE):
            inside = "no area's outline" if not found else f"{len(found)} outlines ({', '.join(found)})"
            nearest = None if found else outlines.nearest(row.values[latitude], row.values[longitude])
            findings.fault(
                file, row.line, "area_id", "an area, or a place inside exactly one outline",
                f"empty, inside {inside}" + (f", nearest {nearest}" if nearest else ""), code=Code.NO_AREA,
            )  # fmt: skip
    stated = [row for row in rows if row.values[area] in area_ids]
    for _ in outlines.outside_own(*_places(stated, latitude, longitude), [row.values[area] for row in stated]):
        findings.note(file, "a place lies outside the outline of the area that it names; the name counts")
    return placed


def _places(rows: list[Row], latitude: int, longitude: int) -> tuple[Metres, Metres]:
    """Latitudes and longitudes."""
    read = np.array([(row.values[latitude], row.values[longitude]) for row in rows], dtype=np.float64).reshape(-1, 2)
    return read[:, 0], read[:, 1]
