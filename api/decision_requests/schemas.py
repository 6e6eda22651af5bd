"""Requests for a decision of social work, as they are sent and listed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.decisions.schemas import Move, To
from api.http.strict import Answer, Id, OwnId, Query, Strict
from api.offers.schemas import Day, Text

ASKED: dict[str, Any] = {
    "move": "reoptimise",
    "to_provider_id": "CLOVER",
    "decide_by": "2099-11-30",
    "why": "N4 waits for her place.",
}


class NewDecisionRequest(Strict):
    """A decision of social work is asked for: for one kind of move of one person."""

    model_config = ConfigDict(json_schema_extra={"example": ASKED})

    request_id: Annotated[
        OwnId | None,
        Field(
            description="Your own id for it: sent again, it is not asked twice. Without it, it gets one.",
            examples=["DR-2026-117"],
        ),
    ] = None
    move: Move
    to_provider_id: To = None
    decide_by: Annotated[Day, Field(description="By when a decision is needed: today or later.")]
    why: Annotated[Text, Field(description="What the move is for.")]


class DecisionRequest(Answer):
    """A request for a decision, as it was made."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **ASKED,
                "request_id": "DR-5f1c2a90b7de4431",
                "package_id": "R1",
                "asked_by": "Ada Planner (06e72157)",
                "asked_at": "2026-11-23T10:20:00",
            }
        }
    )

    request_id: str
    package_id: str
    move: Move
    to_provider_id: To
    decide_by: str
    why: str
    asked_by: str
    asked_at: str


class DecisionAsked(Answer):
    """A person whose decision is asked for, and has not been made since."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "request_id": "DR-5f1c2a90b7de4431",
                "package_id": "R1",
                "area_id": "A1",
                "area_name": "Larkmere and Villages",
                "move": "reoptimise",
                "from_provider_id": "DOCK",
                "to_provider_id": "CLOVER",
                "moves_on": None,
                "decide_by": "2026-11-30",
                "overdue": False,
                "why": "N4 waits for her place.",
                "asked_by": "Ada Planner (06e72157)",
                "run_id": None,
            }
        }
    )

    request_id: Annotated[str | None, Field(description="Null: a plan asks, and nobody by name.")]
    package_id: str
    area_id: str
    area_name: str | None
    move: Move
    from_provider_id: str | None
    to_provider_id: To
    moves_on: Annotated[str | None, Field(description="Of a plan: the day on which the person would move.")]
    decide_by: Annotated[str, Field(description="Of a plan: so many days before the move as a setting says.")]
    overdue: bool
    why: str
    asked_by: str | None
    run_id: Annotated[str | None, Field(description="The plan's run.")]


OF_PLAN: dict[str, Any] = {
    "package_id": "R1",
    "move": "reoptimise",
    "to_provider_id": "CLOVER",
    "moves_on": None,
    "stands": "suitable",
    "decided_by": "a social worker",
    "decided_on": "2026-11-23",
    "valid_to": "2027-05-24",
    "decide_by": None,
    "overdue": False,
    "asked_by": None,
}


class DecisionOfPlan(Answer):
    """How it stands with the decision that one move of a plan needs."""

    model_config = ConfigDict(json_schema_extra={"example": OF_PLAN})

    package_id: str
    move: Move
    to_provider_id: str
    moves_on: Annotated[str | None, Field(description="The day of the move; null: as soon as the provider accepts.")]
    stands: Annotated[
        Literal["suitable", "not_suitable", "asked", "not_asked", "moved"],
        Field(description="What was decided, else whether a decision is asked for, by name or by a plan; `moved`: it is done."),
    ]
    decided_by: Annotated[str | None, Field(description="Null also of a decision that stands on the package alone.")]
    decided_on: str | None
    valid_to: Annotated[str | None, Field(description="The first day on which the decision no longer counts.")]
    decide_by: Annotated[str | None, Field(description="By when an open one is to be made.")]
    overdue: bool
    asked_by: Annotated[str | None, Field(description="Who asks for an open one; null: a plan, or nobody.")]


class DecisionsOfPlan(Answer):
    """How it stands with the decisions that a plan needs, in the plan's order."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [OF_PLAN]}})

    items: list[DecisionOfPlan]


class DecisionsAskedQuery(Query):
    """Those in an area, or of one person."""

    area_id: Id = None
    package_id: Id = None
