"""What the cascade answers."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.incentives.schemas import FAST_START, FastStart
from api.meanwhile.schemas import Choosing
from optimiser.rules.eligibility.no_decline import NoStandingDecline
from optimiser.rules.limits.contract_hours import ContractHours

PLACE = {
    "place": 1,
    "contract_id": "F-BRACKEN",
    "provider_id": "BRACKEN",
    "provider": "Bracken Home Care",
    "tier": "framework",
    "asked": False,
    "previous_provider": False,
    "over_upper_edge": False,
    "headroom_hours_4w": 36.0,
    "headroom_under": ContractHours.name,
    "band": 1,
    "rate_gbp": "25.00",
    "weekly_cost_gbp": "125.00",
    "more_weekly_cost_gbp": "0.00",
    "guarantee": "The contract delivers less than is guaranteed and paid for: this care costs nothing more.",
    "metres": 0,
    "office_miles": 0.0,
    "below_part_minutes": 0.0,
    "reason": "Framework of the area, just at its part of the framework's hours.",
}
OTHER = {
    "contract_id": "P-ALDER",
    "provider_id": "ALDER",
    "provider": "Alder Home Care",
    "tier": "principal",
    "room": "60.00",
    "barred_by": "rules",
    "failed": [
        {
            "rule": NoStandingDecline.name,
            "measured": "OF1",
            "limit": None,
            "unit": "standing declines",
            "sentence": "Alder Home Care declined (time of day) on 2026-11-20; that stands until 2026-12-04.",
        }
    ],
}
EXAMPLE = {
    "package_id": "N4",
    "as_of": "2026-11-23",
    "county_version": 7,
    "area_id": "A1",
    "situation": "waiting",
    "contract_id": None,
    "priority": "standard",
    "start_by": "2026-12-07",
    "hours_per_week": 5.0,
    "band": 1,
    "next_step": {"name": "framework", "contract_ids": ["F-BRACKEN"]},
    "places": [PLACE],
    "others": [OTHER],
    "choosing": None,
    "asked_with": [],
    "objections": [],
    "capacity_told": [
        {
            "provider_id": "BRACKEN",
            "told_on": "2026-11-20",
            "counts_until": "2026-12-04",
            "says": "told 3 days ago: 12 h, mornings, A1",
        }
    ],
    "contracts_of_other_areas": 0,
    "fast_start": [FAST_START],
    "wishes": [
        {
            "wish": "worker_gender",
            "wanted": ["female"],
            "granted": [{"contract_id": "F-BRACKEN", "granted": "ask"}],
            "lengthens_the_wait": None,
        }
    ],
}


class Step(BaseModel):
    """Whom the next offers go to without a planner naming them; nobody while answers are waited for."""

    name: str = Field(description="principal, framework, legacy, previous provider, or nobody")
    contract_ids: list[str]


class Fit(BaseModel):
    """Advice: the provider's cheapest way to take the package into its rounds as they were built."""

    outcome: str = Field(
        description="fits: a checked plan; no_fit_found: none was found, which proves nothing; not_known: the provider has no"
        " rounds, the package no visits, or there was no answer in time"
    )
    extra_minutes_per_week: int | None = Field(description="More travel, whole minutes, half up; negative: less")
    round_ids: list[str]
    visits_later: int | None = Field(description="How many visits a week, planned already, would begin later in their window")
    visits_without_room: int | None = Field(description="Visits a week of the package that no round can take")


class Rounds(BaseModel):
    """What the fits rest on."""

    built_from: str = Field(description="The date of the snapshot that the rounds were built from")
    snapshot_digest: str
    built_at: str
    travel: str
    rounds: int
    left_out: int = Field(description="Rounds that are not looked at: their care has changed since they were built")
    county_version: int = Field(description="Of the county when the rounds were read: who was placed since is in no round")


class Place(BaseModel):
    """A contract that every rule allows, or that is asked already, with the estimate that put it there."""

    place: int
    contract_id: str
    provider_id: str
    provider: str
    tier: str
    asked: bool
    previous_provider: bool
    over_upper_edge: bool
    headroom_hours_4w: float | None = Field(description="Hours per four weeks free under its tightest limit; null: no limit")
    headroom_under: str | None = Field(description="The rule of that limit")
    band: int
    rate_gbp: str
    weekly_cost_gbp: str
    more_weekly_cost_gbp: str = Field(description="What the contract costs more: nothing for care below its guarantee")
    guarantee: str | None = Field(description="Said where some or all of the care is paid for already by the guarantee")
    metres: int = Field(description="Straight line to the nearest office or running care of the provider in the area")
    office_miles: float
    below_part_minutes: float = Field(description="Minutes a week below the part that it should have; negative: above")
    reason: str
    fit: Fit | None = Field(default=None, description="Only with `fit=true`")


class Failed(BaseModel):
    """A rule that fails, with the figures compared."""

    rule: str
    measured: str | int | float | None
    limit: str | int | float | None
    unit: str
    sentence: str


class Other(BaseModel):
    """A contract that cannot be asked now, and every rule that stands in the way."""

    contract_id: str
    provider_id: str
    provider: str
    tier: str
    room: str = Field(
        description="Hours per four weeks that its limits leave, `no limit`, or `none: no new work since …` where it is barred"
    )
    barred_by: Literal["own_limit", "decision", "rules"] = Field(
        description="own_limit: nothing but the limit that the provider sets itself, and asked by name it may say yes beyond;"
        " decision: nothing but what running care needs to move"
    )
    failed: list[Failed]


class Granted(BaseModel):
    """Whether a provider that could be asked grants a wish, as far as it is recorded."""

    contract_id: str
    granted: Literal["yes", "no", "ask"] = Field(description="ask: nothing is recorded of it")


class Wish(BaseModel):
    """A wish of the person, and whether whoever could be asked grants it."""

    wish: Literal["worker_gender", "worker_languages", "preferred_provider", "same_household"]
    wanted: list[str]
    granted: list[Granted]
    lengthens_the_wait: str | None = Field(description="Said where nobody who could be asked today grants it")


class Objection(BaseModel):
    """Something that the person objects to, about which nobody has decided yet."""

    request_id: str
    said: str
    recorded_at: str


class CapacityTold(BaseModel):
    """The free hours that a provider has told last, of the person's area; nobody is ranked by them."""

    provider_id: str
    told_on: str
    counts_until: str = Field(description="From this day on it is to be asked again")
    says: str


class Cascade(BaseModel):
    """Whom to ask now for a package, in order, and why not the others."""

    package_id: str
    as_of: str
    county_version: int
    area_id: str
    situation: str = Field(description="waiting (nobody is asked), pending (no answer yet), accepted, running or on_hold")
    contract_id: str | None
    priority: str
    start_by: str | None
    hours_per_week: float
    band: int
    next_step: Step
    choosing: Choosing | None = Field(
        default=None, description="Nobody can be asked: by when a named person chooses what is done instead, and among what"
    )
    places: list[Place]
    others: list[Other]
    asked_with: list[str] = Field(description="The other packages of its bundle: all are asked for as one, and placed together")
    objections: list[Objection] = Field(description="Read them before anybody is asked: they change nothing by themselves")
    capacity_told: list[CapacityTold] = Field(
        description="What providers have told of their free hours and still counts. It changes neither the order nor who is asked"
    )
    contracts_of_other_areas: int
    wishes: list[Wish] = Field(description="What the person wishes; it changes neither the order nor who is asked")
    fast_start: list[FastStart] = Field(
        description="What care in place soon earns its provider, whoever that is; it changes neither the order nor who is asked"
    )
    rounds: Rounds | None = Field(default=None, description="Only with `fit=true`; null: no rounds are loaded")

    model_config = ConfigDict(json_schema_extra={"examples": [dict[str, Any](EXAMPLE)]})
