"""The areas' outlines for maps: on the national grid, once for all pages that draw them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import orjson

from api.acts.act import Caller
from api.overview.acts import read_outlines
from optimiser.geography.grid import Metres, to_grid
from optimiser.geography.outlines import rings_of

KEPT = 8
"""So many versions of a county's outlines are kept on the grid: those of the day's close are others."""


@dataclass(frozen=True, eq=False)
class Outlined:
    """An area. ``rings``: the corners of each, shape (n, 2), not closed, none without an outline; ``inside``: a place in it."""

    area_id: str
    name: str
    rings: tuple[Metres, ...]
    inside: Metres | None

    @cached_property
    def corners(self) -> Metres:
        """The south-western and north-eastern corners of what it covers, shape (2, 2)."""
        every = np.concatenate(self.rings)
        return np.array((every.min(axis=0), every.max(axis=0)))


def outlines_of(by: Caller) -> tuple[Outlined, ...]:
    """All areas as this role may see them, in the order in which they are told."""
    return on_grid(read_outlines(by).body)


@lru_cache(maxsize=KEPT)
def on_grid(told: bytes) -> tuple[Outlined, ...]:
    """Areas of a body of ``/v1/areas/outlines``."""
    return tuple(_outlined(each) for each in orjson.loads(told)["features"])


def _outlined(feature: dict[str, Any]) -> Outlined:
    properties, geometry = feature["properties"], feature["geometry"]
    rings = [ring[:-1] for part in rings_of(geometry) for ring in part] if geometry else []
    corners = _placed([corner for ring in rings for corner in ring])
    ends = np.cumsum([len(ring) for ring in rings])
    inside = None if properties["inside"] is None else _placed([properties["inside"]])[0]
    return Outlined(properties["area_id"], properties["name"], tuple(np.split(corners, ends[:-1])) if rings else (), inside)


def _placed(places: list[list[float]]) -> Metres:
    """Places of longitude and latitude."""
    return to_grid([each[1] for each in places], [each[0] for each in places])
