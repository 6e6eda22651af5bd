"""How far providers reach from their offices in so many minutes, and homes that nobody who may be asked reaches.

In kilometre squares of the county, by any source of travel times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from optimiser.geography.grid import Metres, to_degrees
from optimiser.geography.travel_times.interface import Ints, Travel, degrees
from optimiser.mapping.layers import KILOMETRE, homes_on_grid, square_corners, table
from optimiser.mapping.shapes import made_valid, shapes_of

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from optimiser.county import County

REACH_COLUMNS = ("provider_id", "provider", "minutes", "squares", "people_within", "geometry")
UNCOVERED_COLUMNS = ("area_id", "people", "hours_per_week", "nearest_minutes", "geometry")


def reach_layers(county: County, travel: Travel, minutes: int) -> dict[str, GeoDataFrame]:
    """``reach``: a row per provider, the squares that one of its offices reaches within the minutes, parking included; and
    ``uncovered``: squares with homes that no provider with a contract in force for their area reaches. Raises ``TravelError``.
    """
    homes = [tuple(corner) for corner in square_corners(homes_on_grid(county, exact=True)).tolist()]
    squares = _squares(county, homes)
    seconds = _seconds(county, travel, squares)
    at = {tuple(square): index for index, square in enumerate(squares.tolist())}
    square_of = [at[home] for home in homes]
    given = (county, squares, seconds, square_of, minutes)
    return {"reach": _reach(*given), "uncovered": _uncovered(*given)}


def _squares(county: County, homes: Iterable[tuple[float, ...]]) -> Metres:
    """South-west corners of the kilometre squares that areas or homes lie in, sorted. ``homes``: those of homes."""
    import shapely

    found = set(homes)
    for shape in shapes_of(county.snapshot.areas).values():
        west, south, east, north = square_corners(np.array(shape.bounds)).tolist()
        across, up = np.arange(west, east + 1, KILOMETRE), np.arange(south, north + 1, KILOMETRE)
        corners = np.stack(np.meshgrid(across, up), -1).reshape(-1, 2)
        boxes = shapely.box(corners[:, 0], corners[:, 1], corners[:, 0] + KILOMETRE, corners[:, 1] + KILOMETRE)
        valid = made_valid(shape)
        shapely.prepare(valid)
        found |= {tuple(corner) for corner in corners[shapely.intersects(valid, boxes)].tolist()}
    return np.array(sorted(found)).reshape(-1, 2)


def _seconds(county: County, travel: Travel, squares: Metres) -> dict[str, Ints]:
    """By provider how long it takes from the nearest of its offices to the middle of each square."""
    middles = to_degrees(squares + KILOMETRE / 2)
    offices: defaultdict[str, list[int]] = defaultdict(list)
    for index, office in enumerate(county.snapshot.offices):
        offices[office.provider_id].append(index)
    places = county.snapshot.offices
    all_ways = travel.between(degrees([each.latitude for each in places], [each.longitude for each in places]), middles).seconds
    return {provider_id: all_ways[own].min(axis=0) for provider_id, own in sorted(offices.items())}


def _reach(county: County, squares: Metres, seconds: dict[str, Ints], square_of: list[int], minutes: int) -> GeoDataFrame:
    import shapely

    names = {each.provider_id: each.name for each in county.snapshot.providers}
    boxes = shapely.box(squares[:, 0], squares[:, 1], squares[:, 0] + KILOMETRE, squares[:, 1] + KILOMETRE)
    rows = []
    for provider_id, own in seconds.items():
        within = own <= minutes * 60
        rows.append(
            {
                "provider_id": provider_id,
                "provider": names[provider_id],
                "minutes": minutes,
                "squares": int(within.sum()),
                "people_within": county.people([package for package, square in enumerate(square_of) if within[square]]),
                "geometry": shapely.union_all(boxes[within]) if within.any() else None,
            }
        )
    return table(rows, REACH_COLUMNS)


def _uncovered(county: County, squares: Metres, seconds: dict[str, Ints], square_of: list[int], minutes: int) -> GeoDataFrame:
    """People of one square and area are together."""
    import shapely

    serving: defaultdict[str, set[str]] = defaultdict(set)
    for contract in county.contracts:
        if contract.in_force(county.as_of):
            for area in county.snapshot.areas:
                if contract.area_id in ("", area.area_id):
                    serving[area.area_id].add(contract.provider_id)
    nearest = {
        area_id: np.min([seconds[each] for each in sorted(providers)], axis=0) for area_id, providers in sorted(serving.items())
    }
    groups: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for package, square in enumerate(square_of):
        area_id = county.packages[package].area_id
        if area_id not in nearest or nearest[area_id][square] > minutes * 60:
            groups[square, area_id].append(package)
    rows = []
    for (square, area_id), members in sorted(groups.items()):
        x, y = squares[square]
        rows.append(
            {
                "area_id": area_id,
                "people": county.people(members),
                "hours_per_week": sum(county.packages[each].minutes_per_week for each in members) / 60,
                "nearest_minutes": round(float(nearest[area_id][square]) / 60, 1) if area_id in nearest else None,
                "geometry": shapely.box(x, y, x + KILOMETRE, y + KILOMETRE),
            }
        )
    return table(rows, UNCOVERED_COLUMNS)
