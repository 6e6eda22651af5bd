"""What was planned, as layers: built rounds, and rounds that move to a principal."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from optimiser.io.cells import Column, date, decimal, identifier, one_of, optional, whole
from optimiser.io.csv_tables import read_table, read_text
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.spreadsheets import unescaping
from optimiser.mapping.layers import GRID, around, table

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from optimiser.county import County
    from optimiser.geography.grid import Metres

ROUNDS, TRANSFERS, PEOPLE = "rounds.geojson", "transfers.csv", "people.csv"
TRANSFER_COLUMNS = (
    Column("round_id", unescaping(identifier)),
    Column("decision", one_of("transfer", "stay")),
    Column("wave", optional(whole(1, 1000))),
    Column("from_provider_id", unescaping(identifier)),
    Column("to_contract_id", optional(unescaping(identifier), "")),
    Column("people", whole(0, 100_000)),
    Column("hours_per_week", decimal(0, 1_000_000)),
    Column("area_id", unescaping(identifier)),
    Column("date", optional(date)),
)
PERSON_COLUMNS = (Column("package_id", unescaping(identifier)), Column("round_id", unescaping(identifier)))
TOLD_OF_ROUNDS = (
    "number", "provider", "shift", "people", "visits_per_week", "contact_minutes_per_week", "travel_minutes_per_week",
    "waiting_minutes_per_week", "metres_per_week",
)  # fmt: skip
"""What of a built round is told whether or not the map is exact; its ``round_id`` where it is."""


def built_rounds_layer(folder: Path, *, exact: bool) -> GeoDataFrame:
    """A line per round of ``rounds build``, on its fullest day. Raises ``InputRefusedError``, also where the folder's places are
    exact and the map's are not to be.
    """
    from geopandas import GeoDataFrame

    findings = Findings()
    content = read_text(folder, ROUNDS, findings)
    try:
        record = json.loads(content or "{}")
    except (ValueError, RecursionError):
        record = {}
    features = record.get("features") if isinstance(record, Mapping) else None
    if content is not None and (not isinstance(features, list) or not isinstance(record.get("personal_data"), bool)):
        findings.fault(ROUNDS, 0, "", "rounds as 'rounds build' writes them")
    elif content is not None and record["personal_data"] and not exact:
        findings.fault(ROUNDS, 0, "", "kilometre squares, or --exact for a map with exact places", "exact places")
    if findings.faults:
        raise InputRefusedError(findings.faults)
    try:
        made = GeoDataFrame.from_features(features, crs=4326)
        wanted = [*(["round_id"] if record["personal_data"] else []), *TOLD_OF_ROUNDS, "geometry"]
        return (made[wanted] if len(made) else GeoDataFrame(columns=wanted, geometry="geometry", crs=4326)).to_crs(GRID)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        findings.fault(ROUNDS, 0, "", "rounds as 'rounds build' writes them", type(error).__name__)
        raise InputRefusedError(findings.faults) from None


def transfers_layer(county: County, folder: Path, homes: Metres, *, exact: bool) -> GeoDataFrame:
    """A row per round that moves, with the outline around the homes of its people. Raises ``InputRefusedError``."""
    findings = Findings()
    moving = [row for row in read_table(folder, TRANSFERS, TRANSFER_COLUMNS, findings) if row.values[1] == "transfer"]
    members: defaultdict[str, list[int]] = defaultdict(list)
    for row in read_table(folder, PEOPLE, PERSON_COLUMNS, findings):
        package_id, round_id = row.values
        if package_id in county.package_index:
            members[round_id].append(county.package_index[package_id])
        else:
            findings.fault(
                PEOPLE, row.line, "package_id", "a package of the snapshot", package_id, personal=True, kind="another id"
            )
    names = {each.provider_id: each.name for each in county.snapshot.providers}
    rows = []
    for row in moving:
        round_id, _, wave, giver, contract_id, people, hours, area_id, day = row.values
        contract = county.contract_index.get(contract_id)
        if contract is None or giver not in names or not members[round_id]:
            findings.fault(TRANSFERS, row.line, "", "a round of the snapshot's people, from and to providers of it", round_id)
            continue
        rows.append(
            {
                "round_id": round_id,
                "area_id": area_id,
                "wave": wave,
                "date": day,
                "from_provider": names[giver],
                "to_provider": county.provider(contract).name,
                "people": people,
                "hours_per_week": float(hours),
                "geometry": around(homes[members[round_id]], exact=exact),
            }
        )
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return table(
        rows, ("round_id", "area_id", "wave", "date", "from_provider", "to_provider", "people", "hours_per_week", "geometry")
    )
