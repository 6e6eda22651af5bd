"""An allocation: who should deliver each waiting package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from api.http.strict import Exact, RecordId
from api.runs.kinds.kind import CannotRunError, Kind, Outcome, Proposal, Task
from api.runs.stored_runs import pack
from optimiser.county import NOWHERE

if TYPE_CHECKING:
    from optimiser.allocating.lines import AllocationLine
    from optimiser.allocating.story import Allocation
    from optimiser.county import County
    from optimiser.domain.brief import Brief
    from optimiser.domain.records import Contract
    from optimiser.solving.outcome import Effort


SomeIds = Annotated[list[RecordId], Field(max_length=10_000)]
MOST_PINS = 1_000


class PartSettings(Exact):
    """Areas, packages and rounds add up to those whose care is decided on (none named: everybody's)."""

    area_ids: SomeIds = Field(default_factory=list)
    package_ids: SomeIds = Field(default_factory=list)
    round_ids: SomeIds = Field(default_factory=list)
    provider_ids: SomeIds = Field(default_factory=list)
    """New care is placed with these alone, and of running care only what they deliver may move (none named: all)."""


class PartAndPins(Exact):
    """What the run is for, where that is not the whole county, and what whoever asks for it has settled beforehand."""

    part: PartSettings = PartSettings()
    pins: Annotated[
        dict[RecordId, RecordId | None],
        Field(
            max_length=MOST_PINS,
            description="Per package id the contract that it is to be on; null: it stays waiting.",
            examples=[{"N4": "F-BRACKEN", "N5": None}],
        ),
    ] = Field(default_factory=dict)
    if_others_move: bool = False
    """Work out also what would place everybody left waiting if others who wait may go elsewhere; it is in their explanations."""


def others_move(settings: Mapping[str, Any] | None) -> bool:
    """Whether that was asked for."""
    return bool(settings and settings.get("if_others_move"))


def brief_of(settings: Mapping[str, Any] | None) -> Brief:
    """What ``PartAndPins`` ask for, as a run keeps them."""
    from optimiser.domain.brief import Brief, Part

    if not settings:
        return Brief()
    named = (settings["part"][each] for each in ("area_ids", "package_ids", "round_ids", "provider_ids"))
    return Brief(Part(*(tuple(sorted(set(ids))) for ids in named)), settings["pins"])


def brief_faults_of(*, may_move: bool) -> Callable[[County, Mapping[str, Any]], list[str]]:
    """What is wrong with a part and pins on a county. ``may_move``: whether the kind of run may move running care."""

    def faults(county: County, settings: Mapping[str, Any]) -> list[str]:
        from optimiser.judging.briefing import brief_faults
        from optimiser.rules.book import standard_rules

        return brief_faults(county, standard_rules(), brief_of(settings), may_move=may_move)

    return faults


OUTDATED = "the county has changed since the run was asked for: its part or its pins no longer fit; ask again, to be told why"


def work(task: Task) -> Outcome:
    """The county's allocation. Raises ``CannotRunError``, and what ``optimiser.allocating.story.allocate`` raises of a defect."""
    from optimiser.allocating.report import result_record
    from optimiser.allocating.story import allocate
    from optimiser.judging.briefing import BriefRefusedError

    asked = task.settings.get("allocate")
    try:
        allocation = allocate(
            task.snapshot,
            brief=brief_of(asked),
            effort=effort_of(task),
            report=task.report,
            should_stop=task.should_stop,
            if_others_move=others_move(asked),
        )
    except BriefRefusedError:
        raise CannotRunError([OUTDATED]) from None
    proposals, explanations = proposed(allocation)
    record = {**result_record(allocation), "areas_before": areas_before(allocation)}
    return Outcome(record, proposals, explanations, allocation.stopped)


BEFORE = ("area_id", "people", "legacy_hours_4w", "unmet_people", "unmet_hours_4w", "pending_people", "weekly_cost_gbp")


def areas_before(allocation: Allocation) -> list[dict[str, Any]]:
    """Per area what the plan began from, to be read beside the result's ``areas``: care that runs or is accepted, the share."""
    from optimiser.county import County
    from optimiser.explaining.area_figures import area_figures
    from optimiser.judging.checking import legal
    from optimiser.judging.limit_use import entry_plan
    from optimiser.rules.longest_first.book_of_a_county import rules_for

    county = County.of(allocation.county.snapshot, like=allocation.county)  # as it is: with no pins, and for no part of it
    rules = rules_for(county.policy)
    figures = area_figures(county, rules, legal(county, rules, entry_plan(county)))
    return [
        {**{name: each[name] for name in BEFORE}, "share": None if each["principal"] is None else each["principal"]["share"]}
        for each in figures
    ]


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
        waits = waits and package not in allocation.county.not_asked_for
        step = None if step_of is None else step_of.get(package)
        if waits or step is not None:
            line = allocation_line(allocation, package, str(record["reason"]))
            proposals.append(_proposal(line, step, _running_on(allocation.county, package)))
    return tuple(proposals), explanations


def _running_on(county: County, package: int) -> Contract | None:
    """The contract of care that runs."""
    contract = county.running_on[package]
    return None if contract == NOWHERE else county.contracts[contract]


def _proposal(line: AllocationLine, step: int | None, running: Contract | None) -> Proposal:
    return Proposal(
        package_id=line.package_id,
        contract_id=line.contract_id,
        moved=line.moved,
        figures={
            "outcome": line.outcome,
            "provider_id": line.provider_id,
            "tier": line.tier,
            "from_contract_id": None if running is None else running.contract_id,
            "from_provider_id": None if running is None else running.provider_id,
            "area_id": line.area_id,
            "band": line.band,
            "distance_miles": None if line.hundredths_of_a_mile is None else line.hundredths_of_a_mile / 100,
            "weekly_cost_gbp": None if line.weekly_cost_pence is None else line.weekly_cost_pence / 100,
            "reason": line.reason,
            "step": step,
        },
    )


KIND = Kind(
    "allocate",
    "Who should deliver each waiting package.",
    work,
    settings=PartAndPins,
    faults=brief_faults_of(may_move=False),
)
