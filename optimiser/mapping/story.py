"""A county's map: every layer that is known of, as one GeoPackage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from optimiser.county import County
from optimiser.mapping.geopackage import geopackage
from optimiser.mapping.layers import county_layers, homes_on_grid
from optimiser.mapping.placements import as_it_is, by_result
from optimiser.mapping.planned_layers import built_rounds_layer, transfers_layer

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from optimiser.domain.snapshot import Snapshot

PERSONAL = "PERSONAL DATA: exact homes of people who receive care. Keep and pass on as such."
COARSE = "Homes are the middles of kilometre squares, without ids of people."


def map_layers(
    snapshot: Snapshot,
    *,
    result: Path | None = None,
    rounds: Path | None = None,
    transfer: Path | None = None,
    exact: bool = False,
) -> dict[str, GeoDataFrame]:
    """``result``, ``rounds``, ``transfer``: folders of an allocation, of built rounds, of a transfer plan of this snapshot.

    Raises ``InputRefusedError`` where one of them is another.
    """
    county = County.of(snapshot)
    placed = as_it_is(snapshot) if result is None else by_result(snapshot, result)
    layers = county_layers(county, placed, exact=exact)
    planned: dict[str, GeoDataFrame] = {}
    if transfer is not None:
        planned["transfers"] = transfers_layer(county, transfer, homes_on_grid(county, exact=exact), exact=exact)
    if rounds is not None:
        planned["rounds_built"] = built_rounds_layer(rounds, exact=exact)
    return {"areas": layers.pop("areas"), "rounds": layers.pop("rounds"), **planned, **layers}


def map_file(layers: dict[str, GeoDataFrame], snapshot: Snapshot, *, exact: bool) -> bytes:
    """The file, which says of itself whether it holds personal data."""
    return geopackage(layers, snapshot.as_of, PERSONAL if exact else COARSE)
