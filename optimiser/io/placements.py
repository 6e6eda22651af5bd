"""The placements of an earlier allocation, read back from its ``allocations.csv`` and put into the snapshot."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from optimiser.domain.snapshot import Snapshot
from optimiser.io.cells import Column, identifier, one_of, optional
from optimiser.io.csv_tables import read_table
from optimiser.io.faults import Findings, InputRefusedError

FILE = "allocations.csv"
COLUMNS = (
    Column("package_id", identifier),
    Column("outcome", one_of("placed", "unmet", "pending")),
    Column("contract_id", optional(identifier, "")),
)


def with_placements(snapshot: Snapshot, folder: Path) -> Snapshot:
    """The snapshot as if every placement had begun. Raises ``InputRefusedError`` when the result is not one of this snapshot."""
    findings = Findings()
    packages = {package.package_id: package for package in snapshot.packages}
    contracts = {contract.contract_id for contract in snapshot.contracts}
    for row in read_table(folder, FILE, COLUMNS, findings):
        package_id, outcome, contract_id = row.values
        if package_id not in packages:
            findings.fault(FILE, row.line, "package_id", "a package of the snapshot", package_id)
        elif outcome == "placed" and contract_id not in contracts:
            findings.fault(FILE, row.line, "contract_id", "a contract of the snapshot", contract_id)
        elif outcome == "placed" and packages[package_id].contract_id != contract_id:
            # In no round yet: the round that somebody leaves is not theirs any more.
            packages[package_id] = replace(packages[package_id], status="active", contract_id=contract_id, round_id="")
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return replace(snapshot, packages=tuple(packages[package.package_id] for package in snapshot.packages))
