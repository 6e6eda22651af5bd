"""Applying a plan over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from api.http.strict import Exact, FindingBody, Line, RecordId

MOST_PACKAGES = 10_000
EXAMPLE = "2f" * 32


class ApplyRequest(Exact):
    """Which proposals are to be done, and how."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"plan_digest": EXAMPLE, "package_ids": ["N1", "N4"], "as": "offers"}]}
    )

    plan_digest: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    """The plan that you have looked at."""
    package_ids: Literal["all"] | Annotated[list[RecordId], Field(min_length=1, max_length=MOST_PACKAGES)] | None = None
    steps: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1, max_length=MOST_PACKAGES)] | None = None
    """Of a re-optimisation: all changes of these steps, in place of ``package_ids``. The offers of a step in which people move go
    ahead together: nobody moves, and nobody is placed, until every provider in it has accepted."""
    done_as: Literal["offers", "accepted"] = Field(default="offers", alias="as")
    """``offers`` wait for an answer; ``accepted`` were agreed already, by phone for example."""
    evidence: Line | None = None
    """Who agreed, when and how; needed for ``accepted``."""
    social_work_decisions: dict[RecordId, Line] = Field(default_factory=dict, max_length=MOST_PACKAGES)
    """Per package whose running care would change its provider: where the decision is recorded."""

    @model_validator(mode="after")
    def _evidence_for_what_was_agreed(self) -> Self:
        if self.done_as == "accepted" and self.evidence is None:
            raise ValueError("what was agreed already needs evidence: who agreed, when and how")
        return self

    @model_validator(mode="after")
    def _packages_or_steps(self) -> Self:
        if (self.package_ids is None) == (self.steps is None):
            raise ValueError("name package_ids or steps")
        return self


class AppliedBody(BaseModel):
    """A proposal that is an offer now. ``before``: an earlier request had made it one already."""

    package_id: str
    contract_id: str
    offer_id: str
    before: bool


class RefusedBody(BaseModel):
    """A proposal that is not possible any more, and why."""

    package_id: str
    contract_id: str | None
    code: Literal[
        "not_proposed",
        "gone",
        "changed_since",
        "already_placed",
        "already_asked",
        "already_running",
        "decision_needed",
        "offer_first",
        "rule_broken",
        "step_incomplete",
        "forbidden",
    ]
    reason: str
    findings: list[FindingBody]


class ApplyAnswer(BaseModel):
    """What became of each proposal."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "run_id": "5f0c1d2e3b4a59687786a5b4c3d2e1f0",
                    "plan_digest": EXAMPLE,
                    "applied": [
                        {"package_id": "N4", "contract_id": "F-CLOVER", "offer_id": "O-0a1b2c3d4e5f6071", "before": False}
                    ],
                    "refused": [
                        {
                            "package_id": "N1",
                            "contract_id": "P-ALDER",
                            "code": "already_asked",
                            "reason": "An offer of it is waiting for an answer.",
                            "findings": [],
                        }
                    ],
                }
            ]
        }
    )

    run_id: str
    plan_digest: str
    applied: list[AppliedBody]
    refused: list[RefusedBody]
