"""Designated periods for incentives, as they are opened, changed and shown."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.http.strict import Answer, Line, Query, Strict

Json = dict[str, Any]
Occasion = Annotated[
    Literal["severe_weather", "staff_absence", "market_failure", "designated"],
    Field(description="Why it is opened; designated: by the council, for any other reason, such as bank holidays."),
]
Stands = Literal["to_come", "open", "over", "withdrawn"]
Why = Annotated[Line, Field(description="In words; name nobody. It stands in the audit trail.")]
Ends = Annotated[dt.date, Field(description="The first day that no longer counts.")]
NEW: Json = {
    "starts": "2026-12-05",
    "ends": "2026-12-08",
    "occasion": "severe_weather",
    "why": "Red warning of snow from Saturday",
}
PERIOD: Json = NEW | {
    "incentive_period_id": "IP0001",
    "state": "to_come",
    "opened_by": "Fred Finance (06e72157)",
    "opened_at": "2026-12-04T15:40:00",
    "changed_by": None,
    "changed_at": None,
    "changed_why": None,
    "notes": [],
}

FAST_START: Json = {"after": None, "until": "2026-11-24T14:30:00", "gbp": 142.5}

OWN_INCENTIVES: Json = {
    "designated_day": "request",
    "periods": [{name: NEW[name] for name in ("starts", "ends", "occasion")}],
    "amounts": [{"starts": None, "ends": None, "workers": 2, "over_hours": 12.0, "up_to_hours": 24.0, "gbp": 142.5}],
}


class NewPeriod(Strict):
    """A designated period, from today at the earliest."""

    model_config = ConfigDict(json_schema_extra={"example": NEW})

    starts: dt.date
    ends: Ends
    occasion: Occasion
    why: Why


class NewEnd(Strict):
    """Another end of a period that is not over: after today."""

    model_config = ConfigDict(json_schema_extra={"example": {"ends": "2026-12-07", "why": "The thaw came earlier"}})

    ends: Ends
    why: Why


class Withdrawal(Strict):
    """Why a period that has not begun is withdrawn."""

    model_config = ConfigDict(json_schema_extra={"example": {"why": "The warning was taken back"}})

    why: Why


class IncentivePeriod(Answer):
    """A designated period: opened in the service, or a line of the account book's ``incentive_periods.csv``."""

    model_config = ConfigDict(json_schema_extra={"example": PERIOD})

    incentive_period_id: Annotated[str | None, Field(description="null: it stands in the account book, and is changed there.")]
    starts: dt.date
    ends: Ends
    occasion: Annotated[str, Field(description="Of one in the account book in its own words.")]
    why: str | None
    state: Stands
    opened_by: str | None
    opened_at: Annotated[str | None, Field(description="In Europe/London.")]
    changed_by: Annotated[str | None, Field(description="Who changed its end last, or withdrew it.")]
    changed_at: str | None
    changed_why: str | None
    notes: Annotated[list[str], Field(description="What somebody should know of it: that no amount is kept for its days.")]


class FastStart(Answer):
    """What care in place in time earns its provider; by London's clocks."""

    model_config = ConfigDict(json_schema_extra={"example": FAST_START})

    after: Annotated[dt.datetime | None, Field(description="Only from then on; null: as soon as can be.")]
    until: Annotated[dt.datetime, Field(description="The last second that earns it.")]
    gbp: Annotated[float, Field(description="Once, for the first visit since the request.")]


class OwnPeriod(Answer):
    """A designated period, today's or to come."""

    starts: dt.date
    ends: Ends
    occasion: str


class OwnAmount(Answer):
    """What care in place after more than ``over_hours`` and at most ``up_to_hours`` hours earns, by day of the request."""

    starts: dt.date | None
    ends: dt.date | None
    workers: int
    over_hours: float
    up_to_hours: float
    gbp: float


class OwnIncentives(Answer):
    """What a provider is told of incentives; no amounts where no period is designated."""

    model_config = ConfigDict(json_schema_extra={"example": OWN_INCENTIVES})

    designated_day: Annotated[
        Literal["request", "start", "both"],
        Field(description="Which day has to lie in a period: of the request, the start or both."),
    ]
    periods: list[OwnPeriod]
    amounts: list[OwnAmount]


class PeriodsQuery(Query):
    """Those that stand in one way."""

    state: Stands | None = None
