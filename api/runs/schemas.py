"""Runs over HTTP: what is asked for, and what is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, create_model, field_validator, model_validator
from pydantic.config import JsonDict

from api.http.strict import Exact
from api.runs.kinds import KINDS
from api.runs.kinds.kind import PolicySettings
from optimiser.solving.outcome import Effort

OF_THE_COUNTY = {name: each for name, each in KINDS.items() if not each.on_what_was_sent}
"""Kinds that work on the county as it is, and may be asked for among its runs."""
Count = Annotated[int, Field(ge=0, le=1_000_000)]
A_DAY = 86_400
EFFORT = Effort()
"""The engine's: a run over HTTP searches as long as one from the command line."""


class EffortSettings(Exact):
    """Counted work: two runs with the same effort give the same plan."""

    cut_rounds: Count = EFFORT.cut_rounds
    nodes: Count = EFFORT.nodes
    searches: Count = EFFORT.searches
    search_nodes: Count = EFFORT.search_nodes


class _RunSettings(Exact):
    """How a run is to work. Everything has a default."""

    effort: EffortSettings = EffortSettings()
    wall_seconds: Annotated[float, Field(ge=0, le=A_DAY)] = 600.0
    """A last resort: a run cut by it need not repeat."""
    policy: PolicySettings = PolicySettings()

    def as_kept(self) -> dict[str, Any]:
        """As a run keeps them: every effort, and of the policy what was named."""
        return {
            "effort": self.effort.model_dump(),
            "wall_seconds": self.wall_seconds,
            "policy": self.policy.model_dump(exclude_none=True),
            **{kind: given.model_dump() for kind, given in self.of_kinds().items()},
        }

    def of_kinds(self) -> dict[str, Exact]:
        """What was asked of single kinds, by their names."""
        found = {kind: getattr(self, kind) for kind, each in OF_THE_COUNTY.items() if each.settings is not None}
        return {kind: given for kind, given in found.items() if given is not None}


if TYPE_CHECKING:
    RunSettings = _RunSettings
else:  # with a member for the settings of every kind that has any
    RunSettings = create_model(
        "RunSettings",
        __base__=_RunSettings,
        __doc__=_RunSettings.__doc__,
        __module__=__name__,
        **{kind: (each.settings | None, None) for kind, each in OF_THE_COUNTY.items() if each.settings is not None},
    )


class RunRequest(Exact):
    """A run to start."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "allocate", "settings": {"wall_seconds": 600}}]})

    kind: Annotated[str, Field(json_schema_extra={"enum": sorted(OF_THE_COUNTY)})]
    settings: RunSettings = RunSettings()

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind not in OF_THE_COUNTY:
            raise ValueError(f"expected one of: {', '.join(sorted(OF_THE_COUNTY))}")
        return kind

    @model_validator(mode="after")
    def _of_its_kind(self) -> Self:
        for kind in self.settings.of_kinds():
            if kind != self.kind:
                raise ValueError(f"settings.{kind} goes with the kind {kind}")
        return self


class Progress(BaseModel):
    """The level at work, its best value so far and the bound under it."""

    level: str
    value: int
    bound: int
    gap: int
    elapsed_seconds: float
    price_run: int | None = None
    """Of the runs that find out what pins cost, which this is; null: the run that makes the plan."""
    price_runs: int | None = None
    """How many of them there are."""


class RunLevels(BaseModel):
    """How far each level has been closed. A kind that works on no levels tells what it counts: failures tried, of how many."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "run_id": "5f0c1d2e3b4a59687786a5b4c3d2e1f0",
                    "status": "running",
                    "levels": [{"level": "legacy", "value": 600, "bound": 540, "gap": 60, "elapsed_seconds": 1.5}],
                }
            ]
        }
    )

    run_id: str
    status: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    levels: list[Progress]
    """In the order in which they were worked on, each with its newest progress; without the runs that price pins."""


class RunProblem(BaseModel):
    """Why a run failed."""

    code: str
    detail: str


class OutOfDate(BaseModel):
    """Since when a plan no longer holds, and by what."""

    since: str
    because: str


RUN_EXAMPLE: JsonDict = {
    "run_id": "5f0c1d2e3b4a59687786a5b4c3d2e1f0",
    "kind": "allocate",
    "status": "running",
    "settings": {
        "effort": {"cut_rounds": 60, "nodes": 1000, "searches": 40, "search_nodes": 100},
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
    "out_of_date": None,
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
    out_of_date: OutOfDate | None
    """What its plan rests on has been changed since, by a named person's act: look at a newer plan."""


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
    from_contract_id: str | None = None
    """Of running care: the contract that it is on today."""
    from_provider_id: str | None = None
    area_id: str
    band: int
    distance_miles: float | None
    weekly_cost_gbp: float | None
    reason: str | None
    """null: not told to a job, as no other reason is."""
    step: int | None = None
    """Of a re-optimisation: the step that this change belongs to. The changes of a step go ahead together."""


class RunResult(BaseModel):
    """The plan of a run: what ``result.json`` says, and a proposal for every package that it was to decide on.

    A transfer's plan proposes nothing line by line: ``result`` holds its tables as well. A job is told levels and proposals,
    without reasons and without figures of areas and contracts.
    """

    run_id: str
    requested_by: str
    """Who asked for it, and so for its part and its pins."""
    plan_digest: str
    stopped: Literal["no", "work", "wall", "cancelled"]
    result: dict[str, Any]
    proposals: list[ProposalBody]


class CancelledRuns(BaseModel):
    """The runs that waited and were cancelled."""

    run_ids: Annotated[list[str], Field(examples=[["5f0c1d2e3b4a59687786a5b4c3d2e1f0"]])]
