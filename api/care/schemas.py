"""Starts, holds, restarts and ends of care, and the alerts."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.http.strict import Exact, Line
from api.offers.schemas import Day, Text, Way
from api.packages import columns as of


class Start(Exact):
    """The day on which care began; without it: today. And its first visit, where the provider has said that it took place."""

    care_started: Day | None = None
    first_visit_at: of.FirstVisitAt = None
    said_by: Line | None = Field(default=None, description="Who at the provider said so.")
    how: Way | None = Field(default=None, description="By which way it was said.")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"care_started": "2026-11-23"},
                {"care_started": "2026-11-23", "first_visit_at": "2026-11-23T08:10:00", "said_by": "S. Marsh, duty manager"},
            ]
        }
    )

    @model_validator(mode="after")
    def _somebody_said_so(self) -> Self:
        if (self.first_visit_at is None) != (self.said_by is None) or (self.how is not None and self.said_by is None):
            raise ValueError("a first visit is given with who at the provider said so (first_visit_at, said_by)")
        return self


class Hold(Exact):
    """Contract and hours are kept until this day (the first one that is no longer covered)."""

    held_until: Day

    model_config = ConfigDict(json_schema_extra={"examples": [{"held_until": "2026-12-07"}]})


class Restart(Exact):
    """``resumes``: the provider who kept the hours goes on. Otherwise the care is asked for anew, that provider first."""

    resumes: bool = False
    start_by: Day | None = Field(default=None, description="Without it: today")

    model_config = ConfigDict(json_schema_extra={"examples": [{"resumes": True}, {"start_by": "2026-12-01"}]})


class End(Exact):
    """Why care ends, who ends it, and whether the need remains: then it is asked for anew in the same act."""

    reason: Text
    ended_by: Literal["person", "provider", "council"] | None = None
    need_remains: bool | None = Field(
        default=None, description="Whether care is still needed; has to be said where the provider ends it. Running care alone."
    )
    start_by: Day | None = Field(default=None, description="Where the need remains: from when on; without it: today")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"reason": "Moved to a care home on 20 November"},
                {"reason": "Gave notice on 2 November", "ended_by": "provider", "need_remains": True, "start_by": "2026-11-30"},
            ]
        }
    )

    @model_validator(mode="after")
    def _need_is_asked_about(self) -> Self:
        if self.ended_by == "provider" and self.need_remains is None:
            raise ValueError("a provider ends this care: say whether the need remains (need_remains)")
        if self.start_by is not None and not self.need_remains:
            raise ValueError("start_by goes with need_remains: true")
        return self


class Situation(BaseModel):
    """Where a package stands after an act."""

    package_id: str
    situation: Literal["waiting", "pending", "accepted", "running", "on_hold", "ended"]
    contract_id: str | None
    care_started: dt.date | None
    held_until: dt.date | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "package_id": "N4",
                    "situation": "running",
                    "contract_id": "F-BRACKEN",
                    "care_started": "2026-11-23",
                    "held_until": None,
                }
            ]
        }
    )


ALERT: dict[str, Any] = {
    "alert_id": "90f3b1c47a5d2e66",
    "kind": "hold_ran_out",
    "package_id": "R3",
    "about": "2026-11-23",
    "sentence": "The date until which the hours are kept has come.",
    "at": "2026-11-23T00:00:05",
    "acknowledged_by": None,
    "acknowledged_at": None,
}


class Ended(Situation):
    """A package whose care has ended, and the request that was opened with it where the need remains."""

    new_package_id: str | None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "package_id": "N4",
                    "situation": "ended",
                    "contract_id": None,
                    "care_started": None,
                    "held_until": None,
                    "new_package_id": "N4-2",
                }
            ]
        }
    )


class Alert(BaseModel):
    """Something that a person has to look at. ``about``: the offer, date, moment, run, request or question."""

    alert_id: str
    kind: Literal[
        "offer_expired",
        "offer_stopped",
        "hold_ran_out",
        "cascade_exhausted",
        "yes_put_forward",
        "acceptance_stopped",
        "move_is_off",
        "no_plan",
        "plan_ran_out",
        "plan_too_short",
        "carer_cannot_go_on",
        "check_overdue",
        "choice_overdue",
        "first_visit_not_confirmed",
        "support_runs_on",
        "support_ends_soon",
        "care_still_needed",
        "person_said_no",
        "hospital_withdrew",
        "hospital_changed",
        "hospital_needs_not_told",
        "correction_asked",
        "person_objected",
        "rights_request_late",
        "question_of_safety",
        "question_overdue",
    ]
    package_id: str = Field(description="Empty: of a provider's question that is about nobody's care.")
    about: str
    sentence: str
    at: dt.datetime
    acknowledged_by: str | None
    acknowledged_at: dt.datetime | None

    model_config = ConfigDict(json_schema_extra={"examples": [ALERT]})


class Alerts(BaseModel):
    """A page of alerts: first visits that are not confirmed first, then whoever may not be safe, then the oldest."""

    items: list[Alert]
    next_cursor: str | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [ALERT], "next_cursor": None}]})
