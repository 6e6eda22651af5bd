"""Hours on call, as they are declared and shown."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from api.http.strict import Answer, Line, Strict

Time = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["07:00"])]
EndOfStretch = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", examples=["22:00"])]
HOURS: Any = [{"day": "saturday", "starts": "09:00", "ends": "13:00"}]


class Stretch(Strict):
    """On one day of the week, from a time up to another, as London's wall clocks show them; over midnight: two of them."""

    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    starts: Time
    ends: Annotated[EndOfStretch, Field(description="`24:00`: the end of the day.")]

    @model_validator(mode="after")
    def _goes_forward(self) -> Self:
        if self.ends <= self.starts:
            raise ValueError("ends must be after starts; over midnight give two stretches, the first up to 24:00")
        return self


class NewOnCall(Strict):
    """What a provider has declared, in place of what it had before; no ``hours``: it is held to be on call always again."""

    model_config = ConfigDict(json_schema_extra={"example": {"hours": HOURS, "declared_by": "S. Marsh, duty manager"}})

    hours: Annotated[list[Stretch], Field(max_length=50)]
    declared_by: Annotated[Line, Field(description="Who at the provider said so, and where it is recorded.")]

    @model_validator(mode="after")
    def _are_apart(self) -> Self:
        for before, after in pairwise(sorted(self.hours, key=lambda each: (each.day, each.starts))):
            if before.day == after.day and after.starts < before.ends:
                raise ValueError(f"two stretches of {before.day} overlap")
        return self


class DeclaredOnCall(Answer):
    """When a provider is on call; no ``hours``: it has declared nothing, and offers to it expire at any hour."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"provider_id": "BRACKEN", "hours": HOURS, "declared_by": "S. Marsh", "recorded_at": None}}
    )

    provider_id: str
    hours: list[Stretch]
    declared_by: str | None
    recorded_at: Annotated[str | None, Field(description="In Europe/London.")]
