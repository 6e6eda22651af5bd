"""A week of rounds read back from the files that ``optimiser rounds build`` wrote."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from optimiser.domain.rounds_plan import PlannedRound, PlannedVisit, RoundsPlan, UnservedVisit
from optimiser.domain.staffing import DAYS, seconds_of
from optimiser.io.cells import Column, identifier, one_of, optional, text, time_of_day, whole, words_of
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.spreadsheets import unescaped
from optimiser.io.tables import read_table

ROUNDS = (
    Column("round_id", identifier),
    Column("provider_id", identifier),
    Column("shift", one_of("morning", "evening")),
    Column("days", words_of(DAYS)),
    Column("crew_with", optional(identifier, "")),
)
VISITS = (
    Column("round_id", identifier),
    Column("day", one_of(*DAYS)),
    Column("position", whole(1)),
    Column("visit_id", identifier),
    Column("worker", identifier, personal=True),
    Column("arrival", time_of_day),
    Column("start", time_of_day),
    Column("end", time_of_day),
    Column("travel_seconds", whole(0)),
    Column("metres", whole(0)),
)
UNSERVED = (
    Column("provider_id", identifier),
    Column("package_id", identifier),
    Column("visit_id", optional(identifier, "")),
    Column("day", one_of("", *DAYS)),
    Column("reason", text),
)
TIMES = slice(5, 8)


def read_rounds_plan(folder: Path) -> RoundsPlan:
    """The plan of a result folder. Raises ``InputRefusedError`` with every fault of its files."""
    findings = Findings()
    rounds = [
        PlannedRound(round_id, provider_id, shift, tuple(day for day in DAYS if day in days), crew_with)
        for round_id, provider_id, shift, days, crew_with in _rows(folder, "rounds_planned.csv", ROUNDS, findings)
    ]
    visits = [
        PlannedVisit(*values[:5], *map(seconds_of, values[TIMES]), *values[8:])
        for values in _rows(folder, "visits_planned.csv", VISITS, findings)
    ]
    unserved = [UnservedVisit(*values) for values in _rows(folder, "unserved.csv", UNSERVED, findings)]
    travel = ""
    try:
        travel = str(json.loads((folder / "result.json").read_bytes())["travel"])
    except (OSError, ValueError, KeyError, TypeError):
        findings.fault("result.json", 0, "travel", "the result of optimiser rounds build", "another file, or none")
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return RoundsPlan(tuple(rounds), tuple(visits), tuple(unserved), travel)


def _rows(folder: Path, name: str, columns: Sequence[Column], findings: Findings) -> list[list[Any]]:
    rows = read_table(folder, name, columns, findings)
    return [[unescaped(value) if isinstance(value, str) else value for value in row.values] for row in rows]
