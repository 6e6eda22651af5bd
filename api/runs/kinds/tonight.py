"""A provider cannot come, or it snows: every visit of the next 72 hours, most harm if missed first, and who has the minutes.

A list to ring by, with the page that prints: nothing is sent, nothing changes, and nothing is applied.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from api.http.errors import declare
from api.http.strict import Exact, RecordId
from api.runs.kinds.kind import CannotRunError, Kind, Outcome, Task
from api.runs.kinds.transfer import lines_of
from api.runs.stored_runs import pack

if TYPE_CHECKING:
    from optimiser.county import County
    from optimiser.tonight.report import Checked
    from optimiser.tonight.story import Tonight
    from optimiser.tonight.what_fails import Failure

LIST_ONLY = declare("list_only", 409, "A list of visits changes nothing, so that there is nothing to apply")
RING = "Whoever reads it rings and asks; what is agreed is recorded where it is done."


class TonightSettings(Exact):
    """Who cannot come, or that it snows; and from when."""

    provider_ids: Annotated[list[RecordId], Field(max_length=200, examples=[["ALDER"]])] = Field(default_factory=list)
    """Who cannot come: their visits are listed."""
    snow: bool = False
    """Everybody's visits are listed."""
    from_moment: Annotated[str, StringConstraints(max_length=40), Field(examples=["2026-12-07T18:00"])]
    """When it begins: a date and a time, in England or with a distance from UTC. The list reaches 72 hours on."""
    not_recorded: Literal["red", "amber", "green"] | None = None
    """What a person counts as whose harm from a missed visit is not recorded; null: as the county's settings have it."""

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if self.snow == bool(self.provider_ids):
            raise ValueError("name who cannot come (provider_ids), or say that it snows (snow): one of the two")
        return self


NOTHING_NAMED = "settings.tonight: expected who cannot come, or that it snows, and from which moment"


def faults(county: County, asked: Mapping[str, Any]) -> list[str]:
    """Everything in what is asked that does not fit the county."""
    from optimiser.tonight.what_fails import faults_of

    if not asked:
        return [NOTHING_NAMED]
    try:
        failure = _failure(asked)
    except ValueError as odd:
        return [f"settings.tonight.from_moment: {odd}"]
    return [f"settings.tonight: {each}" for each in faults_of(county, failure)]


def _failure(asked: Mapping[str, Any]) -> Failure:
    """What is asked. Raises ``ValueError`` for what is no moment."""
    from optimiser.tonight.what_fails import Failure, moment_of

    return Failure(moment_of(asked["from_moment"]), tuple(sorted(asked["provider_ids"])), asked["snow"])


def work(task: Task) -> Outcome:
    """The list, confirmed by the check. Raises ``CannotRunError`` where there is nothing to list."""
    from optimiser.judging.checking import DisagreementError
    from optimiser.tonight.report import ListNotConfirmedError, checked
    from optimiser.tonight.story import CannotListError, tonight

    asked = task.settings["tonight"]
    not_recorded = asked["not_recorded"] or task.snapshot.transfer.relieve_not_recorded
    try:
        made = tonight(task.snapshot, _failure(asked), not_recorded=not_recorded)
        tables = checked(made)
    except CannotListError as cannot:
        raise CannotRunError(cannot.problems) from None
    except ListNotConfirmedError:
        raise DisagreementError("the check does not confirm tonight's list") from None
    return _outcome(made, tables)


def _outcome(made: Tonight, tables: Checked) -> Outcome:
    """The counts with the tables and the page; per person their own lines, without who can step in."""
    from optimiser.tonight.report import tonight_page, tonight_record
    from optimiser.tonight.tables import MINUTES, VISITS, WITHOUT_TIMES

    lines = {
        "visits": lines_of(VISITS, tables.visits),
        "without_times": lines_of(WITHOUT_TIMES, tables.without_times),
        "who_has_minutes": lines_of(MINUTES, tables.minutes),
    }
    own: dict[str, dict[str, list[dict[str, str]]]] = defaultdict(lambda: {name: [] for name in lines})
    for name, rows in lines.items():
        for row in rows:
            own[row["package_id"]][name].append({cell: text for cell, text in row.items() if cell != "can_step_in"})
    explanations = [(package_id, pack(own[package_id])) for package_id in sorted(own)]
    record = tonight_record(made)
    page = tonight_page(made, record, tables).decode()
    return Outcome({**record, **lines, "page": page}, (), explanations, "no")


def _visits_of(outcome: Outcome) -> list[Any]:
    """Who is listed, in which order: what the list is known by."""
    told = outcome.record
    visits = [[row["package_id"], row["visit_id"], row["day"]] for row in told["visits"]]
    return [visits, [row["package_id"] for row in told["without_times"]]]


KIND = Kind(
    "tonight",
    "A provider cannot come, or it snows: the next 72 hours of visits by harm if missed, and who has the minutes.",
    work,
    settings=TonightSettings,
    not_applied=(LIST_ONLY, RING),
    faults=faults,
    digest_parts=_visits_of,
)
