"""Runs over HTTP: what is asked for, and what is answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic.config import JsonDict

from api.http.strict import Exact, RecordId
from api.runs.kinds import KINDS

Count = Annotated[int, Field(ge=0, le=1_000_000)]
Number = Annotated[float, Field(ge=0, le=1_000_000_000)]
Whole = Annotated[int, Field(ge=0, le=1_000_000_000)]
A_DAY = 86_400


class EffortSettings(Exact):
    """Counted work: two runs with the same effort give the same plan."""

    cut_rounds: Count = 60
    nodes: Count = 1_000
    searches: Count = 12
    search_nodes: Count = 100


class PolicySettings(Exact):
    """Settings of the county that this run has otherwise. What is applied later keeps the county's own."""

    principal_share_target: Number | None = None
    share_tolerance: Number | None = None
    person_minutes: Whole | None = None
    overdue_factor: Number | None = None
    band_limits_miles: list[Number] | None = None
    decline_days: Whole | None = None
    expired_days: Whole | None = None
    max_moves: Whole | None = None
    move_charge: Whole | None = None
    move_pending: bool | None = None
    bar_cqc: list[str] | None = None
    bar_pamms: list[str] | None = None
    tolerance_minutes_divisor: Whole | None = None
    tolerance_pence_divisor: Whole | None = None
    proof_pence_divisor: Whole | None = None


class TransferSettings(Exact):
    """Of a transfer. All other settings of a transfer have their defaults."""

    area_ids: Annotated[list[RecordId], Field(min_length=1, max_length=200)] | None = None
    """The areas whose rounds may move to their principal; null: every area with a principal contract that has not ended."""
    recut: bool = False
    """Whether parts of rounds may be proposed."""


class RunSettings(Exact):
    """How a run is to work. Everything has a default."""

    effort: EffortSettings = EffortSettings()
    wall_seconds: Annotated[float, Field(ge=0, le=A_DAY)] = 600.0
    """A last resort: a run cut by it need not repeat."""
    policy: PolicySettings = PolicySettings()
    transfer: TransferSettings | None = None
    """With the kind ``transfer`` alone."""

    def as_kept(self) -> dict[str, Any]:
        """As a run keeps them: every effort, and of the policy what was named."""
        return {
            "effort": self.effort.model_dump(),
            "wall_seconds": self.wall_seconds,
            "policy": self.policy.model_dump(exclude_none=True),
            **({} if self.transfer is None else {"transfer": self.transfer.model_dump()}),
        }


class RunRequest(Exact):
    """A run to start."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "allocate", "settings": {"wall_seconds": 600}}]})

    kind: Annotated[str, Field(json_schema_extra={"enum": sorted(KINDS)})]
    settings: RunSettings = RunSettings()

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(f"expected one of: {', '.join(sorted(KINDS))}")
        return kind

    @model_validator(mode="after")
    def _of_its_kind(self) -> Self:
        if self.settings.transfer is not None and self.kind != "transfer":
            raise ValueError("settings.transfer goes with the kind transfer")
        return self


class Progress(BaseModel):
    """The level at work, its best value so far and the bound under it."""

    level: str
    value: int
    bound: int
    gap: int
    elapsed_seconds: float


class RunProblem(BaseModel):
    """Why a run failed."""

    code: str
    detail: str


RUN_EXAMPLE: JsonDict = {
    "run_id": "5f0c1d2e3b4a59687786a5b4c3d2e1f0",
    "kind": "allocate",
    "status": "running",
    "settings": {
        "effort": {"cut_rounds": 60, "nodes": 1000, "searches": 12, "search_nodes": 100},
        "wall_seconds": 600.0,
        "policy": {},
    },
    "requested_by": "Ada Planner (1f2e3d4c)",
    "created_at": "2026-11-23T09:00:00.000000+00:00",
    "started_at": "2026-11-23T09:00:00.250000+00:00",
    "finished_at": None,
    "cancel_requested": False,
    "attempts": 1,
    "state_version": 12,
    "plan_digest": None,
    "progress": {"level": "legacy", "value": 600, "bound": 540, "gap": 60, "elapsed_seconds": 1.5},
    "problem": None,
}


class RunBody(BaseModel):
    """A run. Moments are in UTC."""

    model_config = ConfigDict(json_schema_extra={"examples": [RUN_EXAMPLE]})

    run_id: str
    kind: str
    status: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    settings: dict[str, Any]
    requested_by: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    cancel_requested: bool
    attempts: int
    state_version: int | None
    """The version of the county that it works on."""
    plan_digest: str | None
    """What its plan is known by; ``apply`` asks for it."""
    progress: Progress | None
    problem: RunProblem | None


class RunPage(BaseModel):
    """Runs, newest first."""

    items: list[RunBody]
    next_cursor: str | None
    """Send it as ``cursor`` for the next page; null: this was the last."""


class ProposalBody(BaseModel):
    """What a run says of one package."""

    package_id: str
    contract_id: str | None
    moved: bool
    outcome: Literal["placed", "unmet", "pending"]
    provider_id: str | None
    tier: str | None
    area_id: str
    band: int
    distance_miles: float | None
    weekly_cost_gbp: float | None
    reason: str
    step: int | None = None
    """Of a re-optimisation: the step that this change belongs to. The changes of a step go ahead together."""


class RunResult(BaseModel):
    """The plan of a run: what ``result.json`` says, and a proposal for every package that it was to decide on.

    A transfer's plan proposes nothing line by line: ``result`` holds its tables as well.
    """

    run_id: str
    plan_digest: str
    stopped: Literal["no", "work", "wall", "cancelled"]
    result: dict[str, Any]
    proposals: list[ProposalBody]
