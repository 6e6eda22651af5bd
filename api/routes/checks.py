"""A plan made by hand is checked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from api.context import TheService
from api.openapi import problems
from api.runs.comparing import Optimum, judged, optimum_for, plan_of
from api.schemas.checks import BrokenBody, CheckAnswer, CheckedLevel, CheckRequest, ComparedWith, OptimumLevel
from api.schemas.findings import FindingBody
from api.security.roles import ADMIN, PLANNER, TRANSITION, may
from api.storage.audit import Actor, Entry
from api.storage.engine import reading

router = APIRouter(prefix="/v1/checks", tags=["checks"])
HOW = "No run has succeeded on the county as it is now: POST /v1/runs with kind allocate and check again, or name a run_id."


@router.post("", summary="Check a plan made by hand", responses=problems("not_found"))
def check(actor: Annotated[Actor, may(PLANNER, TRANSITION, ADMIN)], service: TheService, asked: CheckRequest) -> CheckAnswer:
    """Every rule that the plan breaks, with the figures compared, and every level beside those of an optimal plan. Nothing is
    changed. Packages that the plan does not name stay as they are: running, accepted, waiting."""
    plan_of(service.store.state(), asked.plan)  # unknown ids are refused before anything is written down
    state = service.room.read(*(Entry(actor, "check.read", "packages", package_id) for package_id in sorted(asked.plan)))
    plan = plan_of(state, asked.plan)
    broken, levels = judged(state, plan)
    with reading(service.store.engine) as connection:
        optimum = optimum_for(connection, state, asked.run_id)
    return CheckAnswer(
        legal=not broken,
        county_version=state.version,
        as_of=str(state.as_of),
        findings=[BrokenBody(subject=each.subject, **FindingBody.of(each.finding).model_dump()) for each in broken],
        levels=[_level(name, unit, value, optimum) for name, (unit, value) in levels.items()],
        optimum=None if optimum is None else _compared(optimum),
        how_to_compare=HOW if optimum is None else None,
    )


def _level(name: str, unit: str, value: int, optimum: Optimum | None) -> CheckedLevel:
    found = None if optimum is None else optimum.levels.get(name)
    if found is None:
        return CheckedLevel(name=name, unit=unit, value=value, optimum=None, behind=None)
    best = OptimumLevel(value=found["value"], best=found["best"], bound=found["bound"], proven=found["proven"])
    return CheckedLevel(name=name, unit=unit, value=value, optimum=best, behind=value - best.value)


def _compared(optimum: Optimum) -> ComparedWith:
    row = optimum.run.row
    return ComparedWith(run_id=row.run_id, plan_digest=row.plan_digest, same_county=optimum.same_county)
