"""A result of ``allocate`` read again: its levels, its plan, what it was asked, and the certificate beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimiser.county import County
from optimiser.domain.brief import Brief, Part
from optimiser.domain.level_result import LevelResult
from optimiser.domain.plan import Plan
from optimiser.domain.snapshot import Snapshot
from optimiser.io.csv_tables import read_table
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.json_once import OnceEach
from optimiser.io.moves import COLUMNS, FILE

RESULT = "result.json"
CERTIFICATE = "certificate.json"


@dataclass(frozen=True)
class AllocationResult:
    """What a folder tells of one allocation."""

    levels: tuple[LevelResult[int], ...]
    plan: Plan
    brief: Brief
    certificate: Any
    """As it stands in the file."""

    def __repr__(self) -> str:
        return f"<AllocationResult: {len(self.levels)} levels, {self.plan!r}>"


def read_allocation_result(folder: Path, snapshot: Snapshot, county: County) -> AllocationResult:
    """Raises ``InputRefusedError``: files missing or not as they were written, or a result of another snapshot or command."""
    findings = Findings()
    told = _object(folder, RESULT, "a result of 'optimiser allocate'", findings)
    certificate = _object(folder, CERTIFICATE, "written by 'optimiser allocate … --certificate'", findings)
    if findings.faults:
        raise InputRefusedError(findings.faults)
    for name, record in ((RESULT, told), (CERTIFICATE, certificate)):
        if record.get("snapshot_digest") != snapshot.digest():
            findings.fault(name, 0, "snapshot_digest", "that of this snapshot: name the folder that the result was made from")
    if "reoptimise" in told:
        findings.fault(RESULT, 0, "reoptimise", "a result of 'optimiser allocate': of re-optimisations nothing is certified")
    elif told.get("travel") != county.travel.provenance:
        findings.fault(RESULT, 0, "travel", f"{county.travel.provenance}: other sources of travel cannot be measured again here")
    if findings.faults:
        raise InputRefusedError(findings.faults)
    try:
        levels = tuple(_level(each) for each in told["levels"])
        brief = _brief(told)
    except (KeyError, TypeError, ValueError, AttributeError):
        findings.fault(RESULT, 0, "levels, part, pins", "as 'optimiser allocate' writes them")
        levels, brief = (), Brief()
    plan = _plan(folder, county, findings)
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return AllocationResult(levels, plan, brief, certificate)


def _object(folder: Path, name: str, expected: str, findings: Findings) -> dict[str, Any]:
    once = OnceEach()
    try:
        found = json.loads((folder / name).read_bytes(), object_pairs_hook=once)
    except (OSError, ValueError, RecursionError):
        findings.fault(name, 0, "", f"{expected}; it is missing, or no JSON")
        return {}
    if once.twice:
        findings.fault(name, 0, once.twice[0], "each name once")
    if not isinstance(found, dict):
        findings.fault(name, 0, "", expected)
        return {}
    return found


def _level(record: dict[str, Any]) -> LevelResult[int]:
    """Raises ``KeyError``, ``TypeError`` and ``ValueError``."""
    figures = {name: record[name] for name in ("value", "best", "bound", "tolerance", "given_away")}
    if any(type(each) is not int for each in figures.values()) or type(record["proven"]) is not bool:
        raise ValueError
    if figures.pop("given_away") != figures["value"] - figures["best"] or not isinstance(record["name"], str):
        raise ValueError
    return LevelResult(name=record["name"], unit=str(record["unit"]), proven=record["proven"], **figures)


def _brief(told: dict[str, Any]) -> Brief:
    part = told.get("part", {})
    named = {name: tuple(map(str, part.get(name, ()))) for name in ("areas", "packages", "rounds", "providers")}
    return Brief(Part(**named), {str(name): pin["contract_id"] for pin in told.get("pins", ()) for name in pin["package_ids"]})


def _plan(folder: Path, county: County, findings: Findings) -> Plan:
    """Every package once, on a contract where it is placed."""
    contracts: dict[int, int | None] = {}
    for row in read_table(folder, FILE, COLUMNS, findings):
        package_id, outcome, contract_id = row.values
        package, contract = county.package_index.get(package_id), county.contract_index.get(contract_id)
        if package is None or package in contracts:
            findings.fault(FILE, row.line, "package_id", "a package of the snapshot, each once")
        elif (outcome == "placed") != (contract is not None):
            findings.fault(FILE, row.line, "contract_id", "a contract of the snapshot where the outcome is placed, else none")
        else:
            contracts[package] = contract
    if not findings.faults and len(contracts) < len(county.packages):
        findings.fault(FILE, 0, "package_id", f"all {len(county.packages)} packages of the snapshot; it has {len(contracts)}")
    return Plan.of(contracts.get(package) for package in range(len(county.packages)))
