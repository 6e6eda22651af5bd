"""A week of rounds read back from the files that ``optimiser rounds build`` wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimiser.domain.rounds_plan import PlannedRound, PlannedVisit, RoundsPlan, UnservedVisit
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAYS
from optimiser.io.cells import BadCellError, Column, identifier, one_of, optional, text, whole, words_of
from optimiser.io.csv_tables import read_table
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.spreadsheets import unescaping

TIME = re.compile(r"([0-3][0-9]|4[0-7]):([0-5][0-9])(?::([0-5][0-9]))?")


def time_of_run(cell: str) -> int:
    """Seconds from midnight of a run's day: a run over midnight goes on counting its hours."""
    found = TIME.fullmatch(cell)
    if found is None:
        raise BadCellError("a time of the run's day such as 07:30, or 26:00 for 2 in the morning after", "not a time")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


ROUNDS, VISITS, UNSERVED, RESULT = "rounds_planned.csv", "visits_planned.csv", "unserved.csv", "result.json"
ours = unescaping(identifier)
ROUND_COLUMNS = (
    Column("round_id", ours),
    Column("provider_id", ours),
    Column("shift", one_of("morning", "evening", "night")),
    Column("days", words_of(DAYS)),
    Column("crew_with", optional(ours, "")),
)
VISIT_COLUMNS = (
    Column("round_id", ours),
    Column("day", one_of(*DAYS)),
    Column("position", whole(1)),
    Column("visit_id", ours),
    Column("worker", ours, personal=True),
    Column("arrival", time_of_run),
    Column("start", time_of_run),
    Column("end", time_of_run),
    Column("travel_seconds", whole(0)),
    Column("metres", whole(0)),
)
UNSERVED_COLUMNS = (
    Column("provider_id", ours),
    Column("package_id", ours),
    Column("visit_id", optional(ours, "")),
    Column("day", one_of("", *DAYS)),
    Column("reason", unescaping(text)),
)


@dataclass(frozen=True)
class BuiltRounds:
    """A plan, and what it was built from."""

    plan: RoundsPlan
    snapshot_digest: str
    as_of: str
    built_at: str
    """When, from ``run.json``; empty where that file is not there."""


def read_rounds_plan(folder: Path, snapshot: Snapshot | None = None) -> BuiltRounds:
    """The rounds of a result folder. Raises ``InputRefusedError`` with every fault of its files.

    ``snapshot``: every visit has to be in it, and in the care of its round's provider.
    """
    findings = Findings()
    rounds = _rounds(folder, snapshot, findings)
    visits = _visits(folder, {each.round_id: each.provider_id for each in rounds}, snapshot, findings)
    unserved = [UnservedVisit(*values) for _, values in _rows(folder, UNSERVED, UNSERVED_COLUMNS, findings)]
    told = {"travel": "", "snapshot_digest": "", "as_of": ""}
    try:
        result = json.loads((folder / RESULT).read_bytes())
        told = {name: str(result[name]) for name in told}
    except (OSError, ValueError, KeyError, TypeError):
        findings.fault(
            RESULT, 0, "travel, snapshot_digest, as_of", "the result of optimiser rounds build", "another file, or none"
        )
    if findings.faults:
        raise InputRefusedError(findings.faults)
    plan = RoundsPlan(tuple(rounds), tuple(visits), tuple(unserved), told["travel"])
    return BuiltRounds(plan, told["snapshot_digest"], told["as_of"], _built_at(folder))


def _built_at(folder: Path) -> str:
    try:
        return str(json.loads((folder / "run.json").read_bytes())["started_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _rounds(folder: Path, snapshot: Snapshot | None, findings: Findings) -> list[PlannedRound]:
    known = None if snapshot is None else {provider.provider_id for provider in snapshot.providers}
    rounds: dict[str, PlannedRound] = {}
    for line, (round_id, provider_id, shift, days, crew_with) in _rows(folder, ROUNDS, ROUND_COLUMNS, findings):
        if round_id in rounds:
            findings.fault(ROUNDS, line, "round_id", "each round once", round_id)
        if known is not None and provider_id not in known:
            findings.fault(ROUNDS, line, "provider_id", "a known provider_id", provider_id)
        rounds[round_id] = PlannedRound(round_id, provider_id, shift, tuple(day for day in DAYS if day in days), crew_with)
    return list(rounds.values())


def _visits(folder: Path, holders: dict[str, str], snapshot: Snapshot | None, findings: Findings) -> list[PlannedVisit]:
    giver = None if snapshot is None else providers_of_visits(snapshot)
    visits = []
    for line, values in _rows(folder, VISITS, VISIT_COLUMNS, findings):
        visit = PlannedVisit(*values)
        if visit.round_id not in holders:
            findings.fault(VISITS, line, "round_id", f"a round of {ROUNDS}", visit.round_id)
        elif giver is not None and visit.visit_id not in giver:
            findings.fault(VISITS, line, "visit_id", "a known visit_id: build the rounds again from this folder", visit.visit_id)
        elif giver is not None and giver[visit.visit_id] != holders[visit.round_id]:
            findings.fault(VISITS, line, "round_id", "a round of the provider that delivers the visit", visit.round_id)
        visits.append(visit)
    return visits


def providers_of_visits(snapshot: Snapshot) -> dict[str, str]:
    """Per visit who delivers it; empty: nobody yet."""
    held = {contract.contract_id: contract.provider_id for contract in snapshot.contracts}
    deliverer = {package.package_id: held.get(package.contract_id, "") for package in snapshot.packages}
    return {visit.visit_id: deliverer[visit.package_id] for visit in snapshot.visits}


def _rows(folder: Path, name: str, columns: Sequence[Column], findings: Findings) -> list[tuple[int, list[Any]]]:
    """Per row the number of its line, and its values."""
    return [(row.line, list(row.values)) for row in read_table(folder, name, columns, findings)]
