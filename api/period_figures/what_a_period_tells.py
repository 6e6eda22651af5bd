"""What a whole period tells beside its statements: how guarantees were used and why not, shares as delivered beside those as
commissioned, and both steps of billing. Counted whenever a whole period is drafted, from tables that the independent check has
confirmed with the statements; stored in figures alone, of contracts, providers and areas.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from api.state.stored_records import Body
from optimiser.accounting.story import Account
from optimiser.io.spreadsheets import unescaped

Line = dict[str, str]
TABLES = {
    "guarantees": "guarantee-use.csv",
    "shares": "delivered-shares.csv",
    "increments": "increments.csv",
    "short_visits": "short-visits.csv",
}
"""By name the files of an account that are kept."""
COUNTS = ("lines", "declined_packages")
ROUNDED_HOURS, ROUNDED_POUNDS, DECIMALS_OF_SHARES = 10, 100, 2
"""To what figures are rounded for whoever sees counts alone: one visit more or less, or one person, does not show."""
GROUPS_OF_ALL = ("all", "tier", "length", "rurality")
"""Of both steps of billing what tells of the county as a whole."""


def rows_of(content: bytes) -> Iterator[Line]:
    """The rows of a table of ours, cells as they were."""
    for row in csv.DictReader(io.StringIO(content.decode(), newline="")):
        yield {name: unescaped(cell) for name, cell in row.items()}


def figures_of(made: Account, files: Mapping[str, bytes], batch: int) -> Body:
    """As they are stored, but for who had them counted and when. ``batch``: the records that had come by then."""
    visited = np.unique(made.lines.package)
    areas = made.case.county.package_area[visited].tolist()
    ids = [area.area_id for area in made.case.county.snapshot.areas]
    return {
        "period_starts": made.period.starts.isoformat(),
        "period_ends": made.period.ends.isoformat(),
        "batch": batch,
        "people": len(visited),
        "people_by_area": {ids[area]: areas.count(area) for area in sorted(set(areas))},
        **{name: list(rows_of(files[file])) for name, file in TABLES.items()},
    }


def figures_json(body: Body, least: float, most: float, *, overtaken: bool) -> dict[str, Any]:
    """As whoever keeps accounts reads them. ``least``, ``most``: between which a principal's share is wanted; ``overtaken``:
    whether records have come since.
    """
    told = {name: body[name] for name in ("period_starts", "period_ends", "counted_by", "counted_at")}
    range_ = {"share_wanted_from": least, "share_wanted_to": most}
    return told | range_ | {"overtaken": overtaken, **{name: [_figures(row) for row in body[name]] for name in TABLES}}


def _figures(row: Mapping[str, str]) -> dict[str, Any]:
    return {name: _figure(name, cell) for name, cell in row.items()}


def _figure(name: str, cell: str) -> Any:
    if name in COUNTS:
        return int(cell)
    if name.endswith(("_gbp", "hours", "share", "factor")) or name.startswith(("gbp_", "hours_")):
        return float(cell) if cell else None
    return cell


def counts_json(body: Body, least: float, most: float, smallest: int, *, overtaken: bool) -> dict[str, Any]:
    """As whoever sees counts alone reads them: no contract and no provider, sums and shares rounded, nothing of few people."""
    told = figures_json(body, least, most, overtaken=overtaken) | {"counted_by": None, "short_visits": []}
    enough = body["people"] >= smallest
    told["guarantees"] = [_added(told["guarantees"])] if told["guarantees"] and enough else []
    told["shares"] = [_rounded(each) for each in told["shares"] if body["people_by_area"].get(each["area_id"], 0) >= smallest]
    groups = [each for each in told["increments"] if each["by"] in GROUPS_OF_ALL]
    told["increments"] = [_rounded(each) for each in groups if each["lines"] >= smallest] if enough else []
    return told


def _added(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """All of them as one, rounded: of no contract."""
    whole = {name: sum(row[name] for row in rows) for name, value in rows[0].items() if not isinstance(value, str)}
    return _rounded({"contract_id": "", "provider_id": "", "area_id": "", **whole})


def _rounded(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _coarse(name, value) for name, value in row.items()}


def _coarse(name: str, value: Any) -> Any:
    if not isinstance(value, int | float):
        return value
    if name.endswith(("share", "factor")):
        return round(value, DECIMALS_OF_SHARES)
    step = ROUNDED_POUNDS if "gbp" in name else ROUNDED_HOURS
    return float(round(value / step) * step) if isinstance(value, float) else round(value / step) * step
