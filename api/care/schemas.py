"""Starts, holds, restarts and ends of care, and the alerts."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.http.strict import Exact
from api.offers.schemas import Day, Text


class Start(Exact):
    """The day on which care began; without it: today."""

    care_started: Day | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"care_started": "2026-11-23"}]})


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
    """Why care ends."""

    reason: Text

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "Moved to a care home on 20 November"}]})


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


class Alert(BaseModel):
    """Something that a person has to look at. ``about``: the offer, the date, or the run."""

    alert_id: str
    kind: Literal[
        "offer_expired",
        "offer_stopped",
        "hold_ran_out",
        "cascade_exhausted",
        "acceptance_stopped",
        "move_is_off",
        "person_said_no",
    ]
    package_id: str
    about: str
    sentence: str
    at: dt.datetime
    acknowledged_by: str | None
    acknowledged_at: dt.datetime | None

    model_config = ConfigDict(json_schema_extra={"examples": [ALERT]})


class Alerts(BaseModel):
    """A page of alerts, the oldest first."""

    items: list[Alert]
    next_cursor: str | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [ALERT], "next_cursor": None}]})
