"""Providers, their contracts and their restrictions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.http.conversion import ADDRESSABLE, Cell, Extra
from api.http.forms import Json
from api.http.strict import Answer, Changes, Id, Notes, Query, Strict, changes_like

Reason = Annotated[str, Cell("restrictions", "reason", needed=True, description="Why; kept in the audit trail.")]
ProviderId = Annotated[str, Cell("providers", "provider_id")]
CqcRating = Annotated[str, Cell("providers", "cqc_rating")]
PammsRating = Annotated[str | None, Cell("providers", "pamms_rating")]
PammsPublished = Annotated[str | None, Cell("providers", "pamms_published")]
ProviderSkills = Annotated[list[str], Cell("providers", "skills")]
OwnHours = Annotated[float | None, Cell("providers", "max_hours_4w")]
OwnMiles = Annotated[float | None, Cell("providers", "max_distance_miles")]
ContractId = Annotated[str, Cell("contracts", "contract_id")]
MaxHours = Annotated[float | None, Cell("contracts", "max_hours_4w")]
RestrictionId = Annotated[str, Cell("restrictions", "restriction_id")]
AreaId = Annotated[str | None, Cell("restrictions", "area_id")]
Starts = Annotated[str | None, Cell("restrictions", "starts")]
Ends = Annotated[str | None, Cell("restrictions", "ends")]
Kind = Annotated[str, Cell("restrictions", "kind")]
NewHours = Annotated[float | None, Cell("restrictions", "new_hours_4w")]
RestrictionReason = Annotated[str | None, Cell("restrictions", "reason")]
ProviderExtra = Annotated[dict[str, str], Extra("providers")]
OfficeExtra = Annotated[dict[str, str], Extra("offices")]
ContractExtra = Annotated[dict[str, str], Extra("contracts")]
RestrictionExtra = Annotated[dict[str, str], Extra("restrictions")]
NewRestrictionId = Annotated[RestrictionId, Field(pattern=ADDRESSABLE, json_schema_extra={"pattern": ADDRESSABLE})]

RESTRICTION: Json = {
    "restriction_id": "X2",
    "provider_id": "CLOVER",
    "area_id": None,
    "starts": "2026-11-23",
    "ends": None,
    "kind": "no_new_work",
    "new_hours_4w": None,
    "extra": {"our_case": "Q-17"},
}


class Office(Answer):
    """A place that a provider works from."""

    office_id: Annotated[str, Cell("offices", "office_id")]
    latitude: Annotated[float, Cell("offices", "latitude")]
    longitude: Annotated[float, Cell("offices", "longitude")]
    extra: OfficeExtra


class Provider(Answer):
    """A provider as the snapshot's columns have it, with its offices."""

    provider_id: ProviderId
    name: Annotated[str | None, Cell("providers", "name")]
    cqc_rating: CqcRating
    pamms_rating: PammsRating
    pamms_published: PammsPublished
    skills: ProviderSkills
    max_hours_4w: OwnHours
    max_distance_miles: OwnMiles
    offices: list[Office]
    extra: ProviderExtra


class ProviderWritten(Provider):
    """A provider as it has been written, and what by that has become probably mistyped in the county."""

    notes: Notes


class ProviderChanges(Changes):
    """What a provider says of itself, or what an inspection found."""

    model_config = ConfigDict(json_schema_extra=changes_like({"max_hours_4w": 260, "reason": "their message of this morning"}))

    cqc_rating: CqcRating = ""
    pamms_rating: PammsRating = None
    pamms_published: PammsPublished = None
    skills: ProviderSkills = Field(default_factory=list)
    max_hours_4w: OwnHours = None
    max_distance_miles: OwnMiles = None
    extra: ProviderExtra = Field(default_factory=dict)
    reason: Reason


class Contract(Answer):
    """A contract as the snapshot's columns have it."""

    contract_id: ContractId
    provider_id: ProviderId
    tier: Annotated[str, Cell("contracts", "tier")]
    area_id: Annotated[str | None, Cell("contracts", "area_id")]
    starts: Annotated[str | None, Cell("contracts", "starts")]
    ends: Annotated[str | None, Cell("contracts", "ends")]
    max_hours_4w: MaxHours
    guarantee: Annotated[float | None, Cell("contracts", "guarantee")]
    rate_band_1: Annotated[float, Cell("contracts", "rate_band_1")]
    rate_band_2: Annotated[float | None, Cell("contracts", "rate_band_2")]
    rate_band_3: Annotated[float | None, Cell("contracts", "rate_band_3")]
    bands: Annotated[list[int], Cell("contracts", "bands")]
    billing_increment_minutes: Annotated[int | None, Cell("contracts", "billing_increment_minutes")]
    succeeds: Annotated[str | None, Cell("contracts", "succeeds")]
    service: Annotated[str | None, Cell("contracts", "service")]
    extra: ContractExtra


class ContractChanges(Changes):
    """A new maximum of a contract; null: no limit."""

    model_config = ConfigDict(json_schema_extra=changes_like({"max_hours_4w": 280, "reason": "variation 3, signed today"}))

    max_hours_4w: MaxHours = None
    extra: ContractExtra = Field(default_factory=dict)
    reason: Reason


class Restriction(Answer):
    """A restriction as the snapshot's columns have it."""

    model_config = ConfigDict(json_schema_extra={"example": RESTRICTION | {"reason": "medication records are being put right"}})

    restriction_id: RestrictionId
    provider_id: ProviderId
    area_id: AreaId
    starts: Starts
    ends: Ends
    kind: Kind
    new_hours_4w: NewHours
    reason: RestrictionReason
    extra: RestrictionExtra


class RestrictionWritten(Restriction):
    """A restriction as it has been written, and what in it is probably mistyped."""

    model_config = ConfigDict(json_schema_extra={"example": RESTRICTION | {"reason": "late visits", "notes": []}})

    notes: Notes


class NewRestriction(Strict):
    """Without an ``area_id`` it holds everywhere. One that starts today stops pending offers; running care stays."""

    model_config = ConfigDict(json_schema_extra={"example": RESTRICTION | {"reason": "medication records are being put right"}})

    restriction_id: NewRestrictionId
    provider_id: ProviderId
    area_id: AreaId = None
    starts: Starts
    ends: Ends = None
    kind: Kind
    new_hours_4w: NewHours = None
    extra: RestrictionExtra = Field(default_factory=dict)
    reason: Reason


class RestrictionEnd(Changes):
    """The first day on which it no longer holds; null: open."""

    model_config = ConfigDict(
        json_schema_extra=changes_like({"ends": "2027-02-01", "reason": "put right, says the quality team"})
    )

    ends: Ends = None
    extra: RestrictionExtra = Field(default_factory=dict)
    reason: Reason


class ContractsQuery(Query):
    """Contracts of a provider, an area, a tier."""

    provider_id: Id = None
    area_id: Id = None
    tier: Literal["principal", "framework", "legacy"] | None = None


class RestrictionsQuery(Query):
    """Restrictions of a provider; those in force today or those that are not."""

    provider_id: Id = None
    in_force: bool | None = None
