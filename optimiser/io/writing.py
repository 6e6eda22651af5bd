"""An allocation to its four files. Reports accept a verified plan alone: an ``Allocation`` holds nothing else."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any

from optimiser.explaining.areas import area_figures, county_wide_figures, limits_exceeded
from optimiser.explaining.packages import outcome_of
from optimiser.io.folders import write_folder
from optimiser.money import pounds
from optimiser.pipeline import Allocation, LevelResult
from optimiser.version import FORMAT, SOFTWARE

HEADER = (
    "package_id", "outcome", "contract_id", "provider_id", "tier", "area_id", "band", "distance_miles", "moved",
    "weekly_cost_gbp", "reason",
)  # fmt: skip


def write_allocation(allocation: Allocation, folder: Path, run: dict[str, Any], *, replace: bool = False) -> None:
    """Write the four files of a result, all together or not at all. ``run``: whatever differs between two runs."""
    write_folder(
        folder,
        {
            "allocations.csv": allocations_csv(allocation).encode(),
            "result.json": pretty(result_record(allocation)).encode(),
            "explanations.jsonl": b"".join(compact(record) for record in allocation.explanations),
            "run.json": pretty(run).encode(),
        },
        replace=replace,
    )


def allocations_csv(allocation: Allocation) -> str:
    """A line per package, sorted by its id. Cells are byte-exact: nothing is escaped for spreadsheets here."""
    county, plan = allocation.county, allocation.verified.plan
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for package, (person, record) in enumerate(zip(county.packages, allocation.explanations, strict=True)):
        contract = plan.contracts[package]
        row = {
            "package_id": person.package_id,
            "outcome": outcome_of(county, allocation.verified, package),
            "area_id": person.area_id,
            "band": str(county.band[package]),
            "moved": "false",
            "reason": record["reason"],
        }
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
        writer.writerow([row.get(name, "") for name in HEADER])
    return out.getvalue()


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
        "settings": {part.name: _setting(getattr(county.policy, part.name)) for part in fields(county.policy)},
        "complete": allocation.stopped == "no",
        "levels": [level_record(level) for level in allocation.levels],
        "areas": area_figures(county, rules, allocation.verified),
        "county_wide_contracts": county_wide_figures(county, allocation.verified),
        "limits_exceeded_on_entry": limits_exceeded(allocation.verified),
    }


def level_record(level: LevelResult) -> dict[str, Any]:
    return {
        "name": level.name,
        "unit": level.unit,
        "value": level.value,
        "best": level.best,
        "bound": level.bound,
        "gap": level.gap,
        "tolerance": level.tolerance,
        "proven": level.proven,
        "given_away": level.given_away,
        "given_to": list(level.given_to),
    }


def _two_decimals(miles: float) -> str:
    hundredths = math.floor(miles * 100 + 0.5)
    return f"{hundredths // 100}.{hundredths % 100:02}"


def _setting(value: Any) -> Any:
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return [_setting(each) for each in value] if isinstance(value, tuple) else value


def pretty(record: dict[str, Any]) -> str:
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def compact(record: dict[str, Any]) -> bytes:
    return (json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
