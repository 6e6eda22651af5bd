"""Every provider's failure in turn, on the county as it is: who would have no place, which areas would break. Evidence alone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from api.http.strict import Exact
from api.runs.kinds.allocate import effort_of
from api.runs.kinds.kind import NOTHING_TO_APPLY, Kind, Outcome, Task

if TYPE_CHECKING:
    from optimiser.whatif.stress.story import Stress

NOT_APPLIED = "Its result says who would have no place if a provider stopped: there is nothing in it to make offers of."


class StressSettings(Exact):
    """Of a sweep."""

    worst: Annotated[int, Field(ge=0, le=10)] = 4
    """Each two of the so many worst are tried together, too."""


def work(task: Task) -> Outcome:
    """The failures, worst first. It ends by itself once ``wall_seconds`` are over, with what was tried until then."""
    from optimiser.county import County
    from optimiser.rules.longest_first.book_of_a_county import rules_for
    from optimiser.solving.outcome import Progress
    from optimiser.whatif.stress.report import stress_page, stress_record
    from optimiser.whatif.stress.story import Sweep

    asked = StressSettings(**task.settings.get("stress", {}))
    county, began = County.of(task.snapshot), time.monotonic()
    ends = began + task.settings["wall_seconds"]

    def tried(done: int, of: int) -> None:
        task.report(Progress("failures", done, of, of - done, time.monotonic() - began))

    def should_stop() -> bool:
        return task.should_stop() or time.monotonic() > ends

    sweep = Sweep(county, rules_for(county.policy), effort_of(task), tried, task.report, should_stop)
    stress = sweep.everybody(asked.worst)
    record = stress_record(stress)
    return Outcome({**record, "page": stress_page(record).decode()}, (), (), _stopped(task, stress))


def _stopped(task: Task, stress: Stress) -> str:
    if stress.complete:
        return "no"
    return "cancelled" if task.should_stop() else "wall"


def _failures_by_severity(outcome: Outcome) -> list[Any]:
    """Which contracts end, and what every level is then; worst first."""
    failures = (*outcome.record["failures"], *outcome.record["two_together"])
    return [[each["contract_ids"], [level["value"] for level in each["levels"]]] for each in failures]


KIND = Kind(
    "stress",
    "What if a provider stopped delivering tomorrow: every one in turn, the worst first.",
    work,
    settings=StressSettings,
    not_applied=(NOTHING_TO_APPLY, NOT_APPLIED),
    digest_parts=_failures_by_severity,
)
