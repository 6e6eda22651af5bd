"""A re-optimisation as the outcome of a run."""

from __future__ import annotations

from api.runs.allocating import proposed
from api.runs.kinds import Outcome, Task
from optimiser.allocating.report import result_record
from optimiser.reoptimising.report import reoptimise_record
from optimiser.reoptimising.story import reoptimise
from optimiser.solving.outcome import Effort


def reoptimised(task: Task) -> Outcome:
    """The county's re-optimisation, its steps numbered from 1 on. Raises what ``reoptimise`` raises.

    Moves made before are not looked for: the share moved away from a provider is limited for what this plan moves.
    """
    effort = Effort(**task.settings["effort"], wall_seconds=task.settings["wall_seconds"])
    made = reoptimise(task.snapshot, history=(), effort=effort, report=task.report, should_stop=task.should_stop)
    step_of = {change.package: number for number, step in enumerate(made.steps.steps, start=1) for change in step.changes}
    proposals, explanations = proposed(made.allocation, step_of)
    record = {**result_record(made.allocation), "reoptimise": reoptimise_record(made)}
    return Outcome(record, proposals, explanations, made.allocation.stopped)
