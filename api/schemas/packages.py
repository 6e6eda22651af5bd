"""Packages of care: one person's care, with its visits."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from api.schemas import package_fields as of
from api.schemas.forms import Json
from api.schemas.strict import Answer, Changes, Notes, Strict, changes_like
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
}
PLACE: Json = {"package_id": "N9", "latitude": 52.654433, "longitude": 0.80756, "area_id": "A1"}
ORIGIN: Json = {"requested_at": "2026-11-23T09:10:00", "source": "acute_hospital"}
NEVER_RAN: Json = dict.fromkeys(("contract_id", "round_id", "care_started", "previous_contract_id", "held_until"))
PACKAGE: Json = PLACE | {"status": "new"} | NEEDS | ORIGIN | NEVER_RAN
NOTE = "No provider has the skill 'medicaton' (nearest: 'medication')."


class NewVisit(Strict):
    """A visit on each of some days. Without a ``visit_id`` it gets one."""

    visit_id: of.VisitId | None = None
    days: of.Days
    earliest_start: of.Earliest
    latest_start: of.Latest
    duration_minutes: of.Duration
    workers: of.VisitWorkers


Schedule = Annotated[list[NewVisit], Field(max_length=MOST_VISITS, description="With visits, the hours are their sum.")]


class NewPackage(Strict):
    """A request for care; its status is `new`. Without an ``area_id`` the outlines of the areas tell it."""

    model_config = ConfigDict(json_schema_extra={"example": PLACE | NEEDS | ORIGIN | {"visits": [VISIT]}})

    package_id: of.NewId
    latitude: of.Latitude
    longitude: of.Longitude
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
    previous_contract_id: of.PreviousContractId = None
    held_until: of.HeldUntil = None
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
    visits: Schedule = Field(default_factory=list)


class Visit(Answer):
    """A visit of a package."""

    visit_id: of.VisitId
    days: of.Days
    earliest_start: of.Earliest
    latest_start: of.Latest
    duration_minutes: of.Duration
    workers: of.VisitWorkers


class Package(Answer):
    """A package as the snapshot's columns have it."""

    model_config = ConfigDict(json_schema_extra={"example": PACKAGE})

    package_id: of.PackageId
    latitude: of.Latitude
    longitude: of.Longitude
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


class PackageWithVisits(Package):
    """A package and its visits."""

    model_config = ConfigDict(json_schema_extra={"example": PACKAGE | {"visits": [VISIT]}})

    visits: list[Visit]


class PackageWritten(PackageWithVisits):
    """A package as it has been written, and what in it is probably mistyped: nothing was put right in silence."""

    model_config = ConfigDict(json_schema_extra={"example": PACKAGE | {"visits": [VISIT], "notes": [NOTE]}})

    notes: Notes
