"""Hours on call, as they are declared and shown."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from api.http.strict import Answer, Line, Query, Strict

Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Time = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["07:00"])]
EndOfStretch = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", examples=["22:00"])]
MOST_STRETCHES = 50
NOTHING_ELSE: Any = {"to_confirm": None, "not_confirmed": None}
HOURS: Any = [{"day": "saturday", "starts": "09:00", "ends": "13:00"}]


class Stretch(Strict):
    """On one day of the week, from a time up to another, as London's wall clocks show them; over midnight: two of them."""

    day: Day
    starts: Time
    ends: Annotated[EndOfStretch, Field(description="`24:00`: the end of the day.")]

    @model_validator(mode="after")
    def _goes_forward(self) -> Self:
        if self.ends <= self.starts:
            raise ValueError("ends must be after starts; over midnight give two stretches, the first up to 24:00")
        return self


class OwnHours(Strict):
    """All the hours of a week in which somebody is on call; none: always."""

    model_config = ConfigDict(json_schema_extra={"example": {"hours": HOURS}})

    hours: Annotated[list[Stretch], Field(max_length=MOST_STRETCHES)]

    @model_validator(mode="after")
    def _are_apart(self) -> Self:
        for before, after in pairwise(sorted(self.hours, key=lambda each: (each.day, each.starts))):
            if before.day == after.day and after.starts < before.ends:
                raise ValueError(f"two stretches of {before.day} overlap")
        return self


class NewOnCall(OwnHours):
    """What a provider has declared, in place of what it had before; no ``hours``: it is held to be on call always again."""

    model_config = ConfigDict(json_schema_extra={"example": {"hours": HOURS, "declared_by": "S. Marsh, duty manager"}})

    declared_by: Annotated[Line, Field(description="Who at the provider said so, and where it is recorded.")]


class Confirmed(Strict):
    """Whether what a provider has declared itself counts."""

    model_config = ConfigDict(json_schema_extra={"example": {"declared_at": "2026-11-23T09:12:00", "confirmed": True}})

    declared_at: Annotated[str, Field(max_length=40, description="Of the declaration that was read.")]
    confirmed: bool
    reason: Annotated[Line | None, Field(description="Why not.")] = None

    @model_validator(mode="after")
    def _says_why_not(self) -> Self:
        if not self.confirmed and self.reason is None:
            raise ValueError("say in reason why it is not confirmed: its provider is owed one")
        return self


class OnCallQuery(Query):
    """Which providers."""

    to_confirm: Annotated[bool, Field(description="Those alone whose own declaration waits for the council.")] = False


class Declared(Answer):
    """What a provider has declared itself, and the council has not answered yet."""

    hours: list[Stretch]
    declared_by: str
    declared_at: Annotated[str, Field(description="In Europe/London.")]


class NotConfirmed(Answer):
    """What a provider has declared itself and the council has not confirmed, and why."""

    hours: list[Stretch]
    reason: str
    answered_at: Annotated[str, Field(description="In Europe/London.")]


class DeclaredOnCall(Answer):
    """When a provider is on call; no ``hours``: it has declared nothing, and offers to it expire at any hour."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"provider_id": "BRACKEN", "hours": HOURS, "declared_by": "S. Marsh", "recorded_at": None} | NOTHING_ELSE
        }
    )

    provider_id: str
    hours: list[Stretch]
    declared_by: str | None
    recorded_at: Annotated[str | None, Field(description="In Europe/London.")]
    to_confirm: Annotated[Declared | None, Field(description="What it has declared itself since, and waits for the council.")]
    not_confirmed: Annotated[NotConfirmed | None, Field(description="Why what it declared last does not count.")]
