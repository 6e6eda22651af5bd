"""A night: the report for the morning, with the steps worth taking, which can become offers as a re-optimisation's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from api.http.strict import Exact
from api.runs.kinds.allocate import effort_of
from api.runs.kinds.kind import Kind, Outcome, Task
from api.runs.kinds.reoptimise import outcome_of

if TYPE_CHECKING:
    from optimiser.reoptimising.story import Reoptimisation

Days = Annotated[int, Field(ge=0, le=366)]


class NightlySettings(Exact):
    """Of a night. What is due, late or waits is told for so many days."""

    holds_days: Days = 7
    """Hours kept for somebody that end within so many days."""
    offers_days: Days = 1
    """Offers to be answered within so many days after today."""
    ahead_days: Days = 90
    """What changes within so many days: ratings, restrictions, contracts, go-lives."""


def work(task: Task) -> Outcome:
    """The report with its plan. Raises what ``reoptimise`` raises of a defect."""
    from optimiser.reoptimising.story import reoptimise

    asked = NightlySettings(**task.settings.get("nightly", {}))
    made = reoptimise(
        task.snapshot, history=(), effort=effort_of(task), report=task.report, should_stop=task.should_stop, if_others_move=False
    )
    return with_report(outcome_of(made), night_of(made, task.beside, asked))


def with_report(outcome: Outcome, night: Mapping[str, Any]) -> Outcome:
    """The outcome of a re-optimisation with the report of its night, and the report's page."""
    from optimiser.nightly.page import nightly_page

    return replace(outcome, record={**outcome.record, "night": night, "page": nightly_page(dict(night)).decode()})


def night_of(made: Reoptimisation, beside: Mapping[str, Any], asked: NightlySettings) -> dict[str, Any]:
    """What ``nightly.json`` says, people by their ids. ``beside``: what the database knows beside the snapshot.

    With it stand the nights on which each was passed over, for the next night to count on from.
    """
    from optimiser.nightly.passed_over import NIGHTS, nights_passed_over
    from optimiser.nightly.report import nightly_record

    known = dict(beside)
    nights = nights_passed_over(made, known.pop("before", None))
    record = nightly_record(made, None, ids=True, nights=nights, **asked.model_dump(), **known)
    return {**record, NIGHTS: nights}


KIND = Kind(
    "nightly",
    "The report for the morning: who is not safe, what is late or due, and the few changes worth making.",
    work,
    settings=NightlySettings,
    beside="api.nights.beside_the_snapshot:facts_of_the_night",
)
