"""The county as it is beside scenarios of it, each allocated anew: one table of figures. Evidence alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from api.http.strict import Exact, RecordId
from api.runs.kinds.allocate import effort_of
from api.runs.kinds.kind import OF_TRIALS, CannotRunError, Kind, Outcome, Task
from api.runs.kinds.transfer import Day

if TYPE_CHECKING:
    from optimiser.county import County
    from optimiser.domain.snapshot import Snapshot
    from optimiser.whatif.compare.problem import Scenario

Number = Annotated[float, Field(ge=0, le=1_000_000)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
DAYS = ("as_of", "starts", "ends", "date")
"""Of what a scenario says, the dates."""


class RestrictPatch(Exact):
    """A provider takes no new work, or only so many new hours."""

    provider_id: RecordId
    area_id: RecordId | None = None
    kind: Literal["no_new_work", "capped"] | None = None
    new_hours_4w: Number | None = None


class ContractPatch(Exact):
    """A contract is otherwise."""

    contract_id: RecordId
    max_hours_4w: Number | None = None
    guarantee: Annotated[float, Field(ge=0, le=1)] | None = None
    rate_band_1: Number | None = None
    rate_band_2: Number | None = None
    rate_band_3: Number | None = None
    starts: Day | None = None
    ends: Day | None = None


class GoLivePatch(Exact):
    """An area goes live on a day."""

    area_id: RecordId
    date: Day


class FrameworkPatch(Exact):
    """A provider has a further framework contract in an area."""

    provider_id: RecordId
    area_id: RecordId
    max_hours_4w: Number
    rate_band_1: Number
    rate_band_2: Number | None = None
    rate_band_3: Number | None = None


class DischargesPatch(Exact):
    """So many more people a week from hospital in an area, all of one week waiting at once."""

    area_id: RecordId
    per_week: Annotated[int, Field(ge=1, le=1000)]


class BillingPatch(Exact):
    """Recorded visits are billed in other steps, or minutes round otherwise: a contract's, a tier's, or all where neither is
    named. One of ``increment_minutes`` and ``rounding``, or both.
    """

    increment_minutes: Annotated[int, Field(ge=1, le=60)] | None = None
    rounding: Literal["nearest", "up", "down"] | None = None
    contract_id: RecordId | None = None
    tier: Literal["principal", "framework", "legacy", "reserve", "specialist"] | None = None


MOST_PATCHES = 200


class ScenarioSettings(Exact):
    """What is different; everything else is as it is. At least one thing has to be."""

    title: Title
    as_of: Day | None = None
    """The day that it is, from today on."""
    restrict: Annotated[list[RestrictPatch], Field(max_length=MOST_PATCHES)] = Field(default_factory=list)
    contract: Annotated[list[ContractPatch], Field(max_length=MOST_PATCHES)] = Field(default_factory=list)
    go_live: Annotated[list[GoLivePatch], Field(max_length=MOST_PATCHES)] = Field(default_factory=list)
    framework: Annotated[list[FrameworkPatch], Field(max_length=MOST_PATCHES)] = Field(default_factory=list)
    discharges: Annotated[list[DischargesPatch], Field(max_length=MOST_PATCHES)] = Field(default_factory=list)
    billing: Annotated[list[BillingPatch], Field(max_length=MOST_PATCHES)] = Field(default_factory=list)
    """Changes no plan: what the visits of ``visits_from`` come to."""


FIVE_OR_FIFTEEN: JsonDict = {
    "scenarios": [
        {"title": "Five", "billing": [{"increment_minutes": 5, "rounding": "nearest"}]},
        {"title": "Fifteen", "billing": [{"increment_minutes": 15, "rounding": "nearest"}]},
    ],
    "visits_from": "2026-10-26",
}


class CompareSettings(Exact):
    """Of a comparison; each county of it may take ``wall_seconds``."""

    model_config = ConfigDict(json_schema_extra={"examples": [FIVE_OR_FIFTEEN]})

    scenarios: Annotated[list[ScenarioSettings], Field(min_length=1, max_length=8)]
    visits_from: Day | None = None
    """The first day of a four-week period of payment: the table also says what its recorded visits come to in each county. Who
    may ask for it is a setting of the service."""


BILLS_NOTHING = "settings.compare.visits_from: expected the first day of the period whose recorded visits billing is of"
NOTHING_TO_COMPARE = "settings.compare: expected at least one scenario, with a title and what is different"


def faults(county: County, asked: Mapping[str, Any]) -> list[str]:
    """Everything in the scenarios that does not fit the county."""
    if not asked:
        return [NOTHING_TO_COMPARE]
    _, found = _scenarios(county.snapshot, asked)
    bills = any(each["billing"] for each in asked["scenarios"])
    return [*found, BILLS_NOTHING] if bills and not asked["visits_from"] else found


def _scenarios(snapshot: Snapshot, asked: Mapping[str, Any]) -> tuple[list[Scenario], list[str]]:
    """The scenarios, and every fault of any of them."""
    from optimiser.io.faults import InputRefusedError
    from optimiser.whatif.compare.scenario_files import scenario_of

    scenarios, found = [], []
    for number, each in enumerate(asked["scenarios"], start=1):
        try:
            scenarios.append(scenario_of(dict(_table(each)), f"scenario {number}", snapshot))
        except InputRefusedError as refused:
            found += [f"settings.compare.scenarios: {fault.message()}" for fault in refused.faults]
    return scenarios, found


def _table(told: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What a scenario says, as a file of it is read: dates, decimals, and nothing that it does not say."""
    for name, value in told.items():
        if isinstance(value, list):
            if value:
                yield name, [dict(_table(each)) for each in value]
        elif value is not None:
            yield name, _typed(name, value)


def _typed(name: str, value: Any) -> Any:
    if name in DAYS:
        return dt.date.fromisoformat(value)
    if isinstance(value, float):
        return Decimal(repr(value)).normalize()
    return value


def work(task: Task) -> Outcome:
    """The table. Raises ``CannotRunError`` where a scenario no longer fits the county or visits have no account, and what
    the engine raises of a defect.
    """
    from optimiser.accounting.story import AccountRefusedError
    from optimiser.io.result_head import result_head
    from optimiser.whatif.compare.story import compare, table_page, table_record

    scenarios, wrong = _scenarios(task.snapshot, task.settings["compare"])
    if wrong:
        raise CannotRunError(wrong)
    if isinstance(task.beside, CannotRunError):
        raise task.beside
    try:
        made = compare(task.snapshot, scenarios, effort_of(task), task.report, task.should_stop, task.beside)
    except AccountRefusedError as refused:
        raise CannotRunError(refused.reasons) from None
    record = table_record(made)
    page = table_page(made, record).decode()
    head = result_head(task.snapshot, command="compare")
    return Outcome({**head, **record, "page": page}, (), (), "no" if made.complete else "cancelled")


def _figures(outcome: Outcome) -> list[Any]:
    told = outcome.record
    return [[each["digest"] for each in told["counties"]], [each["values"] for each in told["indicators"]]]


KIND = Kind(
    "compare",
    "The county as it is beside scenarios of it, figure by figure.",
    work,
    settings=CompareSettings,
    not_applied=OF_TRIALS,
    faults=faults,
    digest_parts=_figures,
    beside="api.accounts.visits_to_compare:visits_to_compare",
    refuses="api.accounts.visits_to_compare:refuse_visits",
)
