"""Who is working on a person, as it is said and shown."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api.http.strict import Answer, Strict

WORKING: dict[str, Any] = {"by": "Ada Planner (06e72157)", "since": "2026-11-23T10:20:00", "until": "2026-11-23T11:20:00"}


class Claim(Strict):
    """I am working on this person."""

    model_config = ConfigDict(json_schema_extra={"example": {"instead": False}})

    instead: Annotated[bool, Field(description="Also where somebody else is: they are told so by the list.")] = False


class Working(Answer):
    """Who works on a person, since when, and until when that is held to be so."""

    model_config = ConfigDict(json_schema_extra={"example": WORKING})

    by: Annotated[str, Field(examples=["Ada Planner (06e72157)"])]
    since: Annotated[str, Field(description="In Europe/London.", examples=["2026-11-23T10:20:00"])]
    until: Annotated[str, Field(description="Then it lapses by itself.", examples=["2026-11-23T11:20:00"])]


class WorkedOn(Answer):
    """Who works on a person; null: nobody has said so."""

    model_config = ConfigDict(json_schema_extra={"example": {"package_id": "N4", "working": WORKING}})

    package_id: Annotated[str, Field(examples=["N4"])]
    working: Working | None
