"""An allocation to its four files. Reports accept a verified plan alone: an ``Allocation`` holds nothing else."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from optimiser.allocating.lines import allocation_line
from optimiser.domain.level_result import level_record
from optimiser.domain.words import pounds
from optimiser.explaining.who_comes_last import who_comes_last
from optimiser.io.allocation_results import CERTIFICATE
from optimiser.io.folders import pretty, write_folder
from optimiser.io.result_head import result_head
from optimiser.io.spreadsheets import escaped, exact_table
from optimiser.proving.certificate import certificate_record

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


def certificate_files(allocation: Allocation) -> dict[str, bytes]:
    """What proves the bounds, to be written beside a result: looked for once more, which takes its time."""
    from optimiser.allocating.certifying import certify

    rows, levels = certify(allocation.county, allocation.rules, allocation.levels)
    record = {**result_head(allocation.county.snapshot), **certificate_record(rows, levels)}
    return {CERTIFICATE: json.dumps(record, separators=(",", ":")).encode() + b"\n"}


def _table(rows: Iterable[Mapping[str, str]]) -> bytes:
    """``allocations.csv`` is read again (``--allocation``), so its ids are exact; its sentences are for people."""
    safe = ({**row, "reason": escaped(row["reason"])} for row in rows)
    return exact_table(HEADER, ([row.get(name, "") for name in HEADER] for row in safe))


def allocation_row(allocation: Allocation, package: int, reason: str) -> dict[str, str]:
    """A line of ``allocations.csv``, before anything is escaped for spreadsheets."""
    line = allocation_line(allocation, package, reason)
    row = {
        "package_id": line.package_id,
        "outcome": line.outcome,
        "area_id": line.area_id,
        "band": str(line.band),
        "moved": str(line.moved).lower(),
        "reason": line.reason,
    }
    if line.contract_id is not None:
        row |= {
            "contract_id": line.contract_id,
            "provider_id": str(line.provider_id),
            "tier": str(line.tier),
            "distance_miles": _two_decimals(line.hundredths_of_a_mile or 0),
            "weekly_cost_gbp": pounds(line.weekly_cost_pence or 0),
        }
    return row


def result_record(allocation: Allocation) -> dict[str, Any]:
    """What ``result.json`` says: the same bytes for the same input and settings."""
    county, rules = allocation.county, allocation.rules
    return {
        **result_head(county.snapshot, titled=True, rule_book=rules.version, rules=[rule.name for rule in rules]),
        "travel": county.travel.provenance,
        "provider_ids": [provider.provider_id for provider in county.providers],
        "settings": {part.name: _setting(getattr(county.policy, part.name)) for part in fields(county.policy)},
        **(allocation.asked.record() if allocation.asked else {}),
        "complete": allocation.complete,
        "levels": [level_record(level) for level in allocation.levels],
        "who_comes_last": who_comes_last(county, allocation.outcome),
        "areas": allocation.areas(),
        "county_wide_contracts": allocation.county_wide_contracts(),
        "limits_exceeded_on_entry": allocation.limits_exceeded(),
    }


def _two_decimals(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"


def _setting(value: Any) -> Any:
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return [_setting(each) for each in value] if isinstance(value, tuple) else value
