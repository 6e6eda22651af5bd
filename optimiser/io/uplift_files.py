"""A proposed uplift and a budget, as files: read whole or refused whole."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from optimiser.domain.proposals import BudgetLine, Proposal, UpliftLine
from optimiser.domain.records import TIERS
from optimiser.domain.snapshot import Snapshot
from optimiser.io.cells import Column, decimal, identifier, in_pence, one_of, optional, pence
from optimiser.io.csv_tables import read_table
from optimiser.io.faults import Findings, InputRefusedError

percent = decimal(-50, 100, places=4)
maybe_id = optional(identifier, "")
budget = in_pence(0, 10_000_000_000)

PROPOSAL = (
    Column("contract_id", maybe_id, optional=True),
    Column("tier", one_of("", *TIERS), optional=True),
    Column("band", one_of("", "1", "2", "3"), optional=True),
    Column("percent", optional(percent), optional=True),
    Column("new_rate", optional(pence), optional=True),
)
BUDGET = (
    Column("tier", one_of(*TIERS)),
    Column("area_id", maybe_id),
    Column("budget_gbp", budget),
    Column("spent_gbp", optional(budget, 0), optional=True),
)


def read_proposal(path: Path, starts: dt.date, snapshot: Snapshot) -> Proposal:
    """The proposal. Raises ``InputRefusedError`` with every fault."""
    findings, lines = Findings(), list[UpliftLine]()
    known = {contract.contract_id for contract in snapshot.contracts}
    for row in read_table(path.parent, path.name, PROPOSAL, findings):
        contract_id, tier, band, by_percent, new_pence = row.values
        line = UpliftLine(contract_id, tier, int(band) if band else None, by_percent, new_pence)
        if contract_id and contract_id not in known:
            findings.fault(path.name, row.line, "contract_id", "a contract of contracts.csv", contract_id)
        if contract_id and tier:
            findings.fault(path.name, row.line, "tier", "a contract or a tier, not both", tier)
        if (by_percent is None) == (new_pence is None):
            findings.fault(path.name, row.line, "percent", "either a percent or a new_rate")
        if any((one.contract_id, one.tier, one.band) == (contract_id, tier, line.band) for one in lines):
            findings.fault(path.name, row.line, "contract_id", "one line for a contract or tier and a band", contract_id or tier)
        lines.append(line)
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return Proposal(starts, tuple(lines))


def read_budget(path: Path, snapshot: Snapshot) -> tuple[BudgetLine, ...]:
    """The budget. Raises ``InputRefusedError`` with every fault."""
    findings, found = Findings(), dict[tuple[str, str], BudgetLine]()
    areas = {area.area_id for area in snapshot.areas}
    for row in read_table(path.parent, path.name, BUDGET, findings):
        line = BudgetLine(*row.values)
        if line.area_id and line.area_id not in areas:
            findings.fault(path.name, row.line, "area_id", "an area of areas.geojson, or empty", line.area_id)
        if (line.tier, line.area_id) in found:
            findings.fault(path.name, row.line, "tier", "one line for a tier and an area", line.tier)
        found[line.tier, line.area_id] = line
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return tuple(found[key] for key in sorted(found))
