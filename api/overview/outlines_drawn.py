"""Areas as GeoJSON for whoever draws a map of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from optimiser.geography.simplified_outlines import simplified


def drawn_outlines(areas: Sequence[tuple[str, str, dict[str, Any] | None]]) -> bytes:
    """A collection of features. ``areas``: of each its id, its name and its outline as it is written."""
    shapes = simplified([outline for *_, outline in areas])
    features = [
        {
            "type": "Feature",
            "properties": {"area_id": area_id, "name": name, "inside": shape.inside},
            "geometry": shape.outline,
        }
        for (area_id, name, _), shape in zip(areas, shapes, strict=True)
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})
