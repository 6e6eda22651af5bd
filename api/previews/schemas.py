"""What would come of a request, or of other needs."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api.cascade.schemas import Step
from api.http.strict import Answer, Notes

PREVIEW: dict[str, Any] = {
    "area_id": "A1",
    "area_name": "Larkmere and Villages",
    "live": True,
    "band": 1,
    "hours_per_week": 7.0,
    "next_step": {"name": "framework", "contract_ids": ["F-BRACKEN"]},
    "asked_next": ["Bracken Home Care"],
    "can_be_asked": 4,
    "cannot_be_asked": 1,
    "why_not": [{"sentence": "Alder Home Care is 21 miles away, further than the 18 that it travels.", "providers": 1}],
    "notes": [],
}


class InTheWay(Answer):
    """Why some cannot be asked."""

    sentence: Annotated[str, Field(description="Of one of them.", examples=["Dock Home Care has not the skill medication."])]
    providers: Annotated[int, Field(ge=1, description="How many the same rule is in the way of.", examples=[3])]


class NewRequestPreview(Answer):
    """What the rules say of a request that is not written yet."""

    model_config = ConfigDict(json_schema_extra={"example": PREVIEW})

    area_id: Annotated[str, Field(examples=["A1"])]
    area_name: Annotated[str, Field(examples=["Larkmere and Villages"])]
    live: Annotated[bool, Field(description="Whether the area is live when care begins.")]
    band: Annotated[int, Field(description="The price band of the place.", examples=[1])]
    hours_per_week: Annotated[float, Field(examples=[7.0])]
    next_step: Step
    asked_next: Annotated[list[str], Field(description="Those by name.", examples=[["Bracken Home Care"]])]
    can_be_asked: Annotated[int, Field(ge=0, examples=[4])]
    cannot_be_asked: Annotated[int, Field(ge=0, examples=[1])]
    why_not: Annotated[list[InTheWay], Field(description="The most frequent first.")]
    notes: Notes


class LapsingDecline(Answer):
    """A no to needs that would be no longer so."""

    offer_id: Annotated[str, Field(examples=["OF1"])]
    provider_id: Annotated[str, Field(examples=["ALDER"])]
    responded_at: Annotated[str | None, Field(examples=["2026-11-20T14:00:00"])]


class LapsingDecision(Answer):
    """A decision of social work that was made on needs that would be no longer so."""

    decision_id: Annotated[str, Field(examples=["D-5f1c2a90b7de4431"])]
    move: Annotated[str, Field(examples=["transfer"])]
    decision: Annotated[str, Field(examples=["suitable"])]
    valid_to: Annotated[str, Field(examples=["2027-05-24"])]


class ChangePreview(Answer):
    """What would come of other needs: what lapses with them, and who has been asked for the needs as they are."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "package_id": "N4",
                "band": 1,
                "hours_per_week": 7.0,
                "declines": [{"offer_id": "OF1", "provider_id": "ALDER", "responded_at": "2026-11-20T14:00:00"}],
                "decisions": [],
                "offers_waiting": ["O-5f1c2a90b7de4431"],
                "notes": [],
            }
        }
    )

    package_id: Annotated[str, Field(examples=["N4"])]
    band: Annotated[int, Field(examples=[1])]
    hours_per_week: Annotated[float, Field(examples=[7.0])]
    declines: Annotated[list[LapsingDecline], Field(description="They would stand no more: these providers may be asked again.")]
    decisions: Annotated[list[LapsingDecision], Field(description="They would count no more.")]
    offers_waiting: Annotated[list[str], Field(description="Asked for the needs as they are; they are not withdrawn.")]
    notes: Notes
