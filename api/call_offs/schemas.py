"""What is sent to file a call-off, to withdraw, offer, answer and award one, and what is shown of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.http.conversion import ADDRESSABLE, Cell
from api.http.forms import Json
from api.http.strict import Answer, Id, Query, RecordId, Strict
from api.offers.schemas import Day, Name, Text, Way
from api.packages import columns as of
from api.packages.schemas import MOST_VISITS, NEEDS, ORIGIN, PLACE, VISIT, NewPackage
from optimiser.domain.records import TIERS

State = Literal["waiting", "asked", "accepted", "placed_in_part", "placed", "withdrawn", "ended"]
Kind = Literal["package", "bundle", "part", "specialist", "volume"]
MOST_PACKAGES = 100

OwnId = Annotated[
    str | None,
    Field(
        min_length=1,
        max_length=60,
        pattern=ADDRESSABLE,
        description="Your own id for it: sent again, it is refused and nothing is done twice. Without it, it gets one.",
        examples=["C-2026-117"],
    ),
]
NewService = Annotated[str, Cell("contracts", "service", needed=True, description="What specialist contracts alone deliver.")]
VolumeHours = Annotated[
    float, Field(gt=0, le=250_000, multiple_of=0.25, description="Care-worker hours a week in this area.", examples=[120])
]
OnePackage: Json = PLACE | NEEDS | ORIGIN | {"visits": [VISIT]}


class CallOffPackage(Strict):
    """One person's care."""

    model_config = ConfigDict(json_schema_extra={"example": {"kind": "package", "package": OnePackage}})

    kind: Literal["package"]
    call_off_id: OwnId = None
    package: NewPackage


class CallOffSpecialist(Strict):
    """One person's care of a service that specialist contracts alone deliver."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"kind": "specialist", "service": "enhanced_home_support", "package": OnePackage}}
    )

    kind: Literal["specialist"]
    call_off_id: OwnId = None
    service: NewService
    package: NewPackage


class CallOffBundle(Strict):
    """A round at once: offered as one, and placed together on one contract or not at all; in one area, of one service."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"kind": "bundle", "packages": [OnePackage, OnePackage | {"package_id": "N10"}]}}
    )

    kind: Literal["bundle"]
    call_off_id: OwnId = None
    service: NewService | None = None
    packages: Annotated[list[NewPackage], Field(min_length=2, max_length=MOST_PACKAGES)]


class SharedVisit(Strict):
    """A visit that becomes the part's: on some of its days, or on all."""

    visit_id: of.VisitId
    days: of.Days = Field(default_factory=list, description="Of its days those that become the part's; left out: all.")
    workers: Annotated[
        Literal[1] | None, Field(description="Of two care workers one, from the part: where the service is double assist alone.")
    ] = None

    @model_validator(mode="after")
    def _some_days(self) -> SharedVisit:
        if "days" in self.model_fields_set and not self.days:
            raise PydanticCustomError("days", "expected at least one day, or no days at all")
        return self


class CallOffPart(Strict):
    """Some of a waiting package's care, as a package of its own; the rest goes on waiting. Not a minute is lost or doubled."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"kind": "part", "package_id": "N9", "visits": [{"visit_id": "N9-V1", "days": ["sat", "sun"]}]}
        }
    )

    kind: Literal["part"]
    call_off_id: OwnId = None
    package_id: of.PackageId
    visits: Annotated[
        list[SharedVisit], Field(max_length=MOST_VISITS, description="Of a package with visits: those that become the part's.")
    ] = Field(default_factory=list)
    hours_per_week: of.Hours | None = None
    visits_per_week: of.Visits | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> CallOffPart:
        counted = self.hours_per_week is not None, self.visits_per_week is not None
        if any(counted) == bool(self.visits) or len(set(counted)) > 1:
            raise PydanticCustomError("portion", "expected visits, or hours_per_week and visits_per_week")
        return self


class VolumeArea(Strict):
    """How much of the volume is for an area."""

    area_id: RecordId
    hours_per_week: VolumeHours


class CallOffVolume(Strict):
    """A block of hours for an area, or for several: it becomes a contract in each by an award."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "kind": "volume",
                "areas": [{"area_id": "A1", "hours_per_week": 120}],
                "guarantee": 0.8,
                "starts": "2027-04-01",
                "ends": "2029-04-01",
                "tier": "legacy",
                "reason": "the villages lose a provider in spring",
            }
        }
    )

    kind: Literal["volume"]
    call_off_id: OwnId = None
    areas: Annotated[list[VolumeArea], Field(min_length=1, max_length=MOST_PACKAGES)]
    guarantee: Annotated[float | None, Cell("contracts", "guarantee")] = None
    starts: Annotated[str, Cell("contracts", "starts", needed=True)]
    ends: Annotated[str | None, Cell("contracts", "ends")] = None
    tier: Annotated[Literal[TIERS], Field(examples=["legacy"])]
    service: Annotated[str | None, Cell("contracts", "service")] = None
    reason: Text = Field(description="What it is for; nothing of a person.")


NewCallOff = Annotated[
    CallOffPackage | CallOffBundle | CallOffPart | CallOffSpecialist | CallOffVolume, Field(discriminator="kind")
]


class Withdrawal(Strict):
    """Why what was asked for is no longer."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "the family cares for her after all"}})

    reason: Text


class OfferVolume(Strict):
    """A volume is offered to named providers, all of them or none."""

    model_config = ConfigDict(json_schema_extra={"example": {"provider_ids": ["BRACKEN", "DOCK"], "answer_by": "2026-12-11"}})

    provider_ids: Annotated[list[RecordId], Field(min_length=1, max_length=MOST_PACKAGES)]
    answer_by: Day | None = Field(default=None, description="Until when an answer is asked for: told, and nothing lapses by it.")


class VolumeAnswer(Strict):
    """A provider's answer about a volume, as it is written down; `withdrawn` is the council's own."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"response": "accepted", "answered_by": "S. Marsh, director", "how": "e_mail"}}
    )

    response: Literal["accepted", "declined", "withdrawn"]
    reason: Text | None = Field(default=None, description="Needed unless it is a yes.")
    answered_by: Name | None = Field(default=None, description="Who at the provider said so.", examples=["S. Marsh, director"])
    how: Way | None = Field(default=None, description="By which way the answer came.")

    @model_validator(mode="after")
    def _says_why(self) -> VolumeAnswer:
        if (self.response == "accepted") is (self.reason is not None):
            raise PydanticCustomError("reason", "expected a reason where it is no yes, and none where it is")
        return self


class AwardedArea(Strict):
    """The contract that an area's hours become."""

    area_id: RecordId
    contract_id: Annotated[
        str, Cell("contracts", "contract_id"), Field(pattern=ADDRESSABLE, json_schema_extra={"pattern": ADDRESSABLE})
    ]
    succeeds: Annotated[str | None, Cell("contracts", "succeeds")] = None


class Award(Strict):
    """A volume, in some of its areas or in all, becomes contracts with a provider; the rest of it is known already."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "provider_id": "BRACKEN",
                "areas": [{"area_id": "A1", "contract_id": "B-BRACKEN-1"}],
                "rate_band_1": 24.5,
                "reason": "award of 2 November",
            }
        }
    )

    provider_id: Annotated[str, Cell("contracts", "provider_id")]
    areas: Annotated[list[AwardedArea], Field(min_length=1, max_length=MOST_PACKAGES)]
    rate_band_1: Annotated[float, Cell("contracts", "rate_band_1")]
    rate_band_2: Annotated[float | None, Cell("contracts", "rate_band_2")] = None
    rate_band_3: Annotated[float | None, Cell("contracts", "rate_band_3")] = None
    bands: Annotated[list[int], Cell("contracts", "bands")] = Field(default_factory=list)
    billing_increment_minutes: Annotated[int | None, Cell("contracts", "billing_increment_minutes")] = None
    regime: Annotated[str | None, Cell("contracts", "regime")] = None
    reason: Text


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
