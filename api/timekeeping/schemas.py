"""What the service holds of its clock, and how it is confirmed."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from api.http.strict import Answer, Line, Strict
from api.timekeeping.moments import moment_of


class ClockTold(Answer):
    """What the service's clock shows, and whether it is believed. Moments have their offset from UTC."""

    shows: Annotated[str, Field(description="In London's time.", examples=["2026-11-23T09:30:00+00:00"])]
    believed: Annotated[bool, Field(description="False: nothing ends by time until an administrator confirms the clock.")]
    doubt: Annotated[str | None, Field(description="`gap` or `behind`.", examples=["gap"])]
    doubted_since: Annotated[str | None, Field(description="By the clock that is doubted.")]
    heard_at: Annotated[str | None, Field(description="When the service was heard of last; written every five minutes.")]
    last_entry_at: Annotated[str | None, Field(description="When the audit trail's last entry was written, as it says.")]
    would_expire: Annotated[int, Field(description="Offers that expire as soon as the clock is believed.")]
    told: Annotated[str, Field(description="The same in words.")]


def _is_a_moment(text: str) -> str:
    if moment_of(text) is None:
        raise PydanticCustomError("moment", "no moment that there is")
    return text


ItIs = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?$",
        description="What time it is by another clock than this service's; London's where it has no offset.",
        examples=["2026-11-23T09:30"],
    ),
    AfterValidator(_is_a_moment),
]


class Confirmation(Strict):
    """An administrator's word for what time it is."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"it_is": "2026-11-23T09:30", "reason": "the server was off over the holiday"}}
    )

    it_is: ItIs
    reason: Line


def confirmation(it_is: str, reason: str) -> Confirmation | None:
    """The same as somebody has typed it; None where it says no time, or not why."""
    try:
        return Confirmation(it_is=it_is, reason=reason)
    except ValidationError:
        return None
