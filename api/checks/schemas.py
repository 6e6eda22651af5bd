"""Checking a plan made by hand, over HTTP."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from api.http.strict import Exact, FindingBody, RecordId
from optimiser.rules.levels.legacy import Legacy
from optimiser.rules.limits.contract_hours import ContractHours

MOST_PACKAGES = 10_000


class CheckRequest(Exact):
    """A plan: for some packages the contract that they would be on (null: on none). All others stay as they are."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"plan": {"N2": "P-ALDER", "N5": "P-ALDER", "N6": None}}]})

    plan: dict[RecordId, RecordId | None] = Field(max_length=MOST_PACKAGES)
    run_id: Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")] | None = None
    """The run to compare with; without it, the last one that succeeded on the county as it is now."""


class BrokenBody(FindingBody):
    """A broken rule. ``subject``: the package and contract, or the contract, provider or restriction whose limit is passed."""

    subject: str


class OptimumLevel(BaseModel):
    """What a run found for a level: its plan's value, the best, and the bound under which no plan can be."""

    value: int
    best: int
    bound: int
    proven: bool


class CheckedLevel(BaseModel):
    """A level of the plan beside the optimum's. ``behind``: the plan's value less the run's."""

    name: str
    unit: str
    value: int
    optimum: OptimumLevel | None
    behind: int | None


class ComparedWith(BaseModel):
    """The run that the plan is compared with."""

    run_id: str
    plan_digest: str
    same_county: bool
    """Whether it worked on the very records, date and settings that the plan was checked on; if not, compare with care."""


EXAMPLE: JsonDict = {
    "legal": False,
    "county_version": 1,
    "as_of": "2026-11-23",
    "findings": [
        {
            "subject": "P-ALDER",
            "rule": ContractHours.name,
            "measured": 3900,
            "limit": "3600",
            "unit": "minutes a week",
            "sentence": "Contract P-ALDER would have 260 of its 240 hours per four weeks.",
        }
    ],
    "levels": [
        {
            "name": Legacy.name,
            "unit": "minutes a week",
            "value": 300,
            "optimum": {"value": 600, "best": 600, "bound": 600, "proven": True},
            "behind": -300,
        }
    ],
    "optimum": {"run_id": "5f0c1d2e3b4a59687786a5b4c3d2e1f0", "plan_digest": "2f" * 32, "same_county": True},
    "how_to_compare": None,
}


class CheckAnswer(BaseModel):
    """Every broken rule of a plan, and its levels beside the optimum's."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    legal: bool
    county_version: int
    as_of: str
    findings: list[BrokenBody]
    levels: list[CheckedLevel]
    optimum: ComparedWith | None
    how_to_compare: str | None
    """Where there is no run to compare with: how to get one."""
