"""What is sent to file a call-off, to withdraw, offer, answer and award one."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.http.conversion import ADDRESSABLE, Cell
from api.http.forms import Json
from api.http.strict import OwnId, RecordId, Strict
from api.offers.schemas import Day, Name, Text, Way
from api.packages import columns as of
from api.packages.schemas import MOST_VISITS, NEEDS, ORIGIN, PLACE, VISIT, NamedVisit, NewPackage
from optimiser.domain.records import Tier

MOST_PACKAGES = 100

CallOffId = Annotated[
    OwnId | None,
    Field(
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
    call_off_id: CallOffId = None
    package: NewPackage


class CallOffSpecialist(Strict):
    """One person's care of a service that specialist contracts alone deliver."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"kind": "specialist", "service": "enhanced_home_support", "package": OnePackage}}
    )

    kind: Literal["specialist"]
    call_off_id: CallOffId = None
    service: NewService
    package: NewPackage


class CallOffBundle(Strict):
    """A round at once: offered as one, and placed together on one contract or not at all; in one area, of one service."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"kind": "bundle", "packages": [OnePackage, OnePackage | {"package_id": "N10"}]}}
    )

    kind: Literal["bundle"]
    call_off_id: CallOffId = None
    service: NewService | None = None
    packages: Annotated[list[NewPackage], Field(min_length=2, max_length=MOST_PACKAGES)]


class SharedVisit(NamedVisit):
    """A visit that becomes the part's: of all of its care workers, or of one."""

    workers: Annotated[
        Literal[1] | None, Field(description="Of two care workers one, from the part: where the service is double assist alone.")
    ] = None


class CallOffPart(Strict):
    """Some of a waiting package's care, as a package of its own; the rest goes on waiting. Not a minute is lost or doubled."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"kind": "part", "package_id": "N9", "visits": [{"visit_id": "N9-V1", "days": ["sat", "sun"]}]}
        }
    )

    kind: Literal["part"]
    call_off_id: CallOffId = None
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
    call_off_id: CallOffId = None
    areas: Annotated[list[VolumeArea], Field(min_length=1, max_length=MOST_PACKAGES)]
    guarantee: Annotated[float | None, Cell("contracts", "guarantee")] = None
    starts: Annotated[str, Cell("contracts", "starts", needed=True)]
    ends: Annotated[str | None, Cell("contracts", "ends")] = None
    tier: Annotated[Tier, Field(examples=["legacy"])]
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
