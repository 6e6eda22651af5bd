"""First visits, as they are confirmed, agreed and listed."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api.http.conversion import Cell
from api.http.strict import Answer, Id, Line, Query, Strict
from api.offers.schemas import Way
from api.packages import columns as of

SaidBy = Annotated[Line, Field(description="Who at the provider said so.", examples=["S. Marsh, duty manager"])]
How = Annotated[Way | None, Field(description="By which way it was said.")]
Moment = Annotated[str, Cell("packages", "first_visit_at", needed=True)]
Why = Annotated[str | None, Field(description="started, resumed or moved; null: none was waited for.", examples=["moved"])]
Shown = Annotated[str | None, Field(examples=["2026-11-23T09:30:00"])]

GIVEN: dict[str, Any] = {"first_visit_at": "2026-11-23T08:10:00", "said_by": "S. Marsh, duty manager", "how": "telephone"}


class Confirmation(Strict):
    """The provider says that somebody came for the first time."""

    model_config = ConfigDict(json_schema_extra={"example": GIVEN})

    first_visit_at: Moment
    said_by: SaidBy
    how: How = None


class Agreed(Strict):
    """The handover is later: from when on the first visit is due, and why."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"due_at": "2099-11-30T09:30:00", "reason": "Both providers hand over on Monday."}}
    )

    due_at: Annotated[str, Cell("packages", "first_visit_at", needed=True, description="By when somebody must have come.")]
    reason: Annotated[str, Cell("meanwhile", "choice_reason", needed=True, description="Why; kept in the audit trail.")]


class FirstVisit(Answer):
    """The first visit of a person since their provider last changed; moments in Europe/London."""

    package_id: of.PackageId
    provider_id: Annotated[str, Field(examples=["BRACKEN"])]
    why: Why
    due_at: Annotated[str | None, Field(description="By when somebody must have come.", examples=["2026-11-23T09:30:00"])]
    confirm_by: Annotated[str | None, Field(description="From then on it is alerted.", examples=["2026-11-23T13:30:00"])]
    agreed: Annotated[str | None, Field(description="Why it is due at another moment than its times say; null: it is not.")]
    first_visit_at: Annotated[str | None, Field(description="null: not confirmed.", examples=["2026-11-23T08:10:00"])]
    said_by: Annotated[str | None, Field(examples=["S. Marsh, duty manager"])]
    how: Way | None
    confirmed_by: Annotated[str | None, Field(description="Who recorded it.", examples=["Ada Planner (06e72157)"])]
    confirmed_at: Shown


class NotConfirmed(Answer):
    """A first visit that nobody has said took place."""

    package_id: of.PackageId
    area_id: Annotated[str, Field(examples=["A1"])]
    priority: of.Priority
    provider_id: Annotated[str, Field(examples=["BRACKEN"])]
    why: Annotated[str, Field(description="started, resumed or moved.", examples=["moved"])]
    due_at: Annotated[str, Field(description="By when somebody must have come.", examples=["2026-11-23T09:30:00"])]
    confirm_by: Annotated[str, Field(description="From then on it is alerted.", examples=["2026-11-23T13:30:00"])]
    late: Annotated[bool, Field(description="It is past that.")]


class FirstVisitsQuery(Query):
    """Those in an area; with `late=true` those alone that are past the moment by which they should be confirmed."""

    area_id: Id = None
    package_id: Id = None
    late: bool = False
