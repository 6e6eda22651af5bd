"""The columns of packages and visits as types."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.http.conversion import ADDRESSABLE, Cell, Extra

PackageId = Annotated[str, Cell("packages", "package_id")]
NewId = Annotated[PackageId, Field(pattern=ADDRESSABLE, json_schema_extra={"pattern": ADDRESSABLE})]
AreaId = Annotated[str | None, Cell("packages", "area_id")]
Latitude = Annotated[float, Cell("packages", "latitude")]
Longitude = Annotated[float, Cell("packages", "longitude")]
Status = Annotated[str, Cell("packages", "status")]
Hours = Annotated[float, Cell("packages", "hours_per_week")]
Visits = Annotated[int, Cell("packages", "visits_per_week")]
Workers = Annotated[int, Cell("packages", "workers")]
Skills = Annotated[list[str], Cell("packages", "skills")]
Priority = Annotated[str, Cell("packages", "priority")]
StartBy = Annotated[str | None, Cell("packages", "start_by")]
ContractId = Annotated[str | None, Cell("packages", "contract_id")]
RoundId = Annotated[str | None, Cell("packages", "round_id")]
Protected = Annotated[str | None, Cell("packages", "protected")]
Decision = Annotated[str | None, Cell("packages", "transfer_decision")]
Excluded = Annotated[list[str], Cell("packages", "excluded_provider_ids")]
RequestedAt = Annotated[str | None, Cell("packages", "requested_at")]
Source = Annotated[str | None, Cell("packages", "source")]
CareStarted = Annotated[str | None, Cell("packages", "care_started")]
PreviousContractId = Annotated[str | None, Cell("packages", "previous_contract_id")]
HeldUntil = Annotated[str | None, Cell("packages", "held_until")]
Service = Annotated[str | None, Cell("packages", "service")]
BundleId = Annotated[str | None, Cell("packages", "bundle_id")]
PartOf = Annotated[str | None, Cell("packages", "part_of")]
IfMissed = Annotated[str | None, Cell("packages", "if_missed")]
CanStepIn = Annotated[str | None, Cell("packages", "can_step_in")]
PrioritySetOn = Annotated[str | None, Cell("packages", "priority_set_on")]
FirstVisitAt = Annotated[str | None, Cell("packages", "first_visit_at")]
WorkerGender = Annotated[str | None, Cell("packages", "worker_gender")]
WorkerLanguages = Annotated[list[str], Cell("packages", "worker_languages")]
Preferred = Annotated[list[str], Cell("packages", "preferred_provider_ids")]
HouseholdId = Annotated[str | None, Cell("packages", "household_id")]
Formats = Annotated[list[str], Cell("packages", "formats")]
Language = Annotated[str | None, Cell("packages", "language")]
WriteTo = Annotated[str | None, Cell("packages", "write_to")]
PackageExtra = Annotated[dict[str, str], Extra("packages")]
VisitExtra = Annotated[dict[str, str], Extra("visits")]
VisitId = Annotated[str, Cell("visits", "visit_id")]
Days = Annotated[list[str], Cell("visits", "days"), Field(json_schema_extra={"minItems": 1})]
Earliest = Annotated[str, Cell("visits", "earliest_start")]
Latest = Annotated[str, Cell("visits", "latest_start")]
Duration = Annotated[int, Cell("visits", "duration_minutes")]
VisitWorkers = Annotated[int, Cell("visits", "workers")]
