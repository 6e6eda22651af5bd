"""What is sent to open and to close the reserve, and what is shown of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from api.http.conversion import Cell
from api.http.strict import Answer, RecordId, Strict

Areas = Annotated[
    list[RecordId],
    Field(min_length=1, max_length=500, description="Ids of areas; all of them or none.", examples=[["A1"]]),
]
Reason = Annotated[str, Cell("restrictions", "reason", needed=True, description="Why; kept in the audit trail.")]
ReviewOn = Annotated[str | None, Cell("restrictions", "ends", description="When to look at it again; null: no day is set.")]


class OpenReserve(Strict):
    """The reserve is to be opened, from today."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"areas": ["A1"], "reason": "flooding in the north", "review_on": "2099-01-11"}}
    )

    areas: Areas
    reason: Reason
    review_on: ReviewOn = None


class CloseReserve(Strict):
    """The reserve is to be closed, from today."""

    model_config = ConfigDict(json_schema_extra={"example": {"areas": ["A1"], "reason": "the emergency is over"}})

    areas: Areas
    reason: Reason


class OpenArea(Answer):
    """An area where the reserve is open. Null: it came with a snapshot, whose folder holds the areas alone."""

    area_id: Annotated[str, Field(examples=["A1"])]
    name: Annotated[str, Field(examples=["Larkmere and Villages"])]
    opened_on: Annotated[str | None, Field(examples=["2026-11-23"])]
    opened_by: Annotated[str | None, Field(examples=["Ada Officer (k7)"])]
    reason: Annotated[str | None, Field(examples=["flooding, declared by the director"])]
    review_on: Annotated[str | None, Field(examples=["2026-12-07"])]


class Reserve(Answer):
    """Where the reserve is open today, by area."""

    areas: list[OpenArea]


class ReserveWritten(Reserve):
    """The reserve as it is now, with what follows from that."""

    notes: Annotated[list[str], Field(examples=[["The care of 2 people stays with reserve providers in A1."]])]
