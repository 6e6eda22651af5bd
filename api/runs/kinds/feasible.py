"""Whether requirements can hold together: yes with a plan, no with what conflicts and what would have to give. Evidence alone."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, StringConstraints

from api.http.strict import Exact
from api.runs.kinds.allocate import effort_of
from api.runs.kinds.kind import OF_TRIALS, CannotRunError, Kind, Outcome, Task

if TYPE_CHECKING:
    from optimiser.county import County

Required = Annotated[str, StringConstraints(min_length=1, max_length=200)]
PREFIX = "--require "
"""Before a fault, as the command line tells it."""


class FeasibleSettings(Exact):
    """What is required. What is not known once ``wall_seconds`` are over stays so; what is told is proven all the same."""

    require: Annotated[list[Required], Field(min_length=1, max_length=20, examples=[["legacy=0", "principal_share=65%"]])]
    """A level at most a value, or the principals' share at least a part of the hours."""


NOTHING_REQUIRED = "settings.feasible: expected what is required, such as legacy=0"


def faults(county: County, asked: Mapping[str, Any]) -> list[str]:
    """Everything in what is required that cannot be read."""
    from optimiser.rules.book import standard_rules
    from optimiser.whatif.feasible.requirement import read_requirements

    if not asked:
        return [NOTHING_REQUIRED]
    _, found = read_requirements(asked["require"], county, standard_rules())
    return [f"settings.feasible.require: {each.removeprefix(PREFIX)}" for each in found]


def work(task: Task) -> Outcome:
    """The answer. Raises ``CannotRunError`` where the county no longer has what is required, and what the engine raises."""
    from optimiser.county import County
    from optimiser.io.result_head import result_head
    from optimiser.rules.book import standard_rules
    from optimiser.whatif.feasible.answering import answer_page, answer_record
    from optimiser.whatif.feasible.requirement import read_requirements
    from optimiser.whatif.feasible.story import answer

    county, rules = County.of(task.snapshot), standard_rules()
    requirements, wrong = read_requirements(task.settings["feasible"]["require"], county, rules)
    if wrong:
        raise CannotRunError(wrong)
    ends = time.monotonic() + task.settings["wall_seconds"]
    over = False

    def should_stop() -> bool:
        nonlocal over
        over = over or task.should_stop() or time.monotonic() > ends
        return over

    found = answer(county, rules, requirements, effort_of(task), should_stop)
    stopped = "no" if not over else "cancelled" if task.should_stop() else "wall"
    record = answer_record(found)
    page = answer_page(found, record).decode()
    return Outcome({**result_head(task.snapshot, command="feasible"), **record, "page": page}, (), (), stopped)


def _what_is_answered(outcome: Outcome) -> list[Any]:
    told = outcome.record
    return [told["required"], told["verdict"], told["conflict"], told["ways_out"]]


KIND = Kind(
    "feasible",
    "Whether requirements can hold together, and if not, what conflicts and what would have to give.",
    work,
    settings=FeasibleSettings,
    not_applied=OF_TRIALS,
    faults=faults,
    digest_parts=_what_is_answered,
)
