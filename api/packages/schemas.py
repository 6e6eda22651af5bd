"""Packages of care: one person's care, with its visits."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.http.forms import Json
from api.http.places import OR_POSTCODE, AtPlace, at_place
from api.http.strict import Answer, Changes, Exact, Id, Notes, Query, Strict, changes_like
from api.meanwhile.schemas import Standing
from api.offers.schemas import Text
from api.packages import columns as of
from optimiser.io.schema import DAYS

MOST_VISITS = 500

NEEDS: Json = {
    "hours_per_week": 5.25,
    "visits_per_week": 7,
    "workers": 1,
    "skills": ["medication"],
    "priority": "discharge",
    "start_by": "2026-11-25",
    "protected": None,
    "transfer_decision": None,
    "excluded_provider_ids": ["BRACKEN"],
}
VISIT: Json = {
    "visit_id": "N9-V1",
    "days": [*DAYS],
    "earliest_start": "07:00:00",
    "latest_start": "09:30:00",
    "duration_minutes": 45,
    "workers": 1,
    "needs": ["medication", "getting_up"],
    "extra": {},
}
PLACE: Json = {"package_id": "N9", "latitude": 52.654433, "longitude": 0.80756, "area_id": "A1"}
ORIGIN: Json = {"requested_at": "2026-11-23T09:10:00", "source": "acute_hospital"}
NEVER_RAN: Json = dict.fromkeys(("contract_id", "round_id", "care_started", "previous_contract_id", "held_until"))
WISHES: Json = {
    "worker_gender": "female",
    "worker_languages": [],
    "preferred_provider_ids": ["CLOVER"],
    "household_id": None,
    "formats": ["large_print"],
    "language": None,
    "write_to": None,
}
OWN: Json = {"extra": {"our_line_id": "4711"}}
SITUATION: Json = {"call_off_id": "C-2026-117", "situation": "waiting", "accepted_contract_id": None}
NOT_SAID: Json = dict.fromkeys(("service", "bundle_id", "part_of", "priority_set_on", "first_visit_at"))
PACKAGE: Json = PLACE | {"status": "new"} | NEEDS | ORIGIN | NEVER_RAN | NOT_SAID | WISHES | SITUATION | OWN
NOTE = "No provider has the skill 'medicaton' (nearest: 'medication')."


class NamedVisit(Strict):
    """A visit that becomes the part's: on some of its days, or on all."""

    visit_id: of.VisitId
    days: of.Days = Field(default_factory=list, description="Of its days those that become the part's; left out: all.")

    @model_validator(mode="after")
    def _some_days(self) -> Self:
        if "days" in self.model_fields_set and not self.days:
            raise PydanticCustomError("days", "expected at least one day, or no days at all")
        return self


class NewVisit(Strict):
    """A visit on each of some days. Without a ``visit_id`` it gets one."""

    visit_id: of.VisitId | None = None
    days: of.Days
    earliest_start: of.Earliest
    latest_start: of.Latest
    duration_minutes: of.Duration
    workers: of.VisitWorkers
    needs: of.VisitNeeds = Field(default_factory=list)
    extra: of.VisitExtra = Field(default_factory=dict)


Schedule = Annotated[list[NewVisit], Field(max_length=MOST_VISITS, description="With visits, the hours are their sum.")]


class NewPackage(AtPlace):
    """A request for care; its status is `new`. Without an ``area_id`` the outlines of the areas tell it."""

    model_config = ConfigDict(json_schema_extra=at_place(PLACE | NEEDS | ORIGIN | WISHES | {"visits": [VISIT]}))

    package_id: of.NewId
    latitude: of.Latitude = OR_POSTCODE
    longitude: of.Longitude = OR_POSTCODE
    area_id: of.AreaId = None
    hours_per_week: of.Hours
    visits_per_week: of.Visits
    workers: of.Workers
    skills: of.Skills = Field(default_factory=list)
    priority: of.Priority
    start_by: of.StartBy = None
    protected: of.Protected = None
    transfer_decision: of.Decision = None
    excluded_provider_ids: of.Excluded = Field(default_factory=list)
    requested_at: of.RequestedAt = None
    source: of.Source = None
    if_missed: of.IfMissed = None
    can_step_in: of.CanStepIn = None
    previous_contract_id: of.PreviousContractId = None
    held_until: of.HeldUntil = None
    worker_gender: of.WorkerGender = None
    worker_languages: of.WorkerLanguages = Field(default_factory=list)
    preferred_provider_ids: of.Preferred = Field(default_factory=list)
    household_id: of.HouseholdId = None
    formats: of.Formats = Field(default_factory=list)
    language: of.Language = None
    write_to: of.WriteTo = None
    extra: of.PackageExtra = Field(default_factory=dict)
    visits: Schedule = Field(default_factory=list)


class NewNeeds(Changes):
    """What has become of a person's needs, wishes or protection. `visits` replaces all visits."""

    model_config = ConfigDict(json_schema_extra=changes_like({"priority": "urgent", "start_by": "2026-11-24"}))

    hours_per_week: of.Hours = 0
    visits_per_week: of.Visits = 0
    workers: of.Workers = 0
    skills: of.Skills = Field(default_factory=list)
    priority: of.Priority = ""
    start_by: of.StartBy = None
    protected: of.Protected = None
    transfer_decision: of.Decision = None
    excluded_provider_ids: of.Excluded = Field(default_factory=list)
    if_missed: of.IfMissed = None
    can_step_in: of.CanStepIn = None
    worker_gender: of.WorkerGender = None
    worker_languages: of.WorkerLanguages = Field(default_factory=list)
    preferred_provider_ids: of.Preferred = Field(default_factory=list)
    household_id: of.HouseholdId = None
    formats: of.Formats = Field(default_factory=list)
    language: of.Language = None
    write_to: of.WriteTo = None
    extra: of.PackageExtra = Field(default_factory=dict)
    visits: Schedule = Field(default_factory=list)


class PriorityReview(Exact):
    """A person has looked at a priority again: the new one, or the same, and why."""

    priority: of.Priority
    reason: Text

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"priority": "urgent", "reason": "Her daughter can no longer come in the mornings"}]}
    )


class Visit(Answer):
    """A visit of a package."""

    visit_id: of.VisitId
    days: of.Days
    earliest_start: of.Earliest
    latest_start: of.Latest
    duration_minutes: of.Duration
    workers: of.VisitWorkers
    needs: of.VisitNeeds
    extra: of.VisitExtra


OF_A_PERSON = Field(description="WGS 84 degrees; null for roles that need no places of people.")


class Package(Answer):
    """A package as the snapshot's columns have it."""

    model_config = ConfigDict(json_schema_extra={"example": PACKAGE})

    package_id: of.PackageId
    latitude: Annotated[of.Latitude | None, OF_A_PERSON]
    longitude: Annotated[of.Longitude | None, OF_A_PERSON]
    area_id: of.AreaId
    status: of.Status
    hours_per_week: of.Hours
    visits_per_week: of.Visits
    workers: of.Workers
    skills: of.Skills
    priority: of.Priority
    start_by: of.StartBy
    contract_id: of.ContractId
    round_id: of.RoundId
    protected: of.Protected
    transfer_decision: of.Decision
    excluded_provider_ids: of.Excluded
    requested_at: of.RequestedAt
    source: of.Source
    care_started: of.CareStarted
    previous_contract_id: of.PreviousContractId
    held_until: of.HeldUntil
    service: of.Service
    bundle_id: of.BundleId
    part_of: of.PartOf
    if_missed: of.IfMissed
    can_step_in: of.CanStepIn
    priority_set_on: of.PrioritySetOn
    first_visit_at: of.FirstVisitAt
    worker_gender: of.WorkerGender
    worker_languages: of.WorkerLanguages
    preferred_provider_ids: of.Preferred
    household_id: of.HouseholdId
    formats: of.Formats
    language: of.Language
    write_to: of.WriteTo
    extra: of.PackageExtra
    call_off_id: Annotated[str | None, Field(description="The call-off that it was asked for by.")]
    situation: Annotated[
        Literal["waiting", "pending", "accepted", "running", "on_hold"],
        Field(description="waiting: nobody is asked; pending: no answer yet; accepted: its care has not begun yet."),
    ]
    accepted_contract_id: Annotated[str | None, Field(description="The contract that an accepted package is accepted under.")]


class PackageWithVisits(Package):
    """A package and its visits."""

    model_config = ConfigDict(json_schema_extra={"example": PACKAGE | {"visits": [VISIT]}})

    visits: list[Visit]


class PackageWritten(PackageWithVisits):
    """A package as it has been written, and what in it is probably mistyped: nothing was put right in silence."""

    model_config = ConfigDict(json_schema_extra={"example": PACKAGE | {"visits": [VISIT], "notes": [NOTE]}})

    notes: Notes


class PackagesQuery(Query):
    """Packages of a status, a situation, an area, a priority, a contract."""

    status: Literal["new", "active"] | None = None
    situation: Literal["waiting", "pending", "accepted", "running", "on_hold"] | None = None
    area_id: Id = None
    contract_id: Annotated[Id, Field(description="The contract that the care is under today, or has been accepted on.")] = None
    priority: Literal["urgent", "discharge", "standard", "planned"] | None = None
    id_starts_with: Annotated[Id, Field(description="The beginning of the id, in capitals or not.")] = None
    meanwhile: Annotated[
        Literal["to_look_at", "in_order"] | None,
        Field(description="Of those who wait: who may not be safe until care begins, or with whom all is in order."),
    ] = None


class UnmetQuery(Query):
    """People waiting in an area, or one of them."""

    area_id: Id = None
    package_id: Id = None


class Remedy(Answer):
    """A single change that would let the package be placed, everybody else where they are."""

    change: Annotated[str, Field(examples=["provider hours"])]
    subject: Annotated[str, Field(description="Whose limit, radius or answer it is.", examples=["CLOVER"])]
    amount: Annotated[float, Field(description="How much, in its unit.", examples=[4.0])]
    unit: Annotated[str, Field(examples=["hours per four weeks"])]
    sentence: Annotated[str, Field(examples=["Clover Home Care can deliver 60 hours per four weeks instead of 56."])]


class Unmet(Answer):
    """A person who is waiting: neither placed nor asked for."""

    package_id: of.PackageId
    area_id: Annotated[str, Field(examples=["A1"])]
    priority: of.Priority
    source: of.Source
    hours_per_week: of.Hours
    requested_at: of.RequestedAt
    priority_set_on: of.PrioritySetOn
    look_again: Annotated[
        str,
        Field(
            description="Said of a priority that was set longer ago than the setting `priority_review_days`; else empty.",
            examples=["This priority was set on 23 October 2026, 31 days ago: look again."],
        ),
    ]
    age_days: Annotated[int | None, Field(description="Whole days since the request.", examples=[4])]
    start_by: of.StartBy
    overdue: Annotated[bool, Field(description="`start_by` is past.")]
    overdue_first: Annotated[bool, Field(description="Urgent or discharge, and overdue: such people come first.")]
    times_offered: Annotated[int, Field(ge=0, examples=[2])]
    contracts_with_room: Annotated[int, Field(ge=0, description="That could be asked now, nothing changed.", examples=[0])]
    changes: Annotated[
        list[Remedy], Field(description="Each alone would clear it; empty where several things would have to change.")
    ]
    meanwhile: Annotated[Standing, Field(description="How the person is safe until care begins; whoever may not be comes first.")]
