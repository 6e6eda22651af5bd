"""What other limits and numbers of waves would reach, of areas whose care may move to their principals. Evidence alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from api.http.strict import Exact, RecordId
from api.runs.kinds.kind import OF_TRIALS, CannotRunError, Kind, Outcome, Task

if TYPE_CHECKING:
    from optimiser.county import County


class FrontierSettings(Exact):
    """Of a frontier."""

    area_ids: Annotated[list[RecordId], Field(min_length=1, max_length=200)] | None = None
    """The areas together; null: every area with a principal contract that has not ended."""
    recut: bool = False
    """Whether parts of rounds count, too."""


def faults(county: County, asked: Mapping[str, Any]) -> list[str]:
    """Areas that there are not."""
    unknown = sorted(set(asked.get("area_ids") or ()) - county.area_of.keys())
    return [f"settings.frontier.area_ids: expected ids of areas; there is none called {each}" for each in unknown]


def work(task: Task) -> Outcome:
    """The points, one by one, with the page. Raises ``CannotRunError`` where nothing could move."""
    from optimiser.domain.plan import Known
    from optimiser.io.result_head import result_head
    from optimiser.transferring.frontier import frontier
    from optimiser.transferring.page import frontier_page
    from optimiser.transferring.story import CannotPlanError, reached
    from optimiser.transferring.targets import areas_with_a_principal

    asked = FrontierSettings(**task.settings.get("frontier", {}))
    areas = sorted(asked.area_ids or areas_with_a_principal(task.snapshot))
    points, stopped = [], False
    try:
        for point in frontier(task.snapshot.transfer, reached(task.snapshot, areas, Known()), recut=asked.recut):
            points.append(point)
            if stopped := task.should_stop():
                break
    except CannotPlanError as cannot:
        raise CannotRunError(cannot.problems) from None
    names = sorted(area.name for area in task.snapshot.areas if area.area_id in areas)
    page = frontier_page(task.snapshot.as_of, names, points, complete=not stopped).decode()
    record = {**result_head(task.snapshot, command="frontier"), "area_ids": areas, "frontier": [each.row() for each in points]}
    return Outcome({**record, "page": page}, (), (), "cancelled" if stopped else "no")


def _points(outcome: Outcome) -> list[Any]:
    return list(outcome.record["frontier"])


KIND = Kind(
    "frontier",
    "What share principals would reach under other limits and with other numbers of waves.",
    work,
    settings=FrontierSettings,
    not_applied=OF_TRIALS,
    faults=faults,
    digest_parts=_points,
)
