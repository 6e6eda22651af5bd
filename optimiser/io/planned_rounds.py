"""Rounds that were built where a snapshot has none: the two tables of ``optimiser rounds build``, read beside the snapshot.

A built round is one care worker's run in a shift, so that one person's visits may stand in several. A person belongs to the round
with most of their care-worker minutes (the first by its id, of equal ones): people belong together by who mostly visits them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from optimiser.domain.records import Package, Round
from optimiser.domain.snapshot import Snapshot
from optimiser.io.cells import Column, identifier
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.tables import read_table

ROUNDS, VISITS = "rounds_planned.csv", "visits_planned.csv"
ROUND_COLUMNS = (Column("round_id", identifier), Column("provider_id", identifier))
VISIT_COLUMNS = (Column("round_id", identifier), Column("visit_id", identifier))


def with_planned_rounds(snapshot: Snapshot, folder: Path) -> Snapshot:
    """The snapshot with a built round for each running package that names none. Raises ``InputRefusedError``."""
    findings = Findings()
    holders = _providers(snapshot, folder, findings)
    minutes = _minutes(snapshot, folder, holders, findings)
    if findings.faults:
        raise InputRefusedError(findings.faults)
    round_of = {name: min(rounds, key=lambda each: (-rounds[each], each)) for name, rounds in minutes.items()}
    packages = tuple(
        replace(p, round_id=round_of[p.package_id]) if p.package_id in round_of and not p.round_id else p
        for p in snapshot.packages
    )
    taken = {each.round_id for each in snapshot.rounds}
    members: dict[str, list[Package]] = defaultdict(list)
    for package in packages:
        if package.round_id in holders and package.round_id not in taken:
            members[package.round_id].append(package)
    made = [Round(name, holders[name], _area(people), None, None) for name, people in members.items()]
    rounds = tuple(sorted((*snapshot.rounds, *made), key=lambda each: each.round_id))
    return replace(snapshot, packages=packages, rounds=rounds)


def _providers(snapshot: Snapshot, folder: Path, findings: Findings) -> dict[str, str]:
    """Per built round: who delivers it."""
    known = {provider.provider_id for provider in snapshot.providers}
    before = {each.round_id for each in snapshot.rounds} | {package.round_id for package in snapshot.packages}
    found: dict[str, str] = {}
    for row in read_table(folder, ROUNDS, ROUND_COLUMNS, findings):
        name, provider_id = row.values
        if name in found or name in before:
            findings.fault(ROUNDS, row.line, "round_id", "each round once, and none that the snapshot has already", name)
        if provider_id not in known:
            findings.fault(ROUNDS, row.line, "provider_id", "a known provider_id", provider_id)
        found[name] = provider_id
    return found


def _minutes(snapshot: Snapshot, folder: Path, holders: dict[str, str], findings: Findings) -> dict[str, dict[str, int]]:
    """Per running package and built round: care-worker minutes a week."""
    visits = {visit.visit_id: visit for visit in snapshot.visits}
    packages = {package.package_id: package for package in snapshot.packages}
    provider_of = {contract.contract_id: contract.provider_id for contract in snapshot.contracts}
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in read_table(folder, VISITS, VISIT_COLUMNS, findings):
        name, visit_id = row.values
        if visit_id not in visits:
            findings.fault(VISITS, row.line, "visit_id", "a known visit_id", visit_id)
        elif name not in holders:
            findings.fault(VISITS, row.line, "round_id", f"a round of {ROUNDS}", name)
        else:
            package = packages[visits[visit_id].package_id]
            if package.contract_id and provider_of[package.contract_id] != holders[name]:
                expected = "a round of the provider that delivers the visit"
                findings.fault(VISITS, row.line, "round_id", expected, name)
            elif package.contract_id:
                found[package.package_id][name] += visits[visit_id].duration_minutes
    return found


def _area(people: list[Package]) -> str:
    """The area with most of a round's minutes; the first by its id, of equal ones."""
    minutes: dict[str, int] = defaultdict(int)
    for package in people:
        minutes[package.area_id] += package.minutes_per_week
    return min(minutes, key=lambda area_id: (-minutes[area_id], area_id))
