"""Areas as pages draw them, of features that a test has written."""

from __future__ import annotations

from typing import Any

import orjson

from api.pages.area_outlines import Outlined, on_grid


def areas(*features: dict[str, Any]) -> tuple[Outlined, ...]:
    """On the grid, as of a body of ``/v1/areas/outlines``."""
    return on_grid(orjson.dumps({"features": features}))
