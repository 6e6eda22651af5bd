"""A plan made by hand is checked: every rule that it breaks, and its levels beside those of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection

from api.acts.act import Caller, Size, act, only
from api.checks.schemas import BrokenBody, CheckAnswer, CheckedLevel, CheckRequest, ComparedWith, OptimumLevel
from api.http.errors import Problem
from api.http.strict import FindingBody
from api.runs.stored_runs import NO_SUCH_RUN, Run, last_succeeded, result_of, run_of
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.state.state import State
from api.storage.database import reading
from optimiser.county.succession import taken_over
from optimiser.domain.plan import Plan
from optimiser.judging.checking import Broken, findings
from optimiser.judging.limit_use import entry_plan


@dataclass(frozen=True)
class Optimum:
    """What a run found, level by level."""

    run: Run
    levels: Mapping[str, Mapping[str, Any]]
    same_county: bool


def plan_of(state: State, wishes: Mapping[str, str | None]) -> Plan:
    """Everybody as they are, but for some packages. Raises ``Problem`` with every id that the county does not have."""
    county = state.county
    faults = [f"plan: there is no package {each!r}" for each in wishes if each not in county.package_index]
    named = {each for each in wishes.values() if each is not None}
    faults += [f"plan: there is no contract {each!r}" for each in sorted(named - set(county.contract_index))]
    instead = {name: county.succession.named_instead(name, county.as_of) for name in sorted(named)}
    faults += [f"plan: {taken_over(name, after)}" for name, after in instead.items() if after is not None]
    if faults:
        raise Problem("invalid_request", f"{len(faults)} fault(s)", faults=faults)
    contracts = list(entry_plan(county).contracts)
    for package_id, contract_id in wishes.items():
        contracts[county.package_index[package_id]] = None if contract_id is None else county.contract_index[contract_id]
    return Plan.of(contracts)


def judged(state: State, plan: Plan) -> tuple[list[Broken], dict[str, tuple[str, int]]]:
    """Every rule that a plan breaks; and per level its unit and the plan's value, legal or not."""
    broken, _ = findings(state.county, state.rules, plan)
    return broken, {rule.name: (rule.unit, rule.value(state.county, plan)) for rule in state.rules.levels}


def optimum_for(connection: Connection, state: State, run_id: str | None) -> Optimum | None:
    """The named run, or the last allocation on the very same county; None where there is none.

    Raises ``Problem`` when the named one does not exist or has no result.
    """
    run = last_succeeded(connection, "allocate", state.version) if run_id is None else run_of(connection, run_id)
    result = None if run is None else result_of(connection, run.run_id)
    if run is None or result is None:
        if run_id is None:
            return None
        raise Problem("not_found", NO_SUCH_RUN if run is None else "This run has no result to compare with.")
    record = orjson.loads(result)["result"]
    same = record["as_of"] == str(state.as_of) and run.row.state_version == state.version and run.is_of_the_county
    if run_id is None and not same:
        return None  # it worked on the same records on another day
    return Optimum(run, {level["name"]: level for level in record["levels"]}, same)


HOW = "No run has succeeded on the county as it is now: POST /v1/runs with kind allocate and check again, or name a run_id."


@act("checks.check", only(PLANNER, TRANSITION, ADMIN), writes=("check.read",), takes=Size.LIST)
def check(by: Caller, asked: CheckRequest) -> CheckAnswer:
    """A plan made by hand is checked: every rule that it breaks, and its levels beside the optimum's."""
    plan_of(by.store.state(), asked.plan)  # unknown ids are refused before anything is written down
    state = by.read("check.read", "checks", details={"package_ids": sorted(asked.plan)})
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
