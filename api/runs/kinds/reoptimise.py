"""A re-optimisation: who should deliver each waiting package, when a few people may change provider to make room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.runs.kinds.allocate import (
    OUTDATED,
    PartAndPins,
    areas_before,
    brief_faults_of,
    brief_of,
    effort_of,
    others_move,
    proposed,
)
from api.runs.kinds.kind import CannotRunError, Kind, Outcome, Task

if TYPE_CHECKING:
    from optimiser.reoptimising.story import Reoptimisation


def work(task: Task) -> Outcome:
    """The county's re-optimisation, its steps numbered from 1 on. Raises ``CannotRunError``, and what ``reoptimise`` raises of a
    defect.

    Moves made before are not looked for: the share moved away from a provider is limited for what this plan moves.
    """
    from optimiser.judging.briefing import BriefRefusedError
    from optimiser.reoptimising.story import reoptimise

    asked = task.settings.get("reoptimise")
    try:
        made = reoptimise(
            task.snapshot,
            brief=brief_of(asked),
            history=(),
            effort=effort_of(task),
            report=task.report,
            should_stop=task.should_stop,
            if_others_move=others_move(asked),
        )
    except BriefRefusedError:
        raise CannotRunError([OUTDATED]) from None
    return outcome_of(made)


def outcome_of(made: Reoptimisation) -> Outcome:
    """What a run of it hands back: a proposal for everybody to decide on, those of a step with its number."""
    from optimiser.allocating.report import result_record
    from optimiser.reoptimising.report import reoptimise_record

    step_of = {change.package: number for number, step in enumerate(made.steps.steps, start=1) for change in step.changes}
    proposals, explanations = proposed(made.allocation, step_of)
    record = {
        **result_record(made.allocation),
        "areas_before": areas_before(made.allocation),
        "reoptimise": reoptimise_record(made),
    }
    return Outcome(record, proposals, explanations, made.allocation.stopped)


KIND = Kind(
    "reoptimise",
    "The same, when a few people may change provider to make room.",
    work,
    settings=PartAndPins,
    faults=brief_faults_of(may_move=True),
)
