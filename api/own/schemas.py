"""A provider's own things, as they are read and answered over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.http.strict import Answer, Exact, Query
from api.incentives.schemas import FAST_START, FastStart
from api.offers.schemas import ASKED_FOR, BroadcastVisit, Day, DeclineReason, Location, Text
from api.packages.schemas import MOST_VISITS

Json = dict[str, Any]
Standing = Literal["open", "said_yes", "accepted", "said_no", "time_over", "no_longer_needed"]
OFFER: Json = {
    "offer_id": "O-5f1c2a90b7de4431",
    "contract_id": "F-BRACKEN",
    "standing": "open",
    "offered_at": "2026-11-23T09:12:00",
    "answer_by": "2026-11-25T09:12:00",
    "asked_with": [],
    "own_answer": None,
    "late_after": None,
    "care": ASKED_FOR | {"worker_gender": "female"},
    "place": None,
    "fast_start": [FAST_START],
}


class NewOwnAnswer(Exact):
    """What a provider says to an offer of its own. A yes holds the hours until the council has placed, or says that it will not.

    Until then another answer may be given: the last counts.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"answer": "later", "from_day": "2026-12-14"}]})

    answer: Literal["yes", "no", "later", "part"]
    reason: DeclineReason | None = Field(default=None, description="Of a no: why")
    from_day: Day | None = Field(default=None, description="Of a later yes: from when")
    visits: Annotated[
        list[Annotated[int, Field(ge=1, le=MOST_VISITS)]],
        Field(max_length=MOST_VISITS, description="Of a part: the visits that you would do, by number."),
    ] = Field(default_factory=list)
    message: Text | None = Field(default=None, description="What the council should know with a yes; never of a person")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for name, answer, given in (
            ("reason", "no", self.reason is not None),
            ("from_day", "later", self.from_day is not None),
            ("visits", "part", bool(self.visits)),
        ):
            if given != (self.answer == answer):
                raise ValueError(f"{name} stands with the answer {answer}, and with it alone")
        if self.answer == "no" and self.message:
            raise ValueError("a no has a reason and no message")
        return self


class OwnAnswer(Answer):
    """What was said for the provider, by whom and when; the visits by number."""

    answer: Literal["yes", "no", "later", "part"]
    said_by: str | None
    said_at: dt.datetime | None
    reason: str | None
    from_day: dt.date | None
    visits: list[int]
    days: dict[str, list[str]]
    """Of a part: per number of a visit that was not meant on all of its days those that were."""
    message: str | None


class AskedFor(Answer):
    """The care that is asked for, as far as it may be told before anybody has accepted it."""

    district: str
    needs: list[str]
    worker_gender: Literal["female", "male"] | None
    worker_languages: list[str]
    parts_of_day: list[str]
    hours_per_week: float
    visits_per_week: int
    age_days: int | None
    priority: str
    start_by: dt.date | None
    visits: list[BroadcastVisit]


class OwnOffer(Answer):
    """An offer to the provider itself. Of one that is closed no care is told, and of one that is no longer needed no reason."""

    model_config = ConfigDict(json_schema_extra={"examples": [OFFER]})

    offer_id: str
    contract_id: str
    standing: Standing
    offered_at: dt.datetime
    answer_by: dt.datetime | None
    asked_with: list[str]
    """Other offers that were asked with it as one: one answer is for all of them."""
    own_answer: OwnAnswer | None
    late_after: dt.datetime | None
    """When the time to answer was over, where the council has taken your answer after it."""
    care: AskedFor | None
    place: Location | None
    """Once it is accepted."""
    fast_start: list[FastStart]
    """What care in place soon earns you; nothing: no incentive is to be earned."""


class OwnOffersQuery(Query):
    """Which offers: those that wait for an answer or for the council first, by the time to answer; then others, newest first."""

    standing: Annotated[Standing | None, Field(description="Those alone that stand so.")] = None


class OwnOffers(BaseModel):
    """A page of a provider's own offers."""

    items: list[OwnOffer]
    next_cursor: str | None


OWN_CARE: Json = {
    "standing": "running",
    "contract_id": "F-CLOVER",
    "package_id": "R3",
    "area_id": "A1",
    "latitude": 52.649802,
    "longitude": 0.996525,
    "hours_per_week": 5.0,
    "visits_per_week": 5,
    "workers": 1,
    "skills": ["medication"],
    "start_by": "2026-05-14",
    "worker_gender": "female",
    "worker_languages": [],
    "formats": ["large_print"],
    "language": "Polish",
    "care_started": "2026-05-11",
    "first_visit_at": "2026-05-11T08:05:00",
    "held_until": "2026-12-07",
    "round_id": "RD1",
    "visits": [
        {
            "visit_id": "V05",
            "days": ["mon", "tue", "wed", "thu", "fri"],
            "earliest_start": "07:00:00",
            "latest_start": "09:30:00",
            "duration_minutes": 60,
            "workers": 1,
            "needs": ["medication"],
        }
    ],
}
OWN_CONTRACT: Json = {
    "contract_id": "F-CLOVER",
    "tier": "framework",
    "area_id": "A1",
    "service": "double_assist",
    "starts": "2026-04-01",
    "ends": "2032-04-01",
    "extension_until": "2034-04-01",
    "max_hours_4w": 56,
    "guarantee": 0.8,
    "billing_increment_minutes": 15,
    "notice_days": 90,
    "rate_band_1": 25.0,
    "rate_band_2": 26.0,
    "rate_band_3": 27.0,
    "is_current": True,
    "people": 1,
    "running_hours_4w": 20.0,
    "to_begin_hours_4w": 0.0,
    "held_hours_4w": 20.0,
    "guaranteed_weekly_gbp": 280.0,
    "care_weekly_gbp": 135.0,
    "prices_from": [{"starts": "2027-04-01", "rates_gbp": [25.5, 26.5, 27.5]}],
}
OWN_ROUND: Json = {"round_id": "RD1", "area_id": "A1", "staff": 2, "staff_hours_per_week": 46.0, "package_ids": ["R1", "R2"]}


class OwnVisit(Answer):
    """A visit of the provider's own care."""

    visit_id: str
    days: list[str]
    earliest_start: str
    latest_start: str
    duration_minutes: int
    workers: int
    needs: list[str]


class OwnCare(Answer):
    """The care of one person with the provider."""

    model_config = ConfigDict(json_schema_extra={"example": OWN_CARE})

    standing: Literal["running", "on_hold", "to_begin"]
    contract_id: str
    package_id: str
    area_id: str | None
    latitude: float
    longitude: float
    hours_per_week: float
    visits_per_week: int
    workers: int
    skills: list[str]
    start_by: str | None
    worker_gender: str | None
    worker_languages: list[str]
    formats: list[str]
    language: str | None
    care_started: str | None
    first_visit_at: str | None
    held_until: str | None
    round_id: str | None
    visits: list[OwnVisit]


class PricesFrom(Answer):
    """Prices by the hour for bands 1, 2 and 3, from a day on."""

    starts: str
    rates_gbp: list[float]


class OwnContract(Answer):
    """A contract of the provider's; hours in four weeks."""

    model_config = ConfigDict(json_schema_extra={"example": OWN_CONTRACT})

    contract_id: str
    tier: str
    area_id: str | None
    service: str | None
    starts: str | None
    ends: str | None
    extension_until: str | None
    max_hours_4w: float | None
    guarantee: float | None
    billing_increment_minutes: int | None
    notice_days: int | None
    rate_band_1: float | None
    rate_band_2: float | None
    rate_band_3: float | None
    is_current: bool
    people: int
    running_hours_4w: float
    to_begin_hours_4w: float
    held_hours_4w: float
    """By the provider's own offers that wait."""
    guaranteed_weekly_gbp: float | None
    care_weekly_gbp: float | None
    """What the care costs that the guarantee is compared with; null without a guarantee."""
    prices_from: list[PricesFrom]


class OwnContracts(Answer):
    """The provider, with its contracts by id."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "provider_id": "CLOVER",
                "name": "Clover Home Care",
                "as_of": "2026-11-23",
                "own_max_hours_4w": 400.0,
                "contracts": [OWN_CONTRACT],
            }
        }
    )

    provider_id: str
    name: str
    as_of: dt.date
    own_max_hours_4w: float | None
    contracts: list[OwnContract]


class OwnRound(Answer):
    """A round of the provider's, and whose care is in it."""

    model_config = ConfigDict(json_schema_extra={"example": OWN_ROUND})

    round_id: str
    area_id: str | None
    staff: int | None
    staff_hours_per_week: float | None
    package_ids: list[str]


class OwnRounds(Answer):
    """The provider's rounds, by id."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [OWN_ROUND]}})

    items: list[OwnRound]
