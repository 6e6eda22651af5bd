"""``areas.geojson``: a feature per PCN area, with or without an outline."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from optimiser.domain.records import Area
from optimiser.geography.grid import in_england
from optimiser.io.cells import BadCellError, date, identifier
from optimiser.io.faults import Findings
from optimiser.io.tables import decode, read_bytes

FILE = "areas.geojson"


class _BadOutlineError(Exception):
    pass


def read_areas(folder: Path, findings: Findings) -> tuple[Area, ...]:
    """The areas, sorted by id; what is wrong with the file is in ``findings``."""
    raw = read_bytes(folder, FILE, findings)
    content = None if raw is None else decode(raw, FILE, findings)
    if content is None:
        return ()
    try:
        collection = json.loads(content, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        findings.fault(FILE, error.lineno, "", "well-formed JSON", error.msg)
        return ()
    except RecursionError:
        findings.fault(FILE, 0, "", "JSON of a usual depth", "too deeply nested")
        return ()
    except _BadOutlineError as error:
        findings.fault(FILE, 0, "", "numbers", str(error))
        return ()
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or collection.get("type") != "FeatureCollection":
        findings.fault(FILE, 0, "", "a GeoJSON FeatureCollection")
        return ()
    areas = [area for index, feature in enumerate(features) if (area := _area(index, feature, findings))]
    if not features:
        findings.fault(FILE, 0, "", "at least one area", "no features")
    return tuple(sorted(areas, key=lambda area: area.area_id))


def _no_constant(name: str) -> Any:
    raise _BadOutlineError(name)


def _area(index: int, feature: Any, findings: Findings) -> Area | None:
    """One feature; faults name it by its place in the file, from 1."""
    here = f"feature {index + 1}"
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        findings.fault(FILE, 0, here, "a Feature with properties")
        return None
    before = len(findings.faults)
    for name in ("area_id", "name", "region", "go_live"):
        if name not in properties:
            findings.fault(FILE, 0, f"{here}, {name}", "this property", "no such property")
    area_id, go_live = properties.get("area_id"), properties.get("go_live")
    for name in ("area_id", "name", "region"):
        if name in properties and not isinstance(properties[name], str):
            findings.fault(FILE, 0, f"{here}, {name}", "a text", str(properties[name]))
    try:
        if isinstance(area_id, str):
            identifier(area_id)
        live = None if go_live is None or go_live == "" else date(go_live if isinstance(go_live, str) else "")
    except BadCellError as error:
        findings.fault(FILE, 0, here, error.expected, str(go_live if area_id else area_id))
        return None
    geometry = feature.get("geometry")
    try:
        if geometry is not None:
            _check_outline(geometry)
    except _BadOutlineError as error:
        findings.fault(FILE, 0, f"{here}, geometry", "a Polygon or MultiPolygon in England, longitude first", str(error))
    if len(findings.faults) > before:
        return None
    return Area(str(area_id), properties["name"], properties["region"], live, geometry)


def _check_outline(geometry: Any) -> None:
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise _BadOutlineError("another geometry")
    coordinates = geometry.get("coordinates")
    polygons = coordinates if geometry["type"] == "MultiPolygon" else [coordinates]
    if not isinstance(polygons, list) or not polygons:
        raise _BadOutlineError("no coordinates")
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise _BadOutlineError("a polygon without rings")
        for ring in polygon:
            _check_ring(ring)


def _check_ring(ring: Any) -> None:
    if not isinstance(ring, list) or len(ring) < 4:
        raise _BadOutlineError("a ring of fewer than four points")
    for point in ring:
        if not isinstance(point, list) or len(point) < 2:
            raise _BadOutlineError("a point that is not a pair of numbers")
        x, y = point[0], point[1]
        # The exact types: true and false would pass for numbers otherwise.
        if type(x) not in (int, float) or type(y) not in (int, float) or not (math.isfinite(x) and math.isfinite(y)):
            raise _BadOutlineError("a point that is not a pair of numbers")
        if not in_england(y, x):
            raise _BadOutlineError("a point outside England" + (" (latitude and longitude swapped?)" if in_england(x, y) else ""))
    if ring[0][:2] != ring[-1][:2]:
        raise _BadOutlineError("a ring that does not end where it begins")
