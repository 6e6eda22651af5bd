"""A plan made by hand is checked."""

from __future__ import annotations

from api.acts.act import act, only
from api.acts.caller import Caller
from api.checks.comparing import Optimum, judged, optimum_for, plan_of
from api.checks.schemas import BrokenBody, CheckAnswer, CheckedLevel, CheckRequest, ComparedWith, OptimumLevel
from api.http.findings import FindingBody
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.storage.engine import reading

HOW = "No run has succeeded on the county as it is now: POST /v1/runs with kind allocate and check again, or name a run_id."


@act("checks.check", only(PLANNER, TRANSITION, ADMIN), writes=("check.read",))
def check(by: Caller, asked: CheckRequest) -> CheckAnswer:
    """A plan made by hand is checked: every rule that it breaks, and its levels beside the optimum's."""
    plan_of(by.store.state(), asked.plan)  # unknown ids are refused before anything is written down
    state = by.service.room.read(*(by.entry("check.read", "packages", package_id) for package_id in sorted(asked.plan)))
    plan = plan_of(state, asked.plan)
    broken, levels = judged(state, plan)
    with reading(by.store.engine) as connection:
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
