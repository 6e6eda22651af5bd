"""A week of rounds read back from the files that ``optimiser rounds build`` wrote; and put beside a snapshot that has no rounds
of its own.

A built round is one care worker's run in a shift, so that one person's visits may stand in several. A person belongs to the
round with most of their care-worker minutes (the first by its id, of equal ones): people belong together by who mostly visits
them.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from optimiser.domain.records import Package, Round
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


def with_planned_rounds(snapshot: Snapshot, folder: Path) -> Snapshot:
    """The snapshot with a built round for each running package that names none. Raises ``InputRefusedError``."""
    plan = read_rounds_plan(folder, snapshot).plan
    holders = {each.round_id: each.provider_id for each in plan.rounds}
    findings = Findings()
    for name in sorted(holders.keys() & {*(each.round_id for each in snapshot.rounds), *(p.round_id for p in snapshot.packages)}):
        findings.fault(ROUNDS, 0, "round_id", "no round that the snapshot has already", name)
    if findings.faults:
        raise InputRefusedError(findings.faults)
    minutes = _minutes(snapshot, plan)
    round_of = {name: min(rounds, key=lambda each: (-rounds[each], each)) for name, rounds in minutes.items()}
    packages = tuple(
        replace(p, round_id=round_of[p.package_id]) if p.package_id in round_of and not p.round_id else p
        for p in snapshot.packages
    )
    members: dict[str, list[Package]] = defaultdict(list)
    for package in packages:
        if package.round_id in holders:
            members[package.round_id].append(package)
    made = [Round(name, holders[name], _area(people), None, None) for name, people in members.items()]
    rounds = tuple(sorted((*snapshot.rounds, *made), key=lambda each: each.round_id))
    return replace(snapshot, packages=packages, rounds=rounds)


def _minutes(snapshot: Snapshot, plan: RoundsPlan) -> dict[str, dict[str, int]]:
    """Per package and built round: care-worker minutes a week."""
    visits = {visit.visit_id: visit for visit in snapshot.visits}
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for planned in plan.visits:
        visit = visits[planned.visit_id]
        found[visit.package_id][planned.round_id] += visit.duration_minutes
    return found


def _area(people: list[Package]) -> str:
    """The area with most of a round's minutes; the first by its id, of equal ones."""
    minutes: dict[str, int] = defaultdict(int)
    for package in people:
        minutes[package.area_id] += package.minutes_per_week
    return min(minutes, key=lambda area_id: (-minutes[area_id], area_id))
