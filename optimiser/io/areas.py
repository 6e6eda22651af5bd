"""``areas.geojson``: a feature per PCN area, with or without an outline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from optimiser.domain.records import Area
from optimiser.geography.grid import in_england
from optimiser.io.cells import BadCellError, Parse, date, identifier, optional, text
from optimiser.io.faults import Findings, in_words
from optimiser.io.tables import read_text

FILE = "areas.geojson"


class _BadOutlineError(Exception):
    pass


def read_areas(folder: Path, findings: Findings) -> tuple[Area, ...]:
    """The areas, sorted by id; what is wrong with the file is in ``findings``."""
    content = read_text(folder, FILE, findings)
    features = None if content is None else _features(content, findings)
    if not features:
        findings.unread(FILE)
        return ()
    areas = [area for index, feature in enumerate(features) if (area := _area(index, feature, findings))]
    return tuple(sorted(areas, key=lambda area: area.area_id))


def _features(content: str, findings: Findings) -> list[Any] | None:
    """The members of the collection, whatever they are; None with a fault when it is none."""
    try:
        collection = json.loads(content, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        findings.fault(FILE, error.lineno, "", "well-formed JSON", error.msg)
        return None
    except RecursionError:
        findings.fault(FILE, 0, "", "JSON of a usual depth", "too deeply nested")
        return None
    except _BadOutlineError as error:
        findings.fault(FILE, 0, "", "numbers", str(error))
        return None
    except ValueError:  # Python reads no whole number of thousands of digits
        findings.fault(FILE, 0, "", "numbers", "a number beyond measure")
        return None
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or collection.get("type") != "FeatureCollection":
        findings.fault(FILE, 0, "", "a GeoJSON FeatureCollection")
        return None
    if not features:
        findings.fault(FILE, 0, "", "at least one area", "no features")
    return features


def _no_constant(name: str) -> Any:
    raise _BadOutlineError(name)


def _area(index: int, feature: Any, findings: Findings) -> Area | None:
    """One feature; faults name it by its place in the file, from 1."""
    here = f"feature {index + 1}"
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        findings.fault(FILE, 0, here, "a Feature with properties")
        findings.unread(FILE)
        return None
    before = len(findings.faults)
    values = [_property(properties, name, parse, here, findings) for name, parse in PROPERTIES]
    outline = None
    try:
        if feature.get("geometry") is not None:
            outline = _outline(feature["geometry"])
    except _BadOutlineError as error:
        findings.fault(FILE, 0, f"{here}, geometry", "a Polygon or MultiPolygon in England, longitude first", str(error))
    if len(findings.faults) > before:
        if values[0]:
            findings.doubt(FILE, [values[0]])
        else:
            findings.unread(FILE)
        return None
    area_id, name, region, go_live = values
    return Area(area_id, name, region, go_live, outline)


def _words(value: str) -> str:
    """Free text. JSON can hold half a character, which can never be written again."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadCellError("whole characters", "half a character") from None
    return text(value)


PROPERTIES: tuple[tuple[str, Parse], ...] = (
    ("area_id", identifier),
    ("name", _words),
    ("region", _words),
    ("go_live", optional(date)),
)


def _property(properties: dict[str, Any], name: str, parse: Parse, here: str, findings: Findings) -> Any:
    """The value of a property; None with a fault when it has none."""
    value, where = properties.get(name), f"{here}, {name}"
    if name not in properties:
        findings.fault(FILE, 0, where, "this property", "no such property")
    elif value is None and name == "go_live":
        pass
    elif not isinstance(value, str):
        findings.fault(FILE, 0, where, "a date or null" if name == "go_live" else "a text", in_words(value))
    else:
        try:
            return parse(value)
        except BadCellError as error:
            findings.fault(FILE, 0, where, error.expected, value or "empty")
    return None


def _outline(geometry: Any) -> dict[str, Any]:
    """An outline as it is kept: its kind, and each point as longitude and latitude."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise _BadOutlineError("another geometry")
    several = geometry["type"] == "MultiPolygon"
    coordinates = geometry.get("coordinates")
    polygons = coordinates if several else [coordinates]
    if not isinstance(polygons, list) or not polygons:
        raise _BadOutlineError("no coordinates")
    if not all(isinstance(polygon, list) and polygon for polygon in polygons):
        raise _BadOutlineError("a polygon without rings")
    kept = [[_ring(ring) for ring in polygon] for polygon in polygons]
    return {"type": geometry["type"], "coordinates": kept if several else kept[0]}


def _ring(ring: Any) -> list[list[float]]:
    if not isinstance(ring, list) or len(ring) < 4:
        raise _BadOutlineError("a ring of fewer than four points")
    kept = [_point(point) for point in ring]
    if kept[0] != kept[-1]:
        raise _BadOutlineError("a ring that does not end where it begins")
    return kept


def _point(point: Any) -> list[float]:
    # The exact types: true and false would pass for numbers otherwise.
    if not isinstance(point, list) or len(point) < 2 or not {type(point[0]), type(point[1])} <= {int, float}:
        raise _BadOutlineError("a point that is not a pair of numbers")
    x, y = point[0], point[1]
    if not in_england(y, x):  # compared before anything is made of it: a whole number may be beyond measure
        raise _BadOutlineError("a point outside England" + (" (latitude and longitude swapped?)" if in_england(x, y) else ""))
    return [float(x) + 0.0, float(y)]  # -0 and 0 are one place
