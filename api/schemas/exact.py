"""What every request body has in common: unknown fields, NaN and wrong types are refused."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
RecordId = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]
"""The id of a record."""
Line = Annotated[str, StringConstraints(min_length=3, max_length=500, pattern=PRINTABLE, strip_whitespace=True)]
"""A line that somebody wrote: a reference, a reason."""


class Exact(BaseModel):
    """A request body."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)
