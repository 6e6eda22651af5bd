"""Rounds that were built where a snapshot has none: a result of ``optimiser rounds build``, beside the snapshot.

A built round is one care worker's run in a shift, so that one person's visits may stand in several. A person belongs to the round
with most of their care-worker minutes (the first by its id, of equal ones): people belong together by who mostly visits them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from optimiser.domain.records import Package, Round
from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.rounds_plan import ROUNDS, read_rounds_plan


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
