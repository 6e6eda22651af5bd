"""Offers, as they are asked for, answered and read."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from api.http.conversion import Extra
from api.http.strict import Exact

Id = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
DeclineReason = Literal["cannot_meet_need", "no_capacity", "time_of_day", "too_far", "no_double_handed_run", "other"]


def _iso_day(value: object) -> dt.date:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError("a date such as 2026-11-23")
    return dt.date.fromisoformat(value)


def _wall_clock(value: object) -> dt.datetime:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?", value, re.ASCII):
        raise ValueError("a moment such as 2026-11-25T12:00, without an offset")
    return dt.datetime.fromisoformat(value)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("a number")
    return Decimal(str(value))


Day = Annotated[dt.date, BeforeValidator(_iso_day)]
HoursOf4Weeks = Annotated[Decimal, BeforeValidator(_number), Field(gt=0, le=1_000_000, decimal_places=2, allow_inf_nan=False)]

Pounds = Annotated[Decimal, BeforeValidator(_number), Field(gt=0, le=1_000_000, decimal_places=2, allow_inf_nan=False)]


class Ask(Exact):
    """Whom to ask. Without ``contract_ids``: the next step of the cascade."""

    contract_ids: Annotated[list[Id], Field(min_length=1, max_length=50)] | None = None
    reason: Text | None = Field(default=None, description="Why out of order; recorded")
    decision_reference: Text | None = Field(
        default=None,
        description="Where the social work decision is recorded. Needed where running care would move and none is recorded here",
    )
    move: Literal["transfer", "reoptimise", "hand_back", "relieve"] | None = Field(
        default=None,
        description="What running care would move for; without it: reoptimise. A decision counts for its own move alone",
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"contract_ids": ["L-DOCK"], "reason": "The family asks for a learning disability team"}]}
    )

    @model_validator(mode="after")
    def _each_once(self) -> Ask:
        if self.contract_ids is not None and len(set(self.contract_ids)) < len(self.contract_ids):
            raise ValueError("contract_ids names a contract twice")
        return self


class Raised(Exact):
    """A limit that is raised because the provider says yes beyond it."""

    max_hours_4w: HoursOf4Weeks
    evidence: Text


Name = Annotated[str, Field(min_length=1, max_length=120)]
Way = Literal["telephone", "e_mail", "portal", "letter", "in_person", "other"]


class Answer(Exact):
    """A provider's answer, as the planner records it; ``withdrawn`` is the planner's own.

    ``accepted`` of standard or planned care, while others may still answer, is kept (``said``) until its turn comes: then send it
    again.

    Of a bundle, which is asked for as one, it answers every offer that was asked with it.
    """

    response: Literal["accepted", "declined", "withdrawn"]
    reason: Text | None = Field(default=None, description="Of a decline: one of the format's reasons")
    answered_by: Name | None = Field(default=None, description="Who at the provider said so", examples=["S. Marsh, duty manager"])
    how: Way | None = Field(default=None, description="By which way the answer came")
    late: bool = Field(default=False, description="The offer's time is over, and the provider answers all the same")
    raise_provider_limit: Raised | None = None
    raise_contract_maximum: Raised | None = Field(default=None, description="Needs the role contracts or admin")
    person_prefers: Text | None = Field(
        default=None,
        description="Why the person would rather have this provider than the one whose own yes comes first, or than to wait",
    )
    extra: Annotated[
        dict[str, str],
        Extra("offers"),
        Field(description="Columns of your own; of an offer that is answered already, send the same answer again with them"),
    ] = Field(default_factory=dict)

    model_config = ConfigDict(json_schema_extra={"examples": [{"response": "declined", "reason": "no_capacity"}]})

    @model_validator(mode="after")
    def _fits(self) -> Answer:
        reasons = DeclineReason.__args__  # type: ignore[attr-defined]
        if self.response == "declined" and self.reason not in reasons:
            raise ValueError(f"a decline needs a reason: one of {', '.join(reasons)}")
        if self.response == "accepted" and self.reason is not None:
            raise ValueError("an acceptance has no reason")
        if self.response == "withdrawn" and (self.answered_by or self.how):
            raise ValueError("a withdrawal is the planner's own: it has no answered_by and no how")
        if self.response != "accepted" and (self.raise_provider_limit or self.raise_contract_maximum):
            raise ValueError("limits are raised with an acceptance alone")
        if self.response == "withdrawn" and self.late:
            raise ValueError("what has expired already is not withdrawn")
        if self.response != "accepted" and self.person_prefers:
            raise ValueError("person_prefers says why a provider is placed: it stands with an acceptance alone")
        return self


class NewAnswerBy(Exact):
    """Until when an offer may be answered, in place of the time that it has: later or sooner, with those of its bundle."""

    answer_by: Annotated[dt.datetime, BeforeValidator(_wall_clock), Field(description="Europe/London's wall clock, ahead")]
    reason: Text

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"answer_by": "2026-11-25T12:00:00", "reason": "Their office is flooded until noon"}]}
    )


OFFER: dict[str, Any] = {
    "offer_id": "O-5f1c2a90b7de4431",
    "package_id": "N4",
    "contract_id": "F-BRACKEN",
    "provider_id": "BRACKEN",
    "tier": "framework",
    "hours_per_week": 5.0,
    "offered_at": "2026-11-23T09:12:00",
    "expires_at": "2026-11-25T09:12:00",
    "responded_at": None,
    "response": None,
    "reason": None,
    "step": "framework",
    "out_of_order_reason": None,
    "decision_reference": None,
    "extra": {},
    "answered_by": None,
    "how": None,
    "asked_with": [],
    "agreed_at": None,
    "goes_ahead_with": [],
    "said": None,
    "put_forward": False,
    "answer_by_reason": None,
    "late_after": None,
    "remind": False,
}


class Said(BaseModel):
    """What a provider has said of an offer that waits: it holds the hours until a planner places, or withdraws."""

    answer: Literal["yes", "later", "part"]
    typed: bool
    """Whether a planner has written it down; else the provider has said it itself."""
    said_by: str
    said_at: dt.datetime
    how: str
    from_day: dt.date | None
    """Of a later yes: from when it could begin."""
    visits: list[str]
    """Of a part: the visits that it would do; divide the care first."""
    days: dict[str, list[str]]
    """Of a part: per visit that it would not do on all of its days those on which it would."""
    reason: str | None
    """Of a part that a planner has written down: why not the rest."""
    message: str | None


class Offer(BaseModel):
    """An offer. Moments are Europe/London's wall clock; ``response`` null: pending."""

    offer_id: str
    package_id: str
    contract_id: str
    provider_id: str
    tier: str
    hours_per_week: float
    offered_at: dt.datetime
    expires_at: dt.datetime
    responded_at: dt.datetime | None
    response: Literal["accepted", "declined", "expired", "withdrawn"] | None
    reason: str | None
    step: str | None
    out_of_order_reason: str | None
    decision_reference: str | None
    extra: Annotated[dict[str, str], Extra("offers")]
    answered_by: str | None
    how: str | None
    asked_with: list[str]
    """The other offers of its bundle on this contract: one answer is for all of them."""
    agreed_at: dt.datetime | None
    """Of a step in which people move: when the provider accepted. It goes ahead once every provider in the step has."""
    goes_ahead_with: list[str]
    """The offers of the same step that still wait, agreed ones too."""
    said: Said | None
    put_forward: bool
    """Whether it is this yes that is to be placed next."""
    answer_by_reason: str | None
    """Why a named person has moved the time by which it is to be answered."""
    late_after: dt.datetime | None
    """Of an offer that was answered after its time: when that was over."""
    remind: bool
    """Nobody has answered, and so much of the time is gone that the provider is better rung."""

    model_config = ConfigDict(json_schema_extra={"examples": [OFFER]})


class Offers(BaseModel):
    """A page of offers, by id; ``next_cursor`` null: the last page."""

    items: list[Offer]
    next_cursor: str | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [OFFER], "next_cursor": None}]})


@dataclass(frozen=True)
class OffersQuery:
    """Which offers are listed; ``response`` pending: those without an answer (``waiting``, as it was called, is the same)."""

    contract_id: str | None = None
    provider_id: str | None = None
    response: Literal["pending", "waiting", "accepted", "declined", "expired", "withdrawn"] | None = None
    run_id: str | None = None
    """Those that were made of a run's proposals."""
    cursor: str | None = None
    limit: int | None = None


class Location(BaseModel):
    """Degrees, WGS 84."""

    latitude: float
    longitude: float


class BroadcastVisit(BaseModel):
    """A visit of the care that is asked for, by number; which days and times are told to whoever accepts."""

    number: int
    part_of_day: str
    minutes: int
    times_a_week: int
    workers: int


ASKED_FOR: dict[str, Any] = {
    "district": "NR21",
    "needs": ["medication"],
    "worker_gender": None,
    "worker_languages": ["Polish"],
    "parts_of_day": ["morning"],
    "hours_per_week": 5.0,
    "visits_per_week": 5,
    "age_days": 7,
    "priority": "standard",
    "start_by": "2026-12-07",
    "visits": [{"number": 1, "part_of_day": "morning", "minutes": 60, "times_a_week": 5, "workers": 1}],
}
"""Care as a message may tell of it, for examples."""


class Broadcast(BaseModel):
    """All that a message to the provider may hold. ``place`` is told once the offer is accepted."""

    offer_id: str
    contract_id: str
    district: Annotated[
        str,
        Field(
            description="The postcode district, of the postcode in use that is nearest to the person; without an index of"
            " postcodes the area, with its quarter where five or more packages share that."
        ),
    ]
    needs: list[str]
    worker_gender: Literal["female", "male"] | None = Field(description="A wish for care workers: can you grant it?")
    worker_languages: list[str] = Field(description="Languages that care workers should speak: can you grant it?")
    parts_of_day: list[str]
    hours_per_week: float
    visits_per_week: int
    age_days: int | None
    priority: str
    start_by: dt.date | None
    visits: list[BroadcastVisit]
    """In the order of the day, then by length; empty where visits are not recorded."""
    place: Location | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "offer_id": "O-5f1c2a90b7de4431",
                    "contract_id": "F-BRACKEN",
                    **ASKED_FOR,
                    "place": None,
                }
            ]
        }
    )
