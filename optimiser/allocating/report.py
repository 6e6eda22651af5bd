"""An allocation to its four files. Reports accept a verified plan alone: an ``Allocation`` holds nothing else."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from optimiser.domain.level_result import level_record
from optimiser.domain.words import pounds
from optimiser.io.folders import pretty, write_folder
from optimiser.io.spreadsheets import escaped, exact_table
from optimiser.version import FORMAT, SOFTWARE

if TYPE_CHECKING:
    from optimiser.allocating.story import Allocation

HEADER = (
    "package_id", "outcome", "contract_id", "provider_id", "tier", "area_id", "band", "distance_miles", "moved",
    "weekly_cost_gbp", "reason",
)  # fmt: skip


def write_allocation(allocation: Allocation, folder: Path, run: dict[str, Any], *, replace: bool = False) -> None:
    """Write the four files of a result, all together or not at all. ``run``: whatever differs between two runs."""
    write_folder(folder, allocation_files(allocation, run), replace=replace)


def allocation_files(allocation: Allocation, run: dict[str, Any], more: Mapping[str, Any] | None = None) -> dict[str, bytes]:
    """The content of each file of a result. ``more``: what else ``result.json`` says."""
    rows, explanations = [], io.BytesIO()
    for package in range(len(allocation.county.packages)):  # in the order of their ids
        record = allocation.explain(package)
        rows.append(allocation_row(allocation, package, record["reason"]))
        explanations.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
    return {
        "allocations.csv": _table(rows),
        "result.json": pretty({**result_record(allocation), **(more or {})}),
        "explanations.jsonl": explanations.getvalue(),
        "run.json": pretty(run),
    }


def _table(rows: Iterable[Mapping[str, str]]) -> bytes:
    """``allocations.csv`` is read again (``--allocation``), so its ids are exact; its sentences are for people."""
    safe = ({**row, "reason": escaped(row["reason"])} for row in rows)
    return exact_table(HEADER, ([row.get(name, "") for name in HEADER] for row in safe))


def allocation_row(allocation: Allocation, package: int, reason: str) -> dict[str, str]:
    """A line of ``allocations.csv``, before anything is escaped for spreadsheets."""
    county, person = allocation.county, allocation.county.packages[package]
    row = {
        "package_id": person.package_id,
        "outcome": allocation.outcome(package),
        "area_id": person.area_id,
        "band": str(county.band[package]),
        "moved": "false",
        "reason": reason,
    }
    contract = allocation.verified.plan.contracts[package]
    if contract is not None:
        held = county.contracts[contract]
        now = county.running_on[package]
        moved = bool(person.contract_id) and county.provider_of[now] != county.provider_of[contract]
        row |= {
            "contract_id": held.contract_id,
            "provider_id": held.provider_id,
            "tier": held.tier,
            "distance_miles": _two_decimals(county.office_miles(package, int(county.provider_of[contract]))),
            "moved": str(moved).lower(),
            "weekly_cost_gbp": pounds(county.price_pence(package, contract)),
        }
    return row


def result_record(allocation: Allocation) -> dict[str, Any]:
    """What ``result.json`` says: the same bytes for the same input and settings."""
    county, rules = allocation.county, allocation.rules
    return {
        "format": FORMAT,
        "software": SOFTWARE,
        "rule_book": rules.version,
        "rules": [rule.name for rule in rules],
        "snapshot_digest": county.snapshot.digest(),
        "title": county.snapshot.title,
        "as_of": str(county.as_of),
        "travel": county.travel.provenance,
        "provider_ids": [provider.provider_id for provider in county.providers],
        "settings": {part.name: _setting(getattr(county.policy, part.name)) for part in fields(county.policy)},
        "complete": allocation.complete,
        "levels": [level_record(level) for level in allocation.levels],
        "areas": allocation.areas(),
        "county_wide_contracts": allocation.county_wide_contracts(),
        "limits_exceeded_on_entry": allocation.limits_exceeded(),
    }


def _two_decimals(miles: float) -> str:
    hundredths = math.floor(miles * 100 + 0.5)
    return f"{hundredths // 100}.{hundredths % 100:02}"


def _setting(value: Any) -> Any:
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return [_setting(each) for each in value] if isinstance(value, tuple) else value
