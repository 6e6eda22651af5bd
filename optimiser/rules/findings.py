"""What a rule found, with the figures compared and the sentence that says it: one record, so that they cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Figure = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule, judged once."""

    rule: str
    passed: bool
    measured: Figure
    limit: Figure
    unit: str
    sentence: str


Change = Literal["contract hours", "provider hours", "cap", "travel radius", "skill", "band", "decline for capacity"]
"""The kinds of change that lie in the council's or a provider's power."""
