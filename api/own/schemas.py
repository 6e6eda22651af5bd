"""A provider's own things, as they are read and answered over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.http.strict import Answer, Exact, Query
from api.offers.schemas import BroadcastVisit, Day, DeclineReason, Location, Text
from api.packages.schemas import MOST_VISITS

Json = dict[str, Any]
Standing = Literal["open", "said_yes", "accepted", "said_no", "time_over", "no_longer_needed"]
CARE: Json = {
    "district": "NR21",
    "needs": ["medication"],
    "worker_gender": "female",
    "worker_languages": ["Polish"],
    "parts_of_day": ["morning"],
    "hours_per_week": 5.0,
    "visits_per_week": 5,
    "age_days": 7,
    "priority": "standard",
    "start_by": "2026-12-07",
    "visits": [{"number": 1, "part_of_day": "morning", "minutes": 60, "times_a_week": 5, "workers": 1}],
}
OFFER: Json = {
    "offer_id": "O-5f1c2a90b7de4431",
    "contract_id": "F-BRACKEN",
    "standing": "open",
    "offered_at": "2026-11-23T09:12:00",
    "answer_by": "2026-11-25T09:12:00",
    "asked_with": [],
    "own_answer": None,
    "care": CARE,
    "place": None,
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
    care: AskedFor | None
    place: Location | None
    """Once it is accepted."""


class OwnOffersQuery(Query):
    """Which offers: those that wait for an answer or for the council first, by the time to answer; then others, newest first."""

    standing: Annotated[Standing | None, Field(description="Those alone that stand so.")] = None


class OwnOffers(BaseModel):
    """A page of a provider's own offers."""

    items: list[OwnOffer]
    next_cursor: str | None
