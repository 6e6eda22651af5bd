"""A county's map: every layer that is known of, as one GeoPackage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from optimiser.county import County
from optimiser.mapping.geopackage import geopackage
from optimiser.mapping.layers import county_layers, homes_on_grid
from optimiser.mapping.placements import as_it_is, by_result
from optimiser.mapping.planned_layers import built_rounds_layer, transfers_layer
from optimiser.mapping.reach_layers import reach_layers

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from optimiser.domain.snapshot import Snapshot
    from optimiser.geography.travel_times.interface import Travel

PERSONAL = "PERSONAL DATA: exact homes of people who receive care. Keep and pass on as such."
COARSE = "Homes are the middles of kilometre squares, without ids of people."


def map_layers(
    snapshot: Snapshot,
    *,
    result: Path | None = None,
    rounds: Path | None = None,
    transfer: Path | None = None,
    reach: tuple[Travel, int] | None = None,
    exact: bool = False,
) -> dict[str, GeoDataFrame]:
    """``result``, ``rounds``, ``transfer``: folders of an allocation, of built rounds, of a transfer plan of this snapshot.

    ``reach``: a source of travel times and minutes, for how far offices reach. Raises ``InputRefusedError`` where a folder is
    another county's, and ``TravelError``.
    """
    county = County.of(snapshot)
    placed = as_it_is(snapshot) if result is None else by_result(snapshot, result)
    layers = county_layers(county, placed, exact=exact)
    planned: dict[str, GeoDataFrame] = {}
    if transfer is not None:
        planned["transfers"] = transfers_layer(county, transfer, homes_on_grid(county, exact=exact), exact=exact)
    if rounds is not None:
        planned["rounds_built"] = built_rounds_layer(rounds, exact=exact)
    if reach is not None:
        planned |= reach_layers(county, *reach)
    return {"areas": layers.pop("areas"), "rounds": layers.pop("rounds"), **planned, **layers}


def map_file(layers: dict[str, GeoDataFrame], snapshot: Snapshot, *, exact: bool) -> bytes:
    """The file, which says of itself whether it holds personal data."""
    return geopackage(layers, snapshot.as_of, PERSONAL if exact else COARSE)
