"""What has been done about a person, as it is shown."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api.http.strict import Answer, Query

DEED: dict[str, Any] = {
    "seq": 412,
    "at": "2026-11-23T10:20:00",
    "by": "Ada Planner (06e72157)",
    "role": "planner",
    "action": "offer.made",
    "told": {"contract_id": "F-BRACKEN", "step": "framework"},
}


class Deed(Answer):
    """An entry of the audit trail that changed something about the person."""

    model_config = ConfigDict(json_schema_extra={"example": DEED})

    seq: Annotated[int, Field(description="Its place in the audit trail.", examples=[412])]
    at: Annotated[str, Field(description="In Europe/London.", examples=["2026-11-23T10:20:00"])]
    by: Annotated[str, Field(examples=["Ada Planner (06e72157)"])]
    role: Annotated[str, Field(examples=["planner"])]
    action: Annotated[str, Field(examples=["offer.made"])]
    told: Annotated[dict[str, str], Field(description="What it was about, in a line: which contract, why, until when.")]


class HistoryQuery(Query):
    """A page of it."""
