"""An allocation: who should deliver each waiting package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from api.runs.kinds.kind import Kind, Outcome, Proposal, Task
from api.runs.stored_runs import pack

if TYPE_CHECKING:
    from optimiser.allocating.lines import AllocationLine
    from optimiser.allocating.story import Allocation
    from optimiser.solving.outcome import Effort


def work(task: Task) -> Outcome:
    """The county's allocation. Raises what ``optimiser.allocating.story.allocate`` raises."""
    from optimiser.allocating.report import result_record
    from optimiser.allocating.story import allocate

    allocation = allocate(task.snapshot, effort=effort_of(task), report=task.report, should_stop=task.should_stop)
    proposals, explanations = proposed(allocation)
    return Outcome(result_record(allocation), proposals, explanations, allocation.stopped)


def effort_of(task: Task) -> Effort:
    from optimiser.solving.outcome import Effort

    return Effort(**task.settings["effort"], wall_seconds=task.settings["wall_seconds"])


def proposed(
    allocation: Allocation, step_of: Mapping[int, int] | None = None
) -> tuple[tuple[Proposal, ...], list[tuple[str, bytes]]]:
    """A proposal for every package that a run was to decide on (new, without an accepted offer), and all explanations.

    ``step_of``: of a re-optimisation, per package the step that its change belongs to; whoever has one moves or is placed by it.
    """
    from optimiser.allocating.lines import allocation_line

    proposals: list[Proposal] = []
    explanations: list[tuple[str, bytes]] = []
    for package, person in enumerate(allocation.county.packages):
        record = allocation.explain(package)
        explanations.append((person.package_id, pack(record)))
        waits = person.status == "new" and person.package_id not in allocation.county.offers_in_force.accepted
        step = None if step_of is None else step_of.get(package)
        if waits or step is not None:
            proposals.append(_proposal(allocation_line(allocation, package, str(record["reason"])), step))
    return tuple(proposals), explanations


def _proposal(line: AllocationLine, step: int | None) -> Proposal:
    return Proposal(
        package_id=line.package_id,
        contract_id=line.contract_id,
        moved=line.moved,
        figures={
            "outcome": line.outcome,
            "provider_id": line.provider_id,
            "tier": line.tier,
            "area_id": line.area_id,
            "band": line.band,
            "distance_miles": None if line.hundredths_of_a_mile is None else line.hundredths_of_a_mile / 100,
            "weekly_cost_gbp": None if line.weekly_cost_pence is None else line.weekly_cost_pence / 100,
            "reason": line.reason,
            "step": step,
        },
    )


KIND = Kind("allocate", "Who should deliver each waiting package.", work)
