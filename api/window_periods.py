"""Days in which offers are to be answered within other hours, as a setting names them."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

A_YEAR_OF_HOURS = 8_760
"""Beyond this a number of hours is mistyped."""


class WindowPeriod(BaseModel):
    """Days in which offers are to be answered within other hours: winter pressure. Hours not given are the usual ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=60)
    since: dt.date
    until: dt.date
    """Not included."""
    urgent_hours: int | None = Field(default=None, ge=1, le=A_YEAR_OF_HOURS)
    discharge_hours: int | None = Field(default=None, ge=1, le=A_YEAR_OF_HOURS)
    standard_hours: int | None = Field(default=None, ge=1, le=A_YEAR_OF_HOURS)
    planned_hours: int | None = Field(default=None, ge=1, le=A_YEAR_OF_HOURS)

    def __str__(self) -> str:
        names = ("urgent", "discharge", "standard", "planned")
        given = [f"{name} {hours} h" for name in names if (hours := getattr(self, f"{name}_hours")) is not None]
        return f"{self.name} ({self.since} up to {self.until}): {', '.join(given)}"
