"""What is shown of call-offs, and what a list of them can be narrowed to."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.http.forms import Json
from api.http.strict import Answer, Id, Query
from api.packages import columns as of

State = Literal["waiting", "asked", "accepted", "placed_in_part", "placed", "withdrawn", "ended"]
Kind = Literal["package", "bundle", "part", "specialist", "volume"]


class CallOffsQuery(Query):
    """Call-offs of a kind, in a state, for an area."""

    kind: Annotated[Kind | None, Field(examples=["bundle"])] = None
    state: Annotated[State | None, Field(examples=["waiting"])] = None
    area_id: Id = None


OFFER: Json = {
    "offer_id": "O-5f1c2a90b7de4431",
    "contract_id": "F-BRACKEN",
    "offered_at": "2026-11-23T09:12:00",
    "response": "accepted",
    "reason": None,
    "answered_by": "S. Marsh, duty manager",
    "how": "telephone",
}
CALLED_OFF: Json = {
    "package_id": "N9",
    "part_of": None,
    "situation": "accepted",
    "hours_per_week": 5.25,
    "contract_id": "F-BRACKEN",
    "care_started": None,
    "offers": [OFFER],
}
CALL_OFF: Json = {
    "call_off_id": "C-2026-117",
    "kind": "package",
    "state": "accepted",
    "asked_by": "Ada Planner (06e72157)",
    "asked_at": "2026-11-23T09:10:00",
    "area_ids": ["A1"],
    "service": None,
    "bundle_id": None,
    "hours_per_week": 5.25,
    "packages": [CALLED_OFF],
    "packages_gone": 0,
    "volume": None,
    "withdrawn_by": None,
    "withdrawn_at": None,
}


class OfferOfCare(Answer):
    """A provider that was asked, and what it said."""

    model_config = ConfigDict(json_schema_extra={"example": OFFER})

    offer_id: str
    contract_id: str
    offered_at: str
    response: Annotated[str | None, Field(description="null: still waiting for an answer.")]
    reason: str | None
    answered_by: str | None
    how: str | None


class CalledOff(Answer):
    """A package of a call-off as it is now."""

    model_config = ConfigDict(json_schema_extra={"example": CALLED_OFF})

    package_id: of.PackageId
    part_of: of.PartOf
    situation: Literal["waiting", "pending", "accepted", "running", "on_hold"]
    hours_per_week: of.Hours
    contract_id: Annotated[str | None, Field(description="That it is accepted for, or runs under.")]
    care_started: of.CareStarted
    offers: list[OfferOfCare]


class ShownVolumeArea(Answer):
    """An area of a volume, and the contract that its hours have become."""

    area_id: Annotated[str, Field(examples=["A1"])]
    hours_per_week: Annotated[float, Field(examples=[120])]
    contract_id: Annotated[str | None, Field(description="null: not awarded yet.", examples=["B-BRACKEN-1"])]


class OfferOfVolume(Answer):
    """A provider that a volume was offered to, and what it said."""

    provider_id: Annotated[str, Field(examples=["BRACKEN"])]
    offered_at: Annotated[str, Field(examples=["2026-11-23T09:12:00"])]
    offered_by: Annotated[str, Field(examples=["Cora Contracts (9c41d02e)"])]
    answer_by: Annotated[str | None, Field(examples=["2026-12-11"])]
    response: Annotated[str | None, Field(description="null: still waiting for an answer.", examples=["accepted"])]
    responded_at: Annotated[str | None, Field(examples=["2026-11-24T10:00:00"])]
    reason: str | None
    answered_by: Annotated[str | None, Field(examples=["S. Marsh, director"])]
    how: Annotated[str | None, Field(examples=["e_mail"])]


class Volume(Answer):
    """What a volume was asked for with, and what has come of it."""

    areas: list[ShownVolumeArea]
    guarantee: Annotated[float | None, Field(examples=[0.8])]
    starts: Annotated[str, Field(examples=["2027-04-01"])]
    ends: Annotated[str | None, Field(examples=["2029-04-01"])]
    tier: Annotated[str, Field(examples=["legacy"])]
    reason: Annotated[str, Field(examples=["the villages lose a provider in spring"])]
    offers: list[OfferOfVolume]
    withdrawn_reason: str | None


class CallOff(Answer):
    """A call-off: who asked for what and when, where it stands, and everything that has come of it."""

    model_config = ConfigDict(json_schema_extra={"example": CALL_OFF})

    call_off_id: Annotated[str, Field(examples=["C-2026-117"])]
    kind: Kind
    state: Annotated[
        State,
        Field(
            description="waiting: nobody is asked; asked: no answer yet; accepted: all of it, not all has begun; placed_in_part:"
            " some of it is accepted or delivered, some is not; ended: none of its care is there any more."
        ),
    ]
    asked_by: Annotated[str, Field(examples=["Ada Planner (06e72157)"])]
    asked_at: Annotated[str, Field(examples=["2026-11-23T09:10:00"])]
    area_ids: list[str]
    service: of.Service
    bundle_id: of.BundleId
    hours_per_week: Annotated[float, Field(description="All of it that is still there.", examples=[5.25])]
    packages: list[CalledOff]
    packages_gone: Annotated[
        int, Field(ge=0, description="So many of its packages have ended, or were withdrawn, or went back.", examples=[0])
    ]
    volume: Volume | None
    withdrawn_by: str | None
    withdrawn_at: str | None


class CallOffWritten(CallOff):
    """A call-off as it has been written, or would be, and what in it is probably mistyped."""

    model_config = ConfigDict(json_schema_extra={"example": dict[str, Any](CALL_OFF | {"notes": [], "dry_run": False})})

    notes: list[str]
    dry_run: Annotated[bool, Field(description="Nothing was written: so it would be.", examples=[False])]
