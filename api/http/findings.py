"""What a rule found, over HTTP."""

from __future__ import annotations

from dataclasses import asdict

from pydantic import BaseModel

from optimiser.rules.findings import Finding


class FindingBody(BaseModel):
    """A rule that is broken: the figures compared, and the sentence."""

    rule: str
    measured: str | int | float | None
    limit: str | int | float | None
    unit: str
    sentence: str

    @staticmethod
    def of(finding: Finding) -> FindingBody:
        said = asdict(finding)
        said.pop("passed")
        return FindingBody(**said)
