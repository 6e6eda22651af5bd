"""What is checked, and all that it is measured by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from optimiser.domain.records import Package, Visit
from optimiser.domain.rounds_plan import PlannedRound, PlannedVisit, RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import Staffing, StaffingSettings, Worker
from optimiser.geography.travel_times.interface import Travel

Run = tuple[str, str]
"""A round and a day."""


@dataclass(frozen=True)
class Case:
    """A plan and all that it is measured by."""

    snapshot: Snapshot
    settings: StaffingSettings
    workers: Sequence[Worker]
    plan: RoundsPlan
    driving: Travel
    walking: Travel
    provider_ids: Sequence[str]
    """Whose care was to be planned."""
    area_id: str = ""

    def __repr__(self) -> str:
        return f"<Case of {self.plan!r}>"

    @cached_property
    def lines(self) -> dict[str, Visit]:
        return {visit.visit_id: visit for visit in self.snapshot.visits}

    @cached_property
    def packages(self) -> dict[str, Package]:
        return {package.package_id: package for package in self.snapshot.packages}

    @cached_property
    def rounds(self) -> dict[str, PlannedRound]:
        return {each.round_id: each for each in self.plan.rounds}

    @cached_property
    def known(self) -> dict[str, Worker]:
        return {worker.worker_id: worker for worker in self.workers}

    @cached_property
    def runs(self) -> dict[Run, list[PlannedVisit]]:
        runs: dict[Run, list[PlannedVisit]] = defaultdict(list)
        for visit in self.plan.visits:
            runs[visit.round_id, visit.day].append(visit)
        return {run: sorted(visits, key=lambda visit: visit.position) for run, visits in runs.items()}

    @cached_property
    def provider_of(self) -> dict[str, str]:
        """Per package the provider that its contract is with."""
        held = {contract.contract_id: contract.provider_id for contract in self.snapshot.contracts}
        return {p.package_id: held[p.contract_id] for p in self.snapshot.packages if p.contract_id in held}

    def staffing(self, round_id: str) -> Staffing:
        return self.settings.of(self.rounds[round_id].provider_id)

    def person(self, visit: PlannedVisit) -> Package:
        return self.packages[self.lines[visit.visit_id].package_id]
