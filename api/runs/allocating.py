"""An allocation as the outcome of a run."""

from __future__ import annotations

from collections.abc import Mapping

from api.runs.kinds import Outcome, Proposal, Task
from api.runs.records import pack
from optimiser.allocating.report import allocation_row, result_record
from optimiser.allocating.story import Allocation
from optimiser.allocating.story import allocate as allocate_county
from optimiser.solving.outcome import Effort


def allocated(task: Task) -> Outcome:
    """The county's allocation. Raises what ``optimiser.allocating.story.allocate`` raises."""
    effort = Effort(**task.settings["effort"], wall_seconds=task.settings["wall_seconds"])
    allocation = allocate_county(task.snapshot, effort=effort, report=task.report, should_stop=task.should_stop)
    proposals, explanations = proposed(allocation)
    return Outcome(result_record(allocation), proposals, explanations, allocation.stopped)


def proposed(
    allocation: Allocation, step_of: Mapping[int, int] | None = None
) -> tuple[tuple[Proposal, ...], list[tuple[str, bytes]]]:
    """A proposal for every package that a run was to decide on (new, without an accepted offer), and all explanations.

    ``step_of``: of a re-optimisation, per package the step that its change belongs to; whoever has one moves or is placed by it.
    """
    proposals: list[Proposal] = []
    explanations: list[tuple[str, bytes]] = []
    for package, person in enumerate(allocation.county.packages):
        record = allocation.explain(package)
        explanations.append((person.package_id, pack(record)))
        waits = person.status == "new" and person.package_id not in allocation.county.offers_in_force.accepted
        step = None if step_of is None else step_of.get(package)
        if waits or step is not None:
            proposals.append(_proposal(allocation_row(allocation, package, str(record["reason"])), step))
    return tuple(proposals), explanations


def _proposal(row: Mapping[str, str], step: int | None) -> Proposal:
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
            "step": step,
        },
    )
