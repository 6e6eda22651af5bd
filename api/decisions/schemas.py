"""A social worker's decision about one kind of move, as it is recorded and shown."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api.http.conversion import Cell
from api.http.strict import Answer, OwnId, Strict

Move = Annotated[str, Cell("decisions", "move")]
To = Annotated[str | None, Cell("decisions", "to_provider_id")]
Decided = Annotated[str, Cell("decisions", "decision")]
Why = Annotated[str, Cell("decisions", "why", needed=True)]
Day = Annotated[str, Cell("decisions", "decided_on")]
Until = Annotated[str, Cell("decisions", "valid_to")]

GIVEN: dict[str, Any] = {
    "move": "transfer",
    "to_provider_id": "CLOVER",
    "decision": "suitable",
    "why": "Has said that mornings with the new carers went well.",
}
DECISION: dict[str, Any] = {
    "decision_id": "D-5f1c2a90b7de4431",
    "package_id": "R1",
    **GIVEN,
    "decided_by": "a social worker",
    "decided_on": "2026-11-23",
    "valid_to": "2027-05-24",
    "counts_today": True,
}


class NewDecision(Strict):
    """Whether one kind of move is right for a person. Without ``to_provider_id``: to whomever it is."""

    model_config = ConfigDict(json_schema_extra={"example": GIVEN})

    decision_id: Annotated[
        OwnId | None,
        Field(
            description="Your own id for it: sent again, the same decision is not recorded twice. Without it, it gets one.",
            examples=["D-2026-117"],
        ),
    ] = None
    move: Move
    to_provider_id: To = None
    decision: Decided
    why: Why
    decided_on: Annotated[Day | None, Field(description="Without it: today.")] = None
    valid_to: Annotated[
        Until | None, Field(description="An earlier end than the setting `decision_valid_weeks` gives; without it: that.")
    ] = None


class Decision(Answer):
    """A decision, who made it, and whether it counts today."""

    model_config = ConfigDict(json_schema_extra={"example": DECISION})

    decision_id: Annotated[str, Cell("decisions", "decision_id")]
    package_id: Annotated[str, Cell("decisions", "package_id")]
    move: Move
    to_provider_id: To
    decision: Decided
    why: Annotated[str | None, Cell("decisions", "why")]
    decided_by: Annotated[str | None, Cell("decisions", "decided_by")]
    decided_on: Day
    valid_to: Until
    counts_today: Annotated[bool, Field(description="Whether its days cover today.")]


class Decisions(Answer):
    """A person's decisions, the earliest first."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [DECISION]}})

    items: list[Decision]
