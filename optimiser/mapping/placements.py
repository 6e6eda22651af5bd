"""Where everybody is, or would be by a result: what the layers of a map show."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from optimiser.io.csv_tables import read_table
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.moves import COLUMNS, FILE

if TYPE_CHECKING:
    from optimiser.domain.snapshot import Snapshot


class Placement(NamedTuple):
    """``outcome``: ``running`` or ``waiting`` as the county is, or a result's ``placed``, ``unmet`` or ``pending``."""

    outcome: str
    contract_id: str


def as_it_is(snapshot: Snapshot) -> dict[str, Placement]:
    """By package id, without any result."""
    return {
        each.package_id: Placement("running" if each.status == "active" else "waiting", each.contract_id)
        for each in snapshot.packages
    }


def by_result(snapshot: Snapshot, folder: Path) -> Mapping[str, Placement]:
    """By package id, of the folder of an allocation. Raises ``InputRefusedError`` where it is not one of this snapshot."""
    findings = Findings()
    rows = read_table(folder, FILE, COLUMNS, findings)
    found = {row.values[0]: Placement(*row.values[1:]) for row in rows}
    contracts = {each.contract_id for each in snapshot.contracts}
    known = {each.package_id for each in snapshot.packages}
    for row in rows:
        package_id, _, contract_id = row.values
        if package_id not in known:
            findings.fault(FILE, row.line, "package_id", "a package of the snapshot", package_id)
        elif contract_id and contract_id not in contracts:
            findings.fault(FILE, row.line, "contract_id", "a contract of the snapshot", contract_id)
    if not findings.faults and len(found) < len(known):
        findings.fault(FILE, 0, "", f"a line for each of the {len(known):,} packages", f"{len(found):,}")
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return found
