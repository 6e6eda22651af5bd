"""An allocation as the outcome of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.runs.kinds import Outcome, Proposal, Task
from api.runs.records import pack
from optimiser.io.writing import allocation_row, result_record
from optimiser.pipeline import Allocation
from optimiser.pipeline import allocate as allocate_county
from optimiser.solving.outcome import Effort


def allocated(task: Task) -> Outcome:
    """The county's allocation. Raises what ``optimiser.pipeline.allocate`` raises."""
    effort = Effort(**task.settings["effort"], wall_seconds=task.settings["wall_seconds"])
    allocation = allocate_county(task.snapshot, effort=effort, report=task.report, should_stop=task.should_stop)
    explanations: list[tuple[str, bytes]] = []
    reasons: dict[str, str] = {}
    for package, person in enumerate(allocation.county.packages):
        record = allocation.explain(package)
        reasons[person.package_id] = str(record["reason"])
        explanations.append((person.package_id, pack(record)))
    return Outcome(
        record=result_record(allocation),
        proposals=tuple(_proposals(allocation, reasons)),
        explanations=explanations,
        stopped=allocation.stopped,
    )


def _proposals(allocation: Allocation, reasons: Mapping[str, str]) -> Iterator[Proposal]:
    """Every package that this run was to decide on: new, and without an accepted offer."""
    accepted = allocation.county.standing.accepted
    for package, person in enumerate(allocation.county.packages):
        if person.status == "new" and person.package_id not in accepted:
            yield _proposal(allocation_row(allocation, package, reasons[person.package_id]))


def _proposal(row: Mapping[str, str]) -> Proposal:
    """A line of ``allocations.csv`` with the types that its columns have."""
    placed = bool(row.get("contract_id"))
    return Proposal(
        package_id=row["package_id"],
        contract_id=row["contract_id"] if placed else None,
        moved=row["moved"] == "true",
        figures={
            "outcome": row["outcome"],
            "provider_id": row["provider_id"] if placed else None,
            "tier": row["tier"] if placed else None,
            "area_id": row["area_id"],
            "band": int(row["band"]),
            "distance_miles": float(row["distance_miles"]) if placed else None,
            "weekly_cost_gbp": float(row["weekly_cost_gbp"]) if placed else None,
            "reason": row["reason"],
        },
    )
