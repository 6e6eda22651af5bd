"""Where a person lives, and where those that can be asked have their nearest offices: a map with the ranks, and a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from api.pages.area_outlines import Outlined
from api.pages.drawn_maps import Map, Place, map_around
from optimiser.domain.words import listed
from optimiser.geography.grid import to_grid

Json = Mapping[str, Any]
DRAWN = 12
"""So many of those who can be asked are on the map, the first ones: of the legacy framework a county has a hundred."""
MILES_AROUND = 3.0
"""At least so much is shown around the person."""
MILES_SHOWN = 15.0
"""An office that is further away is named beside the map, as a map of half the county shows nothing."""


@dataclass(frozen=True)
class Where:
    """The map, and who is not on it. ``rows``: rank, provider and how far its nearest office is, in words."""

    map: Map | None
    rows: list[list[str]]
    further: str

    def __repr__(self) -> str:
        return f"<Where with {len(self.rows)} office(s)>"


def where_of(told: Json, package: Json, areas: Sequence[Outlined], offices: Iterable[Json]) -> Where:
    """Of an answer of ``/v1/packages/{package_id}/cascade``, the package, all areas and all offices."""
    first = told["places"][:DRAWN]
    rows = [[str(each["place"]), each["provider"], f"{each['office_miles']:.1f} miles"] for each in first]
    if package["latitude"] is None or package["longitude"] is None:
        return Where(None, rows, "")
    home = (package["longitude"], package["latitude"])
    nearest = _nearest(home, offices)
    near = [each for each in first if each["provider_id"] in nearest and each["office_miles"] <= MILES_SHOWN]
    places = [Place(nearest[each["provider_id"]], str(each["place"]), each["provider"]) for each in near]
    drawn = map_around(areas, package["area_id"], home, places, MILES_AROUND)
    further = [str(each["place"]) for each in first if each not in near]
    return Where(drawn, rows, listed(further))


def _nearest(home: Sequence[float], offices: Iterable[Json]) -> dict[str, tuple[float, float]]:
    """Per provider the office that is nearest to a home; of two the first by its id."""
    known = sorted(offices, key=lambda each: str(each["office_id"]))
    if not known:
        return {}
    grid = to_grid([home[1], *(each["latitude"] for each in known)], [home[0], *(each["longitude"] for each in known)])
    far = np.hypot(*(grid[1:] - grid[0]).T)
    nearest: dict[str, tuple[float, float]] = {}
    for place in np.argsort(far, kind="stable"):
        office = known[int(place)]
        nearest.setdefault(office["provider_id"], (office["longitude"], office["latitude"]))
    return nearest
