"""Free hours, as they are told and shown."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.capacity_returns.told_returns import MOST_LINES
from api.http.strict import Answer, Id, Line, Query, RecordId, Strict
from api.offers.schemas import Way

Part = Literal["morning", "midday", "afternoon", "evening", "night"]
Hours = Annotated[
    float,
    Field(ge=0, le=100_000, multiple_of=0.25, description="Free care-worker hours a week, in quarters.", examples=[12.0]),
]
LINE: dict[str, Any] = {"area_id": "A1", "part_of_day": "morning", "hours_per_week": 12.0, "free_from": "2026-11-20"}
GIVEN: dict[str, Any] = {"provider_id": "BRACKEN", "said_by": "S. Marsh, duty manager", "how": "telephone", "free": [LINE]}
RETURN: dict[str, Any] = {
    "provider_id": "BRACKEN",
    "told_on": "2026-11-20",
    "said_by": "S. Marsh, duty manager",
    "how": "telephone",
    "source": "somebody",
    "recorded_by": "Ada Planner (06e72157)",
    "recorded_at": "2026-11-20T10:05:00",
    "provider": "Bracken Home Care",
    "counts_until": "2026-12-04",
    "ask_again": False,
    "free": [LINE],
    "says": "told 3 days ago: 12 h, mornings, A1",
}


class Free(Strict):
    """Free hours of an area, a part of the day, and from a day on. What is left out was not said."""

    model_config = ConfigDict(json_schema_extra={"example": LINE})

    area_id: Annotated[RecordId | None, Field(description="null: it did not say which.", examples=["A1"])] = None
    part_of_day: Annotated[Part | None, Field(description="null: any.")] = None
    hours_per_week: Hours
    free_from: Annotated[
        dt.date | None, Field(description="The first day on which they are free; null: now.", examples=["2026-12-07"])
    ] = None


class ReturnTold(Strict):
    """All of a provider's free hours, as it tells them today."""

    model_config = ConfigDict(json_schema_extra={"example": {"free": [LINE]}})

    free: Annotated[list[Free], Field(max_length=MOST_LINES, description="All of them; an empty list: it has none.")]


class NewReturn(ReturnTold):
    """The same, written down for a provider: who said so, and how."""

    model_config = ConfigDict(json_schema_extra={"example": GIVEN})

    provider_id: Annotated[RecordId, Field(examples=["BRACKEN"])]
    said_by: Annotated[Line | None, Field(description="Who at the provider said so.", examples=["S. Marsh, duty manager"])] = None
    how: Annotated[Way | None, Field(description="By which way it was said.")] = None


class Withdrawal(Strict):
    """A return no longer counts."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "It was another provider's."}})

    reason: Annotated[Line, Field(description="Why; kept in the audit trail.", examples=["It was another provider's."])]


class FreeShown(Answer):
    """Free hours of a return."""

    area_id: Annotated[str | None, Field(examples=["A1"])]
    part_of_day: Part | None
    hours_per_week: Annotated[float, Field(examples=[12.0])]
    free_from: Annotated[str | None, Field(examples=["2026-12-07"])]


class CapacityReturn(Answer):
    """What a provider has told last."""

    model_config = ConfigDict(json_schema_extra={"example": RETURN})

    provider_id: Annotated[str, Field(examples=["BRACKEN"])]
    provider: Annotated[str, Field(examples=["Bracken Home Care"])]
    told_on: Annotated[str, Field(examples=["2026-11-20"])]
    counts_until: Annotated[str, Field(description="From this day on it is to be asked again.", examples=["2026-12-04"])]
    ask_again: bool
    source: Annotated[str, Field(description="somebody (a person wrote it down), file, or provider (itself).", examples=["file"])]
    said_by: Annotated[str, Field(description="Empty: not said.", examples=["S. Marsh, duty manager"])]
    how: Annotated[str, Field(description="Empty: not said.", examples=["telephone"])]
    recorded_by: Annotated[str | None, Field(description="null: not told to its provider.", examples=["Ada Planner (06e72157)"])]
    recorded_at: Annotated[str, Field(examples=["2026-11-20T10:05:00"])]
    free: list[FreeShown]
    says: Annotated[str, Field(description="The same in words.", examples=["told 3 days ago: 12 h, mornings, A1"])]


class LastReturn(Answer):
    """What one provider has told last."""

    model_config = ConfigDict(json_schema_extra={"example": {"provider_id": "BRACKEN", "last": RETURN}})

    provider_id: str
    last: CapacityReturn | None = Field(description="null: nothing that counts or has counted.")


class Withdrawn(Answer):
    """Whose return no longer counts."""

    model_config = ConfigDict(json_schema_extra={"example": {"provider_id": "BRACKEN"}})

    provider_id: Annotated[str, Field(examples=["BRACKEN"])]


class Taken(Answer):
    """What came of a file."""

    model_config = ConfigDict(json_schema_extra={"example": {"taken": ["BRACKEN"], "same": [], "older": ["CLOVER"]}})

    taken: Annotated[list[str], Field(description="Providers whose return is the file's now.", examples=[["BRACKEN"]])]
    same: Annotated[list[str], Field(description="Those whose return was the same already.", examples=[[]])]
    older: Annotated[list[str], Field(description="Those who have told something since: it stays.", examples=[["CLOVER"]])]


class DisagreementsQuery(Query):
    """All, or those of a provider."""

    provider_id: Id = None


class ReturnsQuery(DisagreementsQuery):
    """Those of a provider, those that tell of an area, or those that are to be asked again."""

    area_id: Id = None
    ask_again: bool = False


class Declined(Answer):
    """A decline for want of room while the return had room for it. Of whom it was is not told."""

    offer_id: Annotated[str, Field(examples=["O-5f1c2a90b7de4431"])]
    area_id: Annotated[str, Field(examples=["A1"])]
    declined_on: Annotated[str, Field(examples=["2026-11-22"])]


class ToBeTold(Answer):
    """A provider whose return and answers disagree: tell it first, and nobody else."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "provider_id": "BRACKEN",
                "provider": "Bracken Home Care",
                "told_on": "2026-11-20",
                "says": RETURN["says"],
                "declined": [{"offer_id": "O-5f1c2a90b7de4431", "area_id": "A1", "declined_on": "2026-11-22"}],
            }
        }
    )

    provider_id: Annotated[str, Field(examples=["BRACKEN"])]
    provider: Annotated[str, Field(examples=["Bracken Home Care"])]
    told_on: Annotated[str, Field(examples=["2026-11-20"])]
    says: Annotated[str, Field(examples=[RETURN["says"]])]
    declined: list[Declined]


class Untold(Answer):
    """A provider that has told no free hours that count."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"provider_id": "DOCK", "provider": "Dock Home Care", "told_on": None, "asked_on": "2026-11-16"}
        }
    )

    provider_id: str
    provider: str
    told_on: Annotated[str | None, Field(description="null: it never told any.")]
    asked_on: Annotated[str | None, Field(description="null: it was not asked by message; nobody's address may be known.")]


class KnownArea(Answer):
    """An area of the county, as lines of a return may name it."""

    area_id: Annotated[str, Field(examples=["A1"])]
    name: Annotated[str, Field(examples=["Larkmere and Villages"])]


class OwnTaken(Answer):
    """What came of a provider's own file."""

    model_config = ConfigDict(json_schema_extra={"example": {"came_of_it": "told", "last": RETURN}})

    came_of_it: Annotated[
        Literal["told", "same", "older"],
        Field(description="told: it counts now; same: it was told already; older: something was told since, and stays."),
    ]
    last: CapacityReturn | None


class OwnReturn(Answer):
    """A provider's own last return, and where its own answers disagree with it."""

    model_config = ConfigDict(json_schema_extra={"example": {"last": RETURN, "declined": [], "areas": []}})

    last: CapacityReturn | None = Field(description="null: none.")
    declined: list[Declined]
    areas: Annotated[list[KnownArea], Field(description="Those that lines may name.")]
