"""A kind of run. Copy to ``api/runs/kinds/``, under the kind's name, and fill in what says so."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.http.strict import Exact
from api.runs.kinds.allocate import effort_of, proposed
from api.runs.kinds.kind import Kind, Outcome, Task


class FillInSettings(Exact):
    """What may be asked of this kind alone; leave the class out where there is nothing."""

    most: Annotated[int, Field(ge=1, le=1_000)] = 10
    """FILL IN: its settings, each with the cautious default."""


def work(task: Task) -> Outcome:
    """FILL IN: what a run of it finds out."""
    from optimiser.allocating.report import result_record  # what is heavy is imported when a run is worked on
    from optimiser.allocating.story import allocate

    asked = FillInSettings(**task.settings.get("fill_in_name", {}))
    # FILL IN: the use case is called here. It tells its progress, asks whether to stop, and what it hands back is checked.
    allocation = allocate(task.snapshot, effort=effort_of(task), report=task.report, should_stop=task.should_stop)
    proposals, explanations = proposed(allocation)
    return Outcome(result_record(allocation), proposals[: asked.most], explanations, allocation.stopped)


# FILL IN: ``not_applied`` where its plan is evidence and becomes no offers; ``digest_parts`` where it proposes nothing.
KIND = Kind("fill_in_name", "FILL IN: what a run of it finds out.", work, settings=FillInSettings)
