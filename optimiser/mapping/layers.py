"""The layers of a county: areas with their figures, packages, offices, surgeries and rounds, in metres of the National Grid.

Unless ``exact``, a home is the middle of its kilometre square, and no id of a person or of a round of people is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from optimiser.domain.records import USUAL_TIERS
from optimiser.geography.grid import Metres, to_grid
from optimiser.mapping.shapes import Shape, made_valid, shapes_of

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from optimiser.county import County
    from optimiser.mapping.placements import Placement

GRID = 27700
KILOMETRE = 1000
AROUND_HOME_METRES = 50
"""How far the outline of a round lies around the homes of an exact map."""


def county_layers(county: County, placed: Mapping[str, Placement], *, exact: bool) -> dict[str, GeoDataFrame]:
    """By name, in the order in which a map is drawn from below. ``placed``: by package id."""
    homes = homes_on_grid(county, exact=exact)
    return {
        "areas": areas_layer(county, placed),
        "rounds": rounds_layer(county, homes, exact=exact),
        "surgeries": surgeries_layer(county),
        "offices": offices_layer(county),
        "packages": packages_layer(county, placed, homes, exact=exact),
    }


def homes_on_grid(county: County, *, exact: bool) -> Metres:
    """Eastings and northings of every package, shape (n, 2)."""
    packages = county.packages
    grid = to_grid([each.latitude for each in packages], [each.longitude for each in packages])
    return grid if exact else square_corners(grid) + KILOMETRE / 2


def square_corners(places: Metres) -> Metres:
    """South-west corners of the kilometre squares that places lie in."""
    return places // KILOMETRE * KILOMETRE


def areas_layer(county: County, placed: Mapping[str, Placement]) -> GeoDataFrame:
    """A row per area: who is served, who waits, and by whom in hours a week; of home care alone, as shares are counted."""
    shapes = {area_id: made_valid(shape) for area_id, shape in shapes_of(county.snapshot.areas).items()}
    minutes: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    people: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for index, package in enumerate(county.packages):
        placement = placed[package.package_id]
        people[package.area_id]["served" if placement.contract_id else "waiting"].append(index)
        if placement.outcome in ("unmet", "pending"):
            people[package.area_id][placement.outcome].append(index)
        if not package.service:
            tier = county.contracts[county.contract_index[placement.contract_id]].tier if placement.contract_id else "waiting"
            minutes[package.area_id][tier] += package.minutes_per_week
    rows = []
    for area in county.snapshot.areas:
        own, counted = minutes[area.area_id], people[area.area_id]
        total = sum(own.values())
        rows.append(
            {
                "area_id": area.area_id,
                "name": area.name,
                "region": area.region,
                "go_live": area.go_live,
                "live": area.is_live(county.as_of),
                "principal": _principal(county, area.area_id),
                "people_served": county.people(counted["served"]),
                "people_waiting": county.people(counted["waiting"]),
                "people_unmet": county.people(counted["unmet"]),
                "people_pending": county.people(counted["pending"]),
                **{f"{tier}_hours_per_week": own[tier] / 60 for tier in USUAL_TIERS},
                "waiting_hours_per_week": own["waiting"] / 60,
                "hours_per_week": total / 60,
                "principal_share": own["principal"] / total if total else None,
                "geometry": shapes.get(area.area_id),
            }
        )
    return table(rows)


def _principal(county: County, area_id: str) -> str:
    """The name of who holds the area's principal contract today; empty where nobody does."""
    held = [
        each for each in county.contracts if each.tier == "principal" and each.area_id == area_id and each.in_force(county.as_of)
    ]
    return county.provider(county.contract_index[held[0].contract_id]).name if held else ""


def packages_layer(county: County, placed: Mapping[str, Placement], homes: Metres, *, exact: bool) -> GeoDataFrame:
    """A row per package; needs, protection and whom somebody does not want are never told."""
    import shapely

    rows = []
    for index, package in enumerate(county.packages):
        placement = placed[package.package_id]
        contract = county.contract_index.get(placement.contract_id)
        row: dict[str, Any] = {
            "outcome": placement.outcome,
            "priority": package.priority,
            "area_id": package.area_id,
            "hours_per_week": package.minutes_per_week / 60,
            "workers": package.workers,
            "band": int(county.band[index]),
            "tier": "" if contract is None else county.contracts[contract].tier,
            "provider": "" if contract is None else county.provider(contract).name,
            "geometry": shapely.Point(*homes[index]),
        }
        rows.append(({"package_id": package.package_id} if exact else {}) | row)
    # By place, so that the order of rows tells no more than the rows do.
    return table(rows if exact else sorted(rows, key=lambda row: (row["geometry"].coords[0], *map(str, row.values()))))


def offices_layer(county: County) -> GeoDataFrame:
    """A row per office."""
    import shapely

    offices = county.snapshot.offices
    grid = to_grid([each.latitude for each in offices], [each.longitude for each in offices])
    names = {each.provider_id: each for each in county.snapshot.providers}
    return table(
        {
            "office_id": each.office_id,
            "provider_id": each.provider_id,
            "provider": names[each.provider_id].name,
            "cqc_rating": names[each.provider_id].cqc_rating,
            "geometry": shapely.Point(*place),
        }
        for each, place in zip(offices, grid, strict=True)
    )


def surgeries_layer(county: County) -> GeoDataFrame:
    """A row per surgery."""
    import shapely

    surgeries = county.snapshot.surgeries
    grid = to_grid([each.latitude for each in surgeries], [each.longitude for each in surgeries])
    return table(
        {
            "surgery_id": each.surgery_id,
            "name": each.name,
            "area_id": each.area_id,
            "band_centre": each.band_centre,
            "geometry": shapely.Point(*place),
        }
        for each, place in zip(surgeries, grid, strict=True)
    )


def rounds_layer(county: County, homes: Metres, *, exact: bool) -> GeoDataFrame:
    """A row per round that people of the snapshot are in, with the outline around their homes."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    for index, package in enumerate(county.packages):
        if package.round_id:
            members[package.round_id].append(index)
    names = {each.provider_id: each.name for each in county.snapshot.providers}
    rows = []
    for each in county.snapshot.rounds:
        if inside := members.get(each.round_id):
            rows.append(
                {
                    "round_id": each.round_id,
                    "provider_id": each.provider_id,
                    "provider": names[each.provider_id],
                    "area_id": each.area_id,
                    "staff": each.staff,
                    "staff_hours_per_week": None if each.staff_hours_per_week is None else float(each.staff_hours_per_week),
                    "people": county.people(inside),
                    "hours_per_week": hours_of(county, inside),
                    "geometry": around(homes[inside], exact=exact),
                }
            )
    return table(rows, ROUND_COLUMNS)


ROUND_COLUMNS = (
    "round_id", "provider_id", "provider", "area_id", "staff", "staff_hours_per_week", "people", "hours_per_week", "geometry",
)  # fmt: skip


def hours_of(county: County, members: Iterable[int]) -> float:
    """A week's care of some packages."""
    return float(Fraction(sum(county.packages[each].minutes_per_week for each in members), 60))


def around(homes: Metres, *, exact: bool) -> Shape:
    """The outline around some homes, or around their kilometre squares."""
    import shapely

    half = KILOMETRE / 2
    if exact:
        return shapely.MultiPoint(np.asarray(homes)).convex_hull.buffer(AROUND_HOME_METRES, quad_segs=4)
    squares = [shapely.box(x - half, y - half, x + half, y + half) for x, y in np.unique(homes, axis=0)]
    return shapely.MultiPolygon(squares).convex_hull if len(squares) > 1 else squares[0]


def table(rows: Iterable[Mapping[str, Any]], columns: Iterable[str] | None = None) -> GeoDataFrame:
    """Rows with their shapes. ``columns``: where there may be no rows."""
    from geopandas import GeoDataFrame

    found = list(rows)
    return GeoDataFrame(found, columns=None if columns is None else list(columns), geometry="geometry", crs=GRID)
